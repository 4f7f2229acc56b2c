package dev.triptych.stellar;

import dev.triptych.io.Safetensors;
import dev.triptych.io.SafetensorsFile;
import dev.triptych.io.TensorEntry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/// Files like the authors' releases: the names and shapes that PyTorch gives the parameters of their class over two of
/// Hugging Face's ViT, written out here by hand from the specification, not taken from the code under test.
///
/// @param codes of the head; 0 for pixels
///
public record ReleasedModel(int side, int patch, int d, int depth, int mlp, int tokens, int decoderWidth,
        int decoderDepth, int decoderMlp, int codes, int prototypes, int predictorHidden, int prototypeDim) {

    /// ViT-B/16 as released: 120.76 million numbers.
    public static ReleasedModel b16() {
        return new ReleasedModel(224, 16, 768, 12, 3072, 16, 512, 6, 2048, 1024, 16384, 2048, 256);
    }

    /// Every tensor, parts that are never used included.
    public Map<String, int[]> shapes() {
        var shapes = new LinkedHashMap<String, int[]>();
        int n = side / patch * (side / patch);
        shapes.put("sparse_tokens", new int[]{tokens, d});
        vit(shapes, "encoder", d, depth, mlp, n, patch);
        vit(shapes, "decoder", decoderWidth, decoderDepth, decoderMlp, n, patch);
        shapes.put("position_embedding.positional_encoding_gaussian_matrix", new int[]{2, decoderWidth / 2});
        linear(shapes, "dense_proj", d, d);
        linear(shapes, "sparse_proj", d, d);
        linear(shapes, "decoder_proj", d, decoderWidth);
        if (codes > 0) {
            linear(shapes, "reconstruction_head", decoderWidth, codes);
        } else {
            shapes.put("reconstruction_head.weight", new int[]{decoderWidth, 3, patch, patch});
            shapes.put("reconstruction_head.bias", new int[]{3});
        }
        for (String head : List.of("clustering_head", "cls_cluster_head")) {
            linear(shapes, head + ".predictor.layers.0", d, predictorHidden);
            linear(shapes, head + ".predictor.layers.2", predictorHidden, prototypeDim);
            shapes.put(head + ".layer.weight", new int[]{prototypes, prototypeDim});
        }
        return shapes;
    }

    private static void vit(Map<String, int[]> shapes, String name, int d, int depth, int mlp, int n, int patch) {
        shapes.put(name + ".embeddings.cls_token", new int[]{1, 1, d});
        shapes.put(name + ".embeddings.position_embeddings", new int[]{1, n + 1, d});
        shapes.put(name + ".embeddings.patch_embeddings.projection.weight", new int[]{d, 3, patch, patch});
        shapes.put(name + ".embeddings.patch_embeddings.projection.bias", new int[]{d});
        for (int i = 0; i < depth; i++) {
            String layer = name + ".encoder.layer." + i + ".";
            for (String part : List.of("query", "key", "value")) {
                linear(shapes, layer + "attention.attention." + part, d, d);
            }
            linear(shapes, layer + "attention.output.dense", d, d);
            linear(shapes, layer + "intermediate.dense", d, mlp);
            linear(shapes, layer + "output.dense", mlp, d);
            for (String norm : List.of("layernorm_before", "layernorm_after")) {
                shapes.put(layer + norm + ".weight", new int[]{d});
                shapes.put(layer + norm + ".bias", new int[]{d});
            }
        }
        shapes.put(name + ".layernorm.weight", new int[]{d});
        shapes.put(name + ".layernorm.bias", new int[]{d});
        linear(shapes, name + ".pooler.dense", d, d);
    }

    private static void linear(Map<String, int[]> shapes, String name, int in, int out) {
        shapes.put(name + ".weight", new int[]{out, in});
        shapes.put(name + ".bias", new int[]{out});
    }

    /// Writes the file: numbers drawn by seed and name, small enough for a network of this size to stay tame.
    public void write(Path file, long seed) throws IOException {
        write(file, seed, shapes());
    }

    /// Writes tensors of given shapes.
    public static void write(Path file, long seed, Map<String, int[]> shapes) throws IOException {
        var entries = new ArrayList<TensorEntry>();
        shapes.forEach((name, shape) -> entries.add(
                TensorEntry.later(name, shape, () -> draw(name, shape, seed))));
        Safetensors.write(file, Map.of("format", "pt"), entries);
    }

    /// Norms' weights are near 1, everything else is spread so that activations keep their size.
    private static float[] draw(String name, int[] shape, long seed) {
        int count = 1;
        for (int size : shape) {
            count *= size;
        }
        var random = new SplittableRandom(seed ^ name.hashCode());
        boolean norm = name.matches(".*layernorm.*weight");
        float spread = name.contains("gaussian") ? 1 : (float) (0.9 / Math.sqrt(count / (double) shape[0]));
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            float u = (random.nextInt() >> 8) * 0x1p-23f;
            values[i] = norm ? 1 + 0.1f * u : spread * u;
        }
        return values;
    }

    /// Hugging Face's graph and STELLAR's on top of it, read slowly and in double: cls, dense, sparse, localization and
    /// prediction of one image (3, side, side) on [0, 1].
    public Map<String, double[]> run(SafetensorsFile file, int heads, int decoderHeads, double[] image) {
        return new ReleasedGraph(this, file).run(heads, decoderHeads, image);
    }
}
