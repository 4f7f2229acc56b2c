package dev.triptych.tokenizer;

import dev.triptych.nn.ConvolutionLayer;
import dev.triptych.nn.FeatureMap;
import dev.triptych.nn.Scope;
import dev.triptych.nn.TransposedConvolutionLayer;
import dev.triptych.program.Program;
import java.util.ArrayList;
import java.util.List;

/// Latents to pixels, the encoder mirrored: a 3 x 3 convolution, residual blocks, and a 4 x 4 transposed convolution of
/// stride 2 for each doubling.
public final class VqDecoder {
    private final ConvolutionLayer first;
    private final List<ResidualBlock> blocks = new ArrayList<>();
    private final List<TransposedConvolutionLayer> doublings = new ArrayList<>();

    /// A decoder below `scope`.
    public VqDecoder(Scope scope, VqSettings s) {
        first = ConvolutionLayer.of(scope.in("first"), s.dim(), s.width(), 3, 1, 1);
        for (int i = 0; i < s.blocks(); i++) {
            blocks.add(ResidualBlock.of(scope.in("block." + i), s.width(), s.residualWidth()));
        }
        int in = s.width();
        for (int i = s.halvings() - 1; i >= 0; i--) {
            int out = i == 0 ? VqSettings.CHANNELS : s.widthAfter(i - 1);
            Scope own = scope.in("double." + (s.halvings() - 1 - i));
            doublings.add(TransposedConvolutionLayer.of(own, in, out, 4, 2, 1));
            in = out;
        }
    }

    /// Pixels, about in [-0.5, 0.5], of latents (batch G G, d).
    public FeatureMap apply(Program p, FeatureMap latents) {
        FeatureMap x = first.apply(p, latents);
        for (ResidualBlock block : blocks) {
            x = block.apply(p, x);
        }
        for (TransposedConvolutionLayer doubling : doublings) {
            x = doubling.apply(p, x.map(p::relu));
        }
        return x;
    }
}
