package dev.triptych.cli;

import dev.triptych.device.MemoryPlan;
import dev.triptych.program.Arena;
import dev.triptych.program.Launch;
import dev.triptych.program.Program;
import dev.triptych.program.Tensor;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/// A program as text: its launches under the sections of the specification, and what they cost.
final class Listing {
    private static final int NUMBER = 4;
    private static final int LINE = 64;

    private final Program program;
    private final int batch;

    /// @param batch images of a step
    Listing(Program program, int batch) {
        this.program = program;
        this.batch = batch;
    }

    /// One line a launch: number, operation, kernel, what it writes, MFLOP, MB.
    void launches(Consumer<String> line) {
        int operations = width(program.launches().stream().map(Launch::operation).toList());
        int kernels = width(program.launches().stream().map(l -> l.kernel().toString()).toList());
        line.accept(String.format(Locale.ROOT, "%" + NUMBER + "s  %-" + operations + "s  %-" + kernels + "s  %12s %12s"
                + "  %s", "no.", "operation", "kernel", "MFLOP", "MB", "writes"));
        String section = "";
        int number = 0;
        for (Launch launch : program.launches()) {
            if (!heading(launch).equals(section)) {
                section = heading(launch);
                line.accept("");
                line.accept("-- " + section + " " + "-".repeat(Math.max(2, LINE - section.length())));
            }
            Tensor y = launch.output();
            line.accept(String.format(Locale.ROOT, "%" + NUMBER + "d  %-" + operations + "s  %-" + kernels
                    + "s  %12.3f %12.3f  %s", ++number, launch.operation(), launch.kernel(), launch.flops() / 1e6,
                    launch.bytes() / 1e6, written(y)));
        }
    }

    /// The section of a launch; adjoints, whose operation has a prime, are under the gradient of theirs.
    private static String heading(Launch launch) {
        return (launch.operation().endsWith("'") ? "gradient of " : "") + launch.section();
    }

    private static String written(Tensor y) {
        return y.name() + " " + Tensor.text(y.shape());
    }

    private static int width(List<String> texts) {
        return texts.stream().mapToInt(String::length).max().orElse(1);
    }

    /// Parameters, launches, FLOPs, memory.
    void totals(Consumer<String> line) {
        long parameters = program.state().parameterCount();
        long moved = program.launches().stream().mapToLong(Launch::bytes).sum();
        var plan = new MemoryPlan(List.of(program), true);
        line(line, "parameters", "%,d (%.1f MB; %.1f MB with gradients and both moments)", parameters,
                4e-6 * parameters, 16e-6 * parameters);
        line(line, "images of a step", "%,d", batch);
        line(line, "launches", "%,d of %d kernels", program.launches().size(),
                program.launches().stream().map(Launch::kernel).distinct().count());
        line(line, "compute of a step", "%,.2f GFLOP, %,.2f GFLOP an image", program.flops() * 1e-9,
                program.flops() * 1e-9 / batch);
        line(line, "moved in a step", "%,.1f MB, if every tensor is read or written once", moved * 1e-6);
        line(line, "values in between", "%,.1f MB with the memory plan, largest live set %,.1f MB, %,.1f MB without a "
                + "plan", 4e-6 * plan.length(Arena.ACTIVATIONS), 4e-6 * plan.largestLiveSet(),
                4e-6 * plan.withoutReuse());
        if (!program.stopGradients().isEmpty()) {
            line(line, "stop-gradients", "%s", String.join(", ", program.stopGradients().stream().distinct().toList()));
        }
    }

    private static void line(Consumer<String> line, String name, String format, Object... values) {
        line.accept(String.format(Locale.ROOT, "%-18s ", name) + String.format(Locale.ROOT, format, values));
    }
}
