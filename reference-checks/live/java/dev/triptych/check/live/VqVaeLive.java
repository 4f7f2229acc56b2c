package dev.triptych.check.live;

import dev.triptych.check.Trial;
import dev.triptych.program.Gradients;
import dev.triptych.program.Program;
import dev.triptych.program.State;
import dev.triptych.program.Tensor;
import dev.triptych.tokenizer.VqSettings;
import dev.triptych.vqvae.VqVae;

/// The whole loss of the VQ-VAE, of random sizes, with and without quantisation.
final class VqVaeLive {
    private VqVaeLive() {
    }

    static LiveRow row() {
        return new LiveRow("VQ-VAE, whole objective", VqVaeLive::objective);
    }

    private static void objective(Live t) {
        int patch = 2 << t.below(2);
        var sizes = new VqSettings(patch * (1 + t.below(3)), patch, 2 * t.side(), t.side(), t.below(3), t.side(2),
                t.side());
        var state = new State();
        var model = new VqVae(state, new VqVae.Settings(sizes, t.number("pixel_variance", 0.1),
                t.number("commitment", 0.25), 0.9f, 1e-5f));
        var program = new Program("VQ-VAE", state);
        boolean quantise = t.count("quantise", t.below(2)) == 1;
        var objective = model.objective(program, t.side(), quantise);
        Gradients gradients = program.gradient(objective.total());
        var trial = Trial.around(program, gradients, t.trial().random());
        Tensor image = program.inputs().get("image");
        trial.upload(image, trial.uniform(image.count(), 0, 1));
        Tensor codebook = model.quantiser().averages().vectors();
        trial.upload(codebook, trial.uniform(codebook.count(), -0.2, 0.2));
        t.objective(trial, "vqvae(p, s)");
    }
}
