package dev.triptych.program;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.device.HostSession;
import dev.triptych.device.plain.PlainDevice;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.FloatRange;
import org.junit.jupiter.api.Test;

/// Several steps of AdamW, and gradients that are not finite. Single steps and moving averages are in the table of
/// operations.
class UpdatesTest {
    /// Two parameters; the loss is the sum of p x, so that the gradient is the input x.
    private static final class Fixture implements AutoCloseable {
        final State state = new State();
        final Program program = new Program("update", state);
        final Tensor a = state.parameter("a", (v, r) -> {
        }, 3);
        final Tensor b = state.parameter("b", (v, r) -> {
        }, 2);
        final Tensor x = program.input("x", 1, 5);
        final Tensor rates = program.input("rates", 2, 4);
        final HostSession session;
        final Tensor norms;

        Fixture(UpdateOperations.AdamW settings) {
            Tensor p = program.reshape(program.concat(a, b), 1, 5);
            Tensor loss = program.scaledSum(program.rowDots(p, x), 1f);
            norms = program.adamw(settings, program.gradient(loss), rates);
            session = new PlainDevice(false).bind(state, program);
            session.upload(a, new float[]{1f, -2f, 3f});
            session.upload(b, new float[]{0.5f, 0f});
        }

        void step(int t, float[] gradient) {
            float c1 = (float) (1 - Math.pow(0.9, t));
            float c2 = (float) (1 - Math.pow(0.95, t));
            session.upload(rates, new float[]{0.01f, 0.001f, c1, c2, 0.02f, 0f, c1, c2});
            session.upload(x, gradient);
            session.run(program);
        }

        float[] numbers() {
            float[] all = new float[15];
            int at = 0;
            for (Arena arena : List.of(Arena.PARAMETERS, Arena.FIRST_MOMENTS, Arena.SECOND_MOMENTS)) {
                for (Tensor t : List.of(a, b)) {
                    for (float v : session.download(state.mirror(t, arena))) {
                        all[at++] = v;
                    }
                }
            }
            return all;
        }

        @Override
        public void close() {
            session.close();
        }
    }

    @Test
    void tenStepsFollowTheFormula() {
        try (var f = new Fixture(new UpdateOperations.AdamW(0.9f, 0.95f, 1e-8f, 1f, false))) {
            double[] p = {1, -2, 3, 0.5, 0};
            double[] m = new double[5];
            double[] v = new double[5];
            for (int t = 1; t <= 10; t++) {
                float[] g = {0.1f * t, -1f, 2f - t, 0.3f, (float) Math.sin(t)};
                f.step(t, g);
                double norm = 0;
                for (float value : g) {
                    norm += (double) value * value;
                }
                double clip = Math.min(1, 1 / (Math.sqrt(norm) + 1e-6));
                for (int i = 0; i < 5; i++) {
                    m[i] += 0.1 * (g[i] * clip - m[i]);
                    v[i] += 0.05 * (g[i] * clip * g[i] * clip - v[i]);
                    double mean = m[i] / (1 - Math.pow(0.9, t));
                    double root = Math.sqrt(v[i] / (1 - Math.pow(0.95, t)));
                    p[i] = (i < 3
                            ? p[i] * (1 - 0.001) - 0.01 * mean / (root + 1e-8)
                            : p[i] - 0.02 * mean / (root + 1e-8));
                }
                float[] all = f.numbers();
                for (int i = 0; i < 5; i++) {
                    assertEquals(p[i], all[i], 2e-6, "p" + i + " after step " + t);
                    assertEquals(m[i], all[5 + i], 1e-6);
                    assertEquals(v[i], all[10 + i], 1e-6);
                }
                assertEquals(Math.sqrt(norm), f.session.download(f.norms)[0], 1e-5);
            }
        }
    }

    @Test
    void aGradientThatIsNotFiniteChangesNothing() {
        for (boolean perTensor : new boolean[]{false, true}) {
            for (float clip : new float[]{0f, 1f}) {
                try (var f = new Fixture(new UpdateOperations.AdamW(0.9f, 0.95f, 1e-8f, clip, perTensor))) {
                    f.step(1, new float[]{1f, 2f, 3f, 4f, 5f});
                    float[] before = f.numbers();
                    var bad = new ArrayList<Float>(List.of(Float.NaN, Float.POSITIVE_INFINITY, 3e38f));
                    for (float value : bad) {
                        f.step(2, new float[]{1f, 2f, 3f, value, 5f});
                        assertArrayEquals(before, f.numbers());
                        assertFalse(Float.isFinite(f.session.download(f.norms)[perTensor ? 1 : 0]));
                        assertTrue(f.session.firstNonFinite(f.program) != null);
                    }
                    f.step(2, new float[]{1f, 2f, 3f, 4f, 5f});
                    assertNull(f.session.firstNonFinite(f.program));
                    assertTrue(before[3] != f.numbers()[3]);
                }
            }
        }
    }

    @Property(tries = 100)
    void clippingNeverExceedsItsLimitAndKeepsTheDirection(@ForAll @FloatRange(min = 0.01f, max = 10f) float limit,
            @ForAll @FloatRange(min = -5f, max = 5f) float g) {
        // beta 0: the first moment is the clipped gradient itself
        try (var f = new Fixture(new UpdateOperations.AdamW(0f, 0f, 1e-8f, limit, false))) {
            float[] gradient = {g, 1f, -2f, 0.5f, 0f};
            f.step(1, gradient);
            float[] all = f.numbers();
            double norm = 0;
            double clipped = 0;
            for (int i = 0; i < 5; i++) {
                norm += gradient[i] * gradient[i];
                clipped += all[5 + i] * all[5 + i];
            }
            double factor = Math.min(1, limit / Math.sqrt(norm));
            assertTrue(Math.sqrt(clipped) <= limit * (1 + 1e-5));
            for (int i = 0; i < 5; i++) {
                assertEquals(gradient[i] * factor, all[5 + i], 1e-5);
            }
        }
    }
}
