package dev.triptych.nn;

import dev.triptych.program.Initializer;
import dev.triptych.program.Program;
import dev.triptych.program.Tensor;

/// y = x W^T + b.
///
/// @param weight W (out, in)
/// @param bias b (out); null without
public record LinearLayer(Tensor weight, Tensor bias) {
    /// A layer with given draws of weight and bias.
    public static LinearLayer of(Scope scope, int in, int out, Initializer weight, Initializer bias) {
        return new LinearLayer(scope.parameter("weight", weight, out, in), scope.parameter("bias", bias, out));
    }

    /// A layer that begins as PyTorch's `nn.Linear` does.
    public static LinearLayer of(Scope scope, int in, int out) {
        return of(scope, in, out, Init.fanIn(in), Init.fanIn(in));
    }

    /// The same weight without a bias.
    public static LinearLayer withoutBias(Scope scope, int in, int out) {
        return new LinearLayer(scope.parameter("weight", Init.fanIn(in), out, in), null);
    }

    /// A layer of a vision transformer: truncated normal 0.02, bias 0.
    public static LinearLayer transformer(Scope scope, int in, int out) {
        return of(scope, in, out, Init.truncatedNormal(0.02), Init.constant(0f));
    }

    /// A layer with Xavier's uniform weights and bias 0.
    public static LinearLayer xavier(Scope scope, int in, int out) {
        return of(scope, in, out, Init.xavier(in, out), Init.constant(0f));
    }

    /// Makes a layer of its two sizes: which of the starts above.
    @FunctionalInterface
    public interface Maker {
        /// A layer with its parameters registered.
        LinearLayer make(Scope scope, int in, int out);
    }

    /// x (..., in): (..., out).
    public Tensor apply(Program p, Tensor x) {
        return p.linear(x, weight,
                bias != null ? bias : p.constant("no bias", new float[weight.side(0)], weight.side(0)));
    }
}
