package dev.triptych.bench;

import dev.triptych.device.HostSession;
import dev.triptych.device.HostSession.Bound;
import dev.triptych.measure.time.Timing;
import dev.triptych.program.Launch;
import dev.triptych.program.Program;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;

/// Where the time of a step goes: each unit that the device runs is timed on its own, by the device where it has a
/// clock, and units of the same kernels are added up.
///
/// @param lines the largest share first
/// @param stepMillis median of the steps that were taken apart
public record Profile(List<Line> lines, double stepMillis) {
    private static final double MS = 1e-6;

    /// Units of the same kernels.
    ///
    /// @param kernels their names, joined by ` + ` where the device runs several launches as one
    /// @param count how many a step has
    /// @param millis of all of them in a step, median over steps
    /// @param flops of all of them in a step
    /// @param bytes of all of them in a step, if every tensor is read or written once for each launch
    public record Line(String kernels, int count, double millis, long flops, long bytes) {
        /// GFLOP/s.
        public double gflopPerSecond() {
            return millis == 0 ? 0 : flops * MS / millis;
        }

        /// GB/s.
        public double gigabytesPerSecond() {
            return millis == 0 ? 0 : bytes * MS / millis;
        }

        /// The least time that the machine allows, relative to the time taken: the larger of FLOPs at its peak and
        /// bytes at its bandwidth. Above 1 where tensors stay in caches.
        public double roofline(MachinePeak.Result peak) {
            double least = Math.max(flops * MS / peak.gflopPerSecond(), bytes * MS / peak.gigabytesPerSecond());
            return millis == 0 ? 0 : least / millis;
        }
    }

    /// Takes a workload's steps apart after a warm-up of whole steps.
    public static Profile of(HostSession session, Workload workload, StepBench.Length length) {
        workload.begin(session);
        for (int i = 0; i < length.warmup(); i++) {
            workload.feed(session, i);
            session.run(workload.program());
        }
        return of(session, workload.program(), length.steps(), s -> workload.feed(session, length.warmup() + s));
    }

    /// Takes runs of a program apart.
    ///
    /// @param steps how many
    /// @param before what is done before each of them, given its number
    static Profile of(HostSession session, Program program, int steps, IntConsumer before) {
        List<Bound> units = session.launches(program);
        Map<String, List<Bound>> groups = units.stream().collect(Collectors.groupingBy(Profile::kernels,
                LinkedHashMap::new, Collectors.toList()));
        var names = List.copyOf(groups.keySet());
        double[][] times = new double[names.size()][steps];
        double[] sums = new double[steps];
        int[] group = units.stream().mapToInt(u -> names.indexOf(kernels(u))).toArray();
        for (int s = 0; s < steps; s++) {
            before.accept(s);
            long[] taken = session.timed(program);
            for (int u = 0; u < group.length; u++) {
                times[group[u]][s] += taken[u] * MS;
                sums[s] += taken[u] * MS;
            }
        }
        var lines = new ArrayList<Line>();
        for (int g = 0; g < times.length; g++) {
            lines.add(line(names.get(g), groups.get(names.get(g)), new Timing(times[g]).median()));
        }
        lines.sort(Comparator.comparingDouble(Line::millis).reversed());
        return new Profile(List.copyOf(lines), new Timing(sums).median());
    }

    private static String kernels(Bound unit) {
        return unit.launches().stream().map(l -> l.kernel().name()).collect(Collectors.joining(" + "));
    }

    private static Line line(String kernels, List<Bound> units, double millis) {
        List<Launch> launches = units.stream().flatMap(u -> u.launches().stream()).toList();
        return new Line(kernels, units.size(), millis, launches.stream().mapToLong(Launch::flops).sum(),
                launches.stream().mapToLong(Launch::bytes).sum());
    }
}
