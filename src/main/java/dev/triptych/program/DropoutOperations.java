package dev.triptych.program;

import dev.triptych.program.call.AttentionCalls.AttentionContext;
import dev.triptych.program.call.AttentionCalls.AttentionDroppedScoreGradient;
import dev.triptych.program.call.AttentionCalls.AttentionGradient;
import dev.triptych.program.call.AttentionCalls.AttentionProbabilities;
import dev.triptych.program.call.DropoutCalls.HashedDropout;
/// Dropout whose mask is a hash of (key, launch, index): nothing is drawn on the host, nothing is stored. The key is an
/// integer (1) that the host draws for each step from (seed, step); the launch is the number of the launch in the
/// program. A given mask is the operation `dropout`.
public interface DropoutOperations extends Recording {
    /// y = x keep / (1 - rate), each entry kept with probability 1 - rate on its own.
    default Tensor hashedDropout(Tensor x, Tensor key, float rate) {
        check(key, rate);
        int launch = ((Program) this).launches().size();
        Tensor y = result("hashedDropout", new Tensor[]{x}, x.shape());
        int n = y.count();
        int limit = limit(rate);
        float scale = 1f / (1f - rate);
        return operation("hashedDropout", y, x)
                .launch(2L * n, new HashedDropout(x, key, y, n, launch, limit, scale))
                .adjoint((dy, to) -> to.gradient(x,
                        dx -> to.launch(2L * n, new HashedDropout(dy, key, dx, n, launch, limit, scale))));
    }

    /// Attention with dropout on its probabilities: (softmax(q k^T / sqrt(d_head)) keep / (1 - rate)) v. Shapes as in
    /// `attention`.
    default Tensor droppedAttention(Tensor qkv, Packing packing, Tensor key, float rate) {
        check(key, rate);
        int rows = packing.rows();
        int heads = packing.heads();
        int width = TokenOperations.width("droppedAttention", qkv, packing);
        float scale = TokenOperations.scale(width, heads);
        long flops = 2 * packing.pairs() * width;
        int n = Math.toIntExact(packing.pairs() * heads);
        int launch = ((Program) this).launches().size();
        int limit = limit(rate);
        float factor = 1f / (1f - rate);
        Tensor p = activation("attention.probabilities", false, n);
        Tensor w = activation("attention.weights", false, n);
        Tensor y = result("droppedAttention", new Tensor[]{qkv}, rows, width);
        Tensor seq = packing.sequence();
        Tensor start = packing.start();
        Tensor square = packing.square();
        return operation("droppedAttention", y, qkv)
                .launch(flops, new AttentionProbabilities(qkv, seq, start, square, p, rows, heads, width,
                        scale))
                .launch(2L * n, new HashedDropout(p, key, w, n, launch, limit, factor))
                .launch(flops, new AttentionContext(qkv, w, seq, start, square, y, rows, heads, width))
                .adjoint((dy, to) -> to.gradient(qkv, dqkv -> {
                    Tensor ds = to.temporary(".scores", n);
                    to.launch(flops,
                            new AttentionDroppedScoreGradient(qkv, p, w, dy, seq, start, square, ds, rows, heads, width,
                                    scale));
                    to.launch(3 * flops, new AttentionGradient(qkv, w, ds, dy, seq, start, square, dqkv,
                            rows, heads, width));
                }));
    }

    private static void check(Tensor key, float rate) {
        Recording.expect("dropout", key, 1);
        if (!(rate > 0 && rate < 1)) {
            throw new IllegalArgumentException("dropout: rate " + rate
                    + "; expected more than 0 and less than 1. Leave the operation out where nothing is dropped.");
        }
    }

    private static int limit(float rate) {
        return (int) (rate * (1 << 24) + 0.5f);
    }
}
