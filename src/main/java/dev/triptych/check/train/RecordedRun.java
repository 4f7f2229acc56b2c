package dev.triptych.check.train;

import dev.triptych.channel.HeadReset;
import dev.triptych.data.set.BatchLoader;
import dev.triptych.data.set.Fingerprint;
import dev.triptych.device.Session;
import dev.triptych.device.plain.PlainDevice;
import dev.triptych.method.Descent;
import dev.triptych.method.Evaluation;
import dev.triptych.method.Feed;
import dev.triptych.method.MethodPrograms;
import dev.triptych.method.Task;
import dev.triptych.method.TrainingStep;
import dev.triptych.nn.AdamWRates;
import dev.triptych.program.Initializer;
import dev.triptych.program.Program;
import dev.triptych.program.Tensor;
import dev.triptych.program.TotalLoss;
import dev.triptych.recipe.Recipe;
import dev.triptych.recipe.Stage;
import dev.triptych.train.MetricsLog;
import dev.triptych.train.Progress;
import dev.triptych.train.RunFolder;
import dev.triptych.train.Trainer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongPredicate;

/// A run of the trainer on two numbers, `body` and `head`, that writes down what each step is given. Its training set
/// is one image, so that a stage of T epochs has T steps.
final class RecordedRun {
    /// What a step was given.
    ///
    /// @param step of the run, as the batch says that arrives
    /// @param stage its number
    /// @param stageStep of the stage
    /// @param lr in double, as the schedule gives it for the stage, step and length that the trainer names
    /// @param weightDecay the same
    /// @param momentum the same
    /// @param body what arrives on the device for the body
    /// @param head what arrives for the head
    /// @param teacher the momentum that arrives
    record Row(long step, int stage, long stageStep, double lr, double weightDecay, double momentum, Rates body,
            Rates head, float teacher) {
    }

    /// What arrives on the device for one tensor.
    ///
    /// @param counter its updates, this one included
    /// @param values rate, rate times weight decay, 1 - beta1^counter, 1 - beta2^counter
    record Rates(long counter, float... values) {
    }

    private static final String BODY = "body";
    private static final HeadReset RESET = new HeadReset(List.of("head"));
    private static final String HEAD = "head.head";
    /// Many: a batch costs less than to wait for the thread that makes it.
    private static final int AHEAD = 64;
    private static final Initializer ONE = (values, random) -> values[0] = 1f;

    private final LongPredicate resets;
    private final LongPredicate sampled;
    private final List<Row> rows = new ArrayList<>();
    private int numberOfResets;
    private long last = -1;

    // of the step that runs
    private Recipe recipe;
    private RecordedTask.Recorded part;
    private Session session;
    private AdamWRates counters;
    private long batch = -1;
    private long stageStep;
    private long length;
    private double momentum;

    /// @param resets steps of the run before which the head is drawn anew
    /// @param sampled steps of the run that are written down
    RecordedRun(LongPredicate resets, LongPredicate sampled) {
        this.resets = resets;
        this.sampled = sampled;
    }

    List<Row> rows() {
        return rows;
    }

    int resets() {
        return numberOfResets;
    }

    /// Runs a recipe's stages from a checkpoint on.
    ///
    /// @param resume the checkpoint; null to begin
    /// @param end steps of the run after which it stops
    /// @return steps of all stages
    long train(Recipe trained, RunFolder folder, Path resume, long end) throws IOException {
        recipe = trained;
        try (var device = new PlainDevice();
                var trainer = new Trainer(trained, new RecordedTask(trained), device);
                var metrics = MetricsLog.open(folder.metrics());
                var progress = new Progress(new StringBuilder(), false, 0, Double.POSITIVE_INFINITY,
                        System::nanoTime)) {
            trainer.run(new Trainer.Surroundings(folder, metrics, progress, done -> {
                write(done - 1);
                return done == end;
            }), resume);
            return trainer.steps();
        }
    }

    /// Writes a step down, once: the trainer asks twice at the end of a stage whether it is to stop.
    private void write(long step) {
        if (step == last) {
            return;
        }
        if (step != last + 1 || step != batch) {
            throw new IllegalStateException("step " + step + " follows step " + last + " and has the batch of step "
                    + batch);
        }
        last = step;
        if (sampled.test(step)) {
            var optimizer = recipe.optimizer();
            float[] rates = session.download(part.step().descent().rates());
            rows.add(new Row(batch, recipe.training().stages().indexOf(part.stage()), stageStep,
                    optimizer.learningRate(stageStep, length, part.stage().lrScale()),
                    optimizer.weightDecayAt(stageStep, length), momentum, rates(rates, BODY), rates(rates, HEAD),
                    session.value(part.step().momentum())));
        }
    }

    private Rates rates(float[] rates, String parameter) {
        List<String> names = counters.parameters().stream().map(Tensor::name).toList();
        int i = names.indexOf(parameter);
        return new Rates(counters.steps()[i], rates[4 * i], rates[4 * i + 1], rates[4 * i + 2], rates[4 * i + 3]);
    }

    /// body * head, AdamW, teachers of both.
    private static final class RecordedPrograms extends MethodPrograms {
        RecordedPrograms(Recipe recipe) {
            super(recipe);
            for (String name : List.of(BODY, HEAD)) {
                state().parameter(name, ONE, 1, 1);
                state().teacher(name);
            }
        }

        @Override
        public TrainingStep<TotalLoss> train(Stage stage) {
            var p = new Program("train " + stage.name(), state());
            Tensor body = state().parameter(BODY);
            Tensor head = state().parameter(HEAD);
            var terms = new TotalLoss.Terms();
            terms.add("product", 1f, () -> p.mean(p.rowDots(body, head)));
            TotalLoss loss = terms.total(p);
            var descent = Descent.append(p, loss, recipe().optimizer(), "of two numbers");
            Tensor momentum = p.input("momentum", 1);
            p.emaUpdate(List.of(body, head), momentum);
            return new TrainingStep<>(p, loss, descent, momentum);
        }

        @Override
        public Evaluation<?> evaluate(int size) {
            throw new UnsupportedOperationException("two numbers are not evaluated");
        }
    }

    /// The two numbers for the trainer.
    private final class RecordedTask implements Task {
        private final RecordedPrograms programs;

        RecordedTask(Recipe recipe) {
            programs = new RecordedPrograms(recipe);
        }

        @Override
        public MethodPrograms programs() {
            return programs;
        }

        @Override
        public int size() {
            return 1;
        }

        /// One, of which there is nothing to be read.
        @Override
        public Fingerprint examples() {
            return Fingerprint.of(1, (i, digest) -> {
            }, i -> "");
        }

        @Override
        public Part part(Stage stage) {
            return new Recorded(stage, programs.train(stage));
        }

        private record Given(long step) {
        }

        private final class Recorded implements Part {
            private final Stage stage;
            private final TrainingStep<TotalLoss> step;

            Recorded(Stage stage, TrainingStep<TotalLoss> step) {
                this.stage = stage;
                this.step = step;
            }

            Stage stage() {
                return stage;
            }

            @Override
            public TrainingStep<TotalLoss> step() {
                return step;
            }

            @Override
            public Feed<Given> feed(Session bound, long first, long end) {
                return new Feed<>(new BatchLoader<>((t, used) -> new Given(t), first, end, AHEAD, 1),
                        given -> batch = given.step());
            }

            @Override
            public Optional<String> before(Session bound, AdamWRates rates, long t, long steps) {
                part = this;
                session = bound;
                counters = rates;
                stageStep = t;
                length = steps;
                momentum = Double.NaN;
                if (!resets.test(batch + 1)) {
                    return Optional.empty();
                }
                RESET.apply(bound, programs.state(), rates, recipe.seed(), ++numberOfResets);
                return Optional.of("the head is drawn anew");
            }

            @Override
            public double momentum(Stage of, long t, long steps) {
                momentum = of.momentumAt(t, steps);
                return momentum;
            }

            @Override
            public Map<String, Double> health(Session bound) {
                return Map.of();
            }

            @Override
            public Optional<String> watch(Map<String, Double> figures) {
                return Optional.empty();
            }
        }
    }
}
