package dev.triptych.segmentation;

import dev.triptych.data.set.ImageSet;
import dev.triptych.data.set.SegmentationFolder;
import dev.triptych.data.set.SegmentationSet;
import dev.triptych.data.set.SegmentedScenes;
import dev.triptych.data.source.Split;
import dev.triptych.measure.feature.EncoderPair;
import dev.triptych.measure.segment.ClassSegmentation;
import dev.triptych.method.EvaluationReport;
import dev.triptych.method.InputException;
import dev.triptych.method.Judge;
import dev.triptych.method.Judging;
import dev.triptych.method.Method;
import dev.triptych.method.PatchFeatures;
import dev.triptych.method.Trained;
import dev.triptych.method.Verdict;
import dev.triptych.method.Verdict.Picture;
import dev.triptych.method.Workplace;
import dev.triptych.recipe.Recipe;
import dev.triptych.sheet.SegmentationSheet;
import dev.triptych.sheet.Sheet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;

/// Judges by segmentation: a run's encoder beside an untrained one, on pictures at their full size.
///
/// @param method of the run, which has features of patches
/// @param from a folder, or [#SCENES]
/// @param ignored class number that does not count
/// @param shortSide of the scaled pictures
public record SegmentationJudge(Method method, String from, int ignored, int shortSide) implements Judge {
    /// What is generated instead of read from a folder.
    public static final String SCENES = "scenes";
    private static final int BATCH = 8;

    /// Checks what can be checked before any work.
    ///
    /// @throws InputException if something does not fit
    public void require(Recipe recipe) {
        int side = recipe.data().side();
        if (shortSide < side || shortSide > 64 * side) {
            throw new InputException("--short-side is " + shortSide + "; expected " + side + ", the side of "
                    + "the encoder's images, to " + 64 * side + ". Leave it out for " + side + ".");
        }
        if (ignored < 0) {
            throw new InputException("--ignore-label is " + ignored
                    + "; expected a class number from 0. Leave it out for 255.");
        }
    }

    @Override
    public Verdict judge(Trained run, Judging how, Workplace place) throws IOException {
        Recipe recipe = run.recipe();
        SegmentationSet train = open(run, Split.TRAIN, place);
        SegmentationSet test = open(run, Split.TEST, place);
        var programs = method.programs(recipe);
        var evaluation = programs.evaluate(BATCH);
        if (!(evaluation.values() instanceof PatchFeatures features)) {
            throw new IllegalStateException(method.name() + " says that it has features of patches, and has none");
        }
        var pictures = new SegmentationSheet(test, how.images());
        try (var encoders = EncoderPair.open(run, programs, evaluation, place.device())) {
            var found = new ClassSegmentation(train, test, shortSide, recipe.data().side(), recipe.encoder().patch(),
                    place.progress()).evaluate(encoders, features, pictures);
            var facts = new LinkedHashMap<String, String>();
            facts.put("pictures", train.size() + " to learn from, " + test.size() + " to judge, " + from);
            facts.put("classes", Integer.toString(train.classes().size()));
            Sheet sheet = pictures.sheet(method.title() + ", segmentation of " + from);
            return new Verdict(run.facts(facts, place.device()),
                    List.of(EvaluationReport.over(test.size(), found.figures()),
                            EvaluationReport.over(test.size(), found.perClass())),
                    List.of(new Picture("segmentation.png", sheet::write)));
        }
    }

    private SegmentationSet open(Trained run, Split split, Workplace place) throws IOException {
        Recipe recipe = run.recipe();
        if (!from.equals(SCENES)) {
            return new SegmentationFolder(Path.of(from), split, ignored, recipe.data().maxPixels());
        }
        ImageSet scenes = place.images(recipe, split);
        if (!scenes.hasMasks()) {
            throw new InputException("--segmentation scenes needs a run on generated scenes; the images of "
                    + run.folder()
                    + " have no masks. Give data.dir=null data.train-images=2000 data.test-images=500 beside it.");
        }
        return new SegmentedScenes(scenes);
    }
}
