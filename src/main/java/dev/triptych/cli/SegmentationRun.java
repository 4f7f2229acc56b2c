package dev.triptych.cli;

import dev.triptych.data.set.ImageSet;
import dev.triptych.data.set.SegmentationFolder;
import dev.triptych.data.set.SegmentationSet;
import dev.triptych.data.set.SegmentedScenes;
import dev.triptych.data.set.Split;
import dev.triptych.device.Device;
import dev.triptych.device.Session;
import dev.triptych.io.Json;
import dev.triptych.measure.feature.ImageEncoder;
import dev.triptych.measure.segment.ClassSegmentation;
import dev.triptych.method.Evaluation;
import dev.triptych.method.EvaluationReport;
import dev.triptych.methods.Methods;
import dev.triptych.recipe.Method;
import dev.triptych.recipe.Recipe;
import dev.triptych.sheet.SegmentationSheet;
import dev.triptych.train.Checkpoint;
import dev.triptych.train.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;

/// One segmentation from the command line: a run's encoder beside an untrained one, the report, the overlay sheet.
final class SegmentationRun {
    /// What is generated instead of read from a folder.
    static final String SCENES = "scenes";
    private static final int BATCH = 8;

    private final Terminal terminal;
    private final RunFolder run;
    private final Path checkpoint;
    private final Recipe recipe;

    SegmentationRun(Terminal terminal, RunFolder run, Path checkpoint, Recipe recipe) {
        this.terminal = terminal;
        this.run = run;
        this.checkpoint = checkpoint;
        this.recipe = recipe;
    }

    /// What is segmented, and how.
    ///
    /// @param from a folder, or [#SCENES]
    /// @param ignored class number that does not count
    /// @param shortSide of the scaled pictures
    /// @param images whether the sheet shows the pictures themselves
    record Settings(String from, int ignored, int shortSide, boolean images) {
    }

    /// Checks what can be checked before any work.
    ///
    /// @throws InputException if something does not fit
    void require(Settings settings) {
        if (recipe.method() != Method.STELLAR && recipe.method() != Method.BITS) {
            throw new InputException(
                    "--segmentation goes with runs of STELLAR and BITS, which have features of patches; "
                            + run.path() + " is a run of " + recipe.method() + ". Leave it out.");
        }
        int side = recipe.data().side();
        if (settings.shortSide() < side || settings.shortSide() > 64 * side) {
            throw new InputException("--short-side is " + settings.shortSide() + "; expected " + side + ", the side of "
                    + "the encoder's images, to " + 64 * side + ". Leave it out for " + side + ".");
        }
        if (settings.ignored() < 0) {
            throw new InputException("--ignore-label is " + settings.ignored()
                    + "; expected a class number from 0. Leave it out for 255.");
        }
    }

    /// Evaluates, prints the report, and writes `segmentation.json` and `segmentation.png` into a folder.
    void evaluate(Settings settings, Device device, Path folder) throws IOException {
        var position = Checkpoint.position(checkpoint);
        SegmentationSet train = open(settings, Split.TRAIN);
        SegmentationSet test = open(settings, Split.TEST);
        var programs = Methods.programs(recipe);
        Evaluation evaluation = programs.evaluate(BATCH);
        var sheet = new SegmentationSheet(test, settings.images());
        try (var progress = new Evaluating(terminal);
                Session trained = device.bind(programs.state(), evaluation.program());
                Session untrained = device.bind(programs.state(), evaluation.program())) {
            Checkpoint.load(checkpoint, programs.state(), trained, null);
            untrained.initialize(programs.state(), recipe.seed());
            var found = new ClassSegmentation(train, test, settings.shortSide(), recipe.data().side(),
                    recipe.encoder().patch(), progress)
                    .evaluate(new ImageEncoder(trained, evaluation), new ImageEncoder(untrained, evaluation), sheet);
            progress.end();
            var facts = facts(settings, position.step(), train, test, device);
            terminal.print("");
            terminal.print(new EvaluationReport(facts, found.figures()).text().stripTrailing());
            terminal.print("");
            terminal.print(new EvaluationReport(Map.of(), found.perClass()).table().plain().stripTrailing());
            terminal.print("");
            var all = new ArrayList<>(found.figures());
            all.addAll(found.perClass());
            Path json = folder.resolve("segmentation.json");
            new EvaluationReport(facts, all).write(json);
            terminal.result(Json.read(Files.readString(json)));
            Path png = folder.resolve("segmentation.png");
            sheet.write(png, recipe.method() + ", segmentation of " + settings.from()).ifPresent(terminal::remark);
            terminal.print("Report: " + json);
            terminal.print("Sheet:  " + png);
        }
    }

    private SegmentationSet open(Settings settings, Split split) throws IOException {
        if (!settings.from().equals(SCENES)) {
            return new SegmentationFolder(Path.of(settings.from()), split, settings.ignored(),
                    recipe.data().maxPixels());
        }
        ImageSet scenes = Images.open(recipe, split, terminal);
        if (!scenes.hasMasks()) {
            throw new InputException("--segmentation scenes needs a run on generated scenes; the images of "
                    + run.path()
                    + " have no masks. Give data.dir=null data.train-images=2000 data.test-images=500 beside it.");
        }
        return new SegmentedScenes(scenes);
    }

    private Map<String, String> facts(Settings settings, long step, SegmentationSet train, SegmentationSet test,
            Device device) throws IOException {
        var facts = new LinkedHashMap<String, String>();
        facts.put("run", run.path().toString());
        facts.put("checkpoint", checkpoint.getFileName() + ", step " + step);
        facts.put("pictures", train.size() + " to learn from, " + test.size() + " to judge, " + settings.from());
        facts.put("classes", Integer.toString(train.classes().size()));
        facts.put("training", Runs.cost(run));
        facts.put("device", device.name() + ", " + device.description());
        facts.put("seed", Long.toString(recipe.seed()));
        return facts;
    }
}
