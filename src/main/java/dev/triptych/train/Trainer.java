package dev.triptych.train;

import dev.triptych.data.set.Fingerprint;
import dev.triptych.device.Device;
import dev.triptych.device.Session;
import dev.triptych.io.TensorEntry;
import dev.triptych.io.TensorHash;
import dev.triptych.method.Descent;
import dev.triptych.method.Feed;
import dev.triptych.method.OnlineJudge;
import dev.triptych.method.Pace;
import dev.triptych.method.Task;
import dev.triptych.nn.AdamWRates;
import dev.triptych.program.Arena;
import dev.triptych.program.Program;
import dev.triptych.program.State;
import dev.triptych.program.Tensor;
import dev.triptych.recipe.Recipe;
import dev.triptych.recipe.Stage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongPredicate;
import java.util.stream.Stream;

/// Trains a method through the stages of its recipe: batches ahead on other cores, one program run a step, metrics and
/// health figures, checkpoints. Each stage begins with a fresh optimizer and its own schedules.
public final class Trainer implements AutoCloseable {
    /// What a training reports when it ends.
    ///
    /// @param step steps done in all
    /// @param seconds of this process's training
    /// @param imagesPerSecond over these seconds
    /// @param waitShare share of them spent waiting for images
    /// @param cpuSeconds of the run's training so far, those of looks at its weights aside
    /// @param stopped whether it was asked to stop before the end
    public record Summary(long step, double seconds, double imagesPerSecond, double waitShare, double cpuSeconds,
            boolean stopped) {
        /// What the metrics keep of it.
        public Map<String, Object> values() {
            var values = new LinkedHashMap<String, Object>();
            values.put("seconds", seconds);
            values.put("images/s", imagesPerSecond);
            values.put("wait share", waitShare);
            values.put("cpu seconds", cpuSeconds);
            values.put("stopped", stopped);
            return values;
        }
    }

    /// What a training writes to and listens to.
    ///
    /// @param folder where checkpoints go
    /// @param metrics the log
    /// @param progress told of every step that is logged
    /// @param stop asked after each step with the number of steps done; true ends the training with a checkpoint
    /// @param judge looks at the weights on the way; null where nothing does
    public record Surroundings(RunFolder folder, MetricsLog metrics, ProgressListener progress, LongPredicate stop,
            OnlineJudge judge) {
        /// Nothing looks at the weights.
        public Surroundings(RunFolder folder, MetricsLog metrics, ProgressListener progress, LongPredicate stop) {
            this(folder, metrics, progress, stop, null);
        }
    }

    private final Recipe recipe;
    private final Task task;
    private final State state;
    private final List<Task.Part> parts = new ArrayList<>();
    private final long[] ends;
    private final Session session;
    private Fingerprint examples;
    private String firstStep = "";
    private Surroundings run;
    private Pace pace;
    private long seen;
    private double waited;
    private LossWindow window = LossWindow.begin(0);
    private Looks looks;
    private double score = Double.NaN;
    private final Speed speed = new Speed();

    /// Builds the programs of all stages and binds them; nothing is written.
    ///
    /// @throws RunException if there are fewer images than a batch takes
    public Trainer(Recipe recipe, Task task, Device device) {
        this.recipe = recipe;
        this.task = task;
        this.state = task.programs().state();
        if (task.size() < recipe.training().batch()) {
            throw new RunException("training.batch is " + recipe.training().batch() + ", but the training set has "
                    + task.size() + " images; expected at most as many. Lower training.batch.");
        }
        List<Stage> stages = recipe.training().stages();
        ends = new long[stages.size()];
        long end = 0;
        for (int i = 0; i < ends.length; i++) {
            parts.add(task.part(stages.get(i)));
            end += stages.get(i).steps(task.size(), recipe.training().batch());
            ends[i] = end;
        }
        session = device.bind(state, parts.stream()
                .flatMap(part -> Stream.concat(Stream.of(part.step().program()), part.others().stream()))
                .toArray(Program[]::new));
        session.initialize(state, recipe.seed());
    }

    /// Begins with the weights of another run's checkpoint; with its encoder alone where that run is of another method.
    ///
    /// @return that method; empty where all weights were taken
    public Optional<String> initializeFrom(Path checkpoint) throws IOException {
        var other = Checkpoint.loadEncoder(checkpoint, recipe, state, session);
        if (other.isPresent()) {
            session.copyToTeacher(state);
        } else {
            task.adopt(session, Checkpoint.load(checkpoint, state, session, null));
        }
        return other;
    }

    /// Where a checkpoint of this run stands. That its recipe is this one is for [Resumption#requireRecipe].
    ///
    /// @param older told where an older checkpoint does not say what it learnt from
    /// @throws RunException if it was trained on other images, for another number of steps or with another tokenizer:
    /// the order of the images, the schedules or the targets would not be those of the steps done
    public Checkpoint.Position resumable(RunFolder folder, Path checkpoint, Consumer<String> older)
            throws IOException {
        var position = Checkpoint.position(checkpoint);
        String remedy = Resumption.remedy(checkpoint);
        if (!Resumption.requireExamples(folder, checkpoint, position, examples())) {
            older.accept(
                    checkpoint.getFileName() + " is of an older program and does not say what it learnt from: that "
                            + "these are the same images is not known.");
        }
        if (position.images() != 0 && position.images() != task.size()) {
            throw new RunException(checkpoint + ": the run was trained on " + position.images()
                    + " images, but the training set has " + task.size() + "; expected as many, because images and "
                    + "schedules would not go on where they stopped. Restore the images" + remedy);
        }
        if (position.steps() != 0 && position.steps() != steps()) {
            throw new RunException(checkpoint + ": the run was begun for " + position.steps()
                    + " steps, but its recipe now gives " + steps() + "; expected as many, because the schedules would "
                    + "not go on where they stopped. Restore the run's recipe.yaml" + remedy);
        }
        position.requireSources(checkpoint, task.sources(), remedy);
        if (position.stage() >= ends.length) {
            throw new RunException(checkpoint + ": metadata 'stage' is " + position.stage() + ", but the recipe has "
                    + ends.length + " stages; expected a smaller number. Restore the run's recipe.yaml" + remedy);
        }
        return position;
    }

    /// Trains from the beginning, or from a checkpoint of this run.
    ///
    /// @param surroundings of this run
    /// @param resume the checkpoint to go on from; null to begin
    public Summary run(Surroundings surroundings, Path resume) throws IOException {
        run = surroundings;
        var position = resume == null
                ? position(0, 0)
                : resumable(run.folder(), resume, text -> {
                });
        examples().write(run.folder().examples());
        looks = new Looks(run.judge(), recipe.eval(), run.metrics(), run.progress(),
                resume == null ? List.of() : MetricsLog.read(run.folder().metrics()));
        long begun = System.nanoTime();
        speed.since(seen);
        window = position.window();
        firstStep = position.firstStep();
        long step = position.step();
        long first = step;
        boolean stopped = false;
        for (int stage = position.stage(); stage < ends.length && !stopped; stage++) {
            boolean fresh = resume == null || stage > position.stage();
            startStage(stage, fresh ? null : resume);
            if (step == first) {
                run.progress().begin(recipe.training().stages().get(stage).name(), step, steps());
            }
            if (step < ends[stage]) {
                step = runStage(stage, step);
            }
            boolean over = step == ends[stage];
            boolean last = stage + 1 == ends.length;
            stopped = !over || !last && run.stop().test(step);
            save(step, over && !last ? stage + 1 : stage, over && !last ? null : pace.rates(), over);
        }
        double seconds = (System.nanoTime() - begun) * 1e-9;
        long trained = (step - first) * recipe.training().batch();
        return new Summary(step, seconds, trained / seconds, waited / seconds, looks.cpuSeconds(), stopped);
    }

    private void startStage(int stage, Path resume) throws IOException {
        pace = new Pace(recipe, recipe.training().stages().get(stage), parts.get(stage), ends[stage] - begin(stage));
        if (resume != null && Checkpoint.hasOptimizer(resume)) {
            Checkpoint.load(resume, state, session, pace.rates());
            return;
        }
        if (resume != null) {
            Checkpoint.load(resume, state, session, null);
        }
        for (Tensor parameter : state.parameters().values()) {
            float[] zeros = new float[parameter.count()];
            session.upload(state.mirror(parameter, Arena.FIRST_MOMENTS), zeros);
            session.upload(state.mirror(parameter, Arena.SECOND_MOMENTS), zeros);
        }
        if (recipe.training().stages().get(stage).teacher()) {
            session.copyToTeacher(state);
        }
    }

    private long runStage(int number, long from) throws IOException {
        Stage stage = recipe.training().stages().get(number);
        Task.Part part = parts.get(number);
        if (window.full() || window.stage() != number) {
            window = LossWindow.begin(number);
        }
        Program program = part.step().program();
        long begin = begin(number);
        long length = ends[number] - begin;
        int perEpoch = task.size() / recipe.training().batch();
        long checkpointEvery = Math.max(1, (long) recipe.training().checkpointEvery() * perEpoch);
        try (Feed<?> feed = part.feed(session, from, ends[number])) {
            double waitedBefore = waited;
            if (from == 0 && looks.due(0, perEpoch, false)) {
                look(stage, 0, 0);
            }
            for (long step = from; step < ends[number]; step++) {
                change(part.before(session, pace.rates(), step - begin, length), step);
                feed.next();
                double lr = pace.learningRate(step - begin);
                pace.upload(session, step - begin);
                session.run(program);
                seen += recipe.training().batch();
                waited = waitedBefore + feed.waitedSeconds();
                long done = step + 1;
                Map<String, Double> losses = losses(part.step().descent());
                requireFinite(program, losses, done);
                if (done == 1) {
                    firstStep = gradient(part.step().descent());
                }
                window = window.plus(losses.get("total"));
                looks.step(losses.get("total"));
                double epoch = (double) (done - begin) / perEpoch;
                run.progress().update(new Progress.Status(stage.name(), done, ends[ends.length - 1], epoch, losses, lr,
                        seen, waited));
                if (done % recipe.training().logEvery() == 0 || done == ends[number]) {
                    log(part, stage, done, epoch, losses, lr);
                }
                boolean looked = looks.due(done - begin, perEpoch, done == ends[number]);
                score = looked ? look(stage, done, epoch) : Double.NaN;
                if (run.stop().test(done) || looked && exhausted(done)) {
                    return done;
                }
                boolean scheduled = (done - begin) % checkpointEvery == 0;
                if (done < ends[number] && (scheduled || looked && looks.best())) {
                    save(done, number, pace.rates(), scheduled);
                }
            }
        }
        return ends[number];
    }

    private double look(Stage stage, long step, double epoch) throws IOException {
        return looks.look(session, state, stage, step, epoch, step * recipe.training().batch());
    }

    private boolean exhausted(long step) throws IOException {
        var why = looks.exhausted();
        if (why.isPresent()) {
            run.metrics().write("change", step, Map.of("text", why.get()));
            run.progress().message("step " + step + ": " + why.get());
        }
        return why.isPresent();
    }

    private long begin(int stage) {
        return stage == 0 ? 0 : ends[stage - 1];
    }

    private Map<String, Double> losses(Descent descent) {
        var losses = new LinkedHashMap<String, Double>();
        descent.figures().forEach(figure -> losses.put(figure.name(), figure.value().size() == 1
                ? (double) session.value(figure.value())
                : norm(session.download(figure.value()))));
        return losses;
    }

    /// The norm of several norms: of all gradients, where each tensor's is clipped on its own.
    private static double norm(float... norms) {
        double sum = 0;
        for (float norm : norms) {
            sum += (double) norm * norm;
        }
        return Math.sqrt(sum);
    }

    private void requireFinite(Program program, Map<String, Double> losses, long step) {
        for (Map.Entry<String, Double> loss : losses.entrySet()) {
            if (!Double.isFinite(loss.getValue())) {
                String where = session.firstNonFinite(program);
                throw new RunException("step " + step + ": '" + loss.getKey() + "' is " + loss.getValue()
                        + ", expected a finite number. First: "
                        + (where == null ? "not found when the step was repeated" : where)
                        + ". Begin a new run with a lower optimizer.lr; --resume would repeat the same step, "
                        + "--init-from " + run.folder().path() + " keeps the weights of the last checkpoint.");
            }
        }
    }

    private void log(Task.Part part, Stage stage, long step, double epoch, Map<String, Double> losses, double lr)
            throws IOException {
        var values = new LinkedHashMap<String, Object>();
        values.put("stage", stage.name());
        values.put("epoch", epoch);
        values.put("lr", lr);
        values.put("images", step * recipe.training().batch());
        values.put("images/s", speed.since(seen));
        values.putAll(losses);
        values.putAll(part.health(session));
        run.metrics().write("train", step, values);
        var warning = part.watch(numbers(values));
        if (warning.isPresent()) {
            run.metrics().write("warning", step, Map.of("text", warning.get()));
            run.progress().message(warning.get());
        }
    }

    private static Map<String, Double> numbers(Map<String, Object> values) {
        var numbers = new LinkedHashMap<String, Double>();
        values.forEach((name, value) -> {
            if (value instanceof Double number) {
                numbers.put(name, number);
            }
        });
        return numbers;
    }

    /// Tells of a change of the state before a step.
    private void change(Optional<String> what, long step) throws IOException {
        if (what.isPresent()) {
            run.metrics().write("change", step, Map.of("text", what.get()));
            run.progress().message("step " + step + ": " + what.get());
        }
    }

    private Checkpoint.Position position(long step, int stage) {
        return new Checkpoint.Position(step, stage, task.size(), steps(), window, examples().sha256(),
                firstStep, task.sources());
    }

    /// SHA-256 of the gradient of the step that ran last, parameter by parameter. Two runs that begin alike have the
    /// same one at their first step, on however many threads they run.
    private String gradient(Descent descent) {
        return TensorHash.sha256(descent.parameters().stream().map(parameter -> TensorEntry.of(parameter.name(),
                parameter.shape(), session.download(state.mirror(parameter, Arena.GRADIENTS)))).toList());
    }

    /// Read once.
    private Fingerprint examples() {
        if (examples == null) {
            examples = task.examples();
        }
        return examples;
    }

    /// @param full whether the window of losses ends here, as it does not where the training is only interrupted
    private void save(long step, int stage, AdamWRates optimizer, boolean full) throws IOException {
        window = window.ended(full, score);
        run.folder().checkpoints().save(step,
                file -> Checkpoint.save(file, state, session, recipe, position(step, stage),
                        optimizer));
        run.folder().checkpoints().keepLastAndBest(recipe.training().keepCheckpoints());
        run.progress().saved();
        if (full) {
            window = LossWindow.begin(window.stage());
        }
    }

    /// Steps of all stages together.
    public long steps() {
        return ends[ends.length - 1];
    }

    /// Bytes of all arenas.
    public long bytes() {
        return session.bytes();
    }

    @Override
    public void close() {
        session.close();
    }
}
