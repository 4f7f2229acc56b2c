package dev.triptych.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

/// The scalar functions over their whole range, with the errors that their documentation states: the float ones against
/// java.lang.Math and the twin, the twin's erf against a series in 120 decimal digits.
class ScalarTest {
    private static final MathContext DIGITS = new MathContext(120);
    private static final BigDecimal PI = new BigDecimal(
            "3.141592653589793238462643383279502884197169399375105820974944592307816406286208998628034825");

    @FunctionalInterface
    private interface FloatFunction {
        float of(float x);
    }

    /// Largest error over every 4001st float of both signs within bounds.
    private static double error(float low, float high, boolean relative, FloatFunction f, DoubleUnaryOperator exact) {
        double worst = 0;
        for (long bits = 0; bits < Float.floatToIntBits(Float.POSITIVE_INFINITY); bits += 4001) {
            for (int sign = -1; sign <= 1; sign += 2) {
                float x = sign * Float.intBitsToFloat((int) bits);
                if (x >= low && x <= high) {
                    double wanted = exact.applyAsDouble(x);
                    double error = Math.abs(f.of(x) - wanted);
                    error = relative && error > 0 ? error / Math.abs(wanted) : error;
                    worst = error > worst || Double.isNaN(error) ? error : worst;
                }
            }
        }
        return worst;
    }

    private static void below(double bound, double error) {
        assertTrue(error < bound, () -> error + " is not below " + bound);
    }

    @Test
    void exponential() {
        below(3e-7, error(-87f, 87f, true, Scalar::exp, Math::exp));
        assertEquals(Scalar.exp(87f), Scalar.exp(1e30f));
        assertEquals(Scalar.exp(-87f), Scalar.exp(Float.NEGATIVE_INFINITY));
        assertEquals(1f, Scalar.exp(0f));
        assertTrue(Float.isNaN(Scalar.exp(Float.NaN)));
    }

    @Test
    void logarithm() {
        below(4e-7, error(1e-37f, 0.9f, true, Scalar::log, Math::log));
        below(4e-7, error(1.1f, 3e38f, true, Scalar::log, Math::log));
        below(4e-7, error(0.9f, 1.1f, false, Scalar::log, Math::log));
        assertEquals(-87.3f, Scalar.log(0f), 0.1f);
        assertEquals(-87.3f, Scalar.log(Float.MIN_VALUE), 0.1f);
        assertTrue(Float.isNaN(Scalar.log(-1f)));
        assertTrue(Float.isNaN(Scalar.log(Float.NaN)));
    }

    @Test
    void errorFunctionAndNormalDistribution() {
        below(7e-7, error(-1e6f, 1e6f, false, Scalar::erf, dev.triptych.twin.kernel.Scalar::erf));
        below(4e-7, error(-1e6f, 1e6f, false, Scalar::normalCdf, dev.triptych.twin.kernel.Scalar::normalCdf));
        below(2e-7, error(-1e6f, 1e6f, false, Scalar::normalPdf, dev.triptych.twin.kernel.Scalar::normalPdf));
        assertTrue(Float.isNaN(Scalar.erf(Float.NaN)));
    }

    @Test
    void hyperbolicTangentRootAndAbsoluteValue() {
        below(2e-7, error(-1e30f, 1e30f, false, Scalar::tanh, Math::tanh));
        below(1e-7, error(0f, 3e38f, true, Scalar::sqrt, Math::sqrt));
        assertEquals(0.0, error(-3e38f, 3e38f, false, Scalar::abs, Math::abs));
        assertTrue(Float.isNaN(Scalar.tanh(Float.NaN)));
        assertTrue(Float.isNaN(Scalar.sqrt(-1f)));
    }

    @Test
    void theTwinsErrorFunctionIsAccurateToAFewUlps() {
        for (double x = -7; x <= 7; x += 0.173) {
            double exact = erf(x).doubleValue();
            assertEquals(exact, dev.triptych.twin.kernel.Scalar.erf(x), 1e-15 * Math.abs(exact), "erf " + x);
        }
        for (double x : new double[]{0, 1e-300, -1e-20, 1e-8, 2.999999, 3, 3.000001, 40}) {
            double exact = x > 9 ? 1 : erf(x).doubleValue();
            assertEquals(exact, dev.triptych.twin.kernel.Scalar.erf(x), 1e-15 * Math.abs(exact), "erf " + x);
        }
    }

    @Test
    void theTwinsNormalDistributionKeepsItsLeftTail() {
        for (double x = -9; x <= 9; x += 0.211) {
            BigDecimal z = new BigDecimal(x).divide(BigDecimal.TWO.sqrt(DIGITS), DIGITS);
            double exact = BigDecimal.ONE.add(erf(z)).divide(BigDecimal.TWO, DIGITS).doubleValue();
            assertEquals(exact, dev.triptych.twin.kernel.Scalar.normalCdf(x), 1e-13 * exact, "Phi " + x);
            double density = Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
            assertEquals(density, dev.triptych.twin.kernel.Scalar.normalPdf(x), 1e-14 * density);
        }
    }

    private static BigDecimal erf(double x) {
        return erf(new BigDecimal(x));
    }

    /// erf z = 2 / sqrt(pi) sum_n (-1)^n z^(2n+1) / (n! (2n+1)).
    private static BigDecimal erf(BigDecimal z) {
        BigDecimal square = z.multiply(z, DIGITS);
        BigDecimal power = z;
        BigDecimal sum = z;
        BigDecimal smallest = z.abs().multiply(BigDecimal.ONE.movePointLeft(60));
        for (int n = 1; power.abs().compareTo(smallest) > 0; n++) {
            power = power.multiply(square, DIGITS).negate().divide(BigDecimal.valueOf(n), DIGITS);
            sum = sum.add(power.divide(BigDecimal.valueOf(2L * n + 1), DIGITS), DIGITS);
        }
        return sum.multiply(BigDecimal.TWO).divide(PI.sqrt(DIGITS), DIGITS);
    }
}
