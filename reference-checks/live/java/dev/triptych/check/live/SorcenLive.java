package dev.triptych.check.live;

import dev.triptych.echo.EchoContrast;
import dev.triptych.echo.EchoContrast.Direction;
import dev.triptych.program.CodeOperations.Candidates;
import dev.triptych.sorcen.Sorcen;
import dev.triptych.sorcen.SorcenMiniature;

/// The whole loss of Sorcen, at a miniature's size, with random switches; without dropout, whose masks follow the
/// numbers of our launches (`DropoutLive` compares them).
final class SorcenLive {
    private SorcenLive() {
    }

    static LiveRow row() {
        return new LiveRow("Sorcen, whole objective", SorcenLive::objective);
    }

    private static void objective(Live t) {
        var sorcen = new SorcenMiniature("at random", t.side(3), 0f, t.number("uniformity", 0.3 * t.below(2)),
                t.count("uniformity_cls", t.below(2)) == 1, t.below(4) == 0 ? null : echo(t));
        Sorcen.Settings s = sorcen.settings();
        t.count("heads", s.encoder().heads());
        t.number("eps", s.encoder().eps());
        t.number("head_eps", s.decoder().headEps());
        t.number("smoothing", s.smoothing());
        t.objective(sorcen.trial(t.trial().random()), "sorcen(p, s)");
    }

    /// The echo contrast; one in three contrasts the image's own codes.
    private static Sorcen.Echo echo(Live t) {
        Direction direction = Direction.values()[t.below(3)];
        t.number("forth", direction == Direction.ECHOES ? 1 : direction == Direction.PREDICTIONS ? 0 : 0.5);
        Candidates candidates = t.below(3) == 0
                ? null
                : new Candidates(t.count("candidates", 1 + t.below(5)), true, false);
        return new Sorcen.Echo(t.number("contrast", 0.7), candidates,
                new EchoContrast(t.number("temperature", 0.3), direction), 5, 4, 6 * t.below(2),
                t.count("project_cls", t.below(2)) == 1, t.below(2) == 1);
    }
}
