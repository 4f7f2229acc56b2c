package dev.triptych.tokenizer;

import dev.triptych.nn.ConvolutionLayer;
import dev.triptych.nn.FeatureMap;
import dev.triptych.nn.GroupNormLayer;
import dev.triptych.nn.Scope;
import dev.triptych.program.Program;

/// A residual block (VQGAN section 1): h = conv(silu(norm(conv(silu(norm(x)))))), and x + h where the width stays.
/// Where it changes, the published tokenizer adds a 1 x 1 convolution of its own output, h + conv(h), and leaves x out.
///
/// @param shortcut the 1 x 1 convolution; null where the width stays
record VqganBlock(GroupNormLayer norm1, ConvolutionLayer conv1, GroupNormLayer norm2, ConvolutionLayer conv2,
        ConvolutionLayer shortcut) {
    static final float EPS = 1e-6f;

    static VqganBlock of(Scope scope, int in, int out, int groups) {
        return new VqganBlock(GroupNormLayer.of(scope.in("norm1"), in, groups, EPS),
                ConvolutionLayer.same(scope.in("conv1"), in, out, 3),
                GroupNormLayer.of(scope.in("norm2"), out, groups, EPS),
                ConvolutionLayer.same(scope.in("conv2"), out, out, 3),
                in == out ? null : ConvolutionLayer.same(scope.in("nin_shortcut"), out, out, 1));
    }

    FeatureMap apply(Program p, FeatureMap x) {
        FeatureMap inner = conv1.apply(p, norm1.apply(p, x).map(p::silu));
        FeatureMap h = conv2.apply(p, norm2.apply(p, inner).map(p::silu));
        FeatureMap skip = shortcut == null ? x : shortcut.apply(p, h);
        return h.map(rows -> p.add(rows, skip.rows()));
    }
}
