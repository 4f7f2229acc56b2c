package dev.triptych.export;

import dev.triptych.encoder.VisionTransformer;
import dev.triptych.io.AtomicFile;
import dev.triptych.io.Json;
import dev.triptych.io.Safetensors;
import dev.triptych.io.TensorEntry;
import dev.triptych.method.PlainEncoder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The encoder as a model of Hugging Face's `transformers`: with sparse tokens `dinov2_with_registers`, whose registers
/// are learned rows without a place as these are and whose layer scales are one; without them `vit`.
final class HuggingFaceModel {
    /// Where the two models differ in names.
    ///
    /// @param type `model_type`
    /// @param architecture the class
    /// @param blocks our parts of a block (without q, k, v) and theirs
    record Kind(String type, String architecture, Map<String, String> blocks) {
    }

    static final Kind REGISTERS = new Kind("dinov2_with_registers", "Dinov2WithRegistersModel",
            Map.of("norm1", "norm1", "attn.proj", "attention.output.dense", "norm2", "norm2", "mlp.fc1", "mlp.fc1",
                    "mlp.fc2", "mlp.fc2"));
    static final Kind PLAIN = new Kind("vit", "ViTModel",
            Map.of("norm1", "layernorm_before", "attn.proj", "attention.output.dense", "norm2", "layernorm_after",
                    "mlp.fc1", "intermediate.dense", "mlp.fc2", "output.dense"));
    static final List<String> QKV = List.of("query", "key", "value");
    /// What DINOv2 multiplies the branches by, by our layer that ends them.
    static final Map<String, String> SCALES = Map.of("attn.proj", "layer_scale1.lambda1", "mlp.fc2",
            "layer_scale2.lambda1");

    private HuggingFaceModel() {
    }

    private static Kind kind(PlainEncoder encoder) {
        return encoder.sparse() > 0 ? REGISTERS : PLAIN;
    }

    static void write(EncoderWeights weights, Path folder) throws IOException {
        Safetensors.write(folder.resolve("model.safetensors"), Map.of("format", "pt"), tensors(weights));
        json(folder.resolve("config.json"), config(weights.encoder()));
        json(folder.resolve("preprocessor_config.json"), preprocessor(weights.encoder().side()));
    }

    private static void json(Path file, Map<String, Object> values) throws IOException {
        AtomicFile.write(file, Json.write(values, true).getBytes(StandardCharsets.UTF_8));
    }

    private static List<TensorEntry> tensors(EncoderWeights weights) {
        var s = weights.encoder().settings();
        int d = s.width();
        int k = weights.encoder().sparse();
        var entries = new ArrayList<TensorEntry>();
        entries.add(TensorEntry.of("embeddings.cls_token", new int[]{1, 1, d}, weights.encoder("cls")));
        if (k > 0) {
            entries.add(TensorEntry.of("embeddings.register_tokens", new int[]{1, k, d},
                    weights.root("sparse_tokens")));
            // stands for patches that are hidden while DINOv2 trains; nothing reads it here
            entries.add(TensorEntry.of("embeddings.mask_token", new int[]{1, d}, new float[d]));
        }
        entries.add(TensorEntry.of("embeddings.position_embeddings", new int[]{1, 1 + s.patches(), d},
                weights.encoder("positions")));
        entries.add(TensorEntry.of("embeddings.patch_embeddings.projection.weight",
                new int[]{d, 3, s.patch(), s.patch()}, weights.encoder("patch.weight")));
        entries.add(TensorEntry.of("embeddings.patch_embeddings.projection.bias", new int[]{d},
                weights.encoder("patch.bias")));
        for (int i = 0; i < s.depth(); i++) {
            block(weights, s, i, entries);
        }
        entries.add(TensorEntry.of("layernorm.weight", new int[]{d}, weights.encoder("norm.weight")));
        entries.add(TensorEntry.of("layernorm.bias", new int[]{d}, weights.encoder("norm.bias")));
        return entries;
    }

    private static void block(EncoderWeights weights, VisionTransformer.Settings s, int i, List<TensorEntry> entries) {
        int d = s.width();
        String ours = "blocks." + i + ".";
        String theirs = "encoder.layer." + i + ".";
        float[] weight = weights.encoder(ours + "attn.qkv.weight");
        float[] bias = weights.encoder(ours + "attn.qkv.bias");
        for (int part = 0; part < QKV.size(); part++) {
            String name = theirs + "attention.attention." + QKV.get(part);
            entries.add(TensorEntry.of(name + ".weight", new int[]{d, d}, EncoderWeights.rows(weight, part * d, d, d)));
            entries.add(TensorEntry.of(name + ".bias", new int[]{d}, EncoderWeights.rows(bias, part * d, d, 1)));
        }
        kind(weights.encoder()).blocks().forEach((from, to) -> {
            for (String end : List.of(".weight", ".bias")) {
                int[] shape = weights.file().shape(weights.encoder().prefix() + "encoder." + ours + from + end);
                entries.add(TensorEntry.of(theirs + to + end, shape, weights.encoder(ours + from + end)));
            }
        });
        if (weights.encoder().sparse() > 0) {
            float[] ones = new float[d];
            Arrays.fill(ones, 1f);
            SCALES.values().forEach(scale -> entries.add(TensorEntry.of(theirs + scale, new int[]{d}, ones)));
        }
    }

    private static Map<String, Object> config(PlainEncoder encoder) {
        var s = encoder.settings();
        var config = new LinkedHashMap<String, Object>();
        config.put("architectures", List.of(kind(encoder).architecture()));
        config.put("model_type", kind(encoder).type());
        config.put("hidden_size", s.width());
        config.put("num_hidden_layers", s.depth());
        config.put("num_attention_heads", s.heads());
        if (encoder.sparse() > 0) {
            config.put("mlp_ratio", ratio(s));
            config.put("num_register_tokens", encoder.sparse());
            config.put("layerscale_value", 1.0);
            config.put("use_swiglu_ffn", false);
            config.put("drop_path_rate", 0.0);
        } else {
            config.put("intermediate_size", s.hidden());
        }
        config.put("hidden_act", "gelu");
        config.put("hidden_dropout_prob", 0.0);
        config.put("attention_probs_dropout_prob", 0.0);
        config.put("layer_norm_eps", s.eps());
        config.put("image_size", encoder.side());
        config.put("patch_size", s.patch());
        config.put("num_channels", 3);
        config.put("qkv_bias", true);
        config.put("dtype", "float32");
        return config;
    }

    /// A whole number: DINOv2's configuration multiplies an int by it.
    private static int ratio(VisionTransformer.Settings s) {
        return s.hidden() / s.width();
    }

    /// The short side to the encoder's, then the centre: what `tokens` does.
    private static Map<String, Object> preprocessor(int side) {
        var values = new LinkedHashMap<String, Object>();
        values.put("image_processor_type", "BitImageProcessor");
        values.put("do_resize", true);
        values.put("size", Map.of("shortest_edge", side));
        values.put("resample", 3);
        values.put("do_center_crop", true);
        values.put("crop_size", Map.of("height", side, "width", side));
        values.put("do_rescale", true);
        values.put("rescale_factor", 1 / 255.0);
        values.put("do_normalize", true);
        values.put("image_mean", PictureValues.MEAN);
        values.put("image_std", PictureValues.DEVIATION);
        values.put("do_convert_rgb", true);
        return values;
    }
}
