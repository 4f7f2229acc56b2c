package dev.triptych.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.io.Json;
import dev.triptych.io.Safetensors;
import dev.triptych.methods.Methods;
import dev.triptych.stellar.StellarSection;
import dev.triptych.tokenizer.PatchCodebook;
import dev.triptych.tokens.DecoderSection;
import dev.triptych.tokens.DecoderTargets;
import dev.triptych.train.MetricsLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// STELLAR whose decoder predicts the codes of a frozen tokenizer, from the command line.
class StellarCodesTest {
    @TempDir
    private Path folder;
    private Path book;

    @BeforeEach
    void fit() throws IOException {
        book = folder.resolve("book.safetensors");
        save(1);
    }

    private String save(long seed) throws IOException {
        PatchCodebook made = DecoderTargets
                .codebook(Methods.RECIPES.load("stellar-micro-codes", List.of("seed=" + seed)).recipe());
        made.save(book, Map.of());
        return made.sha256();
    }

    private Cli train(Path out, Object... more) {
        var words = new ArrayList<Object>(List.of("train", "--recipe", "stellar-micro-codes", "--quiet", "--out", out,
                "decoder.tokenizer=" + book));
        words.addAll(Cli.SMALL);
        words = Cli.with(words, more);
        return Cli.run(words.toArray());
    }

    private static Cli done(Cli cli) {
        assertEquals(0, cli.code(), cli::all);
        return cli;
    }

    private static void refused(Cli cli, Object... parts) {
        assertEquals(2, cli.code(), cli::all);
        for (Object part : parts) {
            assertTrue(cli.err().contains(part.toString()), () -> "'" + part + "' in " + cli.all());
        }
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> figure(Path run, String name) throws IOException {
        var figures = (List<Map<String, Object>>) Json.read(Files.readString(run.resolve("eval.json"))).get("figures");
        return figures.stream().filter(f -> f.get("what").equals(name)).findFirst().orElseThrow();
    }

    @Test
    void codesAreLearntAndJudged() throws IOException {
        done(Cli.run("tokenize", "--tokenizer", "kmeans", "data.side=16", "data.train-images=32", "data.test-images=8",
                "data.cache=" + folder.resolve("packed"), "kmeans.codes=32", "kmeans.samples=512", "--save", book,
                "--force", "out=" + folder.resolve("x.codes")));
        Path run = folder.resolve("run");
        done(train(run, "training.stages.1.epochs=60", "training.log-every=10", "training.checkpoint-every=60",
                "stellar.weights.reconstruction=1"));
        var last = MetricsLog.read(run.resolve("metrics.jsonl")).stream()
                .filter(line -> line.get("kind").equals("train")).toList().getLast();
        double accuracy = (Double) last.get("code accuracy");
        double commonest = (Double) last.get("commonest code");
        assertTrue(accuracy > 1.5 * commonest, last::toString);
        String hash = PatchCodebook.load(book).sha256();
        assertEquals(Map.of("tokenizer", hash),
                Json.read(Files.readString(run.resolve("provenance.json"))).get("sources"));

        Cli eval = done(Cli.run("eval", "--run", run, "--no-pixels"));
        assertTrue(eval.out().contains("k-means, 32 codes, patches of 4 px"), eval::all);
        var judged = figure(run, "code accuracy");
        assertTrue((Double) judged.get("value") > 0 && (Double) judged.get("value") <= 100, judged::toString);
        assertTrue(((Map<?, ?>) judged.get("baselines")).containsKey("commonest code"), judged::toString);
        var psnr = figure(run, "PSNR of the reconstruction");
        double ceiling = (Double) ((Map<?, ?>) psnr.get("baselines")).get("tokenizer");
        assertTrue((Double) psnr.get("value") < ceiling, psnr::toString);
        assertTrue(Files.size(run.resolve("sheet.png")) > 500);
    }

    @Test
    void theWeightIsTheAuthorsWhateverIsReconstructed() {
        assertEquals(0.05, weight("stellar-micro-codes"));
        assertEquals(0.05, weight("stellar-cifar-codes"));
        assertEquals(10, weight("stellar-micro"));
        assertEquals(3, weight("stellar-cifar-codes", "stellar.weights.reconstruction=3"));
    }

    private static double weight(String name, String... overrides) {
        var recipe = Methods.RECIPES.load(name, List.of(overrides)).recipe();
        return StellarSection.of(recipe).weights().reconstruction(DecoderSection.of(recipe));
    }

    @Test
    void anotherTokenizerIsRefused() throws IOException {
        Path run = folder.resolve("run");
        done(train(run, "--stop-after", 3));
        List<String> before = Cli.files(run);
        String other = save(2);
        Path newest = run.resolve("checkpoints/step-00000003.safetensors");
        refused(Cli.run("train", "--resume", run, "--quiet"), newest, "tokenizer of SHA-256", other, "Restore the");
        refused(Cli.run("eval", "--run", run, "--quiet"), newest, other, "Restore the tokenizer at " + book);
        Files.delete(book);
        refused(Cli.run("train", "--resume", run, "--quiet"), book, "no such file");
        assertEquals(before, Cli.files(run), "nothing is written");
    }

    @Test
    void bothHostDevicesTrainAlike() throws IOException {
        Path plain = folder.resolve("plain");
        Path vector = folder.resolve("vector");
        done(train(plain, "--device", "plain", "--stop-after", 3));
        done(train(vector, "--stop-after", 3));
        String last = "checkpoints/step-00000003.safetensors";
        var a = Safetensors.read(plain.resolve(last));
        var b = Safetensors.read(vector.resolve(last));
        for (String name : a.names()) {
            if (!name.equals("adam_steps")) {
                assertArrayEquals(a.floats(name), b.floats(name), 2e-4f, name);
            }
        }
    }

    @Test
    void aVqVaeServesAsWell() throws IOException {
        Path vqvae = folder.resolve("vqvae");
        done(Cli.run("train", "--recipe", "vqvae-micro", "--quiet", "--out", vqvae));
        Path run = folder.resolve("run");
        done(train(run, "decoder.tokenizer=" + vqvae));
        Cli eval = done(Cli.run("eval", "--run", run, "--no-pixels", "--quiet"));
        assertTrue(eval.out().contains("VQ-VAE, 32 codes of 8 numbers"), eval::all);
        Cli bench = done(Cli.run("bench", "step", "--recipe", "stellar-micro-codes", "decoder.tokenizer=" + vqvae,
                "training.batch=4", "data.train-images=8", "--steps", 1, "--warmup", 0));
        assertFalse(bench.err().contains("at random"), bench::all);
        refused(train(folder.resolve("x"), "decoder.tokenizer=" + vqvae, "encoder.patch=8", "stellar.tokens=3"),
                "4 x 4 codes", "2 x 2 patches", "encoder.patch");
        assertFalse(Files.exists(folder.resolve("x")));
    }

    @Test
    void whatDoesNotFitIsRefused() {
        Path run = folder.resolve("run");
        refused(Cli.run("train", "--recipe", "stellar-micro-codes", "--out", run), "decoder.tokenizer is null",
                "32 codes", "triptych tokenize");
        refused(train(run, "decoder.codes=64"), "has 32 codes; expected the recipe's 64", "decoder.codes=32");
        refused(train(run, "decoder.codes=1"), "decoder.codes", "0 for pixels");
        refused(train(run, "decoder.codes=0"), "decoder.tokenizer", "decoder.codes is 0");
        refused(train(run, "decoder.tokenizer=" + folder), "has no recipe.yaml");
        assertFalse(Files.exists(run));
    }
}
