package dev.triptych.program;

import dev.triptych.program.call.AttentionCalls.AttentionContext;
import dev.triptych.program.call.AttentionCalls.AttentionGradient;
import dev.triptych.program.call.AttentionCalls.AttentionProbabilities;
import dev.triptych.program.call.AttentionCalls.AttentionScoreGradient;
import dev.triptych.program.call.GatherCalls.GatherRows;
import dev.triptych.program.call.GatherCalls.GatherRowsGradient;
import dev.triptych.program.call.GatherCalls.Patches;
import dev.triptych.program.call.GatherCalls.PatchesGradient;
import dev.triptych.program.call.SoftmaxCalls.SoftmaxGradient;
import dev.triptych.program.call.SoftmaxCalls.SoftmaxRows;
/// Patches, rows by index, attention over packed sequences, softmax.
public interface TokenOperations extends Recording {
    /// Multi-head self-attention on fused projections: softmax(q k^T / sqrt(d_head)) v, heads concatenated.
    /// qkv (rows, 3 width): (rows, width). Inside each third, head after head.
    default Tensor attention(Tensor qkv, Packing packing) {
        int rows = packing.rows();
        int heads = packing.heads();
        int width = width("attention", qkv, packing);
        float scale = scale(width, heads);
        long pairs = packing.pairs();
        long flops = 2 * pairs * width;
        Tensor p = activation("attention.probabilities", false, Math.toIntExact(pairs * heads));
        Tensor y = result("attention", new Tensor[]{qkv}, rows, width);
        Tensor seq = packing.sequence();
        Tensor start = packing.start();
        Tensor square = packing.square();
        return operation("attention", y, qkv)
                .launch(flops, new AttentionProbabilities(qkv, seq, start, square, p, rows, heads, width, scale))
                .launch(flops, new AttentionContext(qkv, p, seq, start, square, y, rows, heads, width))
                .adjoint((dy, to) -> to.gradient(qkv, dqkv -> {
                    Tensor ds = to.temporary(".scores", p.shape());
                    to.launch(flops, new AttentionScoreGradient(qkv, p, dy, seq, start, square, ds, rows, heads, width,
                            scale));
                    to.launch(3 * flops, new AttentionGradient(qkv, p, ds, dy, seq, start, square, dqkv, rows, heads,
                            width));
                }));
    }

    /// The width of fused projections, checked against a packing.
    static int width(String operation, Tensor qkv, Packing packing) {
        int width = qkv.columns() / 3;
        Recording.expect(operation, qkv, packing.rows(), 3 * width);
        if (packing.changes() && qkv.differentiable()) {
            throw new IllegalArgumentException(operation + ": " + qkv + " has a gradient, but the lengths of its "
                    + "sequences change from run to run; expected constant ones. Stop the gradient by name first");
        }
        if (width % packing.heads() != 0) {
            throw new IllegalArgumentException(
                    operation + ": width " + width + " is not divisible by " + packing.heads() + " heads");
        }
        return width;
    }

    /// 1 / sqrt(d_head).
    static float scale(int width, int heads) {
        return (float) (1.0 / Math.sqrt((double) width / heads));
    }

    /// softmax(scale x) over the last axis.
    default Tensor softmax(Tensor x, float scale) {
        int n = x.rows();
        int d = x.columns();
        Tensor y = result("softmax", new Tensor[]{x}, x.shape());
        return operation("softmax", y, x).launch(15 * x.size(), new SoftmaxRows(x, y, n, d, scale))
                .adjoint((dy, to) -> to.gradient(x,
                        dx -> to.launch(5 * dy.size(), new SoftmaxGradient(y, dy, dx, n, d, scale))));
    }

    /// `y[i] = x[index[i]]`. x (sources, d): (count, d).
    default Tensor gatherRows(Tensor x, RowIndex index) {
        int d = x.columns();
        int n = index.count();
        if (x.rows() != index.sources()) {
            throw new IllegalArgumentException("gatherRows: " + x + " has not the " + index.sources() + " source rows");
        }
        Tensor y = result("gatherRows", new Tensor[]{x}, n, d);
        return operation("gatherRows", y, x).launch(0, new GatherRows(x, index.rows(), y, n, d))
                .adjoint((dy, to) -> to.gradient(x, dx -> to.launch(dy.size(), new GatherRowsGradient(dy,
                        index.first(), index.inverse(), dx, index.sources(), d))));
    }

    /// Patches of images as rows (channel, row, column), with channels normalised by (v - mean) / deviation.
    /// images (count, channels, height, width), source (n): (n, channels p p). A gradient for the images is possible
    /// only where `source` names all patches in order.
    default Tensor patches(Tensor images, Tensor source, float[] mean, float[] deviation, int p) {
        int channels = images.side(1);
        int height = images.side(2);
        int width = images.side(3);
        int n = source.count();
        if (height % p != 0 || width % p != 0) {
            throw new IllegalArgumentException("patches: " + images + " is not divisible into patches of " + p);
        }
        if (images.differentiable() && n != images.side(0) * (height / p) * (width / p)) {
            throw new IllegalArgumentException(
                    "patches: a gradient for " + images + " needs all its patches in order, not "
                            + n + " of them; pass an input without gradient");
        }
        Tensor m = constant("mean", mean, channels);
        Tensor s = constant("deviation", deviation, channels);
        Tensor y = result("patches", new Tensor[]{images}, n, channels * p * p);
        return operation("patches", y, images)
                .launch(2 * y.size(), new Patches(images, source, m, s, y, n, channels, height, width, p))
                .adjoint((dy, to) -> to.gradient(images, dx -> to.launch(dx.size(), new PatchesGradient(dy, s, dx,
                        images.side(0), channels, height, width, p))));
    }
}
