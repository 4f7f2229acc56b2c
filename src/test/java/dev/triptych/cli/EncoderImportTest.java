package dev.triptych.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.io.Safetensors;
import dev.triptych.io.SafetensorsFile;
import dev.triptych.io.TensorEntry;
import dev.triptych.method.Method;
import dev.triptych.methods.Methods;
import dev.triptych.train.RunFolder;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// `import --encoder`: what `export` wrote gives the same numbers again, and a DINOv2 with registers, layer scales,
/// pixels and positions that are not ours what its formula gives. `reference-checks/import` asks transformers.
class EncoderImportTest {
    private static final int SIDE = 16;
    private static final int PATCH = 4;
    private static final int GRID = SIDE / PATCH;
    private static final int N = GRID * GRID;
    private static final int D = 32;
    private static final int HIDDEN = 128;
    private static final int HEADS = 2;
    private static final int THEIR_GRID = 6;
    private static final int REGISTERS = 2;
    private static final int TOKENS = 3;
    private static final double[] MEAN = {0.5, 0.4, 0.3};
    private static final double[] DEVIATION = {0.5, 0.25, 0.2};

    @TempDir
    private static Path folder;

    static Stream<Method> encoders() {
        return Methods.ALL.all().stream().filter(method -> method.plainEncoder().isPresent());
    }

    private static Path pictures(int side) throws IOException {
        Path to = Files.createDirectories(folder.resolve("pictures" + side));
        for (int p = 0; p < 3; p++) {
            var image = new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB);
            for (int i = 0; i < side * side; i++) {
                image.setRGB(i % side, i / side, (i * 7919 + p * 104729) * 31 & 0xFFFFFF);
            }
            ImageIO.write(image, "png", to.resolve(p + ".png").toFile());
        }
        return to;
    }

    private static SafetensorsFile embed(Path run, int side, String values) throws IOException {
        Path out = folder.resolve(run.getFileName() + ".safetensors");
        Cli done = Cli.run("embed", "--run", run, "--in", pictures(side), "--values", values, "--out", out, "--quiet");
        assertEquals(0, done.code(), done::all);
        return Safetensors.read(out);
    }

    @ParameterizedTest
    @MethodSource("encoders")
    void whatWasExportedComesBackBitForBit(Method method) throws IOException {
        Path run = folder.resolve(method.name());
        var words = new ArrayList<Object>(List.of("train", "--recipe", method.name() + "-micro", "--quiet", "--out",
                run, "--stop-after", 3));
        words.addAll(ResumeChangesTest.little(method.name() + "-micro", folder));
        Cli trained = Cli.run(words.toArray());
        assertEquals(0, trained.code(), trained::all);
        var recipe = RunFolder.open(run).recipe(Methods.RECIPES);
        boolean sparse = method.plainEncoder().get().apply(recipe).sparse() > 0;
        String values = sparse ? "cls,dense,sparse,localization" : "cls,dense";
        int side = recipe.data().side();
        var before = embed(run, side, values);
        for (String form : List.of("hf", "timm")) {
            Path exported = folder.resolve(method.name() + "-" + form);
            assertEquals(0, Cli.run("export", "--run", run, "--to", form, "--out", exported).code());
            Path back = folder.resolve(method.name() + "-from-" + form);
            Cli imported = Cli.run("import", "--encoder", "--from", exported, "--as", run.resolve("recipe.yaml"),
                    "--out", back);
            assertEquals(0, imported.code(), imported::all);
            var after = embed(back, side, values);
            for (String name : values.split(",")) {
                assertArrayEquals(before.floats(name), after.floats(name), form + ": " + name);
            }
        }
    }

    /// A model of transformers' `dinov2_with_registers`, in numbers of every size.
    private static Map<String, float[]> write(Path to, int registers, Map<String, Integer> config) throws IOException {
        var random = new SplittableRandom(7);
        var shapes = new LinkedHashMap<String, int[]>();
        shapes.put("embeddings.cls_token", new int[]{1, 1, D});
        shapes.put("embeddings.mask_token", new int[]{1, D});
        shapes.put("embeddings.register_tokens", new int[]{1, registers, D});
        shapes.put("embeddings.position_embeddings", new int[]{1, 1 + THEIR_GRID * THEIR_GRID, D});
        shapes.put("embeddings.patch_embeddings.projection.weight", new int[]{D, 3, PATCH, PATCH});
        shapes.put("embeddings.patch_embeddings.projection.bias", new int[]{D});
        for (int i = 0; i < 2; i++) {
            String layer = "encoder.layer." + i + ".";
            for (String name : List.of("attention.attention.query", "attention.attention.key",
                    "attention.attention.value", "attention.output.dense")) {
                shapes.put(layer + name + ".weight", new int[]{D, D});
                shapes.put(layer + name + ".bias", new int[]{D});
            }
            shapes.put(layer + "mlp.fc1.weight", new int[]{HIDDEN, D});
            shapes.put(layer + "mlp.fc1.bias", new int[]{HIDDEN});
            shapes.put(layer + "mlp.fc2.weight", new int[]{D, HIDDEN});
            for (String name : List.of("mlp.fc2.bias", "norm1.weight", "norm1.bias", "norm2.weight", "norm2.bias",
                    "layer_scale1.lambda1", "layer_scale2.lambda1")) {
                shapes.put(layer + name, new int[]{D});
            }
        }
        shapes.put("layernorm.weight", new int[]{D});
        shapes.put("layernorm.bias", new int[]{D});
        var numbers = new LinkedHashMap<String, float[]>();
        var entries = new ArrayList<TensorEntry>();
        shapes.forEach((name, shape) -> {
            float[] all = new float[Arrays.stream(shape).reduce(1, Math::multiplyExact)];
            double size = name.endsWith("dense.weight") || name.contains("fc") ? 0.2 : 0.4;
            for (int i = 0; i < all.length; i++) {
                all[i] = (float) random.nextDouble(-size, size);
                if (name.contains("norm") && name.endsWith("weight") || name.contains("lambda")) {
                    all[i] += 1;
                }
            }
            numbers.put(name, all);
            entries.add(TensorEntry.of(name, shape, all));
        });
        Files.createDirectories(to);
        Safetensors.write(to.resolve("model.safetensors"), Map.of("format", "pt"), entries);
        Files.writeString(to.resolve("config.json"), "{\"model_type\": \"dinov2_with_registers\", "
                + "\"num_attention_heads\": " + config.getOrDefault("heads", HEADS)
                + ", \"layer_norm_eps\": 1e-06, \"hidden_act\": \"gelu\"}");
        Files.writeString(to.resolve("preprocessor_config.json"), "{\"image_mean\": " + Arrays.toString(MEAN)
                + ", \"image_std\": " + Arrays.toString(DEVIATION) + "}");
        return numbers;
    }

    private static Cli imported(Path from, String out, Object... more) {
        var words = new ArrayList<Object>(List.of("import", "--encoder", "--from", from, "--as", "stellar-micro",
                "--out", folder.resolve(out), "encoder.layer-norm-eps=1e-6"));
        words.addAll(List.of(more));
        return Cli.run(words.toArray());
    }

    @Test
    void aDinoWithRegistersIsWhatItsFormulaSays() throws IOException {
        Path dino = folder.resolve("dino");
        var weights = write(dino, REGISTERS, Map.of());
        Cli cli = imported(dino, "on-dino");
        assertEquals(0, cli.code(), cli::all);
        assertTrue(cli.out().contains("embeddings.mask_token"), cli::all);
        Path run = folder.resolve("on-dino");
        var found = embed(run, SIDE, "cls,dense,sparse");
        float[] sparse = Safetensors.read(RunFolder.open(run).newest()).floats("sparse_tokens");
        float[] registers = weights.get("embeddings.register_tokens");
        assertArrayEquals(registers, Arrays.copyOf(sparse, registers.length));
        for (int p = 0; p < 3; p++) {
            double[][] rows = forward(weights, sparse, ImageIO.read(pictures(SIDE).resolve(p + ".png").toFile()));
            assertClose(rows, 0, 1, found.floats("cls"), p);
            assertClose(rows, 1, N, found.floats("dense"), p);
            assertClose(rows, 1 + N, TOKENS, found.floats("sparse"), p);
        }
        Cli step = Cli.run("train", "--recipe", run.resolve("recipe.yaml"), "--init-from", run, "--stop-after", 1,
                "--quiet", "--out", folder.resolve("further"), "data.train-images=32", "data.test-images=8");
        assertEquals(0, step.code(), step::all);
    }

    private static void assertClose(double[][] rows, int first, int count, float[] found, int picture) {
        for (int i = 0; i < count * D; i++) {
            assertEquals(rows[first + i / D][i % D], found[picture * count * D + i], 2e-5,
                    "row " + (first + i / D) + " of picture " + picture);
        }
    }

    /// The model as its paper has it, in double: tokens, blocks with layer scales, the last norm.
    private static double[][] forward(Map<String, float[]> w, float[] sparse, BufferedImage image) {
        double[][] x = new double[1 + N + TOKENS][D];
        float[] positions = w.get("embeddings.position_embeddings");
        float[] projection = w.get("embeddings.patch_embeddings.projection.weight");
        double[][] axis = new double[GRID][THEIR_GRID];
        for (int i = 0; i < GRID; i++) {
            double sum = 0;
            for (int j = 0; j < THEIR_GRID; j++) {
                double t = Math.abs(((j + 0.5) * GRID / THEIR_GRID - (i + 0.5)));
                axis[i][j] = t < 1
                        ? 1.5 * t * t * t - 2.5 * t * t + 1
                        : t < 2
                                ? -0.5 * t * t * t + 2.5 * t * t - 4 * t
                                        + 2
                                : 0;
                sum += axis[i][j];
            }
            for (int j = 0; j < THEIR_GRID; j++) {
                axis[i][j] /= sum;
            }
        }
        for (int c = 0; c < D; c++) {
            x[0][c] = w.get("embeddings.cls_token")[c] + positions[c];
            for (int k = 0; k < TOKENS; k++) {
                x[1 + N + k][c] = sparse[k * D + c];
            }
            for (int n = 0; n < N; n++) {
                double sum = w.get("embeddings.patch_embeddings.projection.bias")[c];
                for (int i = 0; i < 3 * PATCH * PATCH; i++) {
                    int channel = i / (PATCH * PATCH);
                    int rgb = image.getRGB(n % GRID * PATCH + i % PATCH, n / GRID * PATCH + i / PATCH % PATCH);
                    double pixel = (rgb >> 16 - 8 * channel & 0xFF) / 255.0;
                    sum += projection[c * 3 * PATCH * PATCH + i] * (pixel - MEAN[channel]) / DEVIATION[channel];
                }
                for (int j = 0; j < THEIR_GRID * THEIR_GRID; j++) {
                    sum += axis[n / GRID][j / THEIR_GRID] * axis[n % GRID][j % THEIR_GRID] * positions[(1 + j) * D + c];
                }
                x[1 + n][c] = sum;
            }
        }
        for (int block = 0; block < 2; block++) {
            String layer = "encoder.layer." + block + ".";
            add(x, attention(w, layer, norm(w, layer + "norm1", x)), w.get(layer + "layer_scale1.lambda1"));
            double[][] hidden = linear(w, layer + "mlp.fc1", norm(w, layer + "norm2", x));
            for (double[] row : hidden) {
                for (int i = 0; i < HIDDEN; i++) {
                    row[i] *= 0.5 * (1 + erf(row[i] / Math.sqrt(2)));
                }
            }
            add(x, linear(w, layer + "mlp.fc2", hidden), w.get(layer + "layer_scale2.lambda1"));
        }
        return norm(w, "layernorm", x);
    }

    private static void add(double[][] x, double[][] branch, float[] scale) {
        for (int i = 0; i < x.length; i++) {
            for (int c = 0; c < D; c++) {
                x[i][c] += scale[c] * branch[i][c];
            }
        }
    }

    private static double[][] attention(Map<String, float[]> w, String layer, double[][] x) {
        double[][] q = linear(w, layer + "attention.attention.query", x);
        double[][] k = linear(w, layer + "attention.attention.key", x);
        double[][] v = linear(w, layer + "attention.attention.value", x);
        double[][] out = new double[x.length][D];
        int width = D / HEADS;
        for (int h = 0; h < HEADS; h++) {
            for (int i = 0; i < x.length; i++) {
                double[] e = new double[x.length];
                double sum = 0;
                for (int j = 0; j < x.length; j++) {
                    double dot = 0;
                    for (int c = h * width; c < (h + 1) * width; c++) {
                        dot += q[i][c] * k[j][c];
                    }
                    e[j] = Math.exp(dot / Math.sqrt(width));
                    sum += e[j];
                }
                for (int j = 0; j < x.length; j++) {
                    for (int c = h * width; c < (h + 1) * width; c++) {
                        out[i][c] += e[j] / sum * v[j][c];
                    }
                }
            }
        }
        return linear(w, layer + "attention.output.dense", out);
    }

    private static double[][] linear(Map<String, float[]> w, String name, double[][] x) {
        float[] weight = w.get(name + ".weight");
        float[] bias = w.get(name + ".bias");
        double[][] y = new double[x.length][bias.length];
        for (int i = 0; i < x.length; i++) {
            for (int o = 0; o < bias.length; o++) {
                y[i][o] = bias[o];
                for (int c = 0; c < x[i].length; c++) {
                    y[i][o] += weight[o * x[i].length + c] * x[i][c];
                }
            }
        }
        return y;
    }

    private static double[][] norm(Map<String, float[]> w, String name, double[][] x) {
        double[][] y = new double[x.length][D];
        for (int i = 0; i < x.length; i++) {
            double mean = Arrays.stream(x[i]).average().orElseThrow();
            double variance = Arrays.stream(x[i]).map(a -> (a - mean) * (a - mean)).average().orElseThrow();
            for (int c = 0; c < D; c++) {
                y[i][c] = (x[i][c] - mean) / Math.sqrt(variance + 1e-6) * w.get(name + ".weight")[c]
                        + w.get(name + ".bias")[c];
            }
        }
        return y;
    }

    /// By its series, which converges for all that comes here.
    private static double erf(double x) {
        double term = x;
        double sum = x;
        for (int n = 1; n < 200; n++) {
            term *= -x * x / n;
            sum += term / (2 * n + 1);
        }
        return 2 / Math.sqrt(Math.PI) * sum;
    }

    @Test
    void whatDoesNotFitIsNamed() throws IOException {
        Path other = folder.resolve("other");
        write(other, 5, Map.of("heads", 4));
        refused("heads is 4", imported(other, "no"));
        refused("stellar.tokens=5", imported(other, "no", "encoder.heads=4"));
        refused("layer_norm_eps is", Cli.run("import", "--encoder", "--from", other, "--as", "stellar-micro", "--out",
                folder.resolve("no"), "encoder.heads=4"));
        refused("there is no",
                Cli.run("import", "--encoder", "--from", folder.resolve("none"), "--as", "stellar-micro"));
        refused("has no encoder of pictures",
                Cli.run("import", "--encoder", "--from", other, "--as", "vqvae-micro"));
        refused("encoder.layer.0.mlp.fc1.weight (128, 32), expected (64, 32)",
                imported(other, "no", "encoder.heads=4", "stellar.tokens=5", "encoder.mlp-ratio=2"));
        Path named = folder.resolve("named.safetensors");
        Safetensors.write(named, Map.of(), List.of(TensorEntry.of("a", new int[]{1}, new float[1])));
        refused("no names of a vision transformer",
                Cli.run("import", "--encoder", "--from", named, "--as", "stellar-micro"));
        assertFalse(Files.exists(folder.resolve("no")));
    }

    private static void refused(String why, Cli cli) {
        assertEquals(2, cli.code(), cli::all);
        assertTrue(cli.err().contains(why), cli::all);
    }
}
