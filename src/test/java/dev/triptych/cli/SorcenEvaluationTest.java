package dev.triptych.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.io.Json;
import dev.triptych.tokenizer.PatchCodebook;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `eval` of a Sorcen run, from scenes to tables.
class SorcenEvaluationTest {
    private static final List<String> SCENES = List.of("data.train-images=96", "data.test-images=48");

    @TempDir
    private Path folder;
    private Path train;
    private Path run;

    @BeforeEach
    void prepare() {
        train = folder.resolve("train.codes");
        run = folder.resolve("run");
        ok(tokenize("kmeans", "train", "train.codes", "kmeans.codes=32", "kmeans.samples=1000"));
        ok(tokenize(folder.resolve("train.tokenizer.safetensors"), "test", "test.codes"));
        ok(Cli.run("train", "--recipe", "sorcen-micro", "--quiet", "--out", run, "--stop-after", 3,
                "sorcen.codes=" + train));
    }

    private Cli tokenize(Object tokenizer, String split, String out, String... more) {
        List<Object> words = new ArrayList<>(List.of("tokenize", "--quiet", "--tokenizer", tokenizer, "--split", split,
                "data.side=16", "data.cache=" + folder.resolve("packed"), "out=" + folder.resolve(out)));
        words.addAll(SCENES);
        words = Cli.with(words, more);
        return Cli.run(words.toArray());
    }

    private Cli eval(Object... more) {
        List<Object> words = new ArrayList<>(List.of("eval", "--run", run));
        words = Cli.with(words, more);
        return Cli.run(words.toArray());
    }

    private static Cli ok(Cli cli) {
        assertEquals(0, cli.code(), cli::all);
        return cli;
    }

    private static void refused(Cli cli, String... parts) {
        assertEquals(2, cli.code(), cli::all);
        for (String part : parts) {
            assertTrue(cli.err().contains(part), () -> "'" + part + "' in " + cli.all());
        }
    }

    private static Map<String, Map<?, ?>> figures(Path file) throws IOException {
        var figures = new java.util.LinkedHashMap<String, Map<?, ?>>();
        for (Object figure : (List<?>) Json.read(Files.readString(file)).get("figures")) {
            figures.put(((Map<?, ?>) figure).get("what").toString(), (Map<?, ?>) figure);
        }
        return figures;
    }

    @Test
    void everyFigureIsFinite() throws IOException {
        var words = new ArrayList<Object>(List.of("--samples", 24, "--iterations", 4, "--transfer-train", train,
                "--transfer-test", folder.resolve("test.codes")));
        words.addAll(SCENES);
        Cli cli = ok(eval(words.toArray()));
        assertTrue(cli.out().contains("one-hot codes") && cli.out().contains("tokenised online"), cli::all);
        StageLines.requireText(cli);
        var figures = figures(run.resolve("eval.json"));
        for (String name : List.of("kNN", "linear probe", "1 label of a class", "1 label of a class, deviation",
                "transfer: kNN", "transfer: linear probe", "masked codes", "masked codes / commonest",
                "divergence of unigrams",
                "divergence of horizontal bigrams", "divergence of vertical bigrams",
                "distance to the nearest training image", "the same, closest 1%", "Fréchet distance to test images",
                "Fréchet distance to decoded test images", "entropy of predicted labels",
                "accuracy of the classifier on test images", "training, images per second",
                "training, CPU time of an epoch")) {
            assertTrue(figures.containsKey(name), () -> name + " in " + figures.keySet());
        }
        figures.forEach((name, figure) -> {
            assertTrue(figure.get("value") instanceof Number, () -> name + ": " + figure);
            ((Map<?, ?>) figure.get("baselines")).forEach((baseline, value) -> assertTrue(value instanceof Number,
                    () -> name + ", " + baseline + ": " + value));
        });
        assertTrue(Files.size(run.resolve("sheet.png")) > 1000);
        assertTrue(Files.readString(run.resolve("report.html")).contains("divergence of vertical bigrams"));
        Path classifier = folder.resolve("train.classifier.safetensors");
        byte[] kept = Files.readAllBytes(classifier);
        Path other = folder.resolve("other");
        words.addAll(List.of("--no-timing", "--hide-images", "--out", other, "--json"));
        Cli again = ok(eval(words.toArray()));
        assertTrue(Json.read(again.out().strip()).containsKey("figures"), again::all);
        StageLines.requireJson(again);
        assertTrue(java.util.Arrays.equals(kept, Files.readAllBytes(classifier)));
        var second = figures(other.resolve("eval.json"));
        Set<String> timed = new HashSet<>(figures.keySet());
        timed.removeAll(second.keySet());
        assertEquals(Set.of("training, images per second", "training, CPU time of an epoch"), timed);
        second.forEach((name, figure) -> assertEquals(figures.get(name), figure, "the same bits again"));
    }

    @Test
    void withoutImagesOnlyCodesAreJudged() throws IOException {
        Cli cli = ok(eval("--samples", 8, "--iterations", 2));
        StageLines.requireText(cli);
        assertTrue(cli.err().contains("No images are given (data=DIR)"), cli::all);
        var figures = figures(run.resolve("eval.json"));
        assertTrue(figures.containsKey("divergence of unigrams"), figures::toString);
        assertFalse(figures.containsKey("entropy of predicted labels"), figures::toString);
        assertFalse(Files.exists(folder.resolve("train.classifier.safetensors")));
        StageLines.requireJson(ok(eval("--samples", 0, "--limit-train", 40, "--out", folder.resolve("none"),
                "--json")));
        assertFalse(Files.exists(folder.resolve("none").resolve("sheet.png")));
        assertTrue(Files.exists(run.resolve("sheet.png")));
        Cli without = ok(eval("--samples", 0, "--limit-train", 40, "--out", run));
        assertTrue(without.err().contains("Deleted: " + run.resolve("sheet.png")), without::all);
        assertFalse(Files.exists(run.resolve("sheet.png")), "beside figures that are not its own");
        assertFalse(figures(folder.resolve("none").resolve("eval.json")).containsKey("divergence of unigrams"));
    }

    /// A codebook's patches can be laid over images of any side: what counts is the side of the codes.
    @Test
    void aCodebookThatWasSavedAtAnotherSideDecodesAsWell() throws IOException {
        Path book = folder.resolve("train.tokenizer.safetensors");
        byte[] evaluated = null;
        byte[] generated = null;
        for (int side : new int[]{16, 32, 8}) {
            PatchCodebook.load(book).forSide(side).save(book, Map.of());
            ok(eval("--samples", 8, "--iterations", 2, "--no-timing"));
            ok(Cli.run("generate", "--run", run, "n=5", "iterations=2"));
            byte[] sheet = Files.readAllBytes(run.resolve("sheet.png"));
            byte[] images = Files.readAllBytes(run.resolve("generated.png"));
            if (side == 16) {
                evaluated = sheet;
                generated = images;
            }
            assertArrayEquals(evaluated, sheet, "saved at " + side);
            assertArrayEquals(generated, images, "saved at " + side);
        }
    }

    @Test
    void whatDoesNotFitIsRefused() throws IOException {
        refused(eval("--no-pixels"), "--no-pixels goes with a run of stellar or bits", "sorcen");
        refused(eval("--samples", -1), "--samples is -1", "0 to ");
        refused(eval("--iterations", 0), "--iterations is 0", "1 to 1000");
        refused(eval("--temperature", -2), "--temperature is -2.0");
        refused(eval("--test-codes", folder.resolve("no.codes")), "no.codes", "--split test");
        refused(eval("--tokenizer", folder.resolve("no.safetensors")), "no.safetensors");
        refused(eval("--transfer-train", train), "--transfer-test", "together");
        refused(eval("--limit-train", 10), "10 training images", "20");
        refused(eval("--limit-train", 97), "--limit-train is 97", "96 images");
        refused(eval("data.train-images=95", "data.test-images=48"), "95 train images", "train.codes", "SHA-256");
        ok(tokenize("kmeans", "train", "other.codes", "kmeans.codes=32", "kmeans.samples=900", "seed=2"));
        Path other = folder.resolve("other.codes");
        refused(eval("--transfer-train", other, "--transfer-test", other), "other.codes", "Tokenise both");
        refused(eval("--tokenizer", folder.resolve("other.tokenizer.safetensors")), "SHA-256", "train.codes");
        Path otherTest = folder.resolve("other-test.codes");
        ok(tokenize(folder.resolve("other.tokenizer.safetensors").toString(), "test", "other-test.codes"));
        refused(eval("--codes", other, "--test-codes", otherTest), "was trained with tokenizer", "--codes");
        refused(eval("--test-codes", train), "--test-codes", "the very images");
        refused(eval("--transfer-train", train, "--transfer-test", train), "--transfer-test", "the very images");
        Files.writeString(folder.resolve("train.classifier.safetensors"), "nothing of the kind");
        Cli early = eval("--samples", 2, "data.train-images=96", "data.test-images=48");
        refused(early, "train.classifier.safetensors");
        assertFalse(early.all().contains("evaluating "), early::all);
        Path stellar = folder.resolve("stellar");
        ok(Cli.train(stellar, "--stop-after", 1));
        refused(Cli.run("eval", "--run", stellar, "--samples", 3), "--samples goes with a run of sorcen", "stellar");
    }
}
