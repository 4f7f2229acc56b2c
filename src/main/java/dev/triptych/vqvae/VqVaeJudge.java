package dev.triptych.vqvae;

import dev.triptych.data.codes.CodeMaker;
import dev.triptych.data.codes.PatchSample;
import dev.triptych.data.set.ImageSet;
import dev.triptych.data.set.Subset;
import dev.triptych.data.source.Split;
import dev.triptych.method.EvaluationProgress;
import dev.triptych.method.EvaluationReport;
import dev.triptych.method.InputException;
import dev.triptych.method.Judge;
import dev.triptych.method.Judging;
import dev.triptych.method.Trained;
import dev.triptych.method.Verdict;
import dev.triptych.method.Verdict.Picture;
import dev.triptych.method.Workplace;
import dev.triptych.recipe.KmeansSection;
import dev.triptych.recipe.Recipe;
import dev.triptych.sheet.Cell;
import dev.triptych.sheet.Sheet;
import dev.triptych.tokenizer.KMeans;
import dev.triptych.tokenizer.PatchCodebook;
import dev.triptych.tokenizer.Tokenizer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// Judges a VQ-VAE as a tokenizer: codes and reconstructions beside those of k-means with equally many codes.
final class VqVaeJudge implements Judge {
    private static final int ROWS = 8;
    private static final int CELL = 96;

    @Override
    public Verdict judge(Trained run, Judging how, Workplace place) throws IOException {
        Recipe recipe = run.recipe();
        ImageSet all = place.streamed(recipe.data(), recipe.seed(), Split.TRAIN);
        ImageSet train = how.limited(all);
        ImageSet test = place.streamed(recipe.data(), recipe.seed(), Split.TEST);
        var departures = departures(run, all, how.limitTrain());
        try (Tokenizer trained = VqVaeTokenizer.open(run, place.device())) {
            place.progress().expect(2);
            Tokenizer kmeans = kmeans(recipe, train, place.progress());
            var found = VqVaeEvaluation.evaluate(trained, kmeans, test, departures, place.progress());
            var facts = run.facts(Map.of("images", test.size() + " to judge, "
                    + (recipe.data().generated() ? "generated scenes" : recipe.data().dir())), place.device());
            facts.putAll(found.facts());
            Sheet sheet = sheet("VQ-VAE, " + run.name(), trained, kmeans, test, how.images());
            return new Verdict(facts, List.of(EvaluationReport.over(test.size(), found.figures())),
                    List.of(new Picture(Verdict.SHEET, sheet::write)));
        }
    }

    /// What is judged otherwise than a tokenizer is accepted by: the settings of its recipe's images, the very images
    /// that it learnt from, and k-means on all of them. Where they lie and are packed makes no difference.
    ///
    /// @param train all training images
    private static List<String> departures(Trained run, ImageSet train, int limitTrain) {
        var departures = new ArrayList<String>();
        if (limitTrain > 0) {
            departures.add("judged beside k-means on --limit-train " + limitTrain + " images, expected all");
        }
        var own = run.own().data();
        var d = run.recipe().data();
        if (!own.equals(d.lying(own.dir(), own.cache()))) {
            departures.add("judged on other images than its recipe's, expected no data.KEY=VALUE but data.dir and "
                    + "data.cache");
            return departures;
        }
        String learnt = run.sources().get(VqVaeTask.IMAGES);
        if (learnt == null) {
            if (!Objects.equals(own.dir(), d.dir())) {
                departures.add("judged on images of " + d.dir() + ", and its checkpoint, of an older program, does not "
                        + "say whether it learnt from them; expected those of " + own.dir());
            }
            return departures;
        }
        String found = CodeMaker.sha256(train);
        if (!found.equals(learnt)) {
            departures.add("judged on other images than it learnt from: the training images of "
                    + (d.generated() ? "these scenes" : d.dir()) + " have SHA-256 " + found + ", expected " + learnt);
        }
        return departures;
    }

    private static Tokenizer kmeans(Recipe recipe, ImageSet train, EvaluationProgress progress) {
        var v = VqVaeSection.of(recipe);
        var k = new KmeansSection(v.codes(), v.patch());
        var sample = PatchSample.draw(train, v.patch(), k.samples(), recipe.seed());
        if (sample.rows() < v.codes()) {
            throw new InputException("the " + train.size() + " training images give " + sample.rows() + " patches; "
                    + "expected at least the " + v.codes() + " codes, for k-means beside the VQ-VAE. Raise "
                    + "--limit-train or data.train-images.");
        }
        var kmeans = new KMeans(v.codes(), k.batch(), k.passes(), k.settling());
        progress.begin("k-means with as many codes, passes", kmeans.rounds());
        return new PatchCodebook(kmeans.fit(sample.patches(), sample.rows(), sample.width(), recipe.seed(),
                () -> progress.did(1)), recipe.data().side());
    }

    private static Sheet sheet(String title, Tokenizer trained, Tokenizer kmeans, ImageSet test, boolean images) {
        int count = Math.min(ROWS, test.size());
        int[] indices = Subset.strided(test.size(), count);
        int side = test.side();
        int length = 3 * side * side;
        float[] pixels = new float[count * length];
        test.images(indices, pixels, 0);
        var columns = new ArrayList<float[]>();
        var captions = new ArrayList<String>();
        if (images) {
            columns.add(pixels);
            captions.add("image");
        }
        columns.add(through(trained, pixels, count));
        captions.add("VQ-VAE");
        columns.add(through(kmeans, pixels, count));
        captions.add("k-means");
        var rows = new ArrayList<Sheet.Row>();
        for (int i = 0; i < count; i++) {
            var cells = new ArrayList<Cell>();
            for (float[] column : columns) {
                cells.add(Cell.image(column, i * length, side, side));
            }
            rows.add(new Sheet.Row(test.className(indices[i]), cells));
        }
        return new Sheet(title, captions, rows, "Images that training never saw, encoded to codes and decoded.", CELL);
    }

    private static float[] through(Tokenizer tokenizer, float[] pixels, int count) {
        int[] codes = new int[count * tokenizer.positions()];
        tokenizer.encode(pixels, count, codes);
        float[] decoded = new float[pixels.length];
        tokenizer.decode(codes, count, decoded);
        return decoded;
    }
}
