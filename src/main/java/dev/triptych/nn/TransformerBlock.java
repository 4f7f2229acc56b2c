package dev.triptych.nn;

import dev.triptych.program.Packing;
import dev.triptych.program.Program;
import dev.triptych.program.RowIndex;
import dev.triptych.program.Tensor;
import java.util.function.UnaryOperator;

/// A pre-norm transformer block over packed sequences: x + proj(attention(qkv(LN(x)))), then
/// x + fc2(gelu(fc1(LN(x)))).
///
/// @param norm1 before attention
/// @param qkv fused projections (3 width, width): rows of q, k, v
/// @param proj of the concatenated heads
/// @param norm2 before the MLP
/// @param fc1 width to hidden
/// @param fc2 hidden to width
public record TransformerBlock(LayerNorm norm1, LinearLayer qkv, LinearLayer proj, LayerNorm norm2, LinearLayer fc1,
        LinearLayer fc2) {
    /// A block with the parameter names of timm: `norm1`, `attn.qkv`, `attn.proj`, `norm2`, `mlp.fc1`, `mlp.fc2`.
    public static TransformerBlock of(Scope scope, int width, int hidden, float eps) {
        return of(scope, width, hidden, eps, LinearLayer::transformer);
    }

    /// The same with linear layers of another start.
    public static TransformerBlock of(Scope scope, int width, int hidden, float eps, LinearLayer.Maker layer) {
        return new TransformerBlock(LayerNorm.of(scope.in("norm1"), width, eps),
                layer.make(scope.in("attn.qkv"), width, 3 * width), layer.make(scope.in("attn.proj"), width, width),
                LayerNorm.of(scope.in("norm2"), width, eps), layer.make(scope.in("mlp.fc1"), width, hidden),
                layer.make(scope.in("mlp.fc2"), hidden, width));
    }

    /// x (rows, width): (rows, width).
    public Tensor apply(Program p, Tensor x, Packing packing) {
        return apply(p, x, packing, null, UnaryOperator.identity(), UnaryOperator.identity());
    }

    /// The same with something done to each branch before it is added, such as drop path, and for some rows alone: the
    /// others are keys and values of attention, and nothing more is made of them.
    ///
    /// @param read those rows, of which everything but attention is a function of the row alone; null: all
    public Tensor apply(Program p, Tensor x, Packing packing, RowIndex read, UnaryOperator<Tensor> attention,
            UnaryOperator<Tensor> mlp) {
        Tensor context = p.attention(qkv.apply(p, norm1.apply(p, x)), packing);
        return read == null
                ? branches(p, x, context, attention, mlp)
                : branches(p, p.gatherRows(x, read), p.gatherRows(context, read), attention, mlp);
    }

    private Tensor branches(Program p, Tensor x, Tensor context, UnaryOperator<Tensor> attention,
            UnaryOperator<Tensor> mlp) {
        Tensor y = p.add(x, attention.apply(proj.apply(p, context)));
        Tensor hidden = p.gelu(fc1.apply(p, norm2.apply(p, y)));
        return p.add(y, mlp.apply(fc2.apply(p, hidden)));
    }

    /// The same with dropout on the probabilities of attention, behind attention, and behind both layers of the MLP.
    public Tensor apply(Program p, Tensor x, Packing packing, DropoutLayer dropout) {
        Tensor context = dropout.attention(p, qkv.apply(p, norm1.apply(p, x)), packing);
        Tensor y = p.add(x, dropout.apply(p, proj.apply(p, context)));
        Tensor hidden = dropout.apply(p, p.gelu(fc1.apply(p, norm2.apply(p, y))));
        return p.add(y, dropout.apply(p, fc2.apply(p, hidden)));
    }
}
