package dev.triptych.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.data.codes.CodeHeader;
import dev.triptych.data.codes.CodeSet;
import dev.triptych.data.codes.CodeWriter;
import dev.triptych.data.file.ImageDecoder;
import dev.triptych.data.set.DataSource;
import dev.triptych.data.set.ImageSets;
import dev.triptych.data.source.Split;
import dev.triptych.device.plain.PlainDevice;
import dev.triptych.io.Dtype;
import dev.triptych.io.Json;
import dev.triptych.io.Safetensors;
import dev.triptych.io.TensorEntry;
import dev.triptych.methods.Methods;
import dev.triptych.train.Checkpoint;
import dev.triptych.train.MetricsLog;
import dev.triptych.train.TokenizerFiles;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A VQ-VAE is trained, judged, and used as a tokenizer.
class VqVaeRunTest {
    private static final int TRAIN = 64;
    private static final int STEPS = 20;

    @TempDir
    private Path folder;

    private static Cli train(Path out, Object... more) {
        var words = new ArrayList<Object>(List.of("train", "--recipe", "vqvae-micro", "--quiet", "--out", out));
        words = Cli.with(words, more);
        return Cli.run(words.toArray());
    }

    private static void done(Cli cli, String... parts) {
        assertEquals(0, cli.code(), cli::all);
        for (String part : parts) {
            assertTrue(cli.out().contains(part), () -> "'" + part + "' in " + cli.all());
        }
    }

    private static void refused(Cli cli, String... parts) {
        assertEquals(2, cli.code(), cli::all);
        for (String part : parts) {
            assertTrue(cli.err().contains(part), () -> "'" + part + "' in " + cli.all());
        }
    }

    private static Path checkpoint(Path run, int step) {
        return run.resolve(String.format("checkpoints/step-%08d.safetensors", step));
    }

    @Test
    void aRunIsTrainedJudgedAndUsed() throws IOException {
        Path run = folder.resolve("run");
        done(train(run));
        List<String> changes = MetricsLog.read(run.resolve("metrics.jsonl")).stream()
                .filter(line -> line.get("kind").equals("change")).map(line -> line.get("text").toString()).toList();
        assertTrue(changes.getFirst().contains("32 codes by k-means on 1024 latents"), changes::toString);
        var last = MetricsLog.read(run.resolve("metrics.jsonl")).stream()
                .filter(line -> line.get("kind").equals("train")).toList().getLast();
        assertEquals((long) STEPS, last.get("step"));
        assertTrue(last.containsKey("commitment") && last.containsKey("code perplexity"), last::toString);

        refused(Cli.run("eval", "--run", run, "--no-pixels"), "--no-pixels goes with", "vqvae");
        done(Cli.run("eval", "--run", run), "accepted as tokenizer", "k-means", "PSNR of decode(encode)", "used codes");
        assertTrue(Files.exists(run.resolve("eval.json")) && Files.exists(run.resolve("sheet.png")));

        String limited = "judged beside k-means on --limit-train 32 images";
        String elsewhere = "judged on other images than its recipe's";
        String own = Files.readString(run.resolve("eval.json"));
        assertFalse(own.contains("judged beside") || own.contains("judged on"), own);
        Path others = folder.resolve("others");
        done(Cli.run("eval", "--run", run, "--out", others, "--limit-train", 32), "no: " + limited);
        done(Cli.run("eval", "--run", run, "--out", others, "data.test-images=8"), "no: " + elsewhere);
        Cli packed = Cli.run("eval", "--run", run, "--out", others, "--json", "data.cache=" + folder.resolve("packed"));
        done(packed);
        StageLines.requireJson(packed);
        assertEquals(verdict(own), verdict(Files.readString(others.resolve("eval.json"))));

        Path out = folder.resolve("vq.codes");
        refused(Cli.run("tokenize", "--tokenizer", run, "out=" + out, "data.train-images=" + TRAIN,
                "data.test-images=32"), run.resolve("eval.json") + " says no: ", "--unaccepted");
        assertFalse(Files.exists(out));
        done(Cli.run("tokenize", "--tokenizer", run, "out=" + out, "data.train-images=" + TRAIN,
                "data.test-images=32", "--unaccepted"), "VQ-VAE, 32 codes of 8 numbers, 4 px each", "64 images");
        theCodesAreThoseOfTheImages(run, out);
        refused(Cli.run("tokenize", "--tokenizer", run, "out=" + folder.resolve("x"), "data.train-images=8",
                "data.test-images=8", "data.side=32", "--unaccepted"), "data.side is 32", "data.side=16");
    }

    /// 64 training images and 8 test images of one class, 16 x 16 pixels.
    private Path images(String name, int seed) throws IOException {
        var random = new SplittableRandom(seed);
        for (int i = 0; i < TRAIN + 8; i++) {
            var image = new BufferedImage(16, 16, BufferedImage.TYPE_INT_RGB);
            int colour = random.nextInt(1 << 24);
            for (int p = 0; p < 256; p++) {
                image.setRGB(p % 16, p / 16, colour ^ (p % 16 * 3 + p / 16 * 5));
            }
            Path file = folder.resolve(name).resolve(i < TRAIN ? "train" : "test").resolve("one/" + i + ".png");
            Files.createDirectories(file.getParent());
            ImageIO.write(image, "png", file.toFile());
        }
        return folder.resolve(name);
    }

    /// The images may have moved since; they may not have changed.
    @Test
    void theVerdictCountsWhereverTheImagesLie() throws IOException {
        Path home = images("home", 1);
        Path run = folder.resolve("run");
        String cache = "data.cache=" + folder.resolve("packed");
        done(train(run, "data=" + home, "data.train-images=0", "data.test-images=0", cache, "--stop-after", 12));
        done(Cli.run("eval", "--run", run));
        Path report = run.resolve("eval.json");
        Object own = verdict(Files.readString(report));
        assertFalse(own.toString().contains("judged"), own::toString);

        Path moved = Files.move(home, folder.resolve("moved"));
        Files.delete(report);
        refused(Cli.run("eval", "--run", run), home.toString());
        Cli there = Cli.run("eval", "--run", run, "data=" + moved);
        done(there);
        assertTrue(there.err().contains("packing the train images: 0 of 64")
                && there.err().contains("packing the test images: 0 of 8"), there::all);
        StageLines.requireText(there);
        Cli again = Cli.run("eval", "--run", run, "data=" + moved, "--json");
        done(again);
        assertFalse(again.err().contains("packing"), again::all);
        StageLines.requireJson(again);
        assertEquals(own, verdict(Files.readString(report)));
        accept(report);
        Path out = folder.resolve("moved.codes");
        done(Cli.run("tokenize", "--tokenizer", run, "data=" + moved, cache, "out=" + out), "64 images");
        assertEquals(CodeSet.open(out).header().imagesSha256(),
                Checkpoint.position(checkpoint(run, 12)).sources().get("images"));

        Path other = images("other", 2);
        done(Cli.run("eval", "--run", run, "data=" + other),
                "no: judged on other images than it learnt from: the training images of " + other);
        refused(Cli.run("train", "--resume", run, "--quiet"), home.toString());
        Files.move(other, home);
        done(Cli.run("eval", "--run", run), "no: judged on other images than it learnt from");
        refused(Cli.run("train", "--resume", run, "--quiet"), "the run learnt from other images",
                "Put them back");
        forget(checkpoint(run, 12));
        done(Cli.run("eval", "--run", run, "data=" + moved), "no: judged on images of " + moved, "older program", ""
                + home);
        Files.delete(home.resolve("train/one/0.png"));
        Files.move(home, folder.resolve("gone"));
        Files.move(moved, home);
        done(Cli.run("eval", "--run", run));
        assertEquals(own, verdict(Files.readString(report)), "as before there was a hash");
    }

    /// Makes a checkpoint one of an older program, which did not write what it learnt from.
    private static void forget(Path file) throws IOException {
        var from = Safetensors.read(file);
        var metadata = new HashMap<>(from.metadata());
        assertTrue(metadata.keySet().removeIf(key -> key.endsWith("source.images")), metadata::toString);
        Safetensors.write(file, metadata, from.names().stream().map(name -> from.dtype(name) == Dtype.I64
                ? TensorEntry.of(name, from.shape(name), from.longs(name))
                : TensorEntry.of(name, from.shape(name), from.floats(name))).toList());
    }

    private static Object verdict(String report) throws IOException {
        return ((Map<?, ?>) Json.read(report).get("facts")).get("accepted as tokenizer");
    }

    /// Only the newest checkpoint's own verdict counts.
    @Test
    void onlyWhatWasAcceptedBecomesATokenizer() throws IOException {
        Path run = folder.resolve("run");
        done(train(run, "--stop-after", 12));
        Path out = folder.resolve("vq.codes");
        Object[] words = {"tokenize", "--tokenizer", run, "out=" + out, "data.train-images=8", "data.test-images=8"};
        refused(Cli.run(words), "has not been judged", "triptych eval --run " + run, "--unaccepted");
        done(Cli.run("eval", "--run", run));
        Path report = run.resolve("eval.json");
        accept(report);
        done(Cli.run(words), "8 images");
        done(Cli.run("train", "--resume", run, "--quiet"));
        Files.delete(out);
        refused(Cli.run(words), report + " judged other parameters", "newest checkpoint");
        Files.writeString(report, "{}");
        refused(Cli.run(words), "judged other parameters (SHA-256 null)");
        assertFalse(Files.exists(out));
    }

    /// Writes another verdict into a report: the smallest VQ-VAE never earns it.
    private static void accept(Path report) throws IOException {
        String text = Files.readString(report);
        String accepted = text.replaceFirst("(\"accepted as tokenizer\" : )\"no: [^\"]*\"", "$1\"yes\"");
        assertFalse(text.equals(accepted), text);
        Files.writeString(report, accepted);
    }

    /// Codes of a VQ-VAE are learnt from and generated like those of k-means.
    @Test
    void itsCodesCarrySorcenFromEndToEnd() throws IOException {
        Path vqvae = folder.resolve("vqvae");
        done(train(vqvae));
        Path codes = folder.resolve("vq.codes");
        done(Cli.run("tokenize", "--tokenizer", vqvae, "out=" + codes, "data.train-images=" + TRAIN,
                "data.test-images=32", "--unaccepted"));
        Path run = folder.resolve("run");
        done(Cli.run("train", "--recipe", "sorcen-micro", "--quiet", "--out", run, "sorcen.codes=" + codes,
                "--stop-after", 3));
        refused(Cli.run("generate", "--run", run, "n=3"), "there is no such file", "VQ-VAE, 32 codes",
                "--tokenizer RUN");
        done(Cli.run("generate", "--run", run, "--tokenizer", vqvae, "n=3", "iterations=3"), "3 grids of 16 codes");
        assertEquals(CodeSet.open(codes).header().tokenizerSha256(),
                CodeSet.open(run.resolve("generated.codes")).header().tokenizerSha256());
        assertTrue(Files.size(run.resolve("generated.png")) > 500);
        Path other = folder.resolve("other");
        done(train(other, "seed=2", "--stop-after", 10));
        refused(Cli.run("generate", "--run", run, "--tokenizer", other, "n=3"), "its codes were made by",
                "Tokenise both with one tokenizer");
        anotherGridIsRefused(run, vqvae, CodeSet.open(codes).header());
    }

    /// A VQ-VAE has one side: codes of another grid are none that it can decode.
    private void anotherGridIsRefused(Path run, Path vqvae, CodeHeader made) throws IOException {
        Path wide = folder.resolve("wide.codes");
        CodeWriter.write(wide, new CodeHeader(8, made.codes(), 1, 2, "train", List.of("a"), made.tokenizer(),
                made.tokenizerSha256(), made.imagesSha256()), i -> 0, new CodeWriter.Source() {
                    @Override
                    public void codes(int first, int count, int[] out) {
                        Arrays.fill(out, 0);
                    }

                    @Override
                    public String imagesSha256() {
                        return made.imagesSha256();
                    }
                });
        Path recipe = run.resolve("recipe.yaml");
        Files.writeString(recipe, Files.readString(recipe).replaceFirst("(?m)^  codes: .*vq.codes.*$", "  codes: "
                + wide));
        refused(Cli.run("generate", "--run", run, "--tokenizer", vqvae, "n=3"), "wide.codes", "its grid is 8",
                "4 x 4 codes an image; expected 8 x 8");
    }

    private static void theCodesAreThoseOfTheImages(Path run, Path out) throws IOException {
        var set = CodeSet.open(out);
        var images = ImageSets.streamed(new DataSource.Generated(1, TRAIN, 32), Split.TRAIN, 16, Path.of("unused"),
                ImageDecoder.standard(), false);
        try (var device = new PlainDevice();
                var tokenizer = TokenizerFiles.open(run, Methods.ALL, device).tokenizer()) {
            set.requireTokenizer(tokenizer.sha256(), run.toString());
            float[] pixels = new float[3 * 3 * 256];
            int[] codes = new int[3 * 16];
            int[] stored = new int[3 * 16];
            images.images(new int[]{0, 5, 63}, pixels, 0);
            tokenizer.encode(pixels, 3, codes);
            set.codes(0, 0, stored, 0);
            set.codes(5, 0, stored, 16);
            set.codes(63, 0, stored, 32);
            int same = 0;
            for (int i = 0; i < codes.length; i++) {
                same += codes[i] == stored[i] ? 1 : 0;
            }
            // another device adds in another order: a latent between two codes may fall to the other one
            assertTrue(same >= 46, "of 48 codes, the same on another device: " + same);
            float[] decoded = new float[pixels.length];
            tokenizer.decode(stored, 3, decoded);
            for (float pixel : decoded) {
                assertTrue(pixel >= 0 && pixel <= 1, "pixel " + pixel);
            }
        }
    }

    @Test
    void aResumedRunEndsWithTheSameBits() throws IOException {
        Path whole = folder.resolve("whole");
        done(train(whole));
        for (int first : new int[]{8, 10}) { // where quantisation begins, and before a look for dead codes
            Path parts = folder.resolve("parts-" + first);
            done(train(parts, "--stop-after", first));
            done(Cli.run("train", "--resume", parts, "--quiet"));
            var expected = Safetensors.read(checkpoint(whole, STEPS));
            var found = Safetensors.read(checkpoint(parts, STEPS));
            assertEquals(expected.names(), found.names());
            assertTrue(found.has("buffer.quantiser.codebook"));
            for (String name : expected.names()) {
                assertArrayEquals(expected.doubles(name), found.doubles(name), 0, name);
            }
        }
    }

    @Test
    void whatIsNoTokenizerIsRefused() throws IOException {
        Path stellar = folder.resolve("stellar");
        done(Cli.train(stellar, "--stop-after", 1));
        Path out = folder.resolve("x.codes");
        refused(Cli.run("tokenize", "--tokenizer", stellar, "out=" + out), "method is stellar", "expected vqvae");
        Path empty = Files.createDirectory(folder.resolve("empty"));
        refused(Cli.run("tokenize", "--tokenizer", empty, "out=" + out), "has no recipe.yaml");
        refused(train(folder.resolve("run"), "vqvae.patch=3"), "vqvae.patch", "a power of two");
        refused(train(folder.resolve("run"), "data.side=18"), "data.side", "vqvae.patch");
        refused(train(folder.resolve("run"), "vqvae.plain-stages=2"), "vqvae.plain-stages", "less than the 2 stages");
        refused(train(folder.resolve("run"), "encoder.width=16"), "encoder", "method stellar or bits");
        assertFalse(Files.exists(out) || Files.exists(folder.resolve("run")));
    }
}
