package dev.triptych.twin.kernel;

/// The scalar functions of the float64 twin: the same signatures as `dev.triptych.kernel.Scalar`, accurate to a few
/// units in the last place of a double.
public final class Scalar {
    private static final double TWO_OVER_SQRT_PI = 2.0 / Math.sqrt(Math.PI);

    private Scalar() {
    }

    /// e^x.
    public static double exp(double x) {
        return Math.exp(x);
    }

    /// ln x.
    public static double log(double x) {
        return Math.log(x);
    }

    /// The error function: the series of Kummer's form below 3, the continued fraction of erfc above.
    public static double erf(double x) {
        double a = Math.abs(x);
        double y = a < 3.0 ? erfSeries(a) : 1.0 - erfcFraction(a);
        return x < 0.0 ? -y : y;
    }

    /// Phi(x), the distribution function of the standard normal, without cancellation in the left tail.
    public static double normalCdf(double x) {
        double z = x * Math.sqrt(0.5);
        return z < -2.0 ? 0.5 * erfcFraction(-z) : 0.5 * (1.0 + erf(z));
    }

    /// phi(x), the density of the standard normal.
    public static double normalPdf(double x) {
        return Math.exp(-0.5 * x * x) / Math.sqrt(2.0 * Math.PI);
    }

    /// Square root.
    public static double sqrt(double x) {
        return Math.sqrt(x);
    }

    /// Hyperbolic tangent.
    public static double tanh(double x) {
        return Math.tanh(x);
    }

    /// |x|.
    public static double abs(double x) {
        return Math.abs(x);
    }

    // erf x = 2/sqrt(pi) e^{-x^2} sum_n 2^n x^{2n+1} / (2n+1)!!, all terms positive
    private static double erfSeries(double x) {
        double term = x;
        double sum = x;
        for (int n = 1; term > 1e-18 * sum; n++) {
            term *= 2.0 * x * x / (2 * n + 1);
            sum += term;
        }
        return TWO_OVER_SQRT_PI * Math.exp(-x * x) * sum;
    }

    // erfc x = e^{-x^2}/sqrt(pi) * 1/(x + (1/2)/(x + 1/(x + (3/2)/(x + ...)))), evaluated from the tail
    private static double erfcFraction(double x) {
        double f = x;
        for (int n = 80; n >= 1; n--) {
            f = x + 0.5 * n / f;
        }
        return Math.exp(-x * x) / (f * Math.sqrt(Math.PI));
    }
}
