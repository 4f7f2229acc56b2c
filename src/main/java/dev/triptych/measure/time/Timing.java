package dev.triptych.measure.time;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;

/// Durations of the measured steps in milliseconds.
///
/// @param sorted in increasing order, at least one
public record Timing(double... sorted) {
    public Timing {
        if (sorted.length == 0) {
            throw new IllegalArgumentException("no durations; expected at least one. Measure a step.");
        }
        sorted = sorted.clone();
        Arrays.sort(sorted);
    }

    /// The quantile q in [0, 1], linear between neighbours (type 7, as NumPy's default).
    public double quantile(double q) {
        double at = q * (sorted.length - 1);
        int below = (int) at;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
    }

    /// Processor time of this process over all threads, in nanoseconds.
    public static long cpuNanos() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
                ? system.getProcessCpuTime()
                : 0;
    }

    /// The middle.
    public double median() {
        return quantile(0.5);
    }
}
