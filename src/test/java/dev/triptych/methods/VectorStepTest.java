package dev.triptych.methods;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.triptych.device.Session;
import dev.triptych.device.vector.VectorDevice;
import dev.triptych.method.Task;
import dev.triptych.method.TestPlace;
import dev.triptych.method.TrainingStep;
import dev.triptych.nn.AdamWRates;
import dev.triptych.recipe.Recipe;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Whole training steps of each method on the vector device.
class VectorStepTest {
    /// Many: a compiler that is behind its work waits for more calls before it compiles. Most trials end after few.
    private static final int WINDOWS = 600;
    private static final int STEPS = 10;
    private static final long FEW_BYTES = 512;

    static List<String> recipes() {
        return Methods.RECIPES.names().stream().filter(name -> name.contains("-micro")).toList();
    }

    private static Task task(String name) throws IOException {
        Recipe recipe = Methods.RECIPES.load(name, List.of("training.batch=6", "data.train-images=12")).recipe();
        return Methods.ALL.of(recipe).supply(recipe, new TestPlace()).task();
    }

    /// The last stage of a recipe with the batch of its first step in place.
    private static final class Trial implements AutoCloseable {
        private final Task task;
        private final TrainingStep<?> step;
        private final VectorDevice device;
        private final Session session;

        Trial(String name, int threads) throws IOException {
            task = task(name);
            var part = task.part(Methods.RECIPES.load(name, List.of("training.batch=6")).recipe().training().stages()
                    .getLast());
            step = part.step();
            device = new VectorDevice(threads);
            session = device.bind(task.programs().state(), step.program());
            session.initialize(task.programs().state(), 3);
            try (var feed = part.feed(session, 0, 1)) {
                feed.next();
            }
            if (step.momentum() != null) {
                session.upload(step.momentum(), new float[]{0.99f});
            }
            session.upload(step.descent().rates(),
                    new AdamWRates(step.descent().parameters(), tensor -> true, 0.9, 0.95).next(1e-3, 0.05));
        }

        void run() {
            session.run(step.program());
        }

        Map<String, float[]> values() {
            var state = task.programs().state();
            var values = new TreeMap<String, float[]>();
            state.parameters().forEach((name, t) -> values.put(name, session.download(t)));
            state.teachers().forEach((name, t) -> values.put("teacher " + name, session.download(t)));
            state.buffers().forEach((name, t) -> values.put("buffer " + name, session.download(t)));
            step.program().outputs().forEach((name, t) -> values.put("output " + name, session.download(t)));
            return values;
        }

        @Override
        public void close() {
            session.close();
            device.close();
        }
    }

    private static Map<String, float[]> threeSteps(String recipe, int threads) throws IOException {
        try (var trial = new Trial(recipe, threads)) {
            for (int t = 0; t < 3; t++) {
                trial.run();
            }
            return trial.values();
        }
    }

    @ParameterizedTest
    @MethodSource("recipes")
    void theNumberOfThreadsDoesNotMatter(String recipe) throws IOException {
        Map<String, float[]> one = threeSteps(recipe, 1);
        for (int threads : new int[]{2, 3}) {
            Map<String, float[]> more = threeSteps(recipe, threads);
            one.forEach((name, values) -> assertArrayEquals(values, more.get(name), 0f, name));
        }
    }

    /// Interpreted code boxes vectors, so that the first steps allocate; once all is compiled, nothing is left.
    @ParameterizedTest
    @MethodSource("recipes")
    void longRunsDoNotAllocate(String recipe) throws IOException {
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long least = Long.MAX_VALUE;
        try (var trial = new Trial(recipe, 1)) {
            for (int window = 0; window < WINDOWS && least > FEW_BYTES; window++) {
                long before = threads.getCurrentThreadAllocatedBytes();
                for (int t = 0; t < STEPS; t++) {
                    trial.run();
                }
                least = Math.min(least, (threads.getCurrentThreadAllocatedBytes() - before) / STEPS);
            }
        }
        long bytes = least;
        assertTrue(bytes <= FEW_BYTES, () -> "A step allocates " + bytes + " bytes");
    }
}
