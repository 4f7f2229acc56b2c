package dev.triptych.bench.jmh;

import dev.triptych.bench.Machine;
import dev.triptych.bench.MachinePeak;
import dev.triptych.program.Launch;
import dev.triptych.program.Tensor;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/// Measures kernels with JMH and prints a table in Markdown: `KernelBenchmarks [CASES [THREADS]]`, CASES a regular
/// expression over the names of `KernelCase`.
///
/// Median time; GFLOP/s by the launch's count or GB/s as if every tensor that it names were read or written once; the
/// share of the machine's peak, measured by `MachinePeak` in the same run. A share above 1 of the bandwidth means that
/// tensors stay in caches. Where the device runs several launches as one, the time is that of all of them.
public final class KernelBenchmarks {
    private KernelBenchmarks() {
    }

    /// Measures and prints.
    public static void main(String[] args) throws RunnerException {
        KernelCase[] cases = KernelCase.matching(args.length == 0 ? ".*" : args[0]);
        int threads = args.length < 2 ? Runtime.getRuntime().availableProcessors() : Integer.parseInt(args[1]);
        if (cases.length == 0) {
            System.err.println("No case matches '" + args[0] + "'; expected a regular expression over "
                    + Arrays.toString(KernelCase.values()));
            System.exit(2);
        }
        Machine.values().forEach((name, value) -> System.out.println("* " + name + ": " + value));
        var peak = MachinePeak.measure(threads);
        System.out.printf(Locale.ROOT, "* peak: %.0f GFLOP/s, %.1f GB/s read, %d threads, %d-bit vectors%n%n",
                peak.gflopPerSecond(), peak.gigabytesPerSecond(), threads, peak.vectorBits());
        System.out.println("| kernel | tensors | ms | rate | counted as | share of peak |");
        System.out.println("|---|---|---|---|---|---|");
        for (KernelCase each : cases) {
            var options = new OptionsBuilder().include(KernelBenchmark.class.getName() + ".launch")
                    .param("kernel", each.name()).param("threads", Integer.toString(threads))
                    .verbosity(VerboseMode.SILENT).shouldFailOnError(true).build();
            for (RunResult result : new Runner(options).run()) {
                System.out.println(line(each, result.getPrimaryResult().getStatistics().getPercentile(50), peak));
            }
        }
    }

    private static String line(KernelCase each, double millis, MachinePeak.Result peak) {
        Launch launch = each.launch(each.program());
        String tensors = launch.tensors().stream().filter(t -> t.size() > 64).map(t -> Tensor.text(t.shape()))
                .collect(Collectors.joining(" "));
        double rate = (each.isMemory() ? launch.bytes() : launch.flops()) * 1e-6 / millis;
        double best = each.isMemory() ? peak.gigabytesPerSecond() : peak.gflopPerSecond();
        return String.format(Locale.ROOT, "| %s (`%s`) | %s | %.3f | %.1f %s | %s | %.2f |",
                each.name().toLowerCase(Locale.ROOT).replace('_', ' '), launch.kernel().name(), tensors, millis, rate,
                each.isMemory() ? "GB/s" : "GFLOP/s", each.formula(), rate / best);
    }
}
