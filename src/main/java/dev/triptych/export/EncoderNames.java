package dev.triptych.export;

import dev.triptych.io.FormatException;
import dev.triptych.io.SafetensorsFile;
import java.util.List;
import java.util.Map;

/// What others call the parts of a vision transformer.
///
/// @param kind whose names
/// @param prefix before all of them
record EncoderNames(Kind kind, String prefix) {
    /// Whose names, and how positions become those of another grid.
    enum Kind {
        /// timm's `VisionTransformer`.
        TIMM("cls_token", "reg_token", "pos_embed", "patch_embed.proj", "norm", "blocks.",
                Map.of("norm1", "norm1", "attn.proj", "attn.proj", "norm2", "norm2", "mlp.fc1", "mlp.fc1", "mlp.fc2",
                        "mlp.fc2"),
                Map.of("attn.proj", "ls1.gamma", "mlp.fc2", "ls2.gamma"), true),
        /// transformers' ViT, and ViT-MAE.
        VIT(HuggingFaceModel.PLAIN.blocks(), Map.of(), false),
        /// transformers' DINOv2.
        DINOV2(HuggingFaceModel.REGISTERS.blocks(), HuggingFaceModel.SCALES, false),
        /// The same with registers.
        DINOV2_WITH_REGISTERS(HuggingFaceModel.REGISTERS.blocks(), HuggingFaceModel.SCALES, true);

        /// Class token (1, 1, d).
        private final String cls;
        /// Register tokens (1, R, d).
        private final String registers;
        /// (1, rows, d).
        private final String positions;
        /// Projection of a patch.
        private final String patch;
        /// The last layer norm.
        private final String norm;
        /// Before the number of a block.
        private final String layer;
        /// Our parts of a block and theirs, without q, k, v.
        private final Map<String, String> parts;
        /// What the branches are multiplied by, by our layer that ends them.
        private final Map<String, String> scales;
        /// Whether their code widens the kernel where a grid of positions shrinks.
        private final boolean antialias;

        Kind(String cls, String registers, String positions, String patch, String norm, String layer,
                Map<String, String> parts, Map<String, String> scales, boolean antialias) {
            this.cls = cls;
            this.registers = registers;
            this.positions = positions;
            this.patch = patch;
            this.norm = norm;
            this.layer = layer;
            this.parts = parts;
            this.scales = scales;
            this.antialias = antialias;
        }

        Kind(Map<String, String> parts, Map<String, String> scales, boolean antialias) {
            this("embeddings.cls_token", "embeddings.register_tokens", "embeddings.position_embeddings",
                    "embeddings.patch_embeddings.projection", "layernorm", "encoder.layer.", parts, scales, antialias);
        }
    }

    private static final List<String> PREFIXES = List.of("", "vit.", "dinov2.", "dinov2_with_registers.");
    private static final List<String> NEVER_USED = List.of("pooler.", "classifier.", "head.", "embeddings.mask_token");

    /// Recognises a file.
    ///
    /// @throws FormatException if it is none of these
    static EncoderNames of(SafetensorsFile file) {
        for (String prefix : PREFIXES) {
            if (file.has(prefix + "embeddings.cls_token")) {
                boolean registers = file.has(prefix + Kind.DINOV2.registers);
                return new EncoderNames(
                        !file.has(prefix + "encoder.layer.0.norm1.weight")
                                ? Kind.VIT
                                : registers ? Kind.DINOV2_WITH_REGISTERS : Kind.DINOV2,
                        prefix);
            }
        }
        if (file.has("cls_token") && file.has("patch_embed.proj.weight")) {
            return new EncoderNames(Kind.TIMM, "");
        }
        throw new FormatException(file.path(), "its tensors have no names of a vision transformer",
                file.names().size() + " tensors found, none of them embeddings.cls_token, as in transformers' ViT, "
                        + "ViT-MAE and DINOv2, or cls_token and patch_embed.proj.weight, as in timm",
                "Give the model.safetensors of such a model");
    }

    String cls() {
        return prefix + kind.cls;
    }

    String registers() {
        return prefix + kind.registers;
    }

    String positions() {
        return prefix + kind.positions;
    }

    String patch(String end) {
        return prefix + kind.patch + "." + end;
    }

    String norm(String end) {
        return prefix + kind.norm + "." + end;
    }

    /// A part of a block other than q, k, v.
    String part(String block, String ours, String end) {
        return prefix + kind.layer + block + "." + kind.parts.get(ours) + "." + end;
    }

    /// q, k, v: one tensor, or three.
    List<String> qkv(String block, String end) {
        String layer = prefix + kind.layer + block + ".";
        return kind == Kind.TIMM
                ? List.of(layer + "attn.qkv." + end)
                : HuggingFaceModel.QKV.stream().map(q -> layer + "attention.attention." + q + "." + end).toList();
    }

    /// What the branch is multiplied by that one of our layers ends; null for nothing.
    String scale(SafetensorsFile file, String block, String ours) {
        String name = kind.scales.containsKey(ours)
                ? prefix + kind.layer + block + "." + kind.scales.get(ours)
                : null;
        return name != null && file.has(name) ? name : null;
    }

    /// Whether the kernel widens where a grid of positions shrinks.
    boolean antialias() {
        return kind.antialias;
    }

    /// Names that no encoder needs.
    boolean unused(String name) {
        return !name.startsWith(prefix)
                || NEVER_USED.stream().anyMatch(name.substring(prefix.length())::startsWith);
    }
}
