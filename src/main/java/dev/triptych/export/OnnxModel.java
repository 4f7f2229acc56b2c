package dev.triptych.export;

import static dev.triptych.export.OnnxGraph.Attribute.integer;
import static dev.triptych.export.OnnxGraph.Attribute.integers;
import static dev.triptych.export.OnnxGraph.Attribute.real;

import dev.triptych.encoder.VisionTransformer;
import dev.triptych.method.PlainEncoder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The encoder as an ONNX graph, written out equation by equation: `pixel_values` (batch, 3, side, side), normalised,
/// to `cls` (batch, d), `dense` D (batch, N, d) and, where there are sparse tokens, `sparse` S (batch, K, d) and
/// `localization` L (batch, N, K).
final class OnnxModel {
    private final EncoderWeights weights;
    private final VisionTransformer.Settings s;
    private final OnnxGraph g = new OnnxGraph();

    private OnnxModel(EncoderWeights weights) {
        this.weights = weights;
        this.s = weights.encoder().settings();
    }

    static void write(EncoderWeights weights, Path folder) throws IOException {
        var model = new OnnxModel(weights);
        model.build();
        model.g.write(folder.resolve("model.onnx"), "encoder", "Vision transformer of " + weights.run().name()
                + ", step " + weights.run().step() + ": pixel_values (normalised) to cls, dense"
                + (weights.encoder().sparse() > 0 ? ", sparse, localization" : ""));
    }

    private void build() {
        int d = s.width();
        int n = s.patches();
        int k = weights.encoder().sparse();
        String pixels = g.input("pixel_values", 3, weights.encoder().side(), weights.encoder().side());
        String x = embed(pixels);
        for (int i = 0; i < s.depth(); i++) {
            x = block(x, i);
        }
        x = layerNorm(x, "norm");
        String cls = slice(x, 0, 1);
        g.output("cls", g.node("Reshape", cls, g.whole(-1, d)), d);
        String dense = slice(x, 1, 1 + n);
        g.output("dense", dense, n, d);
        if (k > 0) {
            String sparse = slice(x, 1 + n, 1 + n + k);
            g.output("sparse", sparse, k, d);
            if (weights.encoder().localization() != null) {
                g.output("localization", localization(dense, sparse, weights.encoder().localization()), n, k);
            }
        }
    }

    /// [CLS + position 0 ; patches + positions ; sparse tokens].
    private String embed(String pixels) {
        int d = s.width();
        int p = s.patch();
        String kernel = g.weight("encoder.patch.weight", weights.encoder("patch.weight"), d, 3, p, p);
        String map = g.node("Conv",
                List.of(pixels, kernel, g.weight("encoder.patch.bias", weights.encoder("patch.bias"), d)),
                integers("strides", p, p), integers("kernel_shape", p, p));
        String patches = g.node("Transpose", List.of(g.node("Reshape", map, g.whole(0, d, s.patches()))),
                integers("perm", 0, 2, 1));
        float[] positions = weights.encoder("positions");
        String grid = g.weight("encoder.positions", EncoderWeights.rows(positions, 1, s.patches(), d), s.patches(), d);
        float[] first = weights.encoder("cls").clone();
        for (int j = 0; j < d; j++) {
            first[j] += positions[j];
        }
        String batch = g.node("Slice", g.node("Shape", pixels), g.whole(0), g.whole(1));
        var parts = new ArrayList<String>();
        parts.add(everywhere(g.weight("encoder.cls", first, 1, d), 1, batch));
        parts.add(g.node("Add", patches, grid));
        int k = weights.encoder().sparse();
        if (k > 0) {
            parts.add(everywhere(g.weight("sparse_tokens", weights.root("sparse_tokens"), k, d), k, batch));
        }
        return g.node("Concat", parts, integer("axis", 1));
    }

    /// Rows for each image of the batch.
    private String everywhere(String rows, int count, String batch) {
        String shape = g.node("Concat", List.of(batch, g.whole(count, s.width())), integer("axis", 0));
        return g.node("Expand", rows, shape);
    }

    /// x + proj(attention(qkv(LN(x)))), then x + fc2(gelu(fc1(LN(x)))).
    private String block(String x, int i) {
        String name = "blocks." + i + ".";
        int d = s.width();
        String y = g.node("Add", x, linear(attention(linear(layerNorm(x, name + "norm1"), name + "attn.qkv", d, 3 * d)),
                name + "attn.proj", d, d));
        String hidden = gelu(linear(layerNorm(y, name + "norm2"), name + "mlp.fc1", d, s.hidden()));
        return g.node("Add", y, linear(hidden, name + "mlp.fc2", s.hidden(), d));
    }

    private String attention(String qkv) {
        int size = s.width() / s.heads();
        String heads = g.node("Transpose", List.of(g.node("Reshape", qkv, g.whole(0, -1, 3, s.heads(), size))),
                integers("perm", 2, 0, 3, 1, 4));
        String q = part(heads, 0);
        String k = part(heads, 1);
        String v = part(heads, 2);
        String keys = g.node("Transpose", List.of(k), integers("perm", 0, 1, 3, 2));
        String scores = g.node("Mul", g.node("MatMul", q, keys), g.number((float) (1 / Math.sqrt(size))));
        String context = g.node("MatMul", g.node("Softmax", List.of(scores), integer("axis", -1)), v);
        return g.node("Reshape", g.node("Transpose", List.of(context), integers("perm", 0, 2, 1, 3)),
                g.whole(0, -1, s.width()));
    }

    private String part(String stack, int index) {
        String one = g.node("Slice", stack, g.whole(index), g.whole(index + 1), g.whole(0));
        return g.node("Squeeze", one, g.whole(0));
    }

    /// Rows `from` .. `to - 1` of each image.
    private String slice(String x, int from, int to) {
        return g.node("Slice", x, g.whole(from), g.whole(to), g.whole(1));
    }

    private String layerNorm(String x, String name) {
        int d = s.width();
        return g.node("LayerNormalization",
                List.of(x, g.weight("encoder." + name + ".weight", weights.encoder(name + ".weight"), d),
                        g.weight("encoder." + name + ".bias", weights.encoder(name + ".bias"), d)),
                integer("axis", -1), real("epsilon", s.eps()));
    }

    private String linear(String x, String name, int in, int out) {
        return linear(x, "encoder." + name, weights.encoder(name + ".weight"), weights.encoder(name + ".bias"), in,
                out);
    }

    /// x W^T + b.
    private String linear(String x, String name, float[] weight, float[] bias, int in, int out) {
        String w = g.weight(name + ".weight", EncoderWeights.transposed(weight, out, in), in, out);
        return g.node("Add", g.node("MatMul", x, w), g.weight(name + ".bias", bias, out));
    }

    /// x (1 + erf(x / sqrt 2)) / 2.
    private String gelu(String x) {
        String erf = g.node("Erf", g.node("Div", x, g.number((float) Math.sqrt(2))));
        return g.node("Mul", g.node("Mul", x, g.node("Add", erf, g.number(1f))), g.number(0.5f));
    }

    /// L = softmax(cos(D W1, S W2) / tau).
    private String localization(String dense, String sparse, PlainEncoder.Localization how) {
        int d = s.width();
        String a = linear(dense, "dense_proj", weights.root("dense_proj.weight"), weights.root("dense_proj.bias"), d,
                d);
        String e = linear(sparse, "sparse_proj", weights.root("sparse_proj.weight"), weights.root("sparse_proj.bias"),
                d, d);
        float scale = (float) (1 / Math.sqrt(d));
        if (how.temperature() != 0) {
            a = unitLength(a, how.eps());
            e = unitLength(e, how.eps());
            scale = 1 / how.temperature();
        }
        String scores = g.node("MatMul", a, g.node("Transpose", List.of(e), integers("perm", 0, 2, 1)));
        return g.node("Softmax", List.of(g.node("Mul", scores, g.number(scale))), integer("axis", -1));
    }

    private String unitLength(String x, float eps) {
        String length = g.node("ReduceL2", List.of(x), integers("axes", -1));
        return g.node("Div", x, g.node("Max", length, g.number(eps)));
    }
}
