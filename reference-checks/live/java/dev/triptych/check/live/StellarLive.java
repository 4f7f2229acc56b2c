package dev.triptych.check.live;

import dev.triptych.stellar.Stellar;
import dev.triptych.stellar.StellarMiniature;

/// The whole loss of STELLAR, at a miniature's size, with random switches.
final class StellarLive {
    private StellarLive() {
    }

    static LiveRow row() {
        return new LiveRow("STELLAR, whole objective", StellarLive::objective);
    }

    private static void objective(Live t) {
        var weights = new Stellar.Weights(t.number("reconstruction", 10), t.number("koleo", 0.1),
                t.number("masked_koleo", 0.1), t.number("clustering", 1), t.number("cls_clustering", 0.5),
                t.number("mask", 0.7), t.number("cls", 0.3));
        var stellar = new StellarMiniature("at random", 1 + t.below(3), t.count("tokens", t.side(2)), 1 + t.below(3),
                7 * t.below(2), t.number("spatial_temperature", 0.06 * t.below(2)), t.count("match", t.below(2)) == 1,
                t.count("masked_views", t.below(3)), t.count("local_crops", t.below(3)), t.below(2) == 1,
                t.count("direct", t.below(2)) == 1,
                weights);
        Stellar.Settings s = stellar.settings();
        t.count("patch", s.encoder().patch());
        t.count("heads", s.encoder().heads());
        t.count("depth", s.encoder().depth());
        t.number("eps", s.encoder().eps());
        t.number("target_temperature", s.targets().temperature());
        t.count("target_iterations", s.targets().iterations());
        t.number("column_power", s.targets().power());
        t.number("logit_temperature", s.logitTemperature());
        t.number("matching_eps", s.matching().eps());
        t.count("matching_iterations", s.matching().iterations());
        t.objective(stellar.trial(t.trial().random()), "stellar(p, s)");
    }
}
