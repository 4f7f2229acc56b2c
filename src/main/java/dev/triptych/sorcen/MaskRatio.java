package dev.triptych.sorcen;

import dev.triptych.random.Normal;

/// The share of an image's codes that is masked (Sorcen section 2.4): normal, cut to an interval.
///
/// @param mean mu of the normal distribution
/// @param deviation sigma
/// @param low least share
/// @param high greatest share
public record MaskRatio(double mean, double deviation, double low, double high) {
    /// The share that a uniform number of [0, 1) gives: r = mu + sigma Phi^-1(a + u (b - a)), with a and b the
    /// distribution's values at the bounds.
    public double at(double u) {
        double a = cdf(low);
        double b = cdf(high);
        double p = a + u * (b - a);
        if (p <= 0) {
            return low;
        }
        return Math.clamp(mean + deviation * Normal.quantile(Math.min(p, Math.nextDown(1.0))), low, high);
    }

    /// The distribution's value before it is cut.
    public double cdf(double ratio) {
        return Normal.cdf((ratio - mean) / deviation);
    }
}
