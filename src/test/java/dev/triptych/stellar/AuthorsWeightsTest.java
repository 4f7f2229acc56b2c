package dev.triptych.stellar;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.device.plain.PlainDevice;
import dev.triptych.io.FormatException;
import dev.triptych.io.HalfNumbers;
import dev.triptych.io.Safetensors;
import dev.triptych.io.TensorEntry;
import dev.triptych.methods.Methods;
import dev.triptych.recipe.Recipe;
import dev.triptych.tokens.LowRankFeatures;
import dev.triptych.train.Checkpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Files with the authors' names become checkpoints that compute what the authors' graph computes.
class AuthorsWeightsTest {
    /// A golden case: outputs of the authors' own code.
    private static final Path AUTHORS = Path.of("reference-checks/stellar/eval_temp.safetensors");
    private static final int HEADS = 2;
    private static final int DECODER_HEADS = 3;

    @TempDir
    private Path folder;

    static ReleasedModel small(int codes) {
        return new ReleasedModel(16, 4, 16, 2, 32, 4, 24, 2, 48, codes, 12, 20, 8);
    }

    static Recipe recipe(ReleasedModel m) {
        return Methods.RECIPES.load("stellar-b16", List.of("data.side=" + m.side(), "encoder.patch=" + m.patch(),
                "encoder.width=" + m.d(), "encoder.depth=" + m.depth(), "encoder.heads=" + HEADS,
                "encoder.mlp-ratio=" + m.mlp() / m.d(), "stellar.tokens=" + m.tokens(),
                "stellar.prototypes=" + m.prototypes(), "stellar.predictor-hidden=" + m.predictorHidden(),
                "stellar.prototype-dim=" + m.prototypeDim(), "stellar.local-side=8", "augment.blur-kernel=3",
                "decoder.width=" + m.decoderWidth(), "decoder.depth=" + m.decoderDepth(),
                "decoder.heads=" + DECODER_HEADS, "decoder.mlp-ratio=" + m.decoderMlp() / m.decoderWidth(),
                "decoder.codes=" + m.codes())).recipe();
    }

    /// The values of an imported file for images (count, 3, side, side).
    private Map<String, float[]> values(Path file, Recipe recipe, float[] images, int count) throws IOException {
        Path checkpoint = folder.resolve("checkpoint.safetensors");
        AuthorsWeights.open(file, recipe).save(checkpoint);
        var programs = new StellarPrograms(recipe);
        var evaluation = programs.evaluate(count);
        try (var session = new PlainDevice().bind(programs.state(), evaluation.program())) {
            Checkpoint.load(checkpoint, programs.state(), session, null);
            session.upload(evaluation.input(), images);
            session.run(evaluation.program());
            var values = new LinkedHashMap<String, float[]>();
            LowRankFeatures found = evaluation.values();
            values.put("cls", session.download(found.cls()));
            values.put("dense", session.download(found.dense()));
            values.put("sparse", session.download(found.sparse()));
            values.put("localization", session.download(found.localization()));
            values.put("lowrank", session.download(found.lowRank()));
            values.put("prediction", session.download(found.prediction()));
            return values;
        }
    }

    private static void close(String name, double[] expected, float[] found) {
        assertEquals(expected.length, found.length, name);
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], found[i], 2e-4, name + " at " + i);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 10})
    void computesWhatTheAuthorsGraphComputes(int codes) throws IOException {
        var model = small(codes);
        Path file = folder.resolve("released.safetensors");
        model.write(file, 5);
        var random = new SplittableRandom(6);
        double[] image = random.doubles(3 * 16 * 16).toArray();
        float[] narrow = new float[image.length];
        IntStream.range(0, image.length).forEach(i -> {
            narrow[i] = (float) image[i];
            image[i] = narrow[i];
        });
        var found = values(file, recipe(model), narrow, 1);
        model.run(Safetensors.read(file), HEADS, DECODER_HEADS, image)
                .forEach((name, expected) -> close(name, expected, found.get(name)));
    }

    @Test
    void givesTheOutputsOfTheAuthorsCode() throws IOException {
        var golden = Safetensors.read(AUTHORS);
        Path file = folder.resolve("released.safetensors");
        var model = small(0);
        var entries = new ArrayList<TensorEntry>();
        golden.names().stream().filter(n -> n.startsWith("params.")).filter(n -> !n.matches("params\\.decoder\\..*"))
                .forEach(n -> entries.add(
                        TensorEntry.of(n.substring("params.".length()), golden.shape(n), golden.doubles(n))));
        // the case's decoder has an MLP of a width that no recipe can name; nothing compared here depends on it
        Path other = folder.resolve("other.safetensors");
        model.write(other, 1);
        var drawn = Safetensors.read(other);
        drawn.names().stream().filter(n -> n.startsWith("decoder."))
                .forEach(n -> entries.add(TensorEntry.of(n, drawn.shape(n), drawn.floats(n))));
        Safetensors.write(file, Map.of(), entries);
        int count = golden.shape("inputs.image")[0];
        var found = values(file, recipe(model), golden.floats("inputs.image"), count);
        close("cls", golden.doubles("intermediates.out.cls"), found.get("cls"));
        close("dense", golden.doubles("intermediates.out.dense"), found.get("dense"));
        close("sparse", golden.doubles("intermediates.out.sparse"), found.get("sparse"));
        close("localization", golden.doubles("intermediates.out.spatial"), found.get("localization"));
        close("lowrank", golden.doubles("intermediates.out.lowrank"), found.get("lowrank"));
    }

    @Test
    void listsEveryTensorThatDoesNotFitAtOnce() throws IOException {
        var model = small(10);
        Path file = folder.resolve("wrong.safetensors");
        var shapes = model.shapes();
        shapes.remove("sparse_tokens");
        shapes.remove("encoder.encoder.layer.1.attention.attention.key.bias");
        shapes.put("dense_proj.weight", new int[]{16, 17});
        shapes.put("decoder.layernorm.bias", new int[]{25});
        shapes.put("teacher_sparse_tokens", new int[]{4, 16});
        shapes.put("encoder.encoder.layer.2.output.dense.bias", new int[]{16});
        ReleasedModel.write(file, 1, shapes);
        String message = assertThrows(FormatException.class, () -> AuthorsWeights.open(file, recipe(model)))
                .getMessage();
        for (String part : List.of(file.toString(), "2 missing", "sparse_tokens (4, 16)",
                "encoder.encoder.layer.1.attention.attention.key.bias (16)", "2 not of this model",
                "teacher_sparse_tokens (4, 16)", "encoder.encoder.layer.2.output.dense.bias (16)", "2 of another shape",
                "dense_proj.weight (16, 17), expected (16, 16)", "decoder.layernorm.bias (25), expected (24)",
                "--as")) {
            assertTrue(message.contains(part), () -> "'" + part + "' in " + message);
        }
    }

    @Test
    void numbersThatAreNoneAreNamed() throws IOException {
        var model = small(0);
        Path file = folder.resolve("damaged.safetensors");
        var entries = new ArrayList<TensorEntry>();
        model.shapes().forEach((name, shape) -> {
            int count = IntStream.of(shape).reduce(1, (a, b) -> a * b);
            entries.add(name.equals("dense_proj.bias")
                    ? TensorEntry.of(name, shape, new int[count])
                    : TensorEntry.of(name, shape, new float[count]));
        });
        float[] bad = new float[16];
        bad[7] = Float.NaN;
        entries.removeIf(e -> e.name().equals("sparse_proj.bias"));
        entries.add(TensorEntry.of("sparse_proj.bias", new int[]{16}, bad));
        Safetensors.write(file, Map.of(), entries);
        String message = assertThrows(FormatException.class, () -> AuthorsWeights.open(file, recipe(model)))
                .getMessage();
        assertTrue(message.contains("2 damaged") && message.contains("sparse_proj.bias holds NaN at 7")
                && message.contains("dense_proj.bias holds I32, expected one of [F64, F32, F16, BF16]"), message);
    }

    @Test
    void whatIsNeverUsedMayBeThereOrNot() throws IOException {
        var model = small(10);
        Path whole = folder.resolve("whole.safetensors");
        model.write(whole, 3);
        Path lean = folder.resolve("lean.safetensors");
        var shapes = new LinkedHashMap<String, int[]>();
        model.shapes().forEach((name, shape) -> {
            if (!name.contains("pooler") && !name.startsWith("decoder.embeddings")) {
                shapes.put("model." + name, shape); // as a checkpoint of their trainer has it
            }
        });
        ReleasedModel.write(lean, 3, shapes);
        var found = AuthorsWeights.open(whole, recipe(model));
        assertEquals(8, found.unused().size(), found.unused()::toString);
        assertFalse(found.unused().contains("encoder.embeddings.cls_token"));
        assertEquals(List.of(), AuthorsWeights.open(lean, recipe(model)).unused());
        assertEquals(found.used(), AuthorsWeights.open(lean, recipe(model)).used());
    }

    @Test
    void weightsOf16BitsAreThoseOf32() throws IOException {
        var model = small(0);
        Path wide = folder.resolve("wide.safetensors");
        model.write(wide, 4);
        var drawn = Safetensors.read(wide);
        var rounded = new ArrayList<TensorEntry>();
        var halves = new LinkedHashMap<String, HalfNumbers.Tensor>();
        for (String name : drawn.names()) {
            float[] values = drawn.floats(name);
            short[] bits = new short[values.length];
            for (int i = 0; i < values.length; i++) {
                bits[i] = Float.floatToFloat16(values[i]);
                values[i] = Float.float16ToFloat(bits[i]);
            }
            rounded.add(TensorEntry.of(name, drawn.shape(name), values));
            halves.put(name, new HalfNumbers.Tensor(drawn.shape(name), bits));
        }
        Safetensors.write(wide, Map.of(), rounded);
        Path narrow = folder.resolve("narrow.safetensors");
        HalfNumbers.write(narrow, "F16", halves);
        Path first = folder.resolve("first");
        Path second = folder.resolve("second");
        AuthorsWeights.open(wide, recipe(model)).save(first);
        AuthorsWeights.open(narrow, recipe(model)).save(second);
        assertArrayEquals(Files.readAllBytes(first), Files.readAllBytes(second));
    }

    /// Our model of the release has the numbers of its tensors, but for those that it never uses and for the
    /// frequencies of the positions, which are no parameter.
    @Test
    void theReleasedSizeIsThatOfOurModel() {
        long used = 0;
        long unused = 0;
        for (var tensor : ReleasedModel.b16().shapes().entrySet()) {
            String name = tensor.getKey();
            long numbers = IntStream.of(tensor.getValue()).asLongStream().reduce(1, (x, y) -> x * y);
            if (name.contains("pooler") || name.startsWith("decoder.embeddings") || name.contains("gaussian")) {
                unused += numbers;
            } else {
                used += numbers;
            }
        }
        var recipe = Methods.RECIPES.load("stellar-b16", List.of()).recipe();
        assertEquals(used, new StellarPrograms(recipe).state().parameterCount());
        assertEquals(120.76e6, used + unused, 0.01e6, "what the release is said to have");
    }

    @Test
    void queriesKeysAndValuesFollowEachOther() throws IOException {
        var model = small(0);
        Path file = folder.resolve("released.safetensors");
        model.write(file, 9);
        Path checkpoint = folder.resolve("checkpoint.safetensors");
        AuthorsWeights.open(file, recipe(model)).save(checkpoint);
        var theirs = Safetensors.read(file);
        var ours = Safetensors.read(checkpoint);
        float[] fused = ours.floats("encoder.blocks.1.attn.qkv.weight");
        int at = 0;
        for (String part : List.of("query", "key", "value")) {
            float[] one = theirs.floats("encoder.encoder.layer.1.attention.attention." + part + ".weight");
            assertArrayEquals(one, java.util.Arrays.copyOfRange(fused, at, at + one.length), part);
            at += one.length;
        }
        assertEquals(fused.length, at);
    }
}
