package dev.triptych.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.device.Session;
import dev.triptych.device.plain.PlainDevice;
import dev.triptych.method.OnlineJudge;
import dev.triptych.method.Registry;
import dev.triptych.method.TestPlace;
import dev.triptych.program.State;
import dev.triptych.recipe.Recipe;
import dev.triptych.toy.ToyMethod;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// When weights are looked at, and what follows from what is seen: on the toy, 4 steps an epoch, with scores that are
/// given.
class LooksTest {
    @TempDir
    private Path folder;

    /// Gives one score after another.
    private record Scores(Deque<Double> scores, boolean labelled) implements OnlineJudge {
        static Scores of(boolean labelled, double... scores) {
            return new Scores(new ArrayDeque<>(DoubleStream.of(scores).boxed().toList()), labelled);
        }

        @Override
        public String description() {
            return "given scores";
        }

        @Override
        public Look look(Session training, State state, boolean teacher) {
            return new Look(Map.of("score of z, student", scores.removeFirst()), "score of z, student");
        }

        @Override
        public void close() {
            // nothing is open
        }
    }

    private static Recipe recipe(String... keys) {
        return new Registry(List.of(new ToyMethod())).recipes().load("toy-micro", List.of(keys)).recipe();
    }

    private RunFolder begin(String name, Recipe recipe) throws IOException {
        return RunFolder.create(folder.resolve(name), recipe, new Provenance(Map.of()));
    }

    /// Trains up to a step.
    private static Trainer.Summary train(Recipe recipe, RunFolder files, Path resume, long until, OnlineJudge judge)
            throws IOException {
        long from = resume == null ? 0 : Checkpoint.position(resume).step();
        try (var device = new PlainDevice();
                var trainer = new Trainer(recipe, new ToyMethod().supply(recipe, new TestPlace()).task(), device);
                var metrics = resume == null
                        ? MetricsLog.open(files.metrics())
                        : MetricsLog.resume(files.metrics(), from);
                var progress = new Progress(new StringBuilder(), false, 0, 1e9, System::nanoTime)) {
            return trainer.run(new Trainer.Surroundings(files, metrics, progress, done -> done == until, judge),
                    resume);
        }
    }

    private static List<Map<String, Object>> lines(RunFolder files, String kind) throws IOException {
        return MetricsLog.read(files.metrics()).stream().filter(line -> line.get("kind").equals(kind)).toList();
    }

    private static List<Long> steps(RunFolder files) throws IOException {
        return lines(files, "online").stream().map(line -> (Long) line.get("step")).toList();
    }

    private static List<Long> checkpoints(RunFolder files) throws IOException {
        return files.checkpoints().list().stream().map(CheckpointFiles.Checkpoint::step).toList();
    }

    @Test
    void looksAreTakenAtTheBeginningEveryFewEpochsAndAtTheEnd() throws IOException {
        var halves = recipe("eval.every=1.5");
        var files = begin("halves", halves);
        train(halves, files, null, -1, Scores.of(true, 1, 2, 3, 4));
        assertEquals(List.of(0L, 6L, 12L, 16L), steps(files));
        var line = lines(files, "online").get(1);
        assertEquals(2.0, line.get("score of z, student"));
        assertEquals(2.0, line.get("score"));
        assertEquals(48L, line.get("images"));
        assertEquals(1.5, line.get("epoch"));
        assertEquals("only", line.get("stage"));
        double mean = lines(files, "train").stream().filter(l -> (Long) l.get("step") <= 6)
                .mapToDouble(l -> (Double) l.get("total")).average().orElseThrow();
        assertEquals(mean, (Double) line.get("loss since the last look"), 1e-12 * mean);
        assertNull(lines(files, "online").getFirst().get("loss since the last look"), "no step, no loss");
        double cpu = 0;
        for (var look : lines(files, "online")) {
            assertTrue((Double) look.get("cpu seconds") >= cpu);
            cpu = (Double) look.get("cpu seconds");
        }
    }

    /// Whatever the loss says, which falls: the best is kept, between scheduled checkpoints too.
    @Test
    void theCheckpointOfTheHighestScoreIsTheBest() throws IOException {
        var recipe = recipe("eval.every=0.5", "training.checkpoint-every=4", "training.keep-checkpoints=1");
        var files = begin("best", recipe);
        train(recipe, files, null, -1, Scores.of(true, 1, 2, 5, 3, 4, 4, 4, 4, 4));
        assertEquals(List.of(4L, 16L), checkpoints(files));
        assertEquals(4, files.checkpoints().best().orElseThrow().step());
        assertFalse(Checkpoint.position(files.checkpoints().path(4)).window().full(), "no end of a stretch of losses");

        var unlabelled = begin("unlabelled", recipe);
        train(recipe, unlabelled, null, -1, Scores.of(false, 1, 2, 5, 3, 4, 4, 4, 4, 4));
        assertEquals(List.of(16L), checkpoints(unlabelled), "without labels the loss decides");
    }

    @Test
    void trainingEndsWhereNothingGetsBetter() throws IOException {
        var recipe = recipe("eval.every=0.5", "eval.patience=3");
        var files = begin("patience", recipe);
        var end = train(recipe, files, null, -1, Scores.of(true, 1, 5, 3, 5, 4, 9));
        assertEquals(8, end.step());
        assertTrue(end.stopped());
        assertEquals(List.of(0L, 2L, 4L, 6L, 8L), steps(files));
        assertTrue(lines(files, "change").getLast().get("text").toString()
                .contains("none of the last 3 looks was better than 5.00"));
    }

    /// What was seen before the stop counts: 5 at step 4, then 3 and, after it, 4 and 4.
    @Test
    void aRunThatGoesOnRemembersWhatWasSeen() throws IOException {
        var recipe = recipe("eval.every=0.5", "eval.patience=3");
        var files = begin("cut", recipe);
        train(recipe, files, null, 7, Scores.of(true, 1, 2, 5, 3));
        var end = train(recipe, files, files.newest(), -1, Scores.of(true, 4, 4, 99));
        assertEquals(10, end.step());
        assertEquals(List.of(0L, 2L, 4L, 6L, 8L, 10L), steps(files));
        var looks = lines(files, "online");
        assertTrue((Double) looks.get(4).get("cpu seconds") >= (Double) looks.get(3).get("cpu seconds"));
    }

    private List<String> warnings(String name, boolean labelled, double... scores) throws IOException {
        var recipe = recipe("eval.every=1", "training.stages.0.epochs=8");
        var files = begin(name, recipe);
        train(recipe, files, null, -1, Scores.of(labelled, scores));
        var texts = new ArrayList<String>();
        lines(files, "warning").forEach(line -> texts.add(line.get("step") + " " + line.get("text")));
        return texts;
    }

    /// The toy's loss falls from look to look.
    @Test
    void featuresThatStandStillWhileTheLossFallsAreToldOf() throws IOException {
        assertEquals(List.of(), warnings("rises", true, 40, 41, 42, 43, 44, 45, 46, 47, 48));
        var still = warnings("stands", true, 40, 40.4, 39, 40.5, 45, 46, 47, 48, 49);
        assertEquals(1, still.size(), still::toString);
        assertTrue(still.getFirst().startsWith("12 features stand still though the losses fall: score of z, student "
                + "40.00 3 looks ago, at most 40.50 since"), still::toString);
        assertEquals(2, warnings("again", true, 40, 40, 40, 40, 40, 40, 40, 40, 45).size(), "once in three looks");
        assertEquals(1, warnings("rank", false, 9, 9.05, 9, 8.95, 12, 15, 18, 21, 24).size());
        assertEquals(List.of(), warnings("shrinks", false, 9, 8, 7, 6, 5, 4, 3, 2.5, 2));
    }
}
