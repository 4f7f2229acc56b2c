package dev.triptych.tokenizer;

import dev.triptych.nn.ConvolutionLayer;
import dev.triptych.nn.FeatureMap;
import dev.triptych.nn.Scope;
import dev.triptych.program.Program;

/// x + conv1x1(relu(conv3x3(relu(x)))).
///
/// @param wide width to hidden, 3 x 3
/// @param narrow hidden to width, 1 x 1
public record ResidualBlock(ConvolutionLayer wide, ConvolutionLayer narrow) {
    /// A block of that width.
    public static ResidualBlock of(Scope scope, int width, int hidden) {
        return new ResidualBlock(ConvolutionLayer.of(scope.in("conv3"), width, hidden, 3, 1, 1),
                ConvolutionLayer.of(scope.in("conv1"), hidden, width, 1, 1, 0));
    }

    /// The same shape.
    public FeatureMap apply(Program p, FeatureMap x) {
        FeatureMap inner = narrow.apply(p, wide.apply(p, x.map(p::relu)).map(p::relu));
        return x.map(rows -> p.add(rows, inner.rows()));
    }
}
