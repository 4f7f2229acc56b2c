package dev.triptych.device.vector;

import static dev.triptych.device.vector.Lanes.SPECIES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/// The functions of `kernel.Scalar` on vectors: the same polynomials, with fused multiply-adds. Constants are
/// vectors made once: broadcasts within an expression would exceed what C2 inlines, and vectors would be boxed.
final class VectorMath {
    private static final FloatVector ONE = all(1f);
    private static final FloatVector LIMIT = all(87f);
    private static final FloatVector MINUS_LIMIT = all(-87f);
    private static final FloatVector LOG2_E = all(1.44269504f);
    private static final FloatVector MINUS_LN2_HIGH = all(-0.693359375f);
    private static final FloatVector MINUS_LN2_LOW = all(2.12194440e-4f);
    /// 1.5 * 2^23: adding it rounds to an integer, which then stands in the lowest bits.
    private static final FloatVector ROUNDING = all(12582912f);
    private static final IntVector EXPONENT_ONE = IntVector.broadcast(IntVector.SPECIES_PREFERRED, 127 << 23);
    private static final FloatVector E6 = all(1.9875691500e-4f);
    private static final FloatVector E5 = all(1.3981999507e-3f);
    private static final FloatVector E4 = all(8.3334519073e-3f);
    private static final FloatVector E3 = all(4.1665795894e-2f);
    private static final FloatVector E2 = all(1.6666665459e-1f);
    private static final FloatVector E1 = all(5.0000001201e-1f);
    private static final FloatVector MINUS_HALF = all(-0.5f);
    private static final FloatVector HALF = all(0.5f);
    private static final FloatVector INV_SQRT_2PI = all(0.39894228f);
    private static final FloatVector ERF_T = all(0.3275911f * 0.70710678f);
    private static final FloatVector ERF_5 = all(1.061405429f);
    private static final FloatVector ERF_4 = all(-1.453152027f);
    private static final FloatVector ERF_3 = all(1.421413741f);
    private static final FloatVector ERF_2 = all(-0.284496736f);
    private static final FloatVector ERF_1 = all(0.254829592f);

    private VectorMath() {
    }

    /// e^x with a relative error below 3e-7 for |x| <= 87; arguments beyond are clamped, NaN stays NaN.
    static FloatVector exp(FloatVector x) {
        return power(x.blend(LIMIT, x.compare(VectorOperators.GT, LIMIT)));
    }

    /// The same for x that is not above 87, such as a number less the largest.
    static FloatVector power(FloatVector x) {
        // two instructions; min and max, which order zeros and keep NaN, are five each
        FloatVector a = x.blend(MINUS_LIMIT, x.compare(VectorOperators.LT, MINUS_LIMIT));
        FloatVector shifted = a.fma(LOG2_E, ROUNDING);
        FloatVector n = shifted.sub(ROUNDING);
        FloatVector r = n.fma(MINUS_LN2_LOW, n.fma(MINUS_LN2_HIGH, a));
        FloatVector p = E6.fma(r, E5).fma(r, E4).fma(r, E3).fma(r, E2).fma(r, E1);
        p = p.fma(r.mul(r), r).add(ONE);
        // 2^n by its bits: the exponent alone
        FloatVector power = shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23).add(EXPONENT_ONE)
                .reinterpretAsFloats();
        return p.mul(power);
    }

    /// exp(-x^2 / 2), from which both functions of the normal distribution are made.
    static FloatVector gauss(FloatVector x) {
        return power(x.mul(MINUS_HALF).mul(x));
    }

    /// Phi(x), given exp(-x^2 / 2): Abramowitz and Stegun 7.1.26.
    static FloatVector normalCdf(FloatVector x, FloatVector gauss) {
        FloatVector t = ONE.div(x.abs().fma(ERF_T, ONE));
        FloatVector q = ERF_5.fma(t, ERF_4).fma(t, ERF_3).fma(t, ERF_2).fma(t, ERF_1);
        // the tail beyond |x|, which is small: taken off 1 on one side only, it keeps its digits on the other
        FloatVector tail = q.mul(t).mul(gauss).mul(HALF);
        return ONE.sub(tail).blend(tail, x.test(VectorOperators.IS_NEGATIVE));
    }

    /// phi(x), given exp(-x^2 / 2).
    static FloatVector normalPdf(FloatVector gauss) {
        return gauss.mul(INV_SQRT_2PI);
    }

    private static FloatVector all(float value) {
        return FloatVector.broadcast(SPECIES, value);
    }
}
