package dev.triptych.cli;

import dev.triptych.bench.Machine;
import dev.triptych.bench.MachinePeak;
import dev.triptych.bench.Profile;
import dev.triptych.device.HostSession;
import dev.triptych.io.Json;
import java.io.IOException;
import java.util.ArrayList;
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

/// Says where the time of a training step goes.
@Command(name = "profile", mixinStandardHelpOptions = true, sortOptions = false, description = {
        "Say where the time of a training step goes: the share of each kernel, by the clock of a device that has one.",
        "GFLOP/s by the program's own counts; GB/s as if every launch read or wrote each of its tensors once. With "
                + "--roofline, the least time that the machine allows (FLOPs at its measured peak or bytes at its "
                + "measured bandwidth, whichever is longer) in percent of the time taken; above 100 where tensors stay "
                + "in caches."}, footer = {"", "Examples:",
                        "  triptych bench profile --dim 192 --depth 12 --heads 3 --roofline",
                        "  triptych bench profile --recipe stellar-cifar --stage prior --json",
                        "  triptych bench profile --recipe stellar-micro --device tornado"})
final class BenchProfileCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private WorkloadOptions options;

    @Mixin
    private DeviceOptions device;

    @Option(names = "--roofline", description = {"Measure the machine's peak first and compare with it."})
    private boolean roofline;

    @Option(names = "--json", description = {"One line of JSON instead of the table."})
    private boolean json;

    @Override
    public Integer call() throws IOException {
        var terminal = Terminal.of(spec);
        var length = options.length();
        if (roofline) {
            device.requireHost("bench profile --roofline", "compares with the processor's peak");
        }
        Integer threads = device.threads();
        var peak = roofline ? MachinePeak.measure(threads == null ? 1 : threads) : null;
        try (var opened = device.open().forTiming();
                var workload = options.open(terminal, Main.methods(spec), opened);
                var session = opened.bind(workload.state(), workload.programs())) {
            var profile = Profile.of((HostSession) session, workload, length);
            var values = new LinkedHashMap<String, Object>(workload.description());
            values.putAll(device.values(opened));
            if (json) {
                values.put("step_ms", profile.stepMillis());
                if (peak != null) {
                    values.putAll(BenchMachineCommand.values(peak));
                }
                values.put("kernels", lines(profile, peak));
                values.putAll(Machine.values());
                terminal.print(Json.write(values, false));
            } else {
                values.forEach((name, value) -> terminal.print(BenchStepCommand.line(name, value)));
                table(terminal, profile, peak);
            }
        }
        return 0;
    }

    private static List<Map<String, Object>> lines(Profile profile, MachinePeak.Result peak) {
        var lines = new ArrayList<Map<String, Object>>();
        for (var line : profile.lines()) {
            var values = new LinkedHashMap<String, Object>();
            values.put("kernel", line.kernels());
            values.put("count", line.count());
            values.put("ms", line.millis());
            values.put("gflop", line.flops() * 1e-9);
            values.put("gflop_per_s", line.gflopPerSecond());
            values.put("mb", line.bytes() * 1e-6);
            values.put("gb_per_s", line.gigabytesPerSecond());
            if (peak != null) {
                values.put("roofline", line.roofline(peak));
            }
            lines.add(values);
        }
        return lines;
    }

    private static void table(Terminal terminal, Profile profile, MachinePeak.Result peak) {
        if (peak != null) {
            terminal.print(BenchMachineCommand.text(peak));
        }
        terminal.print(String.format(Locale.ROOT, "step: %.2f ms, each kernel timed on its own", profile.stepMillis()));
        int width = Math.max(6, profile.lines().stream().mapToInt(l -> l.kernels().length()).max().orElse(0));
        String names = "%-" + width + "s %6s %9s %6s %9s %8s %9s %7s%s";
        terminal.print(String.format(Locale.ROOT, names, "kernel", "count", "ms", "share", "GFLOP", "GFLOP/s", "MB",
                "GB/s", peak == null ? "" : " roofline"));
        for (var l : profile.lines()) {
            terminal.print(String.format(Locale.ROOT, "%-" + width + "s %6d %9.3f %5.1f%% %9.3f %8.1f %9.1f %7.1f%s",
                    l.kernels(), l.count(), l.millis(), 100 * l.millis() / profile.stepMillis(), l.flops() * 1e-9,
                    l.gflopPerSecond(), l.bytes() * 1e-6, l.gigabytesPerSecond(),
                    peak == null ? "" : String.format(Locale.ROOT, " %7.0f%%", 100 * l.roofline(peak))));
        }
    }
}
