package dev.triptych.device.tornado;

import dev.triptych.device.Window;
import dev.triptych.device.tornado.Unit.Task;
import dev.triptych.program.Call;
import dev.triptych.program.call.AttentionCalls.AttentionContext;
import dev.triptych.program.call.AttentionCalls.AttentionGradient;
import dev.triptych.program.call.AttentionCalls.AttentionProbabilities;
import dev.triptych.program.call.AttentionCalls.AttentionScoreGradient;
import dev.triptych.program.call.NormCalls.LayerNorm;
import dev.triptych.program.call.NormCalls.LayerNormGainPartial;
import dev.triptych.program.call.NormCalls.LayerNormGradient;
import dev.triptych.program.call.NormCalls.RowMoments;
import dev.triptych.program.call.OptimizerCalls.Adamw;
import dev.triptych.program.call.OptimizerCalls.BlockSquares;
import dev.triptych.program.call.ReduceCalls.ColumnPartialSums;
import dev.triptych.program.call.SoftmaxCalls.SoftmaxGradient;
import dev.triptych.program.call.SoftmaxCalls.SoftmaxRows;

/// Launches that have a version for graphics cards by themselves, in [GroupKernels] and [GroupAttention].
final class Versions {
    private Versions() {
    }

    /// The version of a launch other than a product; null if its kernel has none.
    static Unit of(Window w) {
        Task task = task(w.call(0));
        return task == null ? null : Unit.of(w.launches().getFirst(), task);
    }

    private static Task task(Call call) {
        return switch (call) {
            case SoftmaxRows c -> groups(c, c.n(),
                    (graph, id, context, a, t) -> graph.task(id, GroupKernels::softmaxRows, context,
                            a.floats(c.x()), a.floats(c.y()), c.n(), c.d(), t.integers(), t.integer(), t.numbers(),
                            t.number()));
            case SoftmaxGradient c -> groups(c, c.n(),
                    (graph, id, context, a, t) -> graph.task(id, GroupKernels::softmaxGradient,
                            context, a.floats(c.y()), a.floats(c.dy()), a.floats(c.dx()), c.n(), c.d(), t.integers(),
                            t.integer(), t.numbers(), t.number()));
            case RowMoments c ->
                groups(c, c.n(), (graph, id, context, a, t) -> graph.task(id, GroupKernels::rowMoments, context,
                        a.floats(c.x()), a.floats(c.moments()), c.n(), c.d(), t.integers(), t.integer(), t.numbers(),
                        t.number()));
            case LayerNorm c -> groups(c, c.n(),
                    (graph, id, context, a, t) -> graph.task(id, GroupKernels::layerNorm, context,
                            a.floats(c.x()), a.floats(c.moments()), a.floats(c.gain()), a.floats(c.shift()),
                            a.floats(c.y()),
                            c.n(), c.d(), t.integers(), t.integer()));
            case LayerNormGradient c -> groups(c, c.n(), (graph, id, context, a, t) -> graph.task(id,
                    GroupKernels::layerNormGradient, context, a.floats(c.x()), a.floats(c.moments()),
                    a.floats(c.gain()), a.floats(c.dy()), a.floats(c.dx()), c.n(), c.d(), t.integers(), t.integer()));
            case ColumnPartialSums c -> groups(c, c.chunks() * columns(c.d()),
                    (graph, id, context, a, t) -> graph.task(id,
                            GroupKernels::columnPartialSums, context, a.floats(c.x()), a.floats(c.part()), c.n(), c.d(),
                            c.chunks(), t.integers(), t.integer()));
            case LayerNormGainPartial c -> groups(c, c.chunks() * columns(c.d()),
                    (graph, id, context, a, t) -> graph.task(id,
                            GroupKernels::layerNormGainPartial, context, a.floats(c.x()), a.floats(c.moments()),
                            a.floats(c.dy()), a.floats(c.part()), c.n(), c.d(), c.chunks(), t.integers(), t.integer()));
            case BlockSquares c -> groups(c, c.blocks(),
                    (graph, id, context, a, t) -> graph.task(id, GroupKernels::blockSquares,
                            context, a.floats(c.g()), a.integers(c.block()), a.floats(c.squares()), c.blocks(),
                            t.integers(),
                            t.integer()));
            case Adamw c ->
                groups(c, c.blocks(), (graph, id, context, a, t) -> graph.task(id, GroupKernels::adamw, context,
                        a.floats(c.g()), a.integers(c.block()), a.integers(c.group()), a.floats(c.factor()),
                        a.floats(c.rate()), a.floats(c.m()), a.floats(c.v()), a.floats(c.p()), c.blocks(), t.integers(),
                        t.integer(), t.numbers(), t.number()));
            case AttentionProbabilities c ->
                groups(c, c.rows() * c.heads(), (graph, id, context, a, t) -> graph.task(id,
                        GroupAttention::attentionProbabilities, context, a.floats(c.qkv()), a.integers(c.sequence()),
                        a.integers(c.start()), a.integers(c.square()), a.floats(c.p()), c.rows(), c.heads(), c.width(),
                        t.integers(), t.integer(), t.numbers(), t.number()));
            case AttentionContext c -> groups(c, c.rows() * c.heads(), (graph, id, context, a, t) -> graph.task(id,
                    GroupAttention::attentionContext, context, a.floats(c.qkv()), a.floats(c.p()),
                    a.integers(c.sequence()), a.integers(c.start()), a.integers(c.square()), a.floats(c.context()),
                    c.rows(), c.heads(), c.width(), t.integers(), t.integer()));
            case AttentionScoreGradient c ->
                groups(c, c.rows() * c.heads(), (graph, id, context, a, t) -> graph.task(id,
                        GroupAttention::attentionScoreGradient, context, a.floats(c.qkv()), a.floats(c.p()),
                        a.floats(c.dcontext()), a.integers(c.sequence()), a.integers(c.start()), a.integers(c.square()),
                        a.floats(c.ds()), c.rows(), c.heads(), c.width(), t.integers(), t.integer(), t.numbers(),
                        t.number()));
            case AttentionGradient c -> groups(c, c.rows() * c.heads(), (graph, id, context, a, t) -> graph.task(id,
                    GroupAttention::attentionGradient, context, a.floats(c.qkv()), a.floats(c.p()), a.floats(c.ds()),
                    a.floats(c.dcontext()), a.integers(c.sequence()), a.integers(c.start()), a.integers(c.square()),
                    a.floats(c.dqkv()), c.rows(), c.heads(), c.width(), t.integers(), t.integer()));
            default -> null;
        };
    }

    private static Task groups(Call call, int groups, Unit.Append append) {
        return new Task(call.kernel().name(), GroupKernels.LANES, groups, 0, append);
    }

    /// Groups that share a row, a lane for each column.
    private static int columns(int d) {
        return (d + GroupKernels.LANES - 1) / GroupKernels.LANES;
    }
}
