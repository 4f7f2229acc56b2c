package dev.triptych.tokenizer;

import dev.triptych.nn.ConvolutionLayer;
import dev.triptych.nn.FeatureMap;
import dev.triptych.nn.Scope;
import dev.triptych.program.Program;
import java.util.ArrayList;
import java.util.List;

/// Pixels to latents: a 4 x 4 convolution of stride 2 for each halving, a 3 x 3 convolution, residual blocks, and a
/// 1 x 1 convolution to the width of a code.
public final class VqEncoder {
    private final List<ConvolutionLayer> halvings = new ArrayList<>();
    private final ConvolutionLayer middle;
    private final List<ResidualBlock> blocks = new ArrayList<>();
    private final ConvolutionLayer last;

    /// An encoder below `scope`.
    public VqEncoder(Scope scope, VqSettings s) {
        int in = VqSettings.CHANNELS;
        for (int i = 0; i < s.halvings(); i++) {
            int out = s.widthAfter(i);
            halvings.add(ConvolutionLayer.of(scope.in("halve." + i), in, out, 4, 2, 1));
            in = out;
        }
        middle = ConvolutionLayer.of(scope.in("middle"), in, s.width(), 3, 1, 1);
        for (int i = 0; i < s.blocks(); i++) {
            blocks.add(ResidualBlock.of(scope.in("block." + i), s.width(), s.residualWidth()));
        }
        last = ConvolutionLayer.of(scope.in("last"), s.width(), s.dim(), 1, 1, 0);
    }

    /// z_e (batch G G, d) of pixels in [-0.5, 0.5].
    public FeatureMap apply(Program p, FeatureMap pixels) {
        FeatureMap x = pixels;
        for (ConvolutionLayer halving : halvings) {
            x = halving.apply(p, x).map(p::relu);
        }
        x = middle.apply(p, x);
        for (ResidualBlock block : blocks) {
            x = block.apply(p, x);
        }
        return last.apply(p, x.map(p::relu));
    }
}
