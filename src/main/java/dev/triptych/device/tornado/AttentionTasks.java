package dev.triptych.device.tornado;

import dev.triptych.device.Window;
import dev.triptych.device.tornado.Unit.Task;
import dev.triptych.program.Arena;
import dev.triptych.program.Launch;
import dev.triptych.program.Tensor;
import dev.triptych.program.call.AttentionCalls.AttentionContext;
import dev.triptych.program.call.AttentionCalls.AttentionDroppedScoreGradient;
import dev.triptych.program.call.AttentionCalls.AttentionGradient;
import dev.triptych.program.call.AttentionCalls.AttentionProbabilities;
import dev.triptych.program.call.AttentionCalls.AttentionScoreGradient;
import dev.triptych.program.call.DropoutCalls.HashedDropout;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/// Attention without stored squares, as tasks of [GroupTiledAttention] and [GroupTiledGradient]. Forward and backward
/// go together: where somebody else reads probabilities, or heads are too wide, neither is taken.
final class AttentionTasks {
    /// Dropout between probabilities and values.
    ///
    /// @param limit what of 2^24 is dropped; 0: nothing
    private record Dropped(Tensor key, List<Integer> launch, int limit, float factor) {
        static Dropped of(HashedDropout d) {
            return new Dropped(d.key(), List.of(d.launch()), d.rate(), d.scale());
        }
    }

    private AttentionTasks() {
    }

    /// Probabilities and context.
    static Unit forward(Window w) {
        return w.call(0) instanceof AttentionProbabilities p && w.call(1) instanceof AttentionContext c
                && w.same(p.p(), c.p()) && (mentions(w, p.p()) == 2 || mentions(w, p.p()) == 4)
                        ? forward(w, p, c, nothing(p.start()), Map.of())
                        : null;
    }

    /// Probabilities, dropout and context.
    static Unit droppedForward(Window w) {
        return w.call(0) instanceof AttentionProbabilities p && w.call(1) instanceof HashedDropout d
                && w.call(2) instanceof AttentionContext c && w.same(p.p(), d.x()) && w.same(d.y(), c.p())
                && (mentions(w, p.p()) == 2 && mentions(w, d.y()) == 2
                        || mentions(w, p.p()) == 3 && mentions(w, d.y()) == 4)
                                ? forward(w, p, c, Dropped.of(d), Map.of(d.y().root(), 0L))
                                : null;
    }

    private static Unit forward(Window w, AttentionProbabilities p, AttentionContext c, Dropped d,
            Map<Tensor, Long> none) {
        if (!w.same(p.qkv(), c.qkv()) || !fits(p.heads(), p.width(), p.p(), c.context())) {
            return null;
        }
        var rooms = new IdentityHashMap<>(none);
        rooms.put(p.p().root(), 2L * p.rows() * p.heads());
        int sequences = sequences(p.start());
        return new Unit(w.launches(), List.of(p.qkv(), p.start(), p.square(), d.key, c.context(), p.p()), d.launch,
                List.of(p.scale(), d.factor),
                List.of(task("attention", p.rows(), sequences, p.heads(),
                        (graph, id, context, a, t) -> graph.task(id, GroupTiledAttention::attention, context,
                                a.floats(p.qkv()), a.integers(p.start()), a.integers(p.square()), a.integers(d.key),
                                a.floats(c.context()), sequences, p.heads(), p.width(), d.limit, t.integers(),
                                t.integer(), t.numbers(), t.number()))),
                rooms);
    }

    /// Gradients of scores and of what they are made of.
    static Unit backward(Window w) {
        return w.call(0) instanceof AttentionScoreGradient s && w.call(1) instanceof AttentionGradient g
                && w.same(s.p(), g.p()) && mentions(w, s.p()) == 4 && w.same(s.ds(), g.ds())
                        ? backward(w, s.qkv(), s.dcontext(), s.p(), s.scale(), g, nothing(s.start()))
                        : null;
    }

    /// The same where probabilities were dropped.
    ///
    /// @param program among whose launches that dropout is
    static Unit droppedBackward(Window w, List<Launch> program) {
        if (!(w.call(0) instanceof AttentionDroppedScoreGradient s && w.call(1) instanceof AttentionGradient g
                && w.same(s.w(), g.p()) && mentions(w, s.p()) == 3 && mentions(w, s.w()) == 4
                && w.same(s.ds(), g.ds()))) {
            return null;
        }
        return program.stream().map(Launch::call).filter(c -> c instanceof HashedDropout d && w.same(d.y(), s.w()))
                .map(c -> backward(w, s.qkv(), s.dcontext(), s.p(), s.scale(), g, Dropped.of((HashedDropout) c)))
                .findFirst().orElse(null);
    }

    private static Unit backward(Window w, Tensor qkv, Tensor dcontext, Tensor p, float scale, AttentionGradient g,
            Dropped d) {
        if (!w.same(qkv, g.qkv()) || !w.same(dcontext, g.dcontext()) || !w.inner(g.ds())
                || !fits(g.heads(), g.width(), p, g.dqkv())) {
            return null;
        }
        int sequences = sequences(g.start());
        return new Unit(w.launches(), List.of(qkv, dcontext, g.start(), g.square(), d.key, p, g.ds(), g.dqkv()),
                d.launch, List.of(scale, d.factor),
                List.of(task("attentionQueryGradient", g.rows(), sequences, g.heads(),
                        (graph, id, context, a, t) -> graph.task(id, GroupTiledGradient::attentionQueryGradient,
                                context, a.floats(qkv), a.floats(dcontext), a.integers(g.start()),
                                a.integers(g.square()), a.integers(d.key), a.floats(g.dqkv()), sequences, g.heads(),
                                g.width(), d.limit, t.integers(), t.integer(), t.numbers(), t.number())),
                        task("attentionKeyGradient", g.rows(), sequences, g.heads(),
                                (graph, id, context, a, t) -> graph.task(id, GroupTiledGradient::attentionKeyGradient,
                                        context, a.floats(qkv), a.floats(dcontext), a.integers(g.start()),
                                        a.integers(g.square()), a.integers(d.key), a.floats(g.dqkv()), sequences,
                                        g.heads(), g.width(), d.limit, t.integers(), t.integer(), t.numbers(),
                                        t.number()))),
                Map.of(g.ds().root(), (long) g.rows() * g.heads()));
    }

    private static Task task(String name, int rows, int sequences, int heads, Unit.Append append) {
        // as many slots as `attention` looks for sequences in
        return new Task(name, GroupTiledAttention.LANES, (rows / GroupTiledAttention.TILE + sequences) * heads, 0,
                append);
    }

    /// @param stored what forward stores and backward reads
    /// @param result lies in the same array, since a task must not be given one twice
    private static boolean fits(int heads, int width, Tensor stored, Tensor result) {
        int size = width / heads;
        return size % GroupTiledAttention.ACROSS == 0 && size <= GroupTiledAttention.CHANNELS
                && stored.arena() == Arena.ACTIVATIONS && result.arena() == Arena.ACTIVATIONS;
    }

    private static int sequences(Tensor start) {
        return start.count() - 1;
    }

    /// No dropout; TornadoVM wants an array in its place.
    private static Dropped nothing(Tensor integers) {
        return new Dropped(integers, List.of(), 0, 1f);
    }

    private static int mentions(Window w, Tensor t) {
        return w.mentions().getOrDefault(t.root(), 0);
    }
}
