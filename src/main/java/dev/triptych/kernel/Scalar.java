package dev.triptych.kernel;

/// The scalar functions that kernels call, in plain float arithmetic: no bit casts, no tables, no branches that a GPU
/// would dislike, so that the same source runs in Java and becomes device code. Stated errors hold over the whole
/// range.
///
/// The float64 twin of this file is written by hand: `dev.triptych.twin.kernel.Scalar`.
public final class Scalar {
    private static final float LOG2_E = 1.44269504f;
    private static final float LN2_HIGH = 0.693359375f;
    private static final float LN2_LOW = -2.12194440e-4f;
    private static final float SQRT_HALF = 0.70710678f;
    private static final float INV_SQRT_2PI = 0.39894228f;

    private Scalar() {
    }

    /// e^x with a relative error below 3e-7 for |x| <= 87; arguments beyond are clamped, NaN stays NaN.
    ///
    /// e^|x| = 2^n e^r with |r| <= ln(2)/2, Cephes' polynomial for e^r; 2^n is a product of exact powers of two.
    public static float exp(float x) {
        float a = x < 0f ? -x : x;
        a = a > 87f ? 87f : a;
        int n = (int) (a * LOG2_E + 0.5f);
        float r = a - n * LN2_HIGH - n * LN2_LOW;
        float p = 1.9875691500e-4f;
        p = p * r + 1.3981999507e-3f;
        p = p * r + 8.3334519073e-3f;
        p = p * r + 4.1665795894e-2f;
        p = p * r + 1.6666665459e-1f;
        p = p * r + 5.0000001201e-1f;
        p = p * r * r + r + 1f;
        int fifth = (n * 13) >> 6;
        float s = (float) (1 << fifth);
        float y = p * s * s * s * s * (float) (1 << (n - 4 * fifth));
        return x < 0f ? 1f / y : y;
    }

    /// Natural logarithm with a relative error below 4e-7 (absolute near 1) for 1e-37 <= x <= 3e38.
    /// Zero and denormals give about -87.3, negative numbers and NaN give NaN.
    public static float log(float x) {
        float m = x < 1.1754944e-38f ? 1.1754944e-38f : x;
        int e = 0;
        if (m >= 1.8446744e19f) {
            m = m * 5.4210109e-20f;
            e = 64;
        }
        if (m < 5.4210109e-20f) {
            m = m * 1.8446744e19f;
            e = -64;
        }
        if (m < 1f) {
            m = m * 1.8446744e19f;
            e = e - 64;
        }
        if (m >= 4.2949673e9f) {
            m = m * 2.3283064e-10f;
            e = e + 32;
        }
        if (m >= 65536f) {
            m = m * 1.52587890625e-5f;
            e = e + 16;
        }
        if (m >= 256f) {
            m = m * 0.00390625f;
            e = e + 8;
        }
        if (m >= 16f) {
            m = m * 0.0625f;
            e = e + 4;
        }
        if (m >= 4f) {
            m = m * 0.25f;
            e = e + 2;
        }
        if (m >= 2f) {
            m = m * 0.5f;
            e = e + 1;
        }
        if (m > 1.41421356f) {
            m = m * 0.5f;
            e = e + 1;
        }
        // ln m = 2 artanh(z), z = (m - 1) / (m + 1), |z| <= 0.1716
        float z = (m - 1f) / (m + 1f);
        float z2 = z * z;
        float series = 2f * z
                + z * z2 * (0.66666667f + z2 * (0.4f + z2 * (0.28571429f + z2 * (0.22222222f + z2 * 0.18181818f))));
        float y = e * LN2_HIGH + (e * LN2_LOW + series);
        return x >= 0f ? y : (x - x) / (x - x);
    }

    /// The error function with an absolute error below 7e-7 (Abramowitz and Stegun 7.1.26: 1.5e-7, and
    /// rounding).
    public static float erf(float x) {
        return erfGiven(x, exp(-x * x));
    }

    /// Phi(x) = (1 + erf(x / sqrt 2)) / 2, the distribution function of the standard normal; absolute error below 4e-7.
    public static float normalCdf(float x) {
        return 0.5f * (1f + erfGiven(x * SQRT_HALF, exp(-0.5f * x * x)));
    }

    /// phi(x) = exp(-x^2 / 2) / sqrt(2 pi), the density of the standard normal.
    public static float normalPdf(float x) {
        return INV_SQRT_2PI * exp(-0.5f * x * x);
    }

    /// Square root, correctly rounded.
    public static float sqrt(float x) {
        return (float) Math.sqrt(x);
    }

    /// tanh x = (1 - e^{-2|x|}) / (1 + e^{-2|x|}) with x's sign; absolute error below 2e-7.
    public static float tanh(float x) {
        float a = x < 0f ? -x : x;
        float e = exp(-2f * a);
        float t = (1f - e) / (1f + e);
        return x < 0f ? -t : t;
    }

    /// |x|.
    public static float abs(float x) {
        return x < 0f ? -x : x;
    }

    private static float erfGiven(float x, float expMinusSquare) {
        float a = x < 0f ? -x : x;
        float t = 1f / (1f + 0.3275911f * a);
        float q = ((((1.061405429f * t - 1.453152027f) * t + 1.421413741f) * t - 0.284496736f) * t + 0.254829592f) * t;
        float y = 1f - q * expMinusSquare;
        return x < 0f ? -y : y;
    }
}
