package dev.triptych.sorcen;

import dev.triptych.data.codes.CodeSet;
import dev.triptych.data.set.BatchLoader;
import dev.triptych.data.set.Fingerprint;
import dev.triptych.device.Session;
import dev.triptych.method.Feed;
import dev.triptych.method.Task;
import dev.triptych.method.TrainingStep;
import dev.triptych.nn.AdamWRates;
import dev.triptych.program.State;
import dev.triptych.program.Tensor;
import dev.triptych.recipe.Recipe;
import dev.triptych.recipe.Schedules;
import dev.triptych.recipe.Stage;
import dev.triptych.sorcen.SorcenSection.EchoKind;
import dev.triptych.train.RunException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Sorcen for the trainer: masks, windows and echoes drawn over stored codes, the warm-up of the echo, the state of
/// both tasks. It opens nothing but the code file.
public final class SorcenTask implements Task {
    private static final String TEACHER_PROJECTOR = "teacher_projector.";

    private final Recipe recipe;
    private final CodeSet codes;
    private final double commonest;
    private final SorcenPrograms programs;

    /// Sorcen on a code file.
    ///
    /// @throws RunException if its codebook or grid is not the recipe's
    public SorcenTask(Recipe recipe, CodeSet codes) {
        this.recipe = recipe;
        this.codes = codes;
        require(codes, "codes", codes.header().codes(), SorcenSection.of(recipe).codebook(),
                "sorcen.codebook=" + codes.header().codes());
        int side = codes.header().grid() * recipe.encoder().patch();
        require(codes, "codes an image", codes.positions(), recipe.patches(), "data.side=" + side);
        commonest = codes.use().commonest();
        programs = new SorcenPrograms(recipe);
    }

    private static void require(CodeSet codes, String what, int found, int expected, String remedy) {
        if (found != expected) {
            throw new RunException(codes.path() + " has " + found + " " + what + "; expected the recipe's " + expected
                    + ". Give another code file, or set " + remedy + ".");
        }
    }

    @Override
    public SorcenPrograms programs() {
        return programs;
    }

    @Override
    public Map<String, String> sources() {
        return Map.of("tokenizer", codes.header().tokenizerSha256(), "images", codes.header().imagesSha256());
    }

    @Override
    public int size() {
        return codes.size();
    }

    @Override
    public Fingerprint examples() {
        return codes.fingerprint();
    }

    @Override
    public Part part(Stage stage) {
        return new SorcenPart(stage, programs.train(stage));
    }

    /// Copies a batch into the inputs of a step.
    ///
    /// @param echoes whether echoes have begun
    static void upload(Session session, Sorcen.Inputs in, SorcenBatch batch, boolean echoes) {
        upload(session, in.masked(), batch);
        if (in.dropout().key() != null) {
            session.upload(in.dropout().key(), new int[]{batch.dropout()});
        }
        if (in.window() != null) {
            session.upload(in.window(), echoes ? batch.window() : batch.trueWindow());
        }
        if (in.draws() != null) {
            session.upload(in.draws(), batch.echoDraws());
        }
    }

    /// Copies what is masked of a batch.
    static void upload(Session session, Sorcen.MaskedInputs in, SorcenBatch batch) {
        session.upload(in.codes(), batch.codes());
        in.cells().give(batch.codes(), batch.masked(), batch.kept(), session::upload);
        session.upload(in.weights(), batch.weights());
    }

    /// What happens in one stage.
    private final class SorcenPart implements Part {
        private final Stage stage;
        private final TrainingStep<Sorcen.Objective> step;
        private boolean echoes;

        SorcenPart(Stage stage, TrainingStep<Sorcen.Objective> step) {
            this.stage = stage;
            this.step = step;
        }

        @Override
        public TrainingStep<Sorcen.Objective> step() {
            return step;
        }

        @Override
        public Feed<SorcenBatch> feed(Session session, long first, long end) {
            var batches = new SorcenBatches(codes, recipe);
            return new Feed<>(new BatchLoader<>(batches, first, end),
                    batch -> upload(session, step.objective().inputs(), batch, echoes));
        }

        /// The start of the teacher, where it is not the student's, and the end of the echo's warm-up (section 4.1).
        @Override
        public Optional<String> before(Session session, AdamWRates rates, long t, long length) {
            var s = SorcenSection.of(recipe);
            if (!s.contrasts()) {
                return Optional.empty();
            }
            if (t == 0) {
                beginTeacher(session);
            }
            if (echoes || s.echo() == EchoKind.TRUTH) {
                return Optional.empty();
            }
            Tensor note = programs.model().echoes();
            echoes = session.value(note) == 1f;
            double accuracy = session.value(programs.model().accuracy());
            if (echoes || !due(t, length, accuracy)) {
                return Optional.empty();
            }
            echoes = true;
            session.upload(note, new float[]{1f});
            return Optional.of(String.format(Locale.ROOT,
                    "echoes begin: %.2f%% of the masked codes are right, the commonest code has %.2f%%",
                    100 * accuracy, 100 * commonest));
        }

        private boolean due(long t, long length, double accuracy) {
            var s = SorcenSection.of(recipe);
            return t >= Math.round(s.echoWarmupMost() * length) || t >= Math.round(s.echoWarmup() * length)
                    && (s.echoReady() == 0 || accuracy > s.echoReady() * commonest);
        }

        private void beginTeacher(Session session) {
            State state = programs.state();
            if (SorcenSection.of(recipe).randomTeacher()) {
                state.teachers().forEach((name, teacher) -> session.upload(teacher, state.draw(name, ~recipe.seed())));
                return;
            }
            for (Tensor parameter : state.parameters().values()) {
                if (parameter.name().startsWith(TEACHER_PROJECTOR)) {
                    session.upload(parameter, session.download(state.parameter(
                            parameter.name().replace(TEACHER_PROJECTOR, "projector."))));
                }
            }
        }

        /// beta(e) of the whole epoch e (section 4.8).
        @Override
        public double momentum(Stage ignored, long t, long length) {
            Double given = SorcenSection.of(recipe).momentumEpochs();
            double epochs = given == null ? stage.epochs() : given;
            double epoch = Math.min(Math.floorDiv(t, Math.max(1, codes.size() / recipe.training().batch())), epochs);
            return Schedules.cosine(stage.momentum(), stage.momentumFinal(), epoch, epochs);
        }

        @Override
        public Map<String, Double> health(Session session) {
            return SorcenHealth.of(session, programs.model(), step.objective(), commonest, echoes);
        }

        @Override
        public Optional<String> watch(Map<String, Double> figures) {
            Double rank = figures.get("effective rank");
            return rank != null && rank < SorcenHealth.COLLAPSED
                    ? Optional.of(String.format(Locale.ROOT,
                            "the latents of a batch span %.2f dimensions: the encoder gives every image the same. "
                                    + "Lower optimizer.lr.",
                            rank))
                    : Optional.empty();
        }
    }
}
