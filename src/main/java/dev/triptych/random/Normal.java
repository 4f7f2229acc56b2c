package dev.triptych.random;

/// The standard normal distribution, in double.
public final class Normal {
    private static final double ROOT_2PI = Math.sqrt(2 * Math.PI);
    private static final double FAR = 7;

    private Normal() {
    }

    /// Phi(x), with an absolute error below 1e-15: 1/2 + phi(x) (x + x^3/3 + x^5/(3 5) + ...) (Marsaglia 2004).
    public static double cdf(double x) {
        if (Math.abs(x) > FAR) {
            return x < 0 ? 0 : 1;
        }
        double term = x;
        double sum = x;
        for (int i = 3; Math.abs(term) > 1e-18 * Math.abs(sum); i += 2) {
            term *= x * x / i;
            sum += term;
        }
        return 0.5 + sum * density(x);
    }

    /// Phi^-1(p) for 0 < p < 1: bisection, then Newton's steps. Meant for p of 1e-9 to 1 - 1e-9.
    ///
    /// @throws IllegalArgumentException if p is not inside (0, 1)
    public static double quantile(double p) {
        if (!(p > 0 && p < 1)) {
            throw new IllegalArgumentException("quantile of " + p + ": expected a probability inside (0, 1)");
        }
        double low = -FAR;
        double high = FAR;
        for (int i = 0; i < 12; i++) {
            double middle = (low + high) / 2;
            if (cdf(middle) < p) {
                low = middle;
            } else {
                high = middle;
            }
        }
        double x = (low + high) / 2;
        for (int i = 0; i < 4; i++) {
            x = Math.clamp(x - (cdf(x) - p) / density(x), low, high);
        }
        return x;
    }

    private static double density(double x) {
        return Math.exp(-0.5 * x * x) / ROOT_2PI;
    }
}
