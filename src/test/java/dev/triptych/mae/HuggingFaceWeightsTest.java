package dev.triptych.mae;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.device.plain.PlainDevice;
import dev.triptych.encoder.VisionTransformer;
import dev.triptych.io.FormatException;
import dev.triptych.io.Safetensors;
import dev.triptych.io.SafetensorsFile;
import dev.triptych.io.TensorEntry;
import dev.triptych.methods.Methods;
import dev.triptych.recipe.Recipe;
import dev.triptych.train.Checkpoint;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A golden case under Hugging Face's names becomes a run that predicts what the case says.
class HuggingFaceWeightsTest {
    private static final Path GOLDEN = Path.of("reference-checks/mae/forward_norm.safetensors");
    private static final String PUBLISHED = "decoder.decoder_layers.";

    @TempDir
    private Path folder;

    private static Recipe recipe(String... more) {
        var overrides = new ArrayList<>(List.of("data.side=16", "encoder.patch=4", "encoder.width=16",
                "encoder.depth=2", "encoder.heads=2", "mae.decoder-width=12", "mae.decoder-depth=1",
                "mae.decoder-heads=3", "encoder.layer-norm-eps=1e-12", "training.batch=3"));
        overrides.addAll(List.of(more));
        return Methods.RECIPES.load("mae-paper", overrides).recipe();
    }

    /// What Hugging Face calls a tensor of a case; several names for the fused q, k and v.
    private static List<String> names(String golden, String decoder) {
        String name = golden.replaceFirst("^params\\.", "")
                .replaceFirst("^encoder\\.blocks\\.", "vit.encoder.layer.")
                .replaceFirst("^decoder\\.blocks\\.", decoder).replace(".norm1.", ".layernorm_before.")
                .replace(".norm2.", ".layernorm_after.").replace(".attn.proj.", ".attention.output.dense.")
                .replace(".mlp.fc1.", ".intermediate.dense.").replace(".mlp.fc2.", ".output.dense.")
                .replaceFirst("^encoder\\.patch_embed\\.", "vit.embeddings.patch_embeddings.projection.")
                .replaceFirst("^encoder\\.cls_token$", "vit.embeddings.cls_token")
                .replaceFirst("^encoder\\.pos_embed$", "vit.embeddings.position_embeddings")
                .replaceFirst("^encoder\\.norm\\.", "vit.layernorm.")
                .replaceFirst("^decoder\\.(embed|norm|pred)\\.", "decoder.decoder_$1.")
                .replaceFirst("^decoder\\.pos_embed$", "decoder.decoder_pos_embed");
        return name.contains(".attn.qkv.")
                ? List.of(name.replace("attn.qkv", "attention.attention.query"),
                        name.replace("attn.qkv", "attention.attention.key"),
                        name.replace("attn.qkv", "attention.attention.value"))
                : List.of(name);
    }

    private static List<TensorEntry> entries(SafetensorsFile golden, String decoder) {
        var entries = new ArrayList<TensorEntry>();
        for (String name : golden.names()) {
            if (!name.startsWith("params.")) {
                continue;
            }
            float[] values = golden.floats(name);
            List<String> theirs = names(name, decoder);
            int[] shape = golden.shape(name).clone();
            if (name.startsWith("params.decoder.pred.")) {
                values = byPixel(values, 16);
            }
            shape[0] /= theirs.size();
            int each = values.length / theirs.size();
            for (int i = 0; i < theirs.size(); i++) {
                entries.add(TensorEntry.of(theirs.get(i), shape, Arrays.copyOfRange(values, i * each, (i + 1) * each)));
            }
        }
        return entries;
    }

    /// Rows in the order channel, pixel to the order pixel, channel.
    private static float[] byPixel(float[] rows, int pixels) {
        int width = rows.length / (3 * pixels);
        float[] laid = new float[rows.length];
        for (int r = 0; r < 3 * pixels; r++) {
            System.arraycopy(rows, r * width, laid, (r % pixels * 3 + r / pixels) * width, width);
        }
        return laid;
    }

    @ParameterizedTest
    @ValueSource(strings = {PUBLISHED, "decoder.decoder_encoder.layer."})
    void predictsWhatTheCaseSays(String decoder) throws IOException {
        var golden = Safetensors.read(GOLDEN);
        Path file = folder.resolve("released.safetensors");
        Safetensors.write(file, Map.of(), entries(golden, decoder));
        Recipe recipe = recipe();
        Path checkpoint = folder.resolve("checkpoint.safetensors");
        HuggingFaceWeights.open(file, recipe).save(checkpoint);
        var programs = new MaePrograms(recipe);
        var painting = programs.paint(3);
        try (var session = new PlainDevice(false).bind(programs.state(), painting.program())) {
            Checkpoint.load(checkpoint, programs.state(), session, null);
            float[] pixels = golden.floats("inputs.images");
            for (int i = 0; i < pixels.length; i++) {
                pixels[i] = VisionTransformer.pixel(i / 256 % 3, pixels[i]);
            }
            var in = painting.objective().inputs();
            session.upload(in.image(), pixels);
            int[] kept = Arrays.stream(golden.longs("draws.kept")).mapToInt(k -> (int) k).toArray();
            in.give(kept, session::upload, session::upload);
            session.run(painting.program());
            assertArrayEquals(golden.floats("intermediates.prediction"),
                    session.download(painting.objective().decoding().prediction()), 2e-4f);
        }
    }

    @Test
    void listsEveryTensorThatDoesNotFit() throws IOException {
        var entries = entries(Safetensors.read(GOLDEN), PUBLISHED);
        entries.removeIf(e -> e.name().equals("decoder.mask_token"));
        entries.add(TensorEntry.of("classifier.weight", new int[]{2}, new float[2]));
        Path file = folder.resolve("released.safetensors");
        Safetensors.write(file, Map.of(), entries);
        String message = assertThrows(FormatException.class,
                () -> HuggingFaceWeights.open(file, recipe("encoder.mlp-ratio=2"))).getMessage();
        for (String part : List.of("1 missing", "decoder.mask_token (1, 1, 12)", "classifier.weight (2)",
                "vit.encoder.layer.0.intermediate.dense.weight (64, 16), expected (32, 16)")) {
            assertTrue(message.contains(part), message);
        }
        // fc1's weight and bias, and fc2's weight, of two blocks
        assertEquals(6, message.lines().filter(line -> line.contains(", expected (")).count(), message);
    }
}
