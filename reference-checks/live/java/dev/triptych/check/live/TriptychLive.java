package dev.triptych.check.live;

import dev.triptych.triptych.Alignment;
import dev.triptych.triptych.Triptych;
import dev.triptych.triptych.TriptychMiniature;

/// The whole loss of Triptych, at a miniature's size, with random switches.
final class TriptychLive {
    private TriptychLive() {
    }

    static LiveRow row() {
        return new LiveRow("Triptych, whole objective", TriptychLive::objective);
    }

    private static void objective(Live t) {
        boolean codes = t.below(4) > 0;
        boolean prototypes = t.count("prototypes", t.below(3) / 2) == 1;
        var weights = new Triptych.Weights(t.number("reconstruction", t.below(3) / 2 * 0.7 + 0.3),
                t.number("masked", codes ? 0.5 * t.below(3) : 0), t.number("alignment", 0.4 * t.below(3)),
                t.number("rate", prototypes ? 0 : 0.1 * t.below(3)), t.number("contrast", codes ? 0.3 * t.below(3) : 0),
                t.number("uniformity", codes ? 0.2 * t.below(2) : 0), t.number("koleo", 0.1),
                t.number("masked_koleo", 0.2));
        var triptych = new TriptychMiniature("at random", 3 + t.below(2), codes ? 7 : 0, t.below(3), prototypes,
                weights);
        Triptych.Settings s = triptych.settings();
        t.count("tokens", s.tokens());
        t.count("patch", s.encoder().patch());
        t.count("heads", s.encoder().heads());
        t.count("depth", s.encoder().depth());
        t.number("eps", s.encoder().eps());
        t.number("spatial_temperature", s.spatialTemperature());
        t.number("smoothing", s.smoothing());
        t.count("match", 1);
        t.number("matching_eps", s.matching().eps());
        t.count("matching_iterations", s.matching().iterations());
        t.count("candidates", s.echo().candidates());
        t.number("temperature", s.echo().contrast().temperature());
        switch (s.alignment()) {
            case Alignment.Bits bits -> t.number("e", bits.rate().e());
            case Alignment.Prototypes p -> {
                t.number("target_temperature", p.sinkhorn().temperature());
                t.count("target_iterations", p.sinkhorn().iterations());
                t.number("column_power", p.sinkhorn().power());
                t.number("logit_temperature", p.temperature());
            }
        }
        t.objective(triptych.trial(t.trial().random()), "triptych(p, s)");
    }
}
