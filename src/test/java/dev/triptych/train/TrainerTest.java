package dev.triptych.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.data.set.EpochOrder;
import dev.triptych.data.set.Fingerprint;
import dev.triptych.data.set.ImageSet;
import dev.triptych.data.source.Split;
import dev.triptych.device.Session;
import dev.triptych.device.plain.PlainDevice;
import dev.triptych.method.Feed;
import dev.triptych.method.MethodPrograms;
import dev.triptych.method.Registry;
import dev.triptych.method.Task;
import dev.triptych.method.TestPlace;
import dev.triptych.method.TrainingStep;
import dev.triptych.nn.AdamWRates;
import dev.triptych.program.Arena;
import dev.triptych.program.Tensor;
import dev.triptych.recipe.Recipe;
import dev.triptych.recipe.Stage;
import dev.triptych.recipe.TrainingSection;
import dev.triptych.toy.ToyMethod;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The trainer on the toy, two stages of 8 and 12 steps, 4 steps an epoch: what it gives to each step, and its books.
class TrainerTest {
    private static final int BATCH = 8;
    private static final long SEED = 7;

    @TempDir
    private Path folder;

    private static Recipe recipe(int logEvery, int checkpointEvery, int keep) {
        Recipe toy = new Registry(List.of(new ToyMethod())).recipes().load("toy-micro", List.of()).recipe();
        var stages = List.of(stage("one", 2), stage("two", 3));
        return new Recipe(toy.method(), SEED, toy.data(), toy.augment(), toy.encoder(), toy.own(), toy.optimizer(),
                new TrainingSection(BATCH, logEvery, checkpointEvery, keep, stages), toy.eval());
    }

    private static Stage stage(String name, double epochs) {
        return new Stage(name, epochs, false, 0.9, 0.9, 0, 1);
    }

    /// What a run was seen to do.
    private static final class Seen {
        private final Map<Long, float[]> images = new LinkedHashMap<>();
        private final List<String> feeds = new ArrayList<>();
        private final Map<String, float[]> starts = new LinkedHashMap<>();
        private final Map<String, float[]> drawn = new LinkedHashMap<>();
        private final Map<String, Boolean> freshOptimizer = new LinkedHashMap<>();
        private Task.Part part;
        private Session session;
    }

    /// The toy, looked at.
    private record Watched(Task toy, Seen seen) implements Task {
        @Override
        public MethodPrograms programs() {
            return toy.programs();
        }

        @Override
        public int size() {
            return toy.size();
        }

        @Override
        public Fingerprint examples() {
            return toy.examples();
        }

        @Override
        public Part part(Stage stage) {
            var part = toy.part(stage);
            return new Part() {
                @Override
                public TrainingStep<?> step() {
                    return part.step();
                }

                @Override
                public Feed<?> feed(Session session, long first, long end) {
                    seen.feeds.add(stage.name() + " " + first + " to " + end);
                    return part.feed(session, first, end);
                }

                @Override
                public Optional<String> before(Session session, AdamWRates rates, long t, long length) {
                    seen.part = part;
                    seen.session = session;
                    if (t == 0) {
                        var state = programs().state();
                        boolean fresh = Arrays.stream(rates.steps()).allMatch(step -> step == 0);
                        for (Tensor parameter : state.parameters().values()) {
                            seen.drawn.put(parameter.name(), state.draw(parameter.name(), SEED));
                            seen.starts.put(stage.name() + " " + parameter.name(), session.download(parameter));
                            for (Arena arena : List.of(Arena.FIRST_MOMENTS, Arena.SECOND_MOMENTS)) {
                                float[] moments = session.download(state.mirror(parameter, arena));
                                fresh &= Arrays.equals(moments, new float[moments.length]);
                            }
                        }
                        seen.freshOptimizer.put(stage.name(), fresh);
                    }
                    return Optional.empty();
                }

                @Override
                public Map<String, Double> health(Session session) {
                    return part.health(session);
                }

                @Override
                public Optional<String> watch(Map<String, Double> figures) {
                    return figures.get("total") > 0 ? Optional.of("watched") : Optional.empty();
                }
            };
        }
    }

    private static ImageSet images(Recipe recipe) throws IOException {
        return new TestPlace().images(recipe, Split.TRAIN);
    }

    /// Trains, stopping after a step.
    private Seen train(Recipe recipe, RunFolder files, Path resume, long stop) throws IOException {
        var seen = new Seen();
        var task = new Watched(new ToyMethod().supply(recipe, new TestPlace()).task(), seen);
        try (var device = new PlainDevice();
                var trainer = new Trainer(recipe, task, device);
                var metrics = MetricsLog.open(files.metrics());
                var progress = new Progress(new StringBuilder(), false, 0, 1e9, System::nanoTime)) {
            trainer.run(new Trainer.Surroundings(files, metrics, progress, done -> {
                var image = seen.part.step().program().inputs().get("image");
                seen.images.put(done - 1, seen.session.download(image));
                return done == stop;
            }), resume);
        }
        return seen;
    }

    private RunFolder files(String name, Recipe recipe) throws IOException {
        return RunFolder.create(folder.resolve(name), recipe, new Provenance(Map.of()));
    }

    /// Step by step through epochs and stages, and on from a checkpoint.
    @Test
    void everyStepSeesTheImagesOfItsNumber() throws IOException {
        var recipe = recipe(1, 1, 9);
        var order = new EpochOrder(32, BATCH, SEED);
        var set = images(recipe);
        var files = files("whole", recipe);
        var seen = train(recipe, files, null, -1);
        assertEquals(List.of("one 0 to 8", "two 8 to 20"), seen.feeds);
        assertEquals(20, seen.images.size());
        int[] indices = new int[BATCH];
        float[] expected = new float[BATCH * 3 * 8 * 8];
        for (long step = 0; step < 20; step++) {
            order.indices(step, indices);
            set.images(indices, expected, 0);
            assertArrayEquals(expected, seen.images.get(step), "step " + step);
        }
        assertFalse(Arrays.equals(seen.images.get(0L), seen.images.get(4L)), "epochs differ in order");

        var cut = files("cut", recipe);
        train(recipe, cut, null, 11);
        var on = train(recipe, cut, cut.newest(), -1);
        assertEquals(List.of("two 11 to 20"), on.feeds);
        assertEquals(new TreeSet<>(List.of(11L, 12L, 13L, 14L, 15L, 16L, 17L, 18L, 19L)),
                new TreeSet<>(on.images.keySet()));
        on.images.forEach((step, image) -> assertArrayEquals(seen.images.get(step), image, "step " + step));
    }

    @Test
    void aStageBeginsWithAFreshOptimizerAndTheWeightsOfTheOneBefore() throws IOException {
        var recipe = recipe(1, 1, 9);
        var files = files("run", recipe);
        var seen = train(recipe, files, null, -1);
        assertEquals(Map.of("one", true, "two", true), seen.freshOptimizer);
        assertFalse(seen.drawn.isEmpty());
        seen.drawn.forEach((name, drawn) -> {
            assertArrayEquals(drawn, seen.starts.get("one " + name), name);
            assertFalse(Arrays.equals(drawn, seen.starts.get("two " + name)), name);
        });
    }

    private List<Long> steps(RunFolder files, String kind) throws IOException {
        return MetricsLog.read(files.metrics()).stream().filter(line -> line.get("kind").equals(kind))
                .map(line -> (Long) line.get("step")).toList();
    }

    private List<Long> checkpoints(int every, int keep) throws IOException {
        var recipe = recipe(100, every, keep);
        var files = files("every " + every + " keep " + keep, recipe);
        train(recipe, files, null, -1);
        return files.checkpoints().list().stream().map(CheckpointFiles.Checkpoint::step).toList();
    }

    @Test
    void metricsAreLoggedAndWatchedEveryFewStepsAndAtTheEndOfStages() throws IOException {
        var recipe = recipe(3, 1, 9);
        var files = files("logged", recipe);
        train(recipe, files, null, -1);
        List<Long> expected = List.of(3L, 6L, 8L, 9L, 12L, 15L, 18L, 20L);
        assertEquals(expected, steps(files, "train"));
        assertEquals(expected, steps(files, "warning"));
        var last = MetricsLog.read(files.metrics()).stream().filter(line -> line.get("kind").equals("train")).toList()
                .getLast();
        assertEquals("two", last.get("stage"));
        assertEquals(3.0, last.get("epoch"));
        assertEquals(160L, last.get("images"));
        assertTrue(last.keySet().containsAll(List.of("lr", "total", "reconstruction", "size", "gradient norm",
                "first number")), last.toString());
        double at = (double) last.get("reconstruction") + 0.1 * (double) last.get("size");
        assertEquals(at, (double) last.get("total"), 1e-6 * at);
    }

    /// What a page of the training waits for.
    @Test
    void theBeginningAndEveryCheckpointAreTold() throws IOException {
        var recipe = recipe(100, 2, 9);
        var files = files("told", recipe);
        var told = new ArrayList<String>();
        var listener = new ProgressListener() {
            @Override
            public void begin(String stage, long step, long steps) {
                told.add("begin " + stage + " " + step + " of " + steps);
            }

            @Override
            public void update(Progress.Status status) {
                told.addAll(status.step() == 1 ? List.of("step 1") : List.of());
            }

            @Override
            public void saved() {
                try {
                    told.add("saved " + files.checkpoints().newest().orElseThrow().step());
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }

            @Override
            public void message(String text) {
                told.add(text);
            }
        };
        try (var device = new PlainDevice();
                var trainer = new Trainer(recipe, new ToyMethod().supply(recipe, new TestPlace()).task(), device);
                var metrics = MetricsLog.open(files.metrics())) {
            trainer.run(new Trainer.Surroundings(files, metrics, listener, _ -> false), null);
        }
        told.removeIf(text -> text.contains("warning") || text.contains("watched"));
        assertEquals(List.of("begin one 0 of 20", "step 1", "saved 8", "saved 16", "saved 20"), told);
    }

    @Test
    void checkpointsAreWrittenEveryFewEpochsAndAtTheEndOfStages() throws IOException {
        assertEquals(List.of(4L, 8L, 12L, 16L, 20L), checkpoints(1, 9));
        assertEquals(List.of(8L, 16L, 20L), checkpoints(2, 9));
        assertEquals(List.of(8L, 20L), checkpoints(3, 9));
        assertEquals(3, checkpoints(1, 3).size());
        assertEquals(20L, checkpoints(1, 2).getLast());
    }
}
