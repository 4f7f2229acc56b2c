package dev.triptych.cli;

import dev.triptych.method.InputException;
import dev.triptych.method.Judge;
import dev.triptych.method.Judging;
import dev.triptych.method.Method;
import dev.triptych.method.Registry;
import dev.triptych.recipe.Recipe;
import dev.triptych.segmentation.SegmentationJudge;
import dev.triptych.train.RunFolder;
import dev.triptych.train.TrainedRun;
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
        "Evaluate a run beside its baselines. kNN, linear probe, and what belongs to its method",
        "(STELLAR: reconstruction, segmentation; BITS: retrieval by cosine and by codes, statistics of the bits;",
        "Sorcen: few labels, transfer, masked codes, generated images, speed).",
        "Writes eval.json, sheet.png, retrieval.png and features.png into the run folder, and its page; those of other",
        "images, of fewer (--limit-train) or of an older checkpoint into a folder below its folder evaluations.",
        "With --segmentation: classes of pixels instead, from D and from L and S, into segmentation.json and",
        "segmentation.png."}, footer = {
                "", "Examples:",
                "  triptych eval --run runs/stellar-scenes-001",
                "  triptych eval --run runs/stellar-cifar-001 --limit-train 10000",
                "  triptych eval --run runs/sorcen-cifar-001 data=DIR --test-codes codes/test.codes",
                "  triptych eval --run runs/stellar-cifar-001 --out other-images data=OTHER_DIR",
                "  triptych eval --run runs/stellar-cifar-001 --segmentation CamVid --ignore-label 11 --short-side 96",
                "  triptych eval --run runs/stellar-scenes-001 --segmentation scenes"})
final class EvalCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private RunOptions run;

    @Option(names = "--limit-train", paramLabel = "N", description = {
            "Images that kNN and probe learn from, and among which retrieval looks; all by default."})
    private Integer limitTrain;

    @Option(names = "--out", paramLabel = "DIR", description = {
            "Folder for eval.json and the sheets; by default the run folder, or one below it for other images."})
    private Path out;

    @Option(names = "--segmentation", paramLabel = "DIR|scenes", description = {
            "Segment pictures at their full size. DIR: train/ and test/ with pictures, trainannot/ and testannot/ with "
                    + "PNG label maps of the same names (one class number a pixel), classes.txt with a name a line "
                    + "(optional)."})
    private String segmentation;

    @Option(names = "--ignore-label", paramLabel = "N", description = {
            "Class number that does not count (255); 11 for CamVid."})
    private Integer ignored;

    @Option(names = "--short-side", paramLabel = "PX", description = {
            "Short side to which pictures are scaled before windows of data.side are cut; data.side by default."})
    private Integer shortSide;

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
        var methods = Main.methods(spec);
        var options = new MethodOptions(spec, methods);
        var folder = run.folder();
        Path file = run.checkpoint(folder);
        var loaded = folder.recipe(methods.recipes(), overrides);
        loaded.echo().forEach(terminal::remark);
        requireFitting(options);
        Method method = methods.of(loaded.recipe());
        var how = new Judging(limitTrain == null ? 0 : limitTrain, !hideImages, options.given(method));
        Judge judge = segmentation == null ? method.judge() : segmentation(method, methods, folder, loaded.recipe());
        try (var opened = device.open()) {
            Runs.judge(judge, TrainedRun.open(folder, file, folder.recipe(methods.recipes()), loaded.recipe()), how,
                    destination(folder, file, loaded.recipe()), segmentation == null ? "eval" : "segmentation",
                    new Runs.Setting(terminal, methods, opened));
        }
        return 0;
    }

    /// Checks options that go with `--segmentation`, or do not.
    private void requireFitting(MethodOptions options) {
        if (segmentation == null && (ignored != null || shortSide != null)) {
            throw new InputException((ignored != null ? "--ignore-label " + ignored : "--short-side " + shortSide)
                    + " goes with --segmentation; found none. Give --segmentation DIR, or leave it out.");
        }
        var own = options.given().keySet();
        if (segmentation != null && (limitTrain != null || !own.isEmpty())) {
            throw new InputException((limitTrain != null
                    ? "--limit-train " + limitTrain
                    : own.iterator().next().name())
                    + " says nothing about --segmentation, which has no kNN and no raw pixels. Leave it out.");
        }
        if (SegmentationJudge.SCENES.equals(segmentation) && ignored != null) {
            throw new InputException(
                    "--ignore-label " + ignored + " says nothing about --segmentation scenes, of which "
                            + "every pixel counts. Leave it out.");
        }
    }

    private Judge segmentation(Method method, Registry methods, RunFolder of, Recipe recipe) {
        if (!method.patchFeatures()) {
            throw new InputException("--segmentation goes with runs of "
                    + methods.titles(Method::patchFeatures, " and ") + ", which have features of patches; "
                    + of.path() + " is a run of " + method.title() + ". Leave it out.");
        }
        var judge = new SegmentationJudge(method, segmentation, ignored == null ? 255 : ignored,
                shortSide == null ? recipe.data().side() : shortSide);
        judge.require(recipe);
        return judge;
    }

    /// Where the report and the sheets go.
    private Runs.Destination destination(RunFolder of, Path checkpoint, Recipe judged) throws IOException {
        if (out != null && Files.exists(out) && !Files.isDirectory(out)) {
            throw new InputException("--out " + out + " is a file; expected a folder. Choose another name.");
        }
        if (out != null || segmentation != null) {
            Path folder = out == null ? of.path() : out;
            return _ -> folder;
        }
        var own = of.recipe(Main.methods(spec).recipes());
        var otherwise = EvaluationFolder.otherwise(limitTrain, checkpoint.equals(of.newest()) ? null : checkpoint);
        boolean images = Main.methods(spec).of(own).learnsFromImages();
        return place -> EvaluationFolder.of(of, own, judged, otherwise, place, images);
    }
}
