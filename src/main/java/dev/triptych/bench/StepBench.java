package dev.triptych.bench;

import dev.triptych.device.Device;
import dev.triptych.device.Figures;
import dev.triptych.device.Session;
import dev.triptych.measure.time.Timing;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Runs a workload's step again and again and takes its time: feeding it, running it, reading its loss.
public final class StepBench {
    private static final double MS = 1e-6;
    private static final int LOSSES = 20;

    /// How many steps are run.
    ///
    /// @param warmup before any is measured; the first of them is reported on its own
    /// @param steps measured
    public record Length(int warmup, int steps) {
        /// All steps.
        public int total() {
            return warmup + steps;
        }
    }

    /// What was measured.
    ///
    /// @param timing of the measured steps
    /// @param firstMillis of the very first step, in which code is compiled
    /// @param bindMillis of giving memory to the program and of drawing the weights
    /// @param cpuMillis of the process for each measured step, over all threads
    /// @param waitShare of the measured time spent waiting for images
    /// @param losses of the first steps, warm-up included
    /// @param arenaBytes of all arenas
    /// @param peakHeapBytes largest heap in use after any step
    /// @param device what a device did that compiles programs: time of compiling, bytes of a step, share of each
    /// kernel;
    ///     empty for others
    public record Result(Timing timing, double firstMillis, double bindMillis, double cpuMillis, double waitShare,
            List<Float> losses, long arenaBytes, long peakHeapBytes, Map<String, Object> device) {
        /// Names and values of the report, in its order.
        ///
        /// @param gflop of a step
        /// @param images of a step
        /// @param parameters of the model
        public Map<String, Object> values(double gflop, int images, long parameters) {
            double seconds = timing.median() * 1e-3;
            var values = new LinkedHashMap<String, Object>();
            values.put("steps", timing.sorted().length);
            values.put("ms_median", round(timing.median()));
            values.put("ms_q1", round(timing.quantile(0.25)));
            values.put("ms_q3", round(timing.quantile(0.75)));
            values.put("ms_min", round(timing.quantile(0)));
            values.put("cpu_ms", round(cpuMillis));
            values.put("gflop", round(gflop));
            values.put("gflop_per_s", round(gflop / seconds));
            values.put("images_per_s", round(images / seconds));
            values.put("wait_share", round(waitShare));
            values.put("bind_ms", round(bindMillis));
            values.put("first_step_ms", round(firstMillis));
            values.put("peak_heap_mb", round(peakHeapBytes * 1e-6));
            values.put("peak_resident_mb", Machine.peakResidentBytes() < 0
                    ? null
                    : round(Machine.peakResidentBytes() * 1e-6));
            values.put("arena_bytes", arenaBytes);
            values.put("parameters", parameters);
            values.put("losses", losses);
            values.putAll(device);
            return values;
        }

        private Result with(Map<String, Object> work) {
            return new Result(timing, firstMillis, bindMillis, cpuMillis, waitShare, losses, arenaBytes, peakHeapBytes,
                    work);
        }

        private static double round(double x) {
            return Math.round(x * 1e4) * 1e-4 == 0 ? x : Math.round(x * 1e4) / 1e4;
        }
    }

    private StepBench() {
    }

    /// One step of whatever is measured.
    public interface Step {
        /// Runs the step of that number, counted from 0, to its end and returns its loss.
        float run(long number);

        /// Seconds spent waiting for images so far.
        double waitedSeconds();
    }

    /// Binds the workload's program on a device and measures it.
    public static Result run(Device device, Workload workload, Length length) {
        long begun = System.nanoTime();
        try (Session session = device.bind(workload.state(), workload.programs())) {
            workload.begin(session);
            var step = new Step() {
                private Figures before;

                @Override
                public float run(long number) {
                    before = session.figures();
                    workload.feed(session, number);
                    session.run(workload.program());
                    return session.value(workload.loss());
                }

                @Override
                public double waitedSeconds() {
                    return workload.waitedSeconds();
                }
            };
            Result result = measure(step, length, (System.nanoTime() - begun) * MS, session.bytes());
            return session.figures().graphs() == 0
                    ? result
                    : result.with(work(session.figures(), step.before));
        }
    }

    /// What a device did that compiles programs.
    ///
    /// @param all its figures
    /// @param before those before the last step
    private static Map<String, Object> work(Figures all, Figures before) {
        Figures step = all.since(before);
        var values = new LinkedHashMap<String, Object>();
        values.put("compile_ms", all.compileSeconds() * 1e3);
        values.put("graphs", all.graphs());
        values.put("tasks", all.tasks());
        values.put("launches", step.launched());
        values.put("bytes_transferred", step.bytes());
        values.put("transfers", step.transfers().stream()
                .map(t -> Map.of("what", t.what(), "count", t.count(), "bytes", t.bytes())).toList());
        return values;
    }

    /// Measures any step.
    ///
    /// @param bindMillis and
    /// @param arenaBytes as in the result
    public static Result measure(Step step, Length length, double bindMillis, long arenaBytes) {
        var losses = new ArrayList<Float>();
        double[] times = new double[length.steps()];
        double first = 0;
        double waited = 0;
        long cpu = 0;
        long heap = 0;
        for (int i = 0; i < length.total(); i++) {
            if (i == length.warmup()) {
                cpu = Timing.cpuNanos();
                waited = step.waitedSeconds();
            }
            long start = System.nanoTime();
            float loss = step.run(i);
            double millis = (System.nanoTime() - start) * MS;
            first = i == 0 ? millis : first;
            if (i >= length.warmup()) {
                times[i - length.warmup()] = millis;
            }
            if (i < LOSSES) {
                losses.add(loss);
            }
            heap = Math.max(heap, ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        }
        double cpuMillis = (Timing.cpuNanos() - cpu) * MS / length.steps();
        double seconds = Arrays.stream(times).sum() * 1e-3;
        return new Result(new Timing(times), first, bindMillis, cpuMillis, (step.waitedSeconds() - waited) / seconds,
                List.copyOf(losses), arenaBytes, heap, Map.of());
    }
}
