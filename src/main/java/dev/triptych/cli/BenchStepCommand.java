package dev.triptych.cli;

import dev.triptych.bench.Machine;
import dev.triptych.bench.StepBench;
import dev.triptych.bench.StepRecording;
import dev.triptych.bench.Workload;
import dev.triptych.device.Device;
import dev.triptych.io.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Measures a whole training step: inputs, forward, backward, optimizer.
@Command(name = "step", mixinStandardHelpOptions = true, sortOptions = false, description = {
        "Measure a whole training step: forward, backward, AdamW.",
        "A vision transformer on 65 tokens (32 x 32 images, patches of 4, CLS) with a classifier on CLS, or the step "
                + "of a recipe. Median and quartiles of the milliseconds, GFLOP/s by the program's own counts, "
                + "images/s, memory, losses of the first steps."}, footer = {"", "Examples:",
                        "  triptych bench step --dim 192 --depth 12 --heads 3 --batch 128 --threads 2 --json",
                        "  triptych bench step --dim 384 --depth 6 --heads 6 --export step.safetensors",
                        "  triptych bench step --recipe stellar-cifar data=DIR",
                        "  triptych bench step --recipe stellar-cifar --fixed-batch --device plain",
                        "  triptych bench step --recipe mae-scenes --warmup 0 --steps 200 --record steps"})
final class BenchStepCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private WorkloadOptions options;

    @Mixin
    private DeviceOptions device;

    @Option(names = "--export", paramLabel = "FILE", description = {
            "Write first weights, batch and constants as safetensors, for bench/pytorch_step.py."})
    private Path export;

    @Option(names = "--record", paramLabel = "DIR", description = {
            "With --recipe: take the steps once and write what they begin with, what each is given, and its loss, for "
                    + "bench/pytorch_train.py."})
    private Path record;

    @Option(names = "--json", description = {"One line of JSON instead of the table."})
    private boolean json;

    @Override
    public Integer call() throws IOException {
        var terminal = Terminal.of(spec);
        var length = options.length();
        if (export != null) {
            options.transformer().export(export);
            terminal.remark("written: " + export);
        }
        if (record != null) {
            try (var opened = device.open();
                    var steps = options.recipeStep(terminal, Main.methods(spec), opened, "--record " + record)) {
                StepRecording.write(opened, steps, length.total(), record);
            }
            terminal.print("Recorded: " + length.total() + " steps in " + record);
            return 0;
        }
        try (var opened = device.open(); var workload = options.open(terminal, Main.methods(spec), opened)) {
            var result = StepBench.run(opened, workload, length);
            var values = values(opened, workload);
            values.putAll(result.values(workload.program().flops() * 1e-9, workload.images(),
                    workload.state().parameterCount()));
            values.putAll(Machine.values());
            if (json) {
                terminal.print(Json.write(values, false));
            } else {
                values.forEach((name, value) -> terminal.print(line(name, value)));
            }
        }
        return 0;
    }

    private Map<String, Object> values(Device opened, Workload workload) {
        var values = new LinkedHashMap<String, Object>();
        values.put("framework", "triptych");
        values.putAll(workload.description());
        values.putAll(device.values(opened));
        return values;
    }

    /// A line of a table: name and value.
    static String line(String name, Object value) {
        String text = switch (value) {
            case null -> "unknown";
            case Double d -> d == 0
                    ? "0"
                    : String.format(Locale.ROOT, d < 1e-2 ? "%.2e" : d < 10 ? "%.3f" : "%,.1f", d);
            case Float f -> String.format(Locale.ROOT, "%.1e", f);
            case Number n -> String.format(Locale.ROOT, "%,d", n.longValue());
            case List<?> list -> String.join(" ", list.stream().map(String::valueOf).toList());
            default -> value.toString();
        };
        return String.format("%-18s %s", name, text);
    }
}
