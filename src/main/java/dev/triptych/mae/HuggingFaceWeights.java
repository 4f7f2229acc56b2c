package dev.triptych.mae;

import dev.triptych.io.Safetensors;
import dev.triptych.program.Tensor;
import dev.triptych.recipe.Recipe;
import dev.triptych.train.ReleasedWeights;
import dev.triptych.train.ReleasedWeights.Part;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Weights of MAE under the names of Hugging Face's ViT-MAE: those of `facebook/vit-mae-base` and its sisters, and
/// those that version 5 of its library saves, which calls the decoder's layers otherwise. Their decoder
/// predicts a patch pixel by pixel with the colours side by side; ours (MAE section 3) channel by channel.
final class HuggingFaceWeights {
    private static final Pattern BLOCK = Pattern
            .compile("(encoder|decoder)\\.blocks\\.([0-9]+)\\.(.+)\\.(weight|bias)");
    private static final String SAVED_DECODER = "decoder.decoder_encoder.layer.";
    private static final Map<String, String> BLOCK_PARTS = Map.of("norm1", "layernorm_before", "norm2",
            "layernorm_after", "attn.proj", "attention.output.dense", "mlp.fc1", "intermediate.dense", "mlp.fc2",
            "output.dense");
    private static final Map<String, String> NAMES = Map.ofEntries(
            Map.entry("encoder.cls", "vit.embeddings.cls_token"),
            Map.entry("encoder.positions", "vit.embeddings.position_embeddings"),
            Map.entry("encoder.patch.weight", "vit.embeddings.patch_embeddings.projection.weight"),
            Map.entry("encoder.patch.bias", "vit.embeddings.patch_embeddings.projection.bias"),
            Map.entry("encoder.norm.weight", "vit.layernorm.weight"),
            Map.entry("encoder.norm.bias", "vit.layernorm.bias"),
            Map.entry("decoder.embed.weight", "decoder.decoder_embed.weight"),
            Map.entry("decoder.embed.bias", "decoder.decoder_embed.bias"),
            Map.entry("decoder.mask_token", "decoder.mask_token"),
            Map.entry("decoder.positions", "decoder.decoder_pos_embed"),
            Map.entry("decoder.norm.weight", "decoder.decoder_norm.weight"),
            Map.entry("decoder.norm.bias", "decoder.decoder_norm.bias"),
            Map.entry("decoder.pred.weight", "decoder.decoder_pred.weight"),
            Map.entry("decoder.pred.bias", "decoder.decoder_pred.bias"));

    private HuggingFaceWeights() {
    }

    /// Opens a file and checks every tensor against a recipe's model.
    ///
    /// @throws dev.triptych.io.FormatException listing all tensors that do not fit
    static ReleasedWeights open(Path path, Recipe recipe) throws IOException {
        var file = Safetensors.read(path);
        var state = new MaePrograms(recipe).state();
        int p = recipe.encoder().patch();
        var parts = new ArrayList<Part>();
        String decoder = file.names().stream().anyMatch(name -> name.startsWith(SAVED_DECODER))
                ? SAVED_DECODER
                : "decoder.decoder_layers.";
        state.parameters().values().forEach(tensor -> parts.add(part(tensor, p, decoder)));
        return ReleasedWeights.of(file, recipe, state.parameterCount(), parts, _ -> false);
    }

    private static Part part(Tensor tensor, int p, String decoder) {
        String ours = tensor.name();
        int[] shape = tensor.shape();
        var block = BLOCK.matcher(ours);
        if (block.matches()) {
            String layer = (block.group(1).equals("encoder") ? "vit.encoder.layer." : decoder)
                    + block.group(2) + ".";
            String end = "." + block.group(4);
            if (block.group(3).equals("attn.qkv")) {
                int[] third = shape.clone();
                third[0] /= 3;
                return Part.joined(tensor, Stream.of("query", "key", "value")
                        .map(q -> layer + "attention.attention." + q + end).toList(), third);
            }
            return Part.joined(tensor, List.of(layer + BLOCK_PARTS.get(block.group(3)) + end), shape);
        }
        var theirs = List.of(NAMES.get(ours));
        return switch (ours) {
            case "encoder.patch.weight" -> Part.joined(tensor, theirs, shape[0], 3, p, p);
            case "encoder.cls", "encoder.positions", "decoder.mask_token", "decoder.positions" ->
                Part.joined(tensor, theirs, 1, shape[0], shape[1]);
            case "decoder.pred.weight", "decoder.pred.bias" ->
                Part.laid(tensor, theirs, rows -> byChannel(rows, p * p), shape);
            default -> Part.joined(tensor, theirs, shape);
        };
    }

    /// Rows in the order pixel, channel to the order channel, pixel.
    static float[] byChannel(float[] rows, int pixels) {
        int width = rows.length / (3 * pixels);
        float[] laid = new float[rows.length];
        for (int c = 0; c < 3; c++) {
            for (int i = 0; i < pixels; i++) {
                System.arraycopy(rows, (i * 3 + c) * width, laid, (c * pixels + i) * width, width);
            }
        }
        return laid;
    }
}
