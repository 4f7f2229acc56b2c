package dev.triptych.tokenizer;

import dev.triptych.nn.ConvolutionLayer;
import dev.triptych.nn.FeatureMap;
import dev.triptych.nn.GroupNormLayer;
import dev.triptych.nn.Scope;
import dev.triptych.program.Program;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Latents to pixels (VQGAN section 1): a convolution, residual blocks in the middle, levels from the coarsest with
/// every place doubled and convolved between them, norm, SiLU, a convolution.
public final class VqganDecoder {
    private final ConvolutionLayer first;
    private final List<VqganBlock> middle = new ArrayList<>();
    private final List<List<VqganBlock>> levels = new ArrayList<>();
    private final List<ConvolutionLayer> doublings = new ArrayList<>();
    private final GroupNormLayer norm;
    private final ConvolutionLayer last;

    /// What the decoder made.
    ///
    /// @param first behind the first convolution
    /// @param middle behind each block in the middle
    /// @param levels behind each level, the finest first
    /// @param norm before its SiLU
    /// @param pixels (batch side side, 3), not limited to [0, 1]
    public record Decoded(FeatureMap first, List<FeatureMap> middle, List<FeatureMap> levels, FeatureMap norm,
            FeatureMap pixels) {
    }

    /// A decoder below `scope`, with the names of the published one.
    public VqganDecoder(Scope scope, VqganSettings s) {
        first = ConvolutionLayer.of(scope.in("conv_in"), s.dim(), s.last(), 3, 1, 1);
        for (int i = 0; i < s.blocks(); i++) {
            middle.add(VqganBlock.of(scope.in("mid." + i), s.last(), s.last(), s.groups()));
        }
        int in = s.last();
        for (int l = s.widths().size() - 1; l >= 0; l--) {
            int out = s.widths().get(l);
            var blocks = new ArrayList<VqganBlock>();
            for (int i = 0; i < s.blocks(); i++) {
                blocks.add(VqganBlock.of(scope.in("up." + l + ".block." + i), in, out, s.groups()));
                in = out;
            }
            levels.addFirst(blocks);
            if (l > 0) {
                doublings.addFirst(ConvolutionLayer.of(scope.in("up." + l + ".upsample_conv"), out, out, 3, 1, 1));
            }
        }
        norm = GroupNormLayer.of(scope.in("norm_out"), in, s.groups(), VqganBlock.EPS);
        last = ConvolutionLayer.of(scope.in("conv_out"), in, VqganSettings.CHANNELS, 3, 1, 1);
    }

    /// Pixels of latents (batch grid grid, dim).
    public Decoded apply(Program p, FeatureMap latents) {
        FeatureMap begun = first.apply(p, latents);
        FeatureMap x = begun;
        var mid = new ArrayList<FeatureMap>();
        for (VqganBlock block : middle) {
            x = block.apply(p, x);
            mid.add(x);
        }
        var up = new FeatureMap[levels.size()];
        for (int l = levels.size() - 1; l >= 0; l--) {
            for (VqganBlock block : levels.get(l)) {
                x = block.apply(p, x);
            }
            x = l > 0 ? doublings.get(l - 1).apply(p, x.upsample(p, 2)) : x;
            up[l] = x;
        }
        FeatureMap normal = norm.apply(p, x);
        return new Decoded(begun, List.copyOf(mid), Arrays.asList(up), normal,
                last.apply(p, normal.map(p::silu)));
    }
}
