package dev.triptych.check;

import dev.triptych.nn.ConvolutionLayer;
import dev.triptych.nn.FeatureMap;
import dev.triptych.nn.Scope;
import dev.triptych.nn.TransposedConvolutionLayer;
import dev.triptych.program.Gradients;
import dev.triptych.program.Program;
import dev.triptych.program.State;
import dev.triptych.program.Tensor;
import dev.triptych.random.CounterRandom;
import dev.triptych.tokenizer.ResidualBlock;
import dev.triptych.tokenizer.VqSettings;
import dev.triptych.vqvae.VqVae;
import java.util.ArrayList;
import java.util.List;

/// What a VQ-VAE consists of, and its whole loss, with and without quantisation.
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
        all.add(new Component("VQ-VAE, whole objective", FiniteDifferences.Effort.FULL, random -> vqvae(random, true)));
        all.add(new Component("VQ-VAE, whole objective: without quantisation", FiniteDifferences.Effort.FULL,
                random -> vqvae(random, false)));
        return all;
    }

    private static FeatureMap map(Trial t, int batch, int height, int width, int channels) {
        return new FeatureMap(t.variable("x", batch * height * width, channels), batch, height, width);
    }

    private static Trial vqvae(CounterRandom random, boolean quantise) {
        var state = new State();
        var model = new VqVae(state, new VqVae.Settings(new VqSettings(8, 4, 6, 3, 1, 5, 3), 0.1f, 0.25f, 0.9f,
                1e-5f));
        var program = new Program("VQ-VAE", state);
        var objective = model.objective(program, 2, quantise);
        Gradients gradients = program.gradient(objective.total());
        var trial = Trial.around(program, gradients, random);
        Components.enliven(trial);
        Tensor image = program.inputs().get("image");
        trial.upload(image, trial.uniform(image.count(), 0, 1));
        Tensor codebook = model.quantiser().averages().vectors();
        trial.upload(codebook, trial.gaussian(codebook.count()));
        return trial;
    }
}
