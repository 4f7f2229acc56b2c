package dev.triptych.report;

import java.util.Arrays;
import java.util.Locale;

/// Several measurements of one thing, and what may be said of them.
///
/// @param mean of the values
/// @param deviation sample standard deviation, of n - 1; NaN of a single value
/// @param n how many
record Spread(double mean, double deviation, int n) {
    /// Of some values.
    static Spread of(double... values) {
        double mean = Arrays.stream(values).average().orElse(Double.NaN);
        double square = Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum();
        return new Spread(mean, values.length < 2 ? Double.NaN : Math.sqrt(square / (values.length - 1)),
                values.length);
    }

    /// Mean and deviation in words: `41.20 ± 0.35`.
    String text() {
        if (n == 0 || !Double.isFinite(mean)) {
            return "–";
        }
        int digits = Math.abs(mean) >= 10 ? 2 : 3;
        String pattern = "%." + digits + "f";
        return String.format(Locale.ROOT, pattern, mean)
                + (n < 2 ? "" : " ± " + String.format(Locale.ROOT, pattern, deviation));
    }

    /// The probability that a mean as far from 0 comes of values whose true mean is 0: a two-sided t-test of n - 1
    /// degrees of freedom. Of differences by pairs it is the paired test. NaN of fewer than two values.
    double chance() {
        return n < 2 ? Double.NaN : student(mean / (deviation / Math.sqrt(n)), n - 1);
    }

    /// 1 - A(t, dof) of Student's distribution for whole degrees of freedom (Abramowitz and Stegun 26.7.3, 26.7.4).
    static double student(double t, int dof) {
        if (Double.isNaN(t)) {
            return Double.NaN; // all values are 0
        }
        double angle = Math.atan(Math.abs(t) / Math.sqrt(dof));
        double cos = Math.cos(angle);
        boolean odd = dof % 2 == 1;
        double term = odd ? cos : 1;
        double sum = dof == 1 ? 0 : term;
        for (int k = odd ? 3 : 2; k < dof - 1; k += 2) {
            term *= cos * cos * (k - 1) / k;
            sum += term;
        }
        double within = odd ? 2 / Math.PI * (angle + Math.sin(angle) * sum) : Math.sin(angle) * sum;
        return Math.max(0, 1 - within);
    }
}
