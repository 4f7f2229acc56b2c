package dev.triptych.tokenizer;

import dev.triptych.nn.ConvolutionLayer;
import dev.triptych.nn.FeatureMap;
import dev.triptych.nn.GroupNormLayer;
import dev.triptych.nn.Scope;
import dev.triptych.program.Program;
import java.util.ArrayList;
import java.util.List;

/// Pixels to latents (VQGAN section 1): a convolution, levels of residual blocks with a 2 x 2 mean behind each but the
/// last, residual blocks in the middle, norm, SiLU, a 1 x 1 convolution.
public final class VqganEncoder {
    private final ConvolutionLayer first;
    private final List<List<VqganBlock>> levels = new ArrayList<>();
    private final List<VqganBlock> middle = new ArrayList<>();
    private final GroupNormLayer norm;
    private final ConvolutionLayer last;

    /// What the encoder made.
    ///
    /// @param first behind the first convolution
    /// @param levels behind each level, after its mean
    /// @param middle behind each block in the middle
    /// @param norm before its SiLU
    /// @param latents z (batch grid grid, dim)
    public record Encoded(FeatureMap first, List<FeatureMap> levels, List<FeatureMap> middle, FeatureMap norm,
            FeatureMap latents) {
    }

    /// An encoder below `scope`, with the names of the published one.
    public VqganEncoder(Scope scope, VqganSettings s) {
        first = ConvolutionLayer.same(scope.in("conv_in"), VqganSettings.CHANNELS, s.width(), 3);
        int in = s.width();
        for (int l = 0; l < s.widths().size(); l++) {
            int out = s.widths().get(l);
            var blocks = new ArrayList<VqganBlock>();
            for (int i = 0; i < s.blocks(); i++) {
                blocks.add(VqganBlock.of(scope.in("down." + l + ".block." + i), in, out, s.groups()));
                in = out;
            }
            levels.add(blocks);
        }
        for (int i = 0; i < s.blocks(); i++) {
            middle.add(VqganBlock.of(scope.in("mid." + i), in, in, s.groups()));
        }
        norm = GroupNormLayer.of(scope.in("norm_out"), in, s.groups(), VqganBlock.EPS);
        last = ConvolutionLayer.of(scope.in("conv_out"), in, s.dim(), 1, 1, 0);
    }

    /// Latents of pixels (batch side side, 3).
    public Encoded apply(Program p, FeatureMap pixels) {
        FeatureMap begun = first.apply(p, pixels);
        FeatureMap x = begun;
        var down = new ArrayList<FeatureMap>();
        for (int l = 0; l < levels.size(); l++) {
            for (VqganBlock block : levels.get(l)) {
                x = block.apply(p, x);
            }
            x = l + 1 < levels.size() ? x.averagePool(p, 2) : x;
            down.add(x);
        }
        var mid = new ArrayList<FeatureMap>();
        for (VqganBlock block : middle) {
            x = block.apply(p, x);
            mid.add(x);
        }
        FeatureMap normal = norm.apply(p, x);
        return new Encoded(begun, List.copyOf(down), List.copyOf(mid), normal,
                last.apply(p, normal.map(p::silu)));
    }
}
