package dev.triptych.device.vector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;
import jdk.incubator.vector.FloatVector;
import org.junit.jupiter.api.Test;

/// The functions on vectors over their whole range, with the errors that their documentation states: those of the
/// scalar ones.
class VectorMathTest {
    private static float[] map(UnaryOperator<FloatVector> f, float... x) {
        float[] y = new float[x.length];
        f.apply(FloatVector.fromArray(Lanes.SPECIES, x, 0)).intoArray(y, 0);
        return y;
    }

    /// Largest error over every 16001st float of both signs within bounds; every lane takes its turn.
    private static double error(float bound, boolean relative, UnaryOperator<FloatVector> f,
            DoubleUnaryOperator exact) {
        double worst = 0;
        float[] x = new float[Lanes.LENGTH];
        int lane = 0;
        for (long bits = 0; bits <= Float.floatToIntBits(bound); bits += 16_001) {
            for (int sign = -1; sign <= 1; sign += 2) {
                x[lane++] = sign * Float.intBitsToFloat((int) bits);
                if (lane == x.length) {
                    float[] y = map(f, x);
                    for (int i = 0; i < lane; i++) {
                        double wanted = exact.applyAsDouble(x[i]);
                        double error = Math.abs(y[i] - wanted);
                        error = relative && error > 0 ? error / Math.abs(wanted) : error;
                        worst = error > worst || Double.isNaN(error) ? error : worst;
                    }
                    lane = 0;
                }
            }
        }
        return worst;
    }

    private static void below(double bound, double error) {
        assertTrue(error < bound, () -> error + " is not below " + bound);
    }

    private static FloatVector all(float value) {
        return FloatVector.broadcast(Lanes.SPECIES, value);
    }

    @Test
    void exponential() {
        below(3e-7, error(87f, true, VectorMath::exp, Math::exp));
        assertEquals(VectorMath.exp(all(87f)).lane(0), VectorMath.exp(all(1e30f)).lane(0));
        assertEquals(VectorMath.exp(all(-87f)).lane(0), VectorMath.exp(all(Float.NEGATIVE_INFINITY)).lane(0));
        assertEquals(1f, VectorMath.exp(all(0f)).lane(0));
        assertTrue(Float.isNaN(VectorMath.exp(all(Float.NaN)).lane(0)));
    }

    @Test
    void normalDistribution() {
        below(4e-7, error(1e6f, false, x -> VectorMath.normalCdf(x, VectorMath.gauss(x)),
                dev.triptych.twin.kernel.Scalar::normalCdf));
        below(2e-7, error(1e6f, false, x -> VectorMath.normalPdf(VectorMath.gauss(x)),
                dev.triptych.twin.kernel.Scalar::normalPdf));
    }

    @Test
    void sumsOfLanesHaveOneOrder() {
        float[] x = new float[Lanes.LENGTH];
        for (int i = 0; i < x.length; i++) {
            x[i] = (float) Math.pow(-1.7, i);
        }
        float[] s = x.clone();
        for (int by = x.length / 2; by > 0; by /= 2) {
            for (int i = 0; i < by; i++) {
                s[i] += s[i + by];
            }
        }
        assertEquals(s[0], Lanes.sum(FloatVector.fromArray(Lanes.SPECIES, x, 0)));
    }
}
