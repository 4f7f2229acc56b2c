package dev.triptych.nn;

import dev.triptych.program.Program;
import dev.triptych.program.Tensor;

/// Layer normalisation over the last axis.
///
/// @param gain (d), begins at 1
/// @param shift (d), begins at 0
/// @param eps added to the variance
public record LayerNorm(Tensor gain, Tensor shift, float eps) {
    /// A layer norm of width d.
    public static LayerNorm of(Scope scope, int d, float eps) {
        return new LayerNorm(scope.parameter("weight", Init.constant(1f), d),
                scope.parameter("bias", Init.constant(0f), d), eps);
    }

    /// x (..., d): the same shape.
    public Tensor apply(Program p, Tensor x) {
        return p.layerNorm(x, gain, shift, eps);
    }
}
