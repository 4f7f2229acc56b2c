package dev.triptych.check.vectors;

import dev.triptych.io.vectors.Comparison;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The names of the authors' code (Hugging Face's ViT) for our parameters.
final class StellarNames {
    private static final Pattern BLOCK = Pattern
            .compile("(encoder|decoder)\\.blocks\\.([0-9]+)\\.(.+)\\.(weight|bias)");
    private static final Pattern PREDICTOR = Pattern
            .compile("(clustering_head|cls_head)\\.predictor\\.([0-9]+)\\.(weight|bias)");
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
    static List<String> theirs(String ours, boolean single) {
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

    /// The teacher's copy of a parameter of theirs.
    static String teacher(String theirs) {
        return "teacher_" + theirs.replaceFirst("^clustering_head\\.", "head.")
                .replaceFirst("^cls_cluster_head\\.", "cls_head.");
    }

    /// The student's parameter of which a tensor of theirs is the teacher's copy.
    static String student(String teacher) {
        return teacher.replaceFirst("^teacher_head\\.", "clustering_head.")
                .replaceFirst("^teacher_cls_head\\.", "cls_cluster_head.").replaceFirst("^teacher_", "");
    }

    /// The linear layers of a prototype head's predictor, in order: `layers.0`, `layers.2`, ...; activations count too.
    /// A single one is `layers`.
    static List<String> predictor(Comparison c, String head) {
        String prefix = head + "predictor.layers.";
        if (c.has(prefix + "weight")) {
            return List.of(head + "predictor.layers");
        }
        return c.names(Pattern.quote(prefix) + "[0-9]+\\.weight").stream()
                .map(n -> n.substring(0, n.length() - ".weight".length()))
                .sorted(Comparator.comparingInt(n -> Integer.parseInt(n.substring(prefix.length())))).toList();
    }
}
