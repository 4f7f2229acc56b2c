package dev.triptych.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import dev.triptych.device.plain.PlainDevice;
import dev.triptych.encoder.VisionTransformer;
import dev.triptych.io.Json;
import dev.triptych.io.Safetensors;
import dev.triptych.io.SafetensorsFile;
import dev.triptych.method.Method;
import dev.triptych.method.PatchFeatures;
import dev.triptych.methods.Methods;
import dev.triptych.program.Tensor;
import dev.triptych.recipe.Recipe;
import dev.triptych.tokens.LowRankFeatures;
import dev.triptych.train.Checkpoint;
import dev.triptych.train.RunFolder;
import dev.triptych.triptych.TriptychFeatures;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// `export`: the ONNX graph gives in ONNX Runtime what the run gives here; the files for timm and transformers hold the
/// checkpoint's numbers under their names, in their order. `reference-checks/export` loads them in Python.
class ExportTest {
    private static final int COUNT = 3;
    /// Largest difference of a value of a layer norm; the runtime sums in another order.
    private static final double TOLERANCE = 5e-6;

    @TempDir
    private static Path folder;

    static Stream<Method> encoders() {
        return Methods.ALL.all().stream().filter(method -> method.plainEncoder().isPresent());
    }

    /// A run of three steps: behind the first, student and teacher are one.
    private static Path run(Method method) throws IOException {
        Path run = folder.resolve(method.name());
        if (!Files.exists(run)) {
            var words = new ArrayList<Object>(List.of("train", "--recipe", method.name() + "-micro", "--quiet", "--out",
                    run, "--stop-after", 3));
            words.addAll(ResumeChangesTest.little(method.name() + "-micro", folder));
            Cli trained = Cli.run(words.toArray());
            assertEquals(0, trained.code(), trained::all);
        }
        return run;
    }

    private static Path export(Method method, String format) throws IOException {
        Path out = folder.resolve(method.name() + "-" + format);
        if (!Files.exists(out)) {
            Cli written = Cli.run("export", "--run", run(method), "--to", format, "--out", out);
            assertEquals(0, written.code(), written::all);
        }
        return out;
    }

    private static Recipe recipe(Method method) throws IOException {
        return RunFolder.open(run(method)).recipe(Methods.RECIPES);
    }

    private static SafetensorsFile checkpoint(Method method) throws IOException {
        return Safetensors.read(RunFolder.open(run(method)).newest());
    }

    /// What evaluation here makes of pixels in [0, 1], by the names of the graph's outputs.
    private static Map<String, float[]> here(Method method, float[] images) throws IOException {
        var programs = method.programs(recipe(method));
        var evaluation = programs.evaluate(COUNT);
        try (var session = new PlainDevice().bind(programs.state(), evaluation.program())) {
            Checkpoint.load(RunFolder.open(run(method)).newest(), programs.state(), session, null);
            session.upload(evaluation.input(), images);
            session.run(evaluation.program());
            var values = new LinkedHashMap<String, float[]>();
            for (var value : named(evaluation.values()).entrySet()) {
                values.put(value.getKey(), session.download(value.getValue()));
            }
            return values;
        }
    }

    private static Map<String, Tensor> named(Object values) {
        var named = new LinkedHashMap<String, Tensor>();
        named.put("dense", ((PatchFeatures) values).dense());
        LowRankFeatures low = switch (values) {
            case LowRankFeatures stellar -> stellar;
            case TriptychFeatures triptych -> triptych.parts();
            default -> null;
        };
        if (low != null) {
            named.put("cls", low.cls());
            named.put("sparse", low.sparse());
            named.put("localization", low.localization());
        }
        return named;
    }

    private static Map<String, float[]> inOnnxRuntime(Path file, float[] pixels, int side) throws OrtException {
        var environment = OrtEnvironment.getEnvironment();
        var found = new LinkedHashMap<String, float[]>();
        try (var session = environment.createSession(file.toString());
                var input = OnnxTensor.createTensor(environment, FloatBuffer.wrap(pixels),
                        new long[]{COUNT, 3, side, side});
                var result = session.run(Map.of("pixel_values", input))) {
            for (var output : result) {
                var buffer = ((OnnxTensor) output.getValue()).getFloatBuffer();
                float[] values = new float[buffer.remaining()];
                buffer.get(values);
                found.put(output.getKey(), values);
            }
        }
        return found;
    }

    @ParameterizedTest
    @MethodSource("encoders")
    void theGraphGivesWhatTheRunGives(Method method) throws IOException, OrtException {
        int side = recipe(method).data().side();
        var random = new SplittableRandom(5);
        float[] pixels = new float[COUNT * 3 * side * side];
        float[] images = new float[pixels.length];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (float) random.nextDouble(-2, 2);
            images[i] = VisionTransformer.pixel(i / (side * side) % 3, pixels[i]);
        }
        var theirs = inOnnxRuntime(export(method, "onnx").resolve("model.onnx"), pixels, side);
        here(method, images).forEach((name, values) -> assertArrayEquals(values, theirs.get(name), (float) TOLERANCE,
                name));
        assertTrue(theirs.containsKey("cls"), theirs.keySet()::toString);
        assertEquals(method.plainEncoder().get().apply(recipe(method)).sparse() > 0, theirs.containsKey("sparse"));
    }

    @ParameterizedTest
    @MethodSource("encoders")
    void transformersFindsEachNumberUnderItsName(Method method) throws IOException {
        var encoder = method.plainEncoder().get().apply(recipe(method));
        var ours = checkpoint(method);
        var theirs = Safetensors.read(export(method, "hf").resolve("model.safetensors"));
        int d = encoder.settings().width();
        String blocks = encoder.prefix() + "encoder.blocks.1.";
        float[] qkv = ours.floats(blocks + "attn.qkv.weight");
        float[] bias = ours.floats(blocks + "attn.qkv.bias");
        List<String> parts = List.of("query", "key", "value");
        for (int i = 0; i < parts.size(); i++) {
            String name = "encoder.layer.1.attention.attention." + parts.get(i);
            assertArrayEquals(Arrays.copyOfRange(qkv, i * d * d, (i + 1) * d * d), theirs.floats(name + ".weight"));
            assertArrayEquals(Arrays.copyOfRange(bias, i * d, (i + 1) * d), theirs.floats(name + ".bias"));
        }
        boolean sparse = encoder.sparse() > 0;
        var names = Map.of("norm1", sparse ? "norm1" : "layernorm_before", "norm2",
                sparse ? "norm2" : "layernorm_after",
                "attn.proj", "attention.output.dense", "mlp.fc1", sparse ? "mlp.fc1" : "intermediate.dense", "mlp.fc2",
                sparse ? "mlp.fc2" : "output.dense");
        names.forEach((from, to) -> List.of(".weight", ".bias").forEach(end -> assertArrayEquals(
                ours.floats(blocks + from + end), theirs.floats("encoder.layer.1." + to + end), from)));
        assertArrayEquals(ours.floats(encoder.prefix() + "encoder.positions"),
                theirs.floats("embeddings.position_embeddings"));
        assertArrayEquals(ours.floats(encoder.prefix() + "encoder.norm.weight"), theirs.floats("layernorm.weight"));
        var config = Json.read(Files.readString(export(method, "hf").resolve("config.json")));
        assertEquals(encoder.settings().eps(), ((Number) config.get("layer_norm_eps")).floatValue());
        assertEquals(sparse ? "dinov2_with_registers" : "vit", config.get("model_type"));
        assertEquals(encoder.side(), ((Number) config.get("image_size")).intValue());
    }

    @ParameterizedTest
    @MethodSource("encoders")
    void timmFindsEachNumberUnderItsName(Method method) throws IOException {
        var encoder = method.plainEncoder().get().apply(recipe(method));
        var ours = checkpoint(method);
        var theirs = Safetensors.read(export(method, "timm").resolve("model.safetensors"));
        int d = encoder.settings().width();
        int k = encoder.sparse();
        float[] positions = ours.floats(encoder.prefix() + "encoder.positions");
        float[] expected = new float[positions.length + k * d];
        System.arraycopy(positions, 0, expected, 0, d);
        System.arraycopy(positions, d, expected, (1 + k) * d, positions.length - d);
        assertArrayEquals(expected, theirs.floats("pos_embed"));
        assertArrayEquals(new int[]{1, 1 + k + encoder.settings().patches(), d}, theirs.shape("pos_embed"));
        ours.names().stream().filter(name -> name.startsWith(encoder.prefix() + "encoder.blocks.")).forEach(
                name -> assertArrayEquals(ours.floats(name),
                        theirs.floats(name.substring((encoder.prefix() + "encoder.").length())), name));
        if (k > 0) {
            assertArrayEquals(ours.floats("sparse_tokens"), theirs.floats("reg_token"));
        }
    }

    @Test
    void theCardSaysWhatItIsAndNothingOfThisMachine() throws IOException {
        Method stellar = encoders().findFirst().orElseThrow();
        String card = Files.readString(export(stellar, "hf").resolve("README.md"));
        assertTrue(card.contains("AutoModel.from_pretrained"), card);
        assertTrue(card.contains("| data | generated scenes |"), card);
        assertTrue(card.contains("torch.softmax(a @ e.mT / 0.06, -1)"), card);
        assertTrue(!card.contains(folder.toString()), card);
    }

    @Test
    void aFolderThatIsNotEmptyIsRefused() throws IOException {
        Method stellar = encoders().findFirst().orElseThrow();
        Cli refused = Cli.run("export", "--run", run(stellar), "--to", "hf", "--out", export(stellar, "hf"));
        assertEquals(2, refused.code(), refused::all);
        assertTrue(refused.err().contains("not empty"), refused::all);
    }
}
