package dev.triptych.check.live;

import dev.triptych.mae.MaeMiniature;

/// The whole loss of MAE, at a miniature's size, with random switches.
final class MaeLive {
    private MaeLive() {
    }

    static LiveRow row() {
        return new LiveRow("MAE, whole objective", MaeLive::objective);
    }

    private static void objective(Live t) {
        var mae = new MaeMiniature("at random", t.side(), t.count("norm_pixels", t.below(2)) == 1,
                t.count("sine", t.below(2)) == 1);
        var s = mae.settings();
        t.count("patch", s.encoder().patch());
        t.count("heads", s.encoder().heads());
        t.count("depth", s.encoder().depth());
        t.number("eps", s.encoder().eps());
        t.count("decoder_heads", s.decoder().heads());
        t.count("decoder_depth", s.decoder().depth());
        t.objective(mae.trial(t.trial().random()), "mae(p, s)");
    }
}
