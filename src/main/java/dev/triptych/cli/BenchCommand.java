package dev.triptych.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// Measurements that anybody can repeat.
@Command(name = "bench", mixinStandardHelpOptions = true, description = {
        "Measure whole training steps, their kernels, what the machine could do, an index of codes,",
        "and `embed`."}, footer = {
                "",
                "Examples:",
                "  triptych bench step --dim 192 --depth 12 --heads 3 --batch 128 --threads 2 --json",
                "  triptych bench step --recipe stellar-cifar data=DIR",
                "  triptych bench profile --dim 384 --depth 6 --heads 6",
                "  triptych bench machine"}, subcommands = {BenchStepCommand.class, BenchProfileCommand.class,
                        BenchMachineCommand.class, BenchIndexCommand.class, BenchEmbedCommand.class})
final class BenchCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }
}
