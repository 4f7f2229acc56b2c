package dev.triptych.cli;

import dev.triptych.method.Judging;
import dev.triptych.train.RunFolder;
import dev.triptych.train.TrainedRun;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Trains on generated scenes and evaluates: `train` and `eval` in one.
@Command(name = "demo", mixinStandardHelpOptions = true, sortOptions = false, description = {
        "Learn what is where in generated scenes, in minutes on two cores, and show it."}, footer = {
                "", "Examples:", "  triptych demo", "  triptych demo --seed 2 --out runs/second"})
final class DemoCommand implements Callable<Integer> {
    private static final String RECIPE = "stellar-scenes";

    @Spec
    private CommandSpec spec;

    @Option(names = "--seed", paramLabel = "N", description = {"Seed of scenes, weights and draws (the recipe's)."})
    private Long seed;

    @Option(names = "--out", paramLabel = "DIR", description = {"Folder of the run; by default the next free number."})
    private Path out;

    @Option(names = "--runs", paramLabel = "DIR", defaultValue = "runs", description = {"Folder of all runs (runs)."})
    private Path runs;

    @Parameters(paramLabel = "key=value", arity = "0..*", description = "Overrides of the recipe " + RECIPE + ".")
    private List<String> overrides = new ArrayList<>();

    @Option(names = "--quiet", description = {"No progress lines."})
    private boolean quiet;

    @Option(names = "--json", description = {"Progress and results as lines of JSON."})
    private boolean json;

    @Mixin
    private DeviceOptions device;

    @Override
    public Integer call() throws IOException {
        long begun = System.nanoTime();
        var terminal = Terminal.of(spec).in(quiet, json);
        var settings = new ArrayList<>(overrides);
        if (seed != null) {
            settings.add("seed=" + seed);
        }
        var methods = Main.methods(spec);
        var loaded = methods.recipes().load(RECIPE, settings);
        var recipe = loaded.recipe();
        terminal.remark("recipe:     " + loaded.origin());
        loaded.echo().forEach(line -> terminal.remark("            " + line));
        try (var opened = device.open()) {
            var training = new TrainingRun(terminal, methods, spec.commandLine().getParseResult().originalArgs(), 0);
            RunFolder run = training.start(recipe,
                    new MemoryCheck.Origin(methods, RECIPE, settings),
                    new TrainingRun.Place(runs, loaded.name(), out), null, opened);
            Runs.judge(methods.of(recipe).judge(), TrainedRun.open(run, run.newest(), recipe, recipe),
                    new Judging(0, true, Map.of()), _ -> run.path(), "eval",
                    new Runs.Setting(terminal, methods, opened));
        }
        terminal.print(String.format(Locale.ROOT, "The demo took %.1f minutes.", (System.nanoTime() - begun) * 1e-9
                / 60));
        return 0;
    }
}
