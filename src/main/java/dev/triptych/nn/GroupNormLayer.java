package dev.triptych.nn;

import dev.triptych.program.Program;
import dev.triptych.program.Tensor;

/// Group normalisation of feature maps: each map over the channels of a group and all places.
///
/// @param gain (channels), begins at 1
/// @param shift (channels), begins at 0
/// @param groups that divide the channels
/// @param eps added to the variance
public record GroupNormLayer(Tensor gain, Tensor shift, int groups, float eps) {
    /// A group norm of so many channels.
    public static GroupNormLayer of(Scope scope, int channels, int groups, float eps) {
        return new GroupNormLayer(scope.parameter("weight", Init.constant(1f), channels),
                scope.parameter("bias", Init.constant(0f), channels), groups, eps);
    }

    /// The same shape.
    public FeatureMap apply(Program p, FeatureMap x) {
        return x.map(rows -> p.groupNorm(rows, x.batch(), groups, gain, shift, eps));
    }
}
