package dev.triptych.check;

import dev.triptych.nn.ConvolutionLayer;
import dev.triptych.nn.FeatureMap;
import dev.triptych.nn.Scope;
import dev.triptych.nn.TransposedConvolutionLayer;
import dev.triptych.tokenizer.ResidualBlock;
import dev.triptych.trial.Component;
import dev.triptych.trial.Trial;
import java.util.ArrayList;
import java.util.List;

/// What a VQ-VAE consists of.
final class TokenizerComponents {
    private TokenizerComponents() {
    }

    static List<Component> all() {
        var all = new ArrayList<Component>();
        all.add(Component.weighed("tokenizer: convolution 4 x 4, stride 2", t -> ConvolutionLayer
                .of(Scope.of(t.state()), 3, 4, 4, 2, 1).apply(t.program(), map(t, 2, 6, 4, 3)).rows()));
        all.add(Component.weighed("tokenizer: convolution 1 x 1", t -> ConvolutionLayer
                .of(Scope.of(t.state()), 3, 4, 1, 1, 0).apply(t.program(), map(t, 1, 2, 3, 3)).rows()));
        all.add(Component.weighed("tokenizer: transposed convolution 4 x 4, stride 2",
                t -> TransposedConvolutionLayer.of(Scope.of(t.state()), 3, 2, 4, 2, 1)
                        .apply(t.program(), map(t, 2, 3, 2, 3)).rows()));
        all.add(Component.weighed("tokenizer: residual block", t -> ResidualBlock.of(Scope.of(t.state()), 4, 3)
                .apply(t.program(), map(t, 2, 3, 2, 4)).rows()));
        return all;
    }

    private static FeatureMap map(Trial t, int batch, int height, int width, int channels) {
        return new FeatureMap(t.variable("x", batch * height * width, channels), batch, height, width);
    }
}
