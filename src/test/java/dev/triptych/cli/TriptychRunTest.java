package dev.triptych.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.io.Json;
import dev.triptych.io.Safetensors;
import dev.triptych.methods.Methods;
import dev.triptych.tokens.DecoderTargets;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Triptych from the command line: trained, gone on with, judged, generated from, its tokens edited.
class TriptychRunTest {
    @TempDir
    private Path folder;
    private Path book;

    @BeforeEach
    void fit() throws IOException {
        book = folder.resolve("book.safetensors");
        DecoderTargets.codebook(Methods.RECIPES.load("triptych-micro", List.of()).recipe()).save(book, Map.of());
    }

    private Cli train(Path out, Object... more) {
        var words = new ArrayList<Object>(List.of("train", "--recipe", "triptych-micro", "--quiet", "--out", out,
                "training.batch=8", "data.train-images=32", "data.test-images=24"));
        words = Cli.with(words, more);
        return Cli.run(words.toArray());
    }

    private static Cli done(Cli cli) {
        assertEquals(0, cli.code(), cli::all);
        return cli;
    }

    private static void refused(Cli cli, String... parts) {
        assertEquals(2, cli.code(), cli::all);
        for (String part : parts) {
            assertTrue(cli.err().contains(part), () -> "'" + part + "' in " + cli.all());
        }
    }

    private static Map<String, Map<String, Object>> figures(Path run) throws IOException {
        var figures = (List<?>) Json.read(Files.readString(run.resolve("eval.json"))).get("figures");
        return figures.stream().map(TriptychRunTest::object)
                .collect(Collectors.toMap(f -> (String) f.get("what"), f -> f));
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> object(Object json) {
        return (Map<String, Object>) json;
    }

    private Path picture(String name, int rgb) throws IOException {
        var image = new BufferedImage(24, 20, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < 24 * 20; i++) {
            image.setRGB(i % 24, i / 24, i % 24 < 12 ? rgb : ~rgb);
        }
        Path file = folder.resolve(name);
        ImageIO.write(image, "png", file.toFile());
        return file;
    }

    @Test
    void aRunIsTrainedJudgedGeneratedFromAndEdited() throws IOException {
        Path run = folder.resolve("run");
        done(train(run, "decoder.tokenizer=" + book));
        done(Cli.run("eval", "--run", run, "--no-pixels", "--quiet"));
        var figures = figures(run);
        assertTrue(figures.keySet().containsAll(Set.of("kNN on mean of S", "object mIoU of arg-max L",
                "mAP, Hamming, 16 bits of CLS", "mAP, Hamming, 16 bits of each token", "bit entropy of tokens",
                "I(slot; bit)", "I(slot; message)", "accuracy on dropped cells", "code accuracy")),
                () -> figures.keySet().toString());
        double slot = (Double) figures.get("I(slot; message)").get("value");
        assertTrue(slot >= 0 && slot <= Math.log(3) / Math.log(2) + 1e-9, () -> "" + slot);
        var rate = figures.get("PSNR from 48 bits of S a picture");
        assertTrue(figures.containsKey("PSNR from 12 bits of S a picture"), () -> figures.keySet().toString());
        assertEquals((Double) figures.get("PSNR of the reconstruction").get("value"),
                (Double) object(rate.get("baselines")).get("S itself"), 1e-3, "S itself decodes to the reconstruction");
        assertTrue(object(figures.get("accuracy on dropped cells").get("baselines")).containsKey("commonest code"));
        for (String sheet : List.of("sheet.png", "retrieval.png", "objects.png", "report.html")) {
            assertTrue(Files.size(run.resolve(sheet)) > 500, sheet);
        }

        done(Cli.run("generate", "--run", run, "n=5", "iterations=4", "--quiet"));
        byte[] first = Files.readAllBytes(run.resolve("generated.png"));
        done(Cli.run("generate", "--run", run, "n=5", "iterations=4", "--quiet", "--out", "again"));
        assertArrayEquals(first, Files.readAllBytes(run.resolve("again.png")), "a function of weights and seed");
        refused(Cli.run("generate", "--run", run, "--tokenizer", book, "--quiet"), "decoder.tokenizer");

        Path a = picture("a.png", 0xff2000);
        Path b = picture("b.png", 0x0020ff);
        Cli half = done(Cli.run("generate", "--run", run, "n=2", "iterations=3", "from=" + a, "mask=0.5,0,0.5,1",
                "--quiet", "--out", "half"));
        assertTrue(half.out().contains("2 pictures of 16 codes"), half::all);
        refused(Cli.run("generate", "--run", run, "from=" + a, "mask=0,0,0.01,0.01"), "the centre of no code of 4 x 4");
        Path out = folder.resolve("tokens");
        Cli tokens = done(Cli.run("tokens", "--run", run, a, b, "--out", out, "--drop", 2, "--swap", "1:b.png:3"));
        assertTrue(tokens.out().contains("edited.png"), tokens::all);
        assertTrue(Files.size(out.resolve("edited.png")) > 500);
        assertArrayEquals(new int[]{2, 3, 32}, Safetensors.read(out.resolve("tokens.safetensors")).shape("sparse"));
        refused(Cli.run("tokens", "--run", run, a, "--swap", "1:b.png:3"), "b.png", "Give it among the pictures");
        refused(Cli.run("tokens", "--run", run, a, "--drop", 4), "--drop names token 4", "1 to 3");
        refused(Cli.run("tokens", "--run", run, a, "--swap", "1-b.png"), "TOKEN:PICTURE:TOKEN");
    }

    @Test
    void aRunThatWasStoppedGoesOnAsIfItHadNot() throws IOException {
        Path whole = folder.resolve("whole");
        Path parts = folder.resolve("parts");
        done(train(whole, "decoder.tokenizer=" + book, "triptych.reset-every=1"));
        done(train(parts, "decoder.tokenizer=" + book, "triptych.reset-every=1", "--stop-after", 3));
        done(Cli.run("train", "--resume", parts, "--quiet"));
        String newest = "checkpoints/step-00000008.safetensors";
        var a = Safetensors.read(whole.resolve(newest));
        var b = Safetensors.read(parts.resolve(newest));
        assertEquals(a.names(), b.names());
        for (String name : a.names()) {
            assertArrayEquals(a.floats(name), b.floats(name), name);
        }
        assertTrue(a.names().stream().anyMatch(n -> n.endsWith("codebook")), "what echoes are painted with is kept");
    }

    @Test
    void aTokenizerMayMoveAndNotChange() throws IOException {
        Path run = folder.resolve("run");
        done(train(run, "decoder.tokenizer=" + book, "--stop-after", 2));
        Path moved = Files.move(book, folder.resolve("moved.safetensors"));
        Path recipe = run.resolve("recipe.yaml");
        Files.writeString(recipe, Files.readString(recipe).replace(book.toString(), moved.toString()));
        done(Cli.run("train", "--resume", run, "--quiet", "--stop-after", 1));
        DecoderTargets.codebook(Methods.RECIPES.load("triptych-micro", List.of("seed=2")).recipe()).save(moved,
                Map.of());
        List<String> before = Cli.files(run);
        refused(Cli.run("train", "--resume", run, "--quiet"), "tokenizer of SHA-256", "Restore the tokenizer");
        assertEquals(before, Cli.files(run), "nothing is written");
    }

    @Test
    void whatCannotBeDoneIsRefusedBeforeAnythingIsWritten() throws IOException {
        Path run = folder.resolve("run");
        refused(train(run), "decoder.tokenizer is null", "triptych.weights.reconstruction=0");
        assertFalse(Files.exists(run));
        done(train(run, "decoder.codes=0", "triptych.weights.masked=0", "triptych.weights.contrast=0",
                "triptych.weights.uniformity=0"));
        refused(Cli.run("generate", "--run", run, "--quiet"), "predicts no dropped cells");
        refused(Cli.run("eval", "--run", run, "--no-pixels", "--quiet", "--generated", 10),
                "predicts no dropped cells");
        refused(Cli.run("eval", "--run", run, "--quiet", "--generated", 1), "--generated is 1", "2 to 1000000");
        done(Cli.run("eval", "--run", run, "--no-pixels", "--quiet"));
        assertFalse(figures(run).containsKey("accuracy on dropped cells"));
    }
}
