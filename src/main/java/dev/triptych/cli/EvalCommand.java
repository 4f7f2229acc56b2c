package dev.triptych.cli;

import dev.triptych.recipe.Method;
import dev.triptych.recipe.Recipes;
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

/// Evaluates a run.
@Command(name = "eval", mixinStandardHelpOptions = true, sortOptions = false, description = {
        "Evaluate a run beside its baselines: kNN, linear probe, and what belongs to its method",
        "(STELLAR: reconstruction, segmentation; BITS: retrieval by cosine and by codes, statistics of the bits;",
        "Sorcen: few labels, transfer, masked codes, generated images, speed).",
        "Writes eval.json, sheet.png and retrieval.png into the run folder, or into --out, and its page."}, footer = {
                "", "Examples:",
                "  triptych eval --run runs/stellar-scenes-001",
                "  triptych eval --run runs/stellar-cifar-001 --limit-train 10000",
                "  triptych eval --run runs/sorcen-cifar-001 data=DIR --test-codes codes/test.codes",
                "  triptych eval --run runs/stellar-cifar-001 --out other-images data=OTHER_DIR"})
final class EvalCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--run", paramLabel = "RUN", required = true, description = {"Folder of the run."})
    private Path run;

    @Option(names = "--checkpoint", paramLabel = "FILE|best", description = {
            "Its newest checkpoint by default; best is the one with the lowest mean loss of an epoch."})
    private Path checkpoint;

    @Option(names = "--limit-train", paramLabel = "N", description = {
            "Images that kNN and probe learn from, and among which retrieval looks; all by default."})
    private Integer limitTrain;

    @Option(names = "--out", paramLabel = "DIR", description = {
            "Folder for eval.json and the sheets; the run folder by default."})
    private Path out;

    @Option(names = "--no-pixels", description = {
            "Leave out the baseline of raw pixels: the same for every run, and slower than all the rest."})
    private boolean noPixels;

    @Option(names = "--quiet", description = {"No progress lines."})
    private boolean quiet;

    @Option(names = "--json", description = {"Progress and results as lines of JSON."})
    private boolean json;

    @Option(names = "--hide-images", description = {
            "Leave the pictures themselves out of the sheets, for data that is not yours to show."})
    private boolean hideImages;

    @Parameters(paramLabel = "data.key=value", arity = "0..*", description = {
            "Other images: data=DIR, data.KEY=VALUE."})
    private List<String> overrides = new ArrayList<>();

    @Mixin
    private SorcenOptions sorcen;

    @Mixin
    private DeviceOptions device;

    @Override
    public Integer call() throws IOException {
        var terminal = Terminal.of(spec).in(quiet, json);
        if (limitTrain != null && limitTrain < 1) {
            throw new InputException("--limit-train is " + limitTrain + "; expected at least 1. Leave it out for all.");
        }
        for (String override : overrides) {
            if (!override.startsWith("data=") && !override.startsWith("data.")) {
                throw new InputException("override '" + override + "' would change what was trained; expected data=DIR "
                        + "or data.KEY=VALUE. Leave it out.");
            }
        }
        var folder = RunFolder.open(run);
        Path file = Runs.checkpoint(folder, checkpoint);
        var loaded = Recipes.load(run.resolve("recipe.yaml"), overrides);
        loaded.echo().forEach(terminal::remark);
        if (loaded.recipe().method() != Method.SORCEN) {
            sorcen.requireNone(loaded.recipe().method());
        }
        try (var opened = device.open()) {
            if (loaded.recipe().method() == Method.VQVAE) {
                new VqVaeEvaluationRun(terminal, folder, file, loaded.recipe())
                        .evaluate(limitTrain == null ? 0 : limitTrain, !hideImages, opened, folder(folder));
                return 0;
            }
            if (loaded.recipe().method() == Method.SORCEN) {
                new SorcenEvaluationRun(terminal, folder, file, loaded.recipe(), sorcen, opened)
                        .evaluate(limitTrain == null ? 0 : limitTrain, !hideImages, folder(folder));
                return 0;
            }
            new EvaluationRun(terminal, folder, file, loaded.recipe(), opened)
                    .evaluate(limitTrain == null ? 0 : limitTrain, !hideImages, !noPixels, folder(folder));
        }
        return 0;
    }

    /// Where the report and the sheet go.
    private Path folder(RunFolder of) throws IOException {
        if (out == null) {
            return of.path();
        }
        if (Files.exists(out) && !Files.isDirectory(out)) {
            throw new InputException("--out " + out + " is a file; expected a folder. Choose another name.");
        }
        return Files.createDirectories(out);
    }
}
