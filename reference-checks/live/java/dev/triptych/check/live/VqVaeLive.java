package dev.triptych.check.live;

import dev.triptych.tokenizer.VqSettings;
import dev.triptych.vqvae.VqVae;
import dev.triptych.vqvae.VqVaeMiniature;

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
        var settings = new VqVae.Settings(sizes, t.number("pixel_variance", 0.1), t.number("commitment", 0.25), 0.9f,
                1e-5f);
        boolean quantise = t.count("quantise", t.below(2)) == 1;
        var vqvae = new VqVaeMiniature("at random", t.side(), quantise, settings);
        t.objective(vqvae.trial(t.trial().random()), "vqvae(p, s)");
    }
}
