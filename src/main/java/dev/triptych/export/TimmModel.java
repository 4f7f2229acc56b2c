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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// The encoder as a `VisionTransformer` of timm. Sparse tokens are its register tokens: both are learned rows without
/// a place, so their rows of timm's position table, which has one for every token, are zero.
final class TimmModel {
    /// Any vision transformer that timm knows: every size is given besides.
    private static final String ARCHITECTURE = "vit_base_patch16_224";
    /// What timm's `layernorm` has.
    private static final double EPS = 1e-6;

    private TimmModel() {
    }

    static void write(EncoderWeights weights, Path folder) throws IOException {
        Safetensors.write(folder.resolve("model.safetensors"), Map.of("format", "pt"), tensors(weights));
        AtomicFile.write(folder.resolve("config.json"),
                Json.write(config(weights.encoder()), true).getBytes(StandardCharsets.UTF_8));
    }

    private static List<TensorEntry> tensors(EncoderWeights weights) {
        var s = weights.encoder().settings();
        int d = s.width();
        int k = weights.encoder().sparse();
        var entries = new ArrayList<TensorEntry>();
        entries.add(TensorEntry.of("cls_token", new int[]{1, 1, d}, weights.encoder("cls")));
        if (k > 0) {
            entries.add(TensorEntry.of("reg_token", new int[]{1, k, d}, weights.root("sparse_tokens")));
        }
        entries.add(TensorEntry.of("pos_embed", new int[]{1, 1 + k + s.patches(), d}, positions(weights)));
        entries.add(TensorEntry.of("patch_embed.proj.weight", new int[]{d, 3, s.patch(), s.patch()},
                weights.encoder("patch.weight")));
        entries.add(TensorEntry.of("patch_embed.proj.bias", new int[]{d}, weights.encoder("patch.bias")));
        blocks(s).forEach(name -> {
            int[] shape = weights.file().shape(weights.encoder().prefix() + "encoder." + name);
            entries.add(TensorEntry.of(name, shape, weights.encoder(name)));
        });
        return entries;
    }

    /// Blocks and final norm: our names are timm's.
    private static List<String> blocks(VisionTransformer.Settings settings) {
        var names = new ArrayList<String>();
        for (int i = 0; i < settings.depth(); i++) {
            for (String part : List.of("norm1", "attn.qkv", "attn.proj", "norm2", "mlp.fc1", "mlp.fc2")) {
                names.add("blocks." + i + "." + part);
            }
        }
        names.add("norm");
        return names.stream().flatMap(name -> Stream.of(name + ".weight", name + ".bias")).toList();
    }

    /// [CLS ; K rows of zeros ; patches].
    private static float[] positions(EncoderWeights weights) {
        int d = weights.encoder().settings().width();
        float[] ours = weights.encoder("positions");
        float[] theirs = new float[ours.length + weights.encoder().sparse() * d];
        System.arraycopy(ours, 0, theirs, 0, d);
        System.arraycopy(ours, d, theirs, theirs.length - ours.length + d, ours.length - d);
        return theirs;
    }

    private static Map<String, Object> config(PlainEncoder encoder) {
        var s = encoder.settings();
        var sizes = new LinkedHashMap<String, Object>();
        sizes.put("img_size", encoder.side());
        sizes.put("patch_size", s.patch());
        sizes.put("embed_dim", s.width());
        sizes.put("depth", s.depth());
        sizes.put("num_heads", s.heads());
        sizes.put("mlp_ratio", s.hidden() / (double) s.width());
        sizes.put("reg_tokens", encoder.sparse());
        sizes.put("global_pool", "token");
        sizes.put("num_classes", 0);
        var pictures = new LinkedHashMap<String, Object>();
        pictures.put("input_size", List.of(3, encoder.side(), encoder.side()));
        pictures.put("fixed_input_size", true);
        pictures.put("interpolation", "bicubic");
        pictures.put("crop_pct", 1.0);
        pictures.put("mean", PictureValues.MEAN);
        pictures.put("std", PictureValues.DEVIATION);
        pictures.put("num_classes", 0);
        pictures.put("first_conv", "patch_embed.proj");
        var config = new LinkedHashMap<String, Object>();
        config.put("architecture", ARCHITECTURE);
        config.put("num_classes", 0);
        config.put("num_features", s.width());
        config.put("model_args", sizes);
        config.put("pretrained_cfg", pictures);
        return config;
    }

    /// What the card says of the layer norms' eps; empty where it is timm's own.
    static String remark(PlainEncoder encoder) {
        return encoder.settings().eps() == (float) EPS
                ? ""
                : "timm's layer norm has eps 1e-6, this encoder was trained with " + encoder.settings().eps()
                        + ": values differ in the last digits. `for m in model.modules(): if isinstance(m, "
                        + "torch.nn.LayerNorm): m.eps = " + encoder.settings().eps() + "` makes them equal.";
    }
}
