package dev.triptych.cli;

import dev.triptych.bench.Machine;
import dev.triptych.bench.MachinePeak;
import dev.triptych.io.Json;
import dev.triptych.method.InputException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Measures what the machine could do at most.
@Command(name = "machine", mixinStandardHelpOptions = true, description = {
        "Measure what this machine could do at most, through the Vector API.",
        "Fused multiply-adds in registers and reads of 128 MB by all threads at once, the best of twelve."}, footer = {
                "", "Example:", "  triptych bench machine --threads 2"})
final class BenchMachineCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--threads", paramLabel = "N", description = {"Threads at once; all cores by default."})
    private Integer threads;

    @Option(names = "--json", description = {"One line of JSON."})
    private boolean json;

    @Override
    public Integer call() {
        int count = threads == null ? Runtime.getRuntime().availableProcessors() : threads;
        if (count < 1 || count > 1024) {
            throw new InputException("--threads is " + count + "; expected 1 to 1024. Leave it out for all cores.");
        }
        var terminal = Terminal.of(spec);
        var peak = MachinePeak.measure(count);
        if (json) {
            var values = new LinkedHashMap<String, Object>(values(peak));
            values.putAll(Machine.values());
            terminal.print(Json.write(values, false));
        } else {
            terminal.print(text(peak));
        }
        return 0;
    }

    static Map<String, Object> values(MachinePeak.Result peak) {
        var values = new LinkedHashMap<String, Object>();
        values.put("threads", peak.threads());
        values.put("vector_bits", peak.vectorBits());
        values.put("peak_gflop_per_s", peak.gflopPerSecond());
        values.put("peak_read_gb_per_s", peak.gigabytesPerSecond());
        return values;
    }

    static String text(MachinePeak.Result peak) {
        return String.format(Locale.ROOT, "machine: %.0f GFLOP/s of fused multiply-adds, %.1f GB/s read; threads %d, "
                + "%d-bit vectors", peak.gflopPerSecond(), peak.gigabytesPerSecond(), peak.threads(),
                peak.vectorBits());
    }
}
