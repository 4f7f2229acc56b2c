package dev.triptych.stellar;

import dev.triptych.program.Twinned;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The names and shapes of the authors' code (Hugging Face's ViT) for STELLAR's parameters. Linear weights are (out,
/// in) on both sides; only what is fused (q, k, v) or flattened (patches, one-row tables) differs.
@Twinned
public final class StellarNames {
    private static final Pattern BLOCK = Pattern
            .compile("(encoder|decoder)\\.blocks\\.([0-9]+)\\.(.+)\\.(weight|bias)");
    private static final Pattern PREDICTOR = Pattern
            .compile("(clustering_head|cls_head)\\.predictor\\.([0-9]+)\\.(weight|bias)");
    private static final Pattern UNUSED = Pattern.compile("(encoder|decoder)\\.pooler\\..+|decoder\\.embeddings\\..+");
    private static final Map<String, String> BLOCK_PARTS = Map.of("norm1", "layernorm_before", "norm2",
            "layernorm_after", "attn.proj", "attention.output.dense", "mlp.fc1", "intermediate.dense", "mlp.fc2",
            "output.dense");
    private static final Map<String, String> PREFIXES = Map.of("encoder.patch.",
            "encoder.embeddings.patch_embeddings.projection.", "encoder.norm.", "encoder.layernorm.", "decoder.norm.",
            "decoder.layernorm.", "decoder.proj.", "decoder_proj.", "decoder.head.", "reconstruction_head.");
    private static final Map<String, String> NAMES = Map.of("encoder.cls", "encoder.embeddings.cls_token",
            "encoder.positions", "encoder.embeddings.position_embeddings", "clustering_head.prototypes",
            "clustering_head.layer.weight", "cls_head.prototypes", "cls_cluster_head.layer.weight");

    private StellarNames() {
    }

    /// What the authors call a parameter of ours: one tensor, or three whose rows follow each other (q, k, v).
    ///
    /// @param single whether predictors are one linear layer, which then has no number
    public static List<String> theirs(String ours, boolean single) {
        var block = BLOCK.matcher(ours);
        if (block.matches()) {
            String layer = block.group(1) + ".encoder.layer." + block.group(2) + ".";
            String end = "." + block.group(4);
            return block.group(3).equals("attn.qkv")
                    ? Stream.of("query", "key", "value").map(q -> layer + "attention.attention." + q + end).toList()
                    : List.of(layer + BLOCK_PARTS.get(block.group(3)) + end);
        }
        var predictor = PREDICTOR.matcher(ours);
        if (predictor.matches()) {
            String head = predictor.group(1).equals("cls_head") ? "cls_cluster_head" : "clustering_head";
            String layer = single ? "" : 2 * Integer.parseInt(predictor.group(2)) + ".";
            return List.of(head + ".predictor.layers." + layer + predictor.group(3));
        }
        for (Map.Entry<String, String> prefix : PREFIXES.entrySet()) {
            if (ours.startsWith(prefix.getKey())) {
                return List.of(prefix.getValue() + ours.substring(prefix.getKey().length()));
            }
        }
        return List.of(NAMES.getOrDefault(ours, ours));
    }

    /// The shape of each of the tensors that [#theirs] names, for a parameter of ours.
    ///
    /// @param shape ours
    /// @param settings of the model
    public static int[] shape(String ours, int[] shape, Stellar.Settings settings) {
        int p = settings.encoder().patch();
        boolean pixels = settings.decoder().codes() == 0;
        if (ours.equals("encoder.patch.weight") || ours.equals("decoder.head.weight") && pixels) {
            return new int[]{shape[0], 3, p, p};
        }
        if (ours.equals("encoder.cls") || ours.equals("encoder.positions")) {
            return new int[]{1, shape[0], shape[1]};
        }
        int[] theirs = shape.clone();
        theirs[0] /= ours.contains(".attn.qkv.") ? 3 : 1;
        return theirs;
    }

    /// Whether a tensor of theirs belongs to a part that Hugging Face's class has and STELLAR never uses: the poolers,
    /// and the decoder's own embeddings (specification, section 8, point 14).
    public static boolean unused(String theirs) {
        return UNUSED.matcher(theirs).matches();
    }

    /// The teacher's copy of a parameter of theirs.
    public static String teacher(String theirs) {
        return "teacher_" + theirs.replaceFirst("^clustering_head\\.", "head.")
                .replaceFirst("^cls_cluster_head\\.", "cls_head.");
    }

    /// The student's parameter of which a tensor of theirs is the teacher's copy.
    public static String student(String teacher) {
        return teacher.replaceFirst("^teacher_head\\.", "clustering_head.")
                .replaceFirst("^teacher_cls_head\\.", "cls_cluster_head.").replaceFirst("^teacher_", "");
    }
}
