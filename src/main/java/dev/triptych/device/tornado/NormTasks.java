package dev.triptych.device.tornado;

import dev.triptych.device.Window;
import dev.triptych.device.tornado.Unit.Task;
import dev.triptych.program.Tensor;
import dev.triptych.program.call.ElementwiseCalls.WeightedAdd;
import dev.triptych.program.call.NormCalls.LayerNorm;
import dev.triptych.program.call.NormCalls.LayerNormGainPartial;
import dev.triptych.program.call.NormCalls.LayerNormGradient;
import dev.triptych.program.call.NormCalls.RowMoments;
import dev.triptych.program.call.ReduceCalls.ColumnPartialSums;
import dev.triptych.program.call.ReduceCalls.CombineColumns;
import java.util.List;

/// Layer norms and their gradients, as tasks of [GroupNorms].
final class NormTasks {
    private static final int LANES = GroupKernels.LANES;

    private NormTasks() {
    }

    /// Moments and what is normalised by them.
    static Unit layerNorm(Window w) {
        if (!(w.call(0) instanceof RowMoments m && w.call(1) instanceof LayerNorm c && w.same(m.x(), c.x())
                && w.same(m.moments(), c.moments()) && m.moments().arena() == c.y().arena())) {
            return null;
        }
        return new Unit(w.launches(), List.of(c.x(), c.gain(), c.shift(), c.y(), c.moments()), List.of(),
                List.of(m.eps()), List.of(new Task("momentsAndLayerNorm", LANES, c.n(), 0,
                        (graph, id, context, a, t) -> graph.task(id, GroupNorms::momentsAndLayerNorm, context,
                                a.floats(c.x()), a.floats(c.gain()), a.floats(c.shift()), a.floats(c.y()), c.n(), c.d(),
                                t.integers(), t.integer(), t.numbers(), t.number()))));
    }

    /// dx added to the gradient that bypasses the layer.
    static Unit gradientAdded(Window w) {
        if (!(w.call(0) instanceof LayerNormGradient c && w.call(1) instanceof WeightedAdd sum
                && w.adds(sum, c.dx()))) {
            return null;
        }
        Tensor other = w.same(c.dx(), sum.b()) ? sum.a() : sum.b();
        return new Unit(w.launches(), List.of(c.x(), c.moments(), c.gain(), c.dy(), other, sum.y()), List.of(),
                List.of(), List.of(new Task("layerNormGradientAdded", LANES, c.n(), 0,
                        (graph, id, context, a, t) -> graph.task(id, GroupNorms::layerNormGradientAdded, context,
                                a.floats(c.x()), a.floats(c.moments()), a.floats(c.gain()), a.floats(c.dy()),
                                a.floats(other), a.floats(sum.y()), c.n(), c.d(), t.integers(), t.integer()))));
    }

    /// Gradients of gain and shift: partial sums of both, and one task that adds them up.
    static Unit gainAndShift(Window w) {
        if (!(w.call(0) instanceof LayerNormGainPartial g && w.call(1) instanceof CombineColumns gain
                && w.call(2) instanceof ColumnPartialSums s && w.call(3) instanceof CombineColumns shift
                && w.same(g.part(), gain.part()) && w.same(s.part(), shift.part()) && w.same(g.dy(), s.x())
                && w.inner(g.part()) && w.inner(s.part()) && g.chunks() == s.chunks() && g.n() == s.n()
                && gain.y().arena() == shift.y().arena())) {
            return null;
        }
        int d = g.d();
        var partial = new Task("gainAndShiftPartial", LANES, g.chunks() * ((d + LANES - 1) / LANES),
                g.chunks() * 2 * d,
                (graph, id, context, a, t) -> graph.task(id, GroupNorms::gainAndShiftPartial, context,
                        a.floats(g.x()), a.floats(g.moments()), a.floats(g.dy()), a.scratch(), g.n(), d, g.chunks(),
                        t.integers(), t.integer()));
        // the offsets of both sums stand where `sumParts` looks for those of a weight's gradient and its bias's
        var sum = new Task("sumParts", LANES, (2 * d + LANES - 1) / LANES, 0,
                (graph, id, context, a, t) -> graph.task(id, GroupProducts::sumParts, context, a.scratch(),
                        a.floats(gain.y()), d, 2 * d, 2 * d, g.chunks(), t.integers(), t.integer() + 1));
        return new Unit(w.launches(), List.of(g.x(), g.moments(), g.dy(), gain.y(), shift.y()), List.of(), List.of(),
                List.of(partial, sum));
    }
}
