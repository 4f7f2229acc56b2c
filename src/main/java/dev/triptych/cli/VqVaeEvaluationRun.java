package dev.triptych.cli;

import dev.triptych.data.codes.CodeMaker;
import dev.triptych.data.codes.PatchSample;
import dev.triptych.data.set.ImageSet;
import dev.triptych.data.set.Split;
import dev.triptych.data.set.Subset;
import dev.triptych.device.Device;
import dev.triptych.io.Json;
import dev.triptych.method.EvaluationProgress;
import dev.triptych.methods.SavedTokenizer;
import dev.triptych.recipe.DataSection;
import dev.triptych.recipe.KmeansSection;
import dev.triptych.recipe.Recipe;
import dev.triptych.sheet.Cell;
import dev.triptych.sheet.Sheet;
import dev.triptych.tokenizer.KMeans;
import dev.triptych.tokenizer.PatchCodebook;
import dev.triptych.tokenizer.Tokenizer;
import dev.triptych.train.Checkpoint;
import dev.triptych.train.RunFolder;
import dev.triptych.vqvae.VqVaeEvaluation;
import dev.triptych.vqvae.VqVaePrograms;
import dev.triptych.vqvae.VqVaeTask;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;

/// The evaluation of a VQ-VAE from the command line: codes and reconstructions beside those of k-means with equally
/// many codes, the verdict, the sheet.
///
/// @param terminal where it speaks
/// @param run folder of the run
/// @param checkpoint of the run
/// @param recipe of the run, possibly with other images
record VqVaeEvaluationRun(Terminal terminal, RunFolder run, Path checkpoint, Recipe recipe) {
    private static final int ROWS = 8;
    private static final int CELL = 96;

    /// Evaluates, prints the report, and writes `eval.json` and `sheet.png` into a folder.
    ///
    /// @param limitTrain training images that k-means learns from; 0 for all
    /// @param images whether the sheet shows the pictures themselves
    void evaluate(int limitTrain, boolean images, Device device, Path folder) throws IOException {
        ImageSet all = Images.streamed(recipe.data(), recipe.seed(), Split.TRAIN, terminal);
        ImageSet train = Images.limit(all, limitTrain, "--limit-train");
        ImageSet test = Images.streamed(recipe.data(), recipe.seed(), Split.TEST, terminal);
        var departures = departures(all, limitTrain);
        try (var progress = new Evaluating(terminal);
                Tokenizer trained = SavedTokenizer.open(new VqVaePrograms(recipe), checkpoint, device)) {
            progress.expect(2);
            Tokenizer kmeans = kmeans(train, progress);
            var facts = new LinkedHashMap<String, String>();
            facts.put("run", run.path().toString());
            facts.put("checkpoint", checkpoint.getFileName() + ", step " + Checkpoint.position(checkpoint).step());
            facts.put("images", test.size() + " to judge, "
                    + (recipe.data().generated() ? "generated scenes" : recipe.data().dir()));
            facts.put("training", Runs.cost(run));
            var verdict = VqVaeEvaluation.evaluate(trained, kmeans, test, facts, departures, progress);
            progress.end();
            terminal.print("");
            terminal.print(verdict.report().text().stripTrailing());
            terminal.print("");
            Path json = folder.resolve("eval.json");
            Path sheet = folder.resolve("sheet.png");
            verdict.report().write(json);
            terminal.result(Json.read(Files.readString(json)));
            sheet(trained, kmeans, test, images).write(sheet).ifPresent(terminal::remark);
            terminal.print("Report: " + json);
            terminal.print("Sheet:  " + sheet);
            Runs.page(run, terminal);
        }
    }

    /// What is judged otherwise than a tokenizer is accepted by: the settings of its recipe's images, the very images
    /// that it learnt from, and k-means on all of them. Where they lie and are packed makes no difference.
    ///
    /// @param train all training images
    private List<String> departures(ImageSet train, int limitTrain) throws IOException {
        var departures = new ArrayList<String>();
        if (limitTrain > 0) {
            departures.add("judged beside k-means on --limit-train " + limitTrain + " images, expected all");
        }
        var own = run.recipe().data();
        var d = recipe.data();
        if (!own.equals(
                new DataSection(own.dir(), d.side(), d.trainImages(), d.testImages(), d.skipBad(), d.maxPixels(),
                        own.cache()))) {
            departures.add("judged on other images than its recipe's, expected no data.KEY=VALUE but data.dir and "
                    + "data.cache");
            return departures;
        }
        String learnt = Checkpoint.position(checkpoint).sources().get(VqVaeTask.IMAGES);
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

    private Tokenizer kmeans(ImageSet train, EvaluationProgress progress) {
        var v = recipe.vqvae();
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

    private Sheet sheet(Tokenizer trained, Tokenizer kmeans, ImageSet test, boolean images) {
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
            rows.add(new Sheet.Row(test.classes().get(test.label(indices[i])), cells));
        }
        return new Sheet("VQ-VAE, " + run.path().toAbsolutePath().normalize().getFileName(), captions, rows,
                "Images that training never saw, encoded to codes and decoded.", CELL);
    }

    private static float[] through(Tokenizer tokenizer, float[] pixels, int count) {
        int[] codes = new int[count * tokenizer.positions()];
        tokenizer.encode(pixels, count, codes);
        float[] decoded = new float[pixels.length];
        tokenizer.decode(codes, count, decoded);
        return decoded;
    }
}
