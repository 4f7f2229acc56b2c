package dev.triptych.check.vectors;

import dev.triptych.encoder.Positions;
import dev.triptych.io.vectors.Comparison;
import dev.triptych.nn.Scope;
import dev.triptych.nn.TransformerBlock;
import dev.triptych.program.Packing;
import dev.triptych.program.Program;
import dev.triptych.program.Tensor;
import dev.triptych.program.call.AttentionCalls.AttentionProbabilities;
import java.util.List;
import java.util.regex.Pattern;

/// Attention, transformer blocks, patches and positions.
final class TokenFamilies {
    static final List<Family> ALL = List.of(
            new Family("attention", c -> c.has("params.qkv.weight"), TokenFamilies::attention),
            new Family("transformer block", c -> c.has("params.attn.qkv.weight"), TokenFamilies::block),
            new Family("patch embedding", c -> c.states("patch") && c.has("inputs.x"), TokenFamilies::patchEmbedding),
            new Family("pixel head", c -> c.states("patch") && c.has("inputs.tokens"), TokenFamilies::pixelHead),
            new Family("position resize", c -> !c.names("inputs\\.[0-9]+x[0-9]+_to_[0-9]+x[0-9]+\\.grid").isEmpty(),
                    TokenFamilies::resize));

    private TokenFamilies() {
    }

    /// Sequences of one length.
    private static Packing packing(Bench b, int batch, int n, int heads) {
        int[] lengths = new int[batch];
        java.util.Arrays.fill(lengths, n);
        return Packing.of(b.program(), heads, lengths);
    }

    private static void attention(Comparison c) {
        int heads = c.whole("heads");
        int[] s = c.shape("inputs.x");
        int width = c.shape("params.qkv.weight")[0] / 3;
        var b = new Bench(c);
        Program p = b.program();
        Tensor x = p.reshape(b.input("inputs.x"), s[0] * s[1], s[2]);
        Tensor qkv = b.linear(x, "params.qkv");
        Tensor context = p.attention(qkv, packing(b, s[0], s[1], heads));
        Tensor y = b.linear(context, "params.proj");
        for (int part = 0; part < 3; part++) {
            int which = part;
            b.give("intermediates." + "qkv".charAt(part), qkv,
                    v -> AxisOrder.heads(v, which, s[0], heads, s[1], width));
        }
        b.give("intermediates.probs", b.call(AttentionProbabilities.class).p());
        b.give("intermediates.context", context);
        b.give("intermediates.y", y);
        b.differentiate("dot", b.dot(y, "inputs.upstream"));
        b.run();
        // The kernel never stores scores: from its own q and k, by the operations it fuses.
        var scores = new Bench(c);
        float[] fused = b.numbers(qkv);
        int[] shape = {s[0] * heads, s[1], width / heads};
        Tensor q = scores.number("q", AxisOrder.heads(fused, 0, s[0], heads, s[1], width), shape);
        Tensor k = scores.number("k", AxisOrder.heads(fused, 1, s[0], heads, s[1], width), shape);
        scores.give("intermediates.scores", scores.program().scale(scores.program().productTransposed(q, k),
                (float) (1.0 / Math.sqrt((double) width / heads))));
        scores.run();
    }

    private static void block(Comparison c) {
        int[] s = c.shape("inputs.x");
        float eps = (float) c.hyper("ln_eps");
        var b = new Bench(c);
        Program p = b.program();
        Tensor x = p.reshape(b.input("inputs.x"), s[0] * s[1], s[2]);
        var block = TransformerBlock.of(Scope.of(b.state()), s[2], c.shape("params.mlp.fc1.weight")[0], eps);
        b.state().parameters().forEach((name, t) -> b.adopt("params." + name, t));
        Tensor y = block.apply(p, x, packing(b, s[0], s[1], c.whole("heads")));
        b.give("intermediates.y", y);
        b.differentiate("dot", b.dot(y, "inputs.upstream"));
        b.run();
    }

    private static void patchEmbedding(Comparison c) {
        int patch = c.whole("patch");
        int[] s = c.shape("inputs.x");
        var b = new Bench(c);
        Tensor y = b.linear(patches(b, b.input("inputs.x"), patch), "params");
        b.give("intermediates.y", y);
        b.differentiate("dot", b.dot(y, "inputs.upstream"));
        b.run();
        if (s[2] % patch != 0 || s[3] % patch != 0) {
            throw new IllegalArgumentException("patch " + patch + " does not divide the image");
        }
    }

    /// All patches of all images as rows, not normalised.
    static Tensor patches(Bench b, Tensor images, int patch) {
        int channels = images.side(1);
        int n = images.side(0) * (images.side(2) / patch) * (images.side(3) / patch);
        return b.program().patches(images, b.program().constant("all", AxisOrder.count(n)), new float[channels],
                AxisOrder.filled(channels, 1f), patch);
    }

    private static void pixelHead(Comparison c) {
        int patch = c.whole("patch");
        int[] s = c.shape("inputs.target");
        int[] w = c.shape("params.weight");
        var b = new Bench(c);
        Program p = b.program();
        Tensor tokens = b.input("inputs.tokens", c.shape("inputs.tokens")[0] * c.shape("inputs.tokens")[1], w[0]);
        int n = tokens.rows();
        Tensor rows = p.product(tokens, b.parameter("params.weight", w[0], s[1] * patch * patch));
        Tensor pixels = p.channelBias(p.reshape(rows, n, s[1], patch * patch), b.parameter("params.bias"));
        Tensor out = p.reshape(pixels, n, s[1] * patch * patch);
        b.give("intermediates.out", out, v -> AxisOrder.images(v, s[0], s[1], s[2] / patch, s[3] / patch, patch));
        Tensor error = p.squaredError(out, patches(b, b.given("inputs.target"), patch));
        b.differentiate("mse", p.scaledSum(error, 1f / out.count()));
        b.run();
    }

    private static void resize(Comparison c) {
        for (String grid : c.names("inputs\\..+\\.grid")) {
            String tag = grid.substring("inputs.".length(), grid.length() - ".grid".length());
            String stored = "intermediates." + tag;
            int[] in = c.shape(grid);
            int[] out = c.shape(stored + ".out");
            double[][] ky = Positions.bicubicWeights(in[0], out[0]);
            double[][] kx = Positions.bicubicWeights(in[1], out[1]);
            c.give(stored + ".Ky", flat(ky));
            c.give(stored + ".Kx", flat(kx));
            var b = new Bench(c);
            Tensor x = b.input(grid, in[0] * in[1], in[2]);
            Tensor y = b.program().product(resizing(b, ky, kx), x);
            b.give(stored + ".out", y);
            for (String other : c.names(Pattern.quote(stored) + "\\.out_scale_[0-9.]+")) {
                double scale = Double.parseDouble(other.substring(other.lastIndexOf('_') + 1));
                double more = Math.abs(scale - out[0]) < 1 ? scale - out[0] : scale - out[1];
                b.give(other, b.program().product(
                        resizing(b, Positions.bicubicWeights(in[0], out[0], in[0] / (out[0] + more)),
                                Positions.bicubicWeights(in[1], out[1], in[1] / (out[1] + more))),
                        x));
            }
            b.differentiate(tag + ".dot", b.dot(y, "inputs." + tag + ".upstream"));
            b.run();
        }
    }

    /// The matrix of a resize as a constant.
    static Tensor resizing(Bench b, double[][] ky, double[][] kx) {
        int out = ky.length * kx.length;
        int in = ky[0].length * kx[0].length;
        float[] matrix = new float[out * in];
        for (int i = 0; i < matrix.length; i++) {
            double[] rowWeight = ky[i / in / kx.length];
            double[] columnWeight = kx[i / in % kx.length];
            matrix[i] = (float) (rowWeight[i % in / columnWeight.length] * columnWeight[i % columnWeight.length]);
        }
        return b.program().constant("resize", matrix, out, in);
    }

    private static double[] flat(double[][] rows) {
        return java.util.Arrays.stream(rows).flatMapToDouble(java.util.Arrays::stream).toArray();
    }
}
