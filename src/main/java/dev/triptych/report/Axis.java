package dev.triptych.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// One axis of a chart: from where to where, evenly or by powers, and its labels, which have as many decimals each.
///
/// @param from its lower end
/// @param to its upper end
/// @param log whether equal lengths are equal factors
record Axis(double from, double to, boolean log) {
    /// By how much the largest value exceeds the middle one where powers show more.
    private static final double SPREAD = 10;
    private static final double PAD = 0.05;
    private static final double LARGE = 1e5;
    private static final double SMALL = 1e-3;

    /// A labelled place.
    record Tick(double value, String label) {
    }

    /// The axis of steps.
    static Axis steps(double from, double to) {
        return new Axis(from, Math.max(to, from + 1), false);
    }

    /// An axis around values, with some room on both sides. It goes by powers where all are above 0 and most lie far
    /// below the largest, as those of a loss that fell at once.
    ///
    /// @param values at least one, finite
    static Axis around(double... values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        double low = sorted[0];
        double high = sorted[sorted.length - 1];
        if (low > 0 && high > SPREAD * sorted[sorted.length / 2]) {
            double factor = Math.pow(high / low, PAD);
            return new Axis(low / factor, high * factor, true);
        }
        double pad = high > low ? PAD * (high - low) : Math.max(1e-3, Math.abs(low) * 0.1);
        return new Axis(low - pad, high + pad, false);
    }

    /// The place of a value, 0 at the lower end and 1 at the upper one.
    double share(double value) {
        return log ? Math.log(value / from) / Math.log(to / from) : (value - from) / (to - from);
    }

    /// Round numbers on the axis.
    List<Tick> ticks() {
        return log ? powers() : even();
    }

    private List<Tick> even() {
        double raw = (to - from) / 4;
        double unit = Math.pow(10, Math.floor(Math.log10(raw)));
        double step = raw / unit < 1.5 ? unit : raw / unit < 3.5 ? 2 * unit : raw / unit < 7.5 ? 5 * unit : 10 * unit;
        var values = new ArrayList<Double>();
        for (long i = (long) Math.ceil(from / step); i * step <= to && values.size() < 10; i++) {
            values.add(i * step);
        }
        double largest = values.stream().mapToDouble(Math::abs).max().orElse(0);
        boolean written = largest >= LARGE || largest < SMALL;
        int exponent = written && largest > 0 ? 3 * (int) Math.floor((Math.log10(largest) + 1e-9) / 3) : 0;
        int decimals = Math.max(0, exponent - (int) Math.floor(Math.log10(step) + 1e-9));
        return values.stream().map(v -> new Tick(v, v == 0
                ? "0"
                : String.format(Locale.ROOT, "%." + decimals + "f", v / Math.pow(10, exponent))
                        + (exponent == 0 ? "" : "e" + exponent)))
                .toList();
    }

    private List<Tick> powers() {
        int first = (int) Math.ceil(Math.log10(from) - 1e-9);
        int last = (int) Math.floor(Math.log10(to) + 1e-9);
        int[] parts = last - first < 2 ? new int[]{1, 2, 5} : new int[]{1};
        int stride = Math.max(1, (last - first + 4) / 5);
        var ticks = new ArrayList<Tick>();
        for (int power = first - 1; power <= last; power++) {
            for (int part : parts) {
                double value = part * Math.pow(10, power);
                if (value >= from && value <= to && Math.floorMod(power - first, stride) == 0) {
                    ticks.add(new Tick(value, power >= 5 || power < -3
                            ? part + "e" + power
                            : String.format(Locale.ROOT, "%." + Math.max(0, -power) + "f", value)));
                }
            }
        }
        return ticks;
    }

    /// A single value in about four digits.
    static String number(double value) {
        double size = Math.abs(value);
        if (size >= LARGE || size > 0 && size < SMALL) {
            return String.format(Locale.ROOT, "%.2e", value);
        }
        return value == Math.rint(value)
                ? String.format(Locale.ROOT, "%.0f", value + 0.0)
                : String.format(Locale.ROOT, size >= 100 ? "%.1f" : size >= 10 ? "%.2f" : "%.3f", value);
    }
}
