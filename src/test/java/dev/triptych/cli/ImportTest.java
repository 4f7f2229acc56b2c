package dev.triptych.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.io.Safetensors;
import dev.triptych.methods.Methods;
import dev.triptych.stellar.ReleasedModel;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `import` at the size of the release, and what follows from it; bad files.
class ImportTest {
    private static final List<String> SMALL = List.of("data.side=16", "encoder.patch=4", "encoder.width=16",
            "encoder.depth=2", "encoder.heads=2", "encoder.mlp-ratio=2", "stellar.tokens=4", "stellar.prototypes=12",
            "stellar.predictor-hidden=20", "stellar.prototype-dim=8", "stellar.local-side=8", "augment.blur-kernel=3",
            "decoder.width=24", "decoder.depth=2", "decoder.heads=3", "decoder.mlp-ratio=2", "decoder.codes=10",
            "training.batch=8", "stellar.masked-views=2", "stellar.local-crops=2", "data.train-images=32",
            "data.test-images=8");

    @TempDir
    private Path folder;

    private Cli imported(Path file, Path run, Object... more) {
        return Cli.run(java.util.stream.Stream.of(List.of("import", "--from", file, "--as", "stellar-b16", "--out",
                run), SMALL, List.of(more)).flatMap(List::stream).toArray());
    }

    private Path released() throws IOException {
        Path file = folder.resolve("released.safetensors");
        new ReleasedModel(16, 4, 16, 2, 32, 4, 24, 2, 48, 10, 12, 20, 8).write(file, 5);
        return file;
    }

    private Path picture(String name, int width, int height) throws IOException {
        var image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < width * height; i++) {
            image.setRGB(i % width, i / width, i * 7919 & 0xFFFFFF);
        }
        Path file = folder.resolve(name);
        ImageIO.write(image, "png", file.toFile());
        return file;
    }

    @Test
    void theReleasedSizeInLittleMemory() throws Exception {
        Path file = folder.resolve("stellar-b16.safetensors");
        Path run = folder.resolve("run");
        ReleasedModel.b16().write(file, 2);
        Cli small = Fork.run(List.of("-Xmx128m"), "import", "--from", file, "--as", "stellar-b16", "--out", run);
        assertEquals(0, small.code(), small::all);
        var recipe = Methods.RECIPES.load("stellar-b16", List.of()).recipe();
        String parameters = String.format(Locale.ROOT, "%,d parameters",
                Methods.ALL.of(recipe).programs(recipe).state().parameterCount());
        assertTrue(small.out().contains(parameters), small::all);
        Files.delete(file);
        Cli tokens = Cli.run("tokens", "--run", run, picture("wide.png", 300, 230));
        assertEquals(0, tokens.code(), tokens::all);
        var numbers = Safetensors.read(run.resolve("tokens/tokens.safetensors"));
        assertArrayEquals(new int[]{1, 16, 768}, numbers.shape("sparse"));
        assertArrayEquals(new int[]{1, 196, 16}, numbers.shape("localization"));
        float[] l = numbers.floats("localization");
        for (int i = 0; i < 196; i++) {
            double sum = 0;
            for (int k = 0; k < 16; k++) {
                sum += l[i * 16 + k];
            }
            assertEquals(1, sum, 1e-4, "row " + i + " of L");
        }
    }

    @Test
    void aRunOfThemIsEvaluatedAndTrainedFurther() throws IOException {
        Path run = folder.resolve("run");
        Cli made = imported(released(), run, "--json");
        assertEquals(0, made.code(), made::all);
        assertTrue(made.out().contains("\"tensors\":92") && made.out().contains("pooler"), made::all);
        Cli eval = Cli.run("eval", "--run", run, "--no-pixels", "--quiet");
        assertEquals(0, eval.code(), eval::all);
        assertTrue(eval.out().contains("kNN on mean of S") && !eval.out().contains("PSNR"), eval::all);
        Path tuned = folder.resolve("tuned");
        Cli refused = train(tuned, run);
        assertEquals(2, refused.code(), refused::all);
        assertTrue(refused.err().contains("tokenizer") && !Files.exists(tuned), refused::all);
        Cli trained = train(tuned, run, "stellar.weights.reconstruction=0");
        assertEquals(0, trained.code(), trained::all);
        var before = Safetensors.read(run.resolve("checkpoints/step-00000000.safetensors"));
        var after = Safetensors.read(tuned.resolve("checkpoints/step-00000001.safetensors"));
        float[] t0 = before.floats("sparse_tokens");
        float[] t1 = after.floats("sparse_tokens");
        for (int i = 0; i < t0.length; i++) {
            assertEquals(t0[i], t1[i], 1e-3f, "one small step from the imported weights");
        }
    }

    private static Cli train(Path out, Path from, Object... more) {
        return Cli.run(java.util.stream.Stream.of(List.of("train", "--recipe", "stellar-b16", "--init-from", from,
                "--out", out, "--quiet", "--stop-after", 1), SMALL, List.of(more)).flatMap(List::stream).toArray());
    }

    private void refused(Path file, String... named) {
        Path run = folder.resolve("run");
        Cli cli = imported(file, run);
        assertEquals(2, cli.code(), cli::all);
        for (String name : named) {
            assertTrue(cli.err().contains(name), () -> "'" + name + "' in " + cli.all());
        }
        assertFalse(cli.err().contains("\tat "), cli::all);
        assertFalse(Files.exists(run), "the run folder");
    }

    @Test
    void filesThatAreNotTheModel() throws IOException {
        refused(folder.resolve("none.safetensors"), "none.safetensors", "no such file");
        refused(folder, folder.toString(), "is a folder");
        Path garbage = folder.resolve("garbage.safetensors");
        Files.write(garbage, new byte[]{1, 2, 3});
        refused(garbage, garbage.toString(), "3 bytes");
        Path whole = released();
        byte[] bytes = Files.readAllBytes(whole);
        Path cut = folder.resolve("cut.safetensors");
        Files.write(cut, java.util.Arrays.copyOf(bytes, bytes.length - 5));
        refused(cut, cut.toString(), "truncated");
        bytes[20] ^= 0x55;
        Files.write(cut, bytes);
        refused(cut, cut.toString());
        Cli other = Cli.run("import", "--from", whole, "--as", "stellar-b16", "--out", folder.resolve("run"));
        assertEquals(2, other.code(), other::all);
        assertTrue(other.err().contains("missing") && other.err().contains("of another shape"), other::all);
        Cli bits = Cli.run("import", "--from", whole, "--as", "bits-micro", "--out", folder.resolve("run"));
        assertTrue(bits.code() == 2 && bits.err().contains("STELLAR"), bits::all);
        Cli unknown = Cli.run("import", "--from", whole, "--as", "stellar-b17");
        assertTrue(unknown.code() == 2 && unknown.err().contains("stellar-b16"), unknown::all);
        Cli taken = imported(whole, folder);
        assertTrue(taken.code() == 2 && taken.err().contains("not empty"), taken::all);
    }
}
