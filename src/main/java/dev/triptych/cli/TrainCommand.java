package dev.triptych.cli;

import dev.triptych.method.InputException;
import dev.triptych.train.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Trains a recipe, or continues a run.
@Command(name = "train", mixinStandardHelpOptions = true, sortOptions = false, description = {
        "Train a recipe on images. Ctrl-C ends with a checkpoint."}, footer = {
                "", "Examples:", "  triptych train --recipe stellar-scenes",
                "  triptych train --recipe stellar-cifar data=DIR",
                "  triptych train --recipe my.yaml optimizer.lr=1e-3 training.stages.0.epochs=2 --out runs/mine",
                "  triptych train --resume runs/stellar-cifar-001",
                "  triptych train --recipe stellar-cifar data=DIR --init-from runs/stellar-cifar-001"})
final class TrainCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--recipe", paramLabel = "NAME|FILE", description = {"A built-in recipe, or a YAML file."})
    private String recipe;

    @Parameters(paramLabel = "key=value", arity = "0..*", description = {
            "Overrides of the recipe; data=DIR names the folder of images."})
    private List<String> overrides = new ArrayList<>();

    @Option(names = "--out", paramLabel = "DIR", description = {"Folder of the run; by default the next free number."})
    private Path out;

    @Option(names = "--runs", paramLabel = "DIR", defaultValue = "runs", description = {"Folder of all runs (runs)."})
    private Path runs;

    @Option(names = "--resume", paramLabel = "RUN", description = {
            "Continue a run, with its own recipe, from its newest checkpoint."})
    private Path resume;

    @Option(names = "--init-from", paramLabel = "RUN", description = {
            "Begin with the weights of another run's newest checkpoint; with its encoder alone where that run is of "
                    + "another method, such as a MAE."})
    private Path initFrom;

    @Option(names = "--stop-after", paramLabel = "STEPS", description = {"End after so many steps, as Ctrl-C does."})
    private Long stopAfter;

    @Option(names = "--quiet", description = {"No progress lines."})
    private boolean quiet;

    @Option(names = "--json", description = {"Progress and results as lines of JSON."})
    private boolean json;

    @Mixin
    private DeviceOptions device;

    @Override
    public Integer call() throws IOException {
        var terminal = Terminal.of(spec).in(quiet, json);
        if (stopAfter != null && stopAfter < 1) {
            throw new InputException("--stop-after is " + stopAfter + "; expected at least 1. Leave it out to train to "
                    + "the end.");
        }
        var methods = Main.methods(spec);
        var training = new TrainingRun(terminal, methods, spec.commandLine().getParseResult().originalArgs(),
                stopAfter == null ? 0 : stopAfter);
        if (resume != null) {
            requireNothingBeside();
            try (var opened = device.open()) {
                training.resume(Runs.named(resume), opened);
            }
            return 0;
        }
        if (recipe == null) {
            throw new InputException(
                    "--recipe is missing; expected one of " + String.join(", ", methods.recipes().names())
                            + ", or a YAML file. Give --recipe NAME, or --resume RUN to continue a run.");
        }
        var loaded = methods.recipes().load(recipe, overrides);
        methods.of(loaded.recipe()).requireData(loaded.recipe());
        terminal.remark("recipe:     " + loaded.origin());
        loaded.echo().forEach(line -> terminal.remark("            " + line));
        Path weights = initFrom == null ? null : checkpoint(initFrom);
        try (var opened = device.open()) {
            training.start(loaded.recipe(), new MemoryCheck.Origin(methods, recipe, overrides),
                    new TrainingRun.Place(runs, loaded.name(), out), weights, opened);
        }
        return 0;
    }

    private void requireNothingBeside() {
        String beside = recipe != null
                ? "--recipe " + recipe
                : !overrides.isEmpty()
                        ? overrides.getFirst()
                        : initFrom != null ? "--init-from " + initFrom : out != null ? "--out " + out : null;
        if (beside != null) {
            throw new InputException("--resume " + resume + " goes with " + beside + "; expected it alone, because a "
                    + "run continues with its own recipe in its own folder. Leave " + beside
                    + " out, or start a new run with --recipe and --init-from " + resume + ".");
        }
    }

    private static Path checkpoint(Path from) throws IOException {
        if (Files.isRegularFile(from)) {
            return from;
        }
        var run = RunFolder.open(Runs.named(from));
        return Runs.readable(run, run.newest());
    }
}
