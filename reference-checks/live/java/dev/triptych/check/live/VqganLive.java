package dev.triptych.check.live;

import dev.triptych.tokenizer.VqganSettings;
import dev.triptych.vqgan.Vqgan;
import dev.triptych.vqgan.VqganMiniature;
import java.util.List;

/// The whole loss of the VQGAN, of random sizes.
final class VqganLive {
    private VqganLive() {
    }

    static LiveRow row() {
        return new LiveRow("VQGAN, whole objective", VqganLive::objective);
    }

    private static void objective(Live t) {
        int groups = t.count("groups", 1 + t.below(2));
        int width = groups * (1 + t.below(2));
        var widths = t.below(2) == 0 ? List.of(width, 2 * width) : List.of(width, width, 3 * width);
        var sizes = new VqganSettings(4 * (1 + t.below(2)), width, widths, 1 + t.below(2), groups, t.side(2), t.side());
        var settings = new Vqgan.Settings(sizes, t.number("codebook", 1), t.number("commitment", 0.25));
        t.count("levels", widths.size());
        t.objective(new VqganMiniature("at random", t.side(), settings).trial(t.trial().random()), "vqgan(p, s)");
    }
}
