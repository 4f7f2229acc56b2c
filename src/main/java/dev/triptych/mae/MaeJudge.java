package dev.triptych.mae;

import dev.triptych.data.set.ImageSet;
import dev.triptych.data.set.ImageSets;
import dev.triptych.data.set.Subset;
import dev.triptych.measure.feature.EncoderPair;
import dev.triptych.measure.feature.FeatureSpace;
import dev.triptych.measure.feature.JudgedImages;
import dev.triptych.measure.feature.Knn;
import dev.triptych.measure.feature.RawPixels;
import dev.triptych.measure.feature.Readouts;
import dev.triptych.measure.retrieval.RetrievalExamples;
import dev.triptych.method.EvaluationReport;
import dev.triptych.method.EvaluationReport.Figure;
import dev.triptych.method.Judge;
import dev.triptych.method.Judging;
import dev.triptych.method.Option;
import dev.triptych.method.Trained;
import dev.triptych.method.Verdict;
import dev.triptych.method.Verdict.Picture;
import dev.triptych.method.Workplace;
import dev.triptych.program.Tensor;
import dev.triptych.recipe.Recipe;
import dev.triptych.sheet.Cell;
import dev.triptych.sheet.FeatureSheet;
import dev.triptych.sheet.RetrievalSheet;
import dev.triptych.sheet.Sheet;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Judges a run of MAE: kNN and linear probe on CLS and the mean of D beside the untrained encoder and raw pixels, and
/// how well dropped patches are painted (MAE section 5).
final class MaeJudge implements Judge {
    private static final int ROWS = 8;
    private static final int CELL = 96;
    private static final float GREY = 0.5f;
    private static final String DENSE = "mean of D";

    @Override
    public List<Option<?>> options() {
        return List.of(RawPixels.LEFT_OUT);
    }

    @Override
    public Verdict judge(Trained run, Judging how, Workplace place) throws IOException {
        Recipe recipe = run.recipe();
        var sets = JudgedImages.open(recipe, how, place);
        var programs = new MaePrograms(recipe);
        var evaluation = programs.evaluate(sets.batch());
        Map<String, Tensor> read = new LinkedHashMap<>();
        read.put("CLS", evaluation.values().cls());
        read.put(DENSE, evaluation.values().dense());
        boolean pixels = sets.labelled() && !how.value(RawPixels.LEFT_OUT, false);
        sets.requireRoom(pixels, evaluation.values().cls().columns(), evaluation.values().dense().columns());
        try (var encoders = EncoderPair.open(run, programs, evaluation, place.device());
                var trained = new MaePainter(programs, sets.batch(), place.device());
                var untrained = new MaePainter(programs, sets.batch(), place.device())) {
            run.load(programs.state(), trained.session());
            untrained.session().initialize(programs.state(), recipe.seed());
            var readouts = new Readouts(sets.train(), sets.test(), read, pixels, place.progress());
            place.progress().expect(readouts.stages() + 1);
            var seen = readouts.encode("trained encoder", encoders.trained(), batch -> {
            });
            var start = readouts.encode("untrained encoder", encoders.untrained(), batch -> {
            });
            var figures = new ArrayList<>(readouts.figures(seen, start));
            figures.add(psnr(trained, untrained, sets.test(), recipe, place));
            String title = run.title("MAE");
            Sheet sheet = sheet(title, trained, sets.test(), recipe, how.images());
            Tensor dense = evaluation.values().dense();
            var features = new FeatureSheet(new FeatureSpace(DENSE, seen.train().get(dense), seen.test().get(dense),
                    Knn.standard()), sets.labelled() ? sets.test().classes() : List.of());
            var nearest = RetrievalExamples.cosine(DENSE, seen.train().get(dense), seen.test().get(dense),
                    RetrievalExamples.shown(sets.test().size()));
            Sheet retrieval = new RetrievalSheet(List.of(nearest), RetrievalSheet.Side.of(sets.test()),
                    RetrievalSheet.Side.of(sets.train()), how.images()).sheet("Retrieval, " + title);
            return new Verdict(run.facts(sets.facts(recipe, "kNN", "linear probe"), place.device()),
                    List.of(EvaluationReport.over(sets.test().size(), figures)),
                    List.of(new Picture(Verdict.SHEET, sheet::write),
                            new Picture(Verdict.RETRIEVAL, retrieval::write),
                            new Picture(Verdict.FEATURES, file -> features.write("Features, " + title, file))));
        }
    }

    private static Figure psnr(MaePainter trained, MaePainter untrained, ImageSet test, Recipe recipe,
            Workplace place) {
        place.progress().begin("painting of dropped patches, images", 2L * test.size());
        double[] sums = new double[3];
        trained.paint(test, p -> {
            for (int b = 0; b < p.count(); b++) {
                sums[0] += trained.psnr(p, p.painted(), b);
                sums[2] += trained.psnr(p, p.flat(), b);
            }
            place.progress().did(p.count());
        });
        untrained.paint(test, p -> {
            for (int b = 0; b < p.count(); b++) {
                sums[1] += untrained.psnr(p, p.painted(), b);
            }
            place.progress().did(p.count());
        });
        boolean normalised = MaeSection.of(recipe).normPixels();
        var baselines = new LinkedHashMap<String, Double>();
        baselines.put("untrained encoder", sums[1] / test.size());
        baselines.put(normalised ? "patches' own means" : "mean of what is kept", sums[2] / test.size());
        return new Figure("PSNR of dropped patches", sums[0] / test.size(), "dB",
                "mean over images of 10 log10(1 / MSE) over the dropped patches, pixels in [0, 1], clamped"
                        + (normalised ? "; predictions on each patch's own mean and deviation" : ""),
                baselines);
    }

    private static Sheet sheet(String title, MaePainter painter, ImageSet test, Recipe recipe, boolean images) {
        int[] indices = Subset.strided(test.size(), Math.min(ROWS, test.size()));
        int side = recipe.data().side();
        int length = 3 * side * side;
        var rows = new ArrayList<Sheet.Row>();
        painter.paint(ImageSets.subset(test, indices), p -> {
            float[] masked = masked(p, side, recipe.encoder().patch());
            for (int b = 0; b < p.count(); b++) {
                var cells = new ArrayList<Cell>();
                if (images) {
                    cells.add(Cell.image(p.images(), b * length, side, side));
                }
                cells.add(Cell.image(masked, b * length, side, side));
                cells.add(Cell.image(p.painted(), b * length, side, side));
                rows.add(new Sheet.Row(test.className(indices[p.first() + b]), cells));
            }
        });
        var captions = new ArrayList<>(List.of("what is kept", "painted"));
        if (images) {
            captions.addFirst("image");
        }
        return new Sheet(title, captions, rows, "Images that training never saw. Kept patches are as they are; "
                + (MaeSection.of(recipe).normPixels()
                        ? "the others are the prediction on each patch's own mean and deviation."
                        : "the others are the prediction."),
                CELL);
    }

    private static float[] masked(MaePainter.Painted p, int side, int patch) {
        int grid = side / patch;
        float[] masked = p.images().clone();
        for (int i = 0; i < masked.length; i++) {
            int j = i % (side * side);
            int image = i / (3 * side * side);
            if (p.dropped()[image * grid * grid + j / side / patch * grid + j % side / patch] == 1f) {
                masked[i] = GREY;
            }
        }
        return masked;
    }
}
