package dev.triptych.device;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.triptych.device.plain.PlainDevice;
import dev.triptych.device.tornado.TornadoDevice;
import dev.triptych.device.vector.VectorDevice;
import dev.triptych.program.Arena;
import dev.triptych.program.Gradients;
import dev.triptych.program.Program;
import dev.triptych.program.State;
import dev.triptych.program.Tensor;
import dev.triptych.program.UpdateOperations.AdamW;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The shape of the whole: one small program trains to the same numbers on every device.
class DevicesAgreeTest {
    private static final Map<String, Supplier<Device>> DEVICES = new TreeMap<>(Map.of(
            "plain", PlainDevice::new,
            "vector", VectorDevice::new,
            "tornado", TornadoDevice::new,
            "tornado in graphs of 5 tasks", () -> new TornadoDevice(-1, 5, false),
            "tornado with kernels for graphics cards", () -> new TornadoDevice(-1, 64, true)));

    private static final int ROWS = 37;
    private static final int IN = 11;
    private static final int HIDDEN = 19;
    private static final int CLASSES = 7;
    private static final int STEPS = 5;
    private static final float[] BETAS = {0.9f, 0.999f};

    /// What a training run leaves: losses and gradient norms per step, and the state at the end.
    private record Outcome(float[] losses, float[] norms, Map<String, float[]> state) {
    }

    /// A two-layer perceptron, its loss against soft targets, the gradient, a global clip and AdamW.
    private static final class Perceptron {
        final State state = new State();
        final Program train = new Program("train", state);
        final Program evaluate = new Program("evaluate", state);
        final Tensor x = train.input("x", ROWS, IN);
        final Tensor q = train.input("q", CLASSES + 2, CLASSES);
        final Tensor target = train.integerInput("target", ROWS);
        final Tensor rates;
        final Tensor loss;
        final Tensor norm;
        final Tensor xEvaluate = evaluate.input("x", ROWS, IN);
        final Tensor logits;

        Perceptron(float clip) {
            Tensor w1 = parameter("w1", HIDDEN, IN);
            Tensor b1 = parameter("b1", HIDDEN);
            Tensor w2 = parameter("w2", CLASSES, HIDDEN);
            Tensor b2 = parameter("b2", CLASSES);
            Tensor y = train.linear(train.gelu(train.linear(x, w1, b1)), w2, b2);
            Tensor mean = train.mean(train.softCrossEntropy(y, q, target, 2f));
            loss = train.output("loss", mean);
            Gradients gradients = train.gradient(mean);
            rates = train.input("rates", gradients.parameters().size(), 4);
            norm = train.output("norm",
                    train.adamw(new AdamW(BETAS[0], BETAS[1], 1e-8f, clip, false), gradients, rates));
            logits = evaluate.output("logits",
                    evaluate.linear(evaluate.gelu(evaluate.linear(xEvaluate, w1, b1)), w2, b2));
        }

        private Tensor parameter(String name, int... shape) {
            return state.parameter(name, (values, random) -> {
            }, shape);
        }

        void start(Session session) {
            var random = new Random(1);
            for (Tensor p : state.parameters().values()) {
                session.upload(p, gaussians(random, p.count(), 0.4f));
            }
        }

        void step(Session session, int t, Random random) {
            session.upload(x, gaussians(random, ROWS * IN, 1f));
            float[] distributions = new float[q.count()];
            for (int i = 0; i < distributions.length; i++) {
                distributions[i] = random.nextFloat() * 2f / CLASSES;
            }
            session.upload(q, distributions);
            session.upload(target, random.ints(ROWS, 0, CLASSES + 2).toArray());
            float[] r = new float[rates.count()];
            for (int i = 0; i < r.length; i += 4) {
                float rate = 0.02f / t;
                r[i] = rate;
                r[i + 1] = rate * 0.05f;
                r[i + 2] = 1f - (float) Math.pow(BETAS[0], t);
                r[i + 3] = 1f - (float) Math.pow(BETAS[1], t);
            }
            session.upload(rates, r);
            session.run(train);
        }

        private static float[] gaussians(Random random, int n, float deviation) {
            float[] values = new float[n];
            for (int i = 0; i < n; i++) {
                values[i] = deviation * (float) random.nextGaussian();
            }
            return values;
        }

        Map<String, float[]> download(Session session) {
            var values = new TreeMap<String, float[]>();
            state.parameters().forEach((name, p) -> {
                values.put(name, session.download(p));
                for (Arena arena : new Arena[]{Arena.GRADIENTS, Arena.FIRST_MOMENTS, Arena.SECOND_MOMENTS}) {
                    values.put(name + " " + arena, session.download(state.mirror(p, arena)));
                }
            });
            return values;
        }

        void upload(Session session, Map<String, float[]> values) {
            state.parameters().forEach((name, p) -> {
                session.upload(p, values.get(name));
                for (Arena arena : new Arena[]{Arena.FIRST_MOMENTS, Arena.SECOND_MOMENTS}) {
                    session.upload(state.mirror(p, arena), values.get(name + " " + arena));
                }
            });
        }
    }

    static Set<String> devices() {
        return DEVICES.keySet();
    }

    private static Device open(String name) {
        if (name.startsWith("tornado")) {
            assumeTrue(TornadoDevice.unavailable() == null, TornadoDevice::unavailable);
        }
        return DEVICES.get(name).get();
    }

    private static Outcome train(Device device, float clip) {
        var model = new Perceptron(clip);
        try (Session session = device.bind(model.state, model.train, model.evaluate)) {
            model.start(session);
            var random = new Random(2);
            float[] losses = new float[STEPS];
            float[] norms = new float[STEPS];
            for (int t = 1; t <= STEPS; t++) {
                model.step(session, t, random);
                losses[t - 1] = session.value(model.loss);
                norms[t - 1] = session.value(model.norm);
            }
            return new Outcome(losses, norms, model.download(session));
        }
    }

    private static void assertAgree(Outcome expected, Outcome found) {
        assertArrayEquals(expected.losses, found.losses, 1e-5f, "losses");
        for (int t = 0; t < STEPS; t++) {
            assertEquals(expected.norms[t], found.norms[t], 1e-4f * expected.norms[t], "norm of step " + (t + 1));
        }
        expected.state.forEach((name, values) -> assertArrayEquals(values, found.state.get(name), 1e-4f, name));
    }

    @ParameterizedTest
    @MethodSource("devices")
    void fiveStepsOfTrainingAgreeWithPlain(String name) {
        try (Device device = open(name); Device plain = new PlainDevice(false)) {
            Outcome expected = train(plain, 0.3f);
            assertTrue(expected.norms[0] > 0.3f, "the clip is at work");
            Outcome found = train(device, 0.3f);
            assertAgree(expected, found);
        }
    }

    @ParameterizedTest
    @MethodSource("devices")
    void stateMovesBetweenSessions(String name) {
        var model = new Perceptron(0f);
        try (Device device = open(name);
                Device plain = new PlainDevice();
                Session one = device.bind(model.state, model.train, model.evaluate);
                Session other = plain.bind(model.state, model.train, model.evaluate)) {
            model.start(one);
            model.start(other);
            var random = new Random(3);
            var same = new Random(3);
            for (int t = 1; t <= 3; t++) {
                model.step(one, t, random);
                model.step(other, t, same);
            }
            // an upload in mid-training changes one tensor and leaves moments and other parameters as they are
            Tensor b1 = model.state.parameter("b1");
            float[] shifted = one.download(b1);
            for (int i = 0; i < shifted.length; i++) {
                shifted[i] += 0.5f;
            }
            one.upload(b1, shifted);
            other.upload(b1, shifted);
            assertArrayEquals(shifted, one.download(b1));
            // another program over the same state, in between
            float[] x = Perceptron.gaussians(new Random(4), ROWS * IN, 1f);
            for (Session session : new Session[]{one, other}) {
                session.upload(model.xEvaluate, x);
                session.run(model.evaluate);
            }
            assertArrayEquals(other.download(model.logits), one.download(model.logits), 1e-4f);
            assertNull(one.firstNonFinite(model.evaluate));
            for (int t = 4; t <= 6; t++) {
                model.step(one, t, random);
                model.step(other, t, same);
                assertEquals(other.value(model.loss), one.value(model.loss), 1e-5f);
            }
            Map<String, float[]> found = model.download(one);
            model.download(other).forEach((key, values) -> assertArrayEquals(values, found.get(key), 1e-4f, key));
        }
    }

    /// What a checkpoint does: everything is read, and written to a session that has done nothing yet.
    @ParameterizedTest
    @MethodSource("devices")
    void aSessionThatTakesAnothersStateGoesOnWithTheSameBits(String name) {
        var model = new Perceptron(0.3f);
        try (Device device = open(name); Session one = device.bind(model.state, model.train, model.evaluate)) {
            model.start(one);
            var random = new Random(6);
            for (int t = 1; t <= 2; t++) {
                model.step(one, t, random);
            }
            Map<String, float[]> saved = model.download(one);
            try (Session other = device.bind(model.state, model.train, model.evaluate)) {
                model.upload(other, saved);
                model.step(one, 3, new Random(7));
                model.step(other, 3, new Random(7));
                Map<String, float[]> found = model.download(other);
                model.download(one).forEach((key, values) -> assertArrayEquals(values, found.get(key), key));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("devices")
    void aNormThatIsNotFiniteChangesNothing(String name) {
        var model = new Perceptron(1f);
        try (Device device = open(name); Session session = device.bind(model.state, model.train, model.evaluate)) {
            model.start(session);
            var random = new Random(5);
            model.step(session, 1, random);
            Map<String, float[]> before = model.download(session);
            float[] bad = new float[ROWS * IN];
            bad[7] = Float.NaN;
            session.upload(model.x, bad);
            session.run(model.train);
            assertTrue(Float.isNaN(session.value(model.norm)), "NaN survives on the device");
            Map<String, float[]> after = model.download(session);
            before.keySet().stream().filter(key -> !key.contains("GRADIENTS"))
                    .forEach(key -> assertArrayEquals(before.get(key), after.get(key), key));
            assertTrue(session.firstNonFinite(model.train).contains("Linear.linear"));
        }
    }

    @Test
    void withoutTheSdkTheErrorNamesTheRemedy() {
        String reason = TornadoDevice.unavailable();
        assumeTrue(reason != null, "TornadoVM runs beneath this Java");
        assertTrue(reason.contains("TORNADOVM_HOME") && reason.contains("tornado-argfile"), reason);
    }
}
