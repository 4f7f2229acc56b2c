package dev.triptych.method;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.triptych.device.Session;
import dev.triptych.device.vector.VectorDevice;
import dev.triptych.nn.AdamWRates;
import dev.triptych.program.Tensor;
import dev.triptych.random.CounterRandom;
import dev.triptych.random.Stream;
import dev.triptych.recipe.Recipe;
import dev.triptych.recipe.Recipes;
import dev.triptych.train.StellarFeed;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// Whole training steps of STELLAR on the vector device.
class VectorStepTest {
    private static final Recipe RECIPE = Recipes.load("stellar-micro",
            List.of("training.batch=6", "data.train-images=12")).recipe();
    private static final int WINDOWS = 150;
    private static final int STEPS = 10;
    private static final long FEW_BYTES = 512;

    private final StellarPrograms programs = new StellarPrograms(RECIPE);
    private final StellarPrograms.Step step = programs.train(RECIPE.training().stages().getLast());

    private Session start(VectorDevice device) {
        Session session = device.bind(programs.state(), step.program());
        session.initialize(programs.state(), 3);
        var random = CounterRandom.of(3, Stream.CHECK, 3, 0);
        for (String name : List.of("image", "global", "local")) {
            Tensor tensor = step.program().inputs().get(name);
            float[] pixels = new float[tensor.count()];
            for (int i = 0; i < pixels.length; i++) {
                pixels[i] = random.uniform();
            }
            session.upload(tensor, pixels);
        }
        var views = step.views();
        int[] kept = new int[views.batch() * views.maskedViews() * views.kept()];
        for (int row = 0; row < kept.length / views.kept(); row++) {
            System.arraycopy(random.permutation(RECIPE.patches()), 0, kept, row * views.kept(), views.kept());
        }
        StellarFeed.uploadMasks(session, step, kept);
        if (views.teacher()) {
            session.upload(step.program().inputs().get("momentum"), new float[]{0.99f});
        }
        var rates = new AdamWRates(step.parameters(), tensor -> true, 0.9, 0.95);
        session.upload(step.program().inputs().get("rates"), rates.next(1e-3, 0.05));
        return session;
    }

    private Map<String, float[]> threeSteps(int threads) {
        try (var device = new VectorDevice(threads); Session session = start(device)) {
            for (int t = 0; t < 3; t++) {
                session.run(step.program());
            }
            var values = new TreeMap<String, float[]>();
            programs.state().parameters().forEach((name, p) -> values.put(name, session.download(p)));
            programs.state().teachers().forEach((name, p) -> values.put("teacher " + name, session.download(p)));
            step.program().outputs().forEach((name, t) -> values.put("output " + name, session.download(t)));
            return values;
        }
    }

    @Test
    void theNumberOfThreadsDoesNotMatter() {
        Map<String, float[]> one = threeSteps(1);
        for (int threads : new int[]{2, 3}) {
            Map<String, float[]> more = threeSteps(threads);
            one.forEach((name, values) -> assertArrayEquals(values, more.get(name), 0f, name));
        }
    }

    /// Interpreted code boxes vectors, so that the first steps allocate; once all is compiled, nothing is left.
    @Test
    void longRunsDoNotAllocate() {
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long least = Long.MAX_VALUE;
        try (var device = new VectorDevice(1); Session session = start(device)) {
            for (int window = 0; window < WINDOWS && least > FEW_BYTES; window++) {
                long before = threads.getCurrentThreadAllocatedBytes();
                for (int t = 0; t < STEPS; t++) {
                    session.run(step.program());
                }
                least = Math.min(least, (threads.getCurrentThreadAllocatedBytes() - before) / STEPS);
            }
        }
        long bytes = least;
        assertTrue(bytes <= FEW_BYTES, () -> "A step allocates " + bytes + " bytes");
    }
}
