package dev.triptych.device.tornado;

import dev.triptych.program.Arenas;
import dev.triptych.program.Call;
import dev.triptych.program.Tensor;
import dev.triptych.program.call.AttentionCalls.AttentionContext;
import dev.triptych.program.call.AttentionCalls.AttentionGradient;
import dev.triptych.program.call.AttentionCalls.AttentionProbabilities;
import dev.triptych.program.call.AttentionCalls.AttentionScoreGradient;
import dev.triptych.program.call.LinearCalls.Linear;
import dev.triptych.program.call.LinearCalls.Product;
import dev.triptych.program.call.LinearCalls.ProductTransposed;
import dev.triptych.program.call.LinearCalls.TransposedProduct;
import dev.triptych.program.call.NormCalls.LayerNorm;
import dev.triptych.program.call.NormCalls.LayerNormGainPartial;
import dev.triptych.program.call.NormCalls.LayerNormGradient;
import dev.triptych.program.call.NormCalls.RowMoments;
import dev.triptych.program.call.OptimizerCalls.Adamw;
import dev.triptych.program.call.OptimizerCalls.BlockSquares;
import dev.triptych.program.call.ReduceCalls.ColumnPartialSums;
import dev.triptych.program.call.SoftmaxCalls.SoftmaxGradient;
import dev.triptych.program.call.SoftmaxCalls.SoftmaxRows;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.WorkerGrid1D;

/// The form in which a kernel becomes a task: its layer form, which reads its offsets from a table; on graphics cards
/// the version of [GroupKernels] or [GroupAttention], where there is one.
final class Versions {
    /// A version for graphics cards with what it is launched with.
    ///
    /// @param lanes of a group
    /// @param groups how many
    /// @param task appends it to a graph
    private record Version(int lanes, int groups, Task task) {
    }

    /// Appends the task of a call.
    @FunctionalInterface
    private interface Task {
        /// @param a the arenas
        /// @param t what the task reads of its graph's tables
        TaskGraph append(TaskGraph graph, String id, KernelContext context, Arenas a, Tables.Place t);
    }

    private final KernelContext context = new KernelContext();
    private final boolean groups;

    /// @param groups whether to take versions for graphics cards
    Versions(boolean groups) {
        this.groups = groups;
    }

    /// Whether versions for graphics cards are taken.
    boolean groups() {
        return groups;
    }

    /// Whether a kernel has a version for graphics cards.
    static boolean exists(Call call) {
        return of(call) != null;
    }

    /// Appends a task to a graph.
    ///
    /// @param name of the graph
    /// @param id of the task
    /// @param place what the task reads of its graph's tables
    /// @param grids receives the grid of a task that has one
    void append(TaskGraph graph, String name, String id, Call call, Arenas arenas, Tables.Place place,
            GridScheduler grids) {
        Version version = groups ? of(call) : null;
        // a grid of no groups is refused; a loop of no rounds is not
        if (version == null || version.groups == 0) {
            LayerTasks.append(graph, id, call, arenas, place);
            return;
        }
        version.task.append(graph, id, context, arenas, place);
        var grid = new WorkerGrid1D(version.lanes * version.groups);
        grid.setLocalWork(version.lanes, 1, 1);
        grids.addWorkerGrid(name + "." + id, grid);
    }

    /// The version for graphics cards; null if a kernel has none.
    private static Version of(Call call) {
        return switch (call) {
            case Linear c -> product(c.x(), c.w(), c.bias(), c.y(), 1, c.n(), c.in(), c.out(), c.in(), 1, 1, c.in());
            case Product c -> product(c.a(), c.c(), null, c.y(), c.b(), c.n(), c.k(), c.m(), c.k(), 1, c.m(), 1);
            case ProductTransposed c -> product(c.a(), c.c(), null, c.y(), c.b(), c.n(), c.k(), c.m(), c.k(), 1, 1,
                    c.k());
            case TransposedProduct c -> product(c.a(), c.c(), null, c.y(), c.b(), c.n(), c.k(), c.m(), 1, c.n(), c.m(),
                    1);
            case SoftmaxRows c -> groups(c.n(),
                    (graph, id, context, a, t) -> graph.task(id, GroupKernels::softmaxRows, context,
                            a.floats(c.x()), a.floats(c.y()), c.n(), c.d(), t.integers(), t.integer(), t.numbers(),
                            t.number()));
            case SoftmaxGradient c -> groups(c.n(),
                    (graph, id, context, a, t) -> graph.task(id, GroupKernels::softmaxGradient,
                            context, a.floats(c.y()), a.floats(c.dy()), a.floats(c.dx()), c.n(), c.d(), t.integers(),
                            t.integer(), t.numbers(), t.number()));
            case RowMoments c ->
                groups(c.n(), (graph, id, context, a, t) -> graph.task(id, GroupKernels::rowMoments, context,
                        a.floats(c.x()), a.floats(c.moments()), c.n(), c.d(), t.integers(), t.integer(), t.numbers(),
                        t.number()));
            case LayerNorm c -> groups(c.n(),
                    (graph, id, context, a, t) -> graph.task(id, GroupKernels::layerNorm, context,
                            a.floats(c.x()), a.floats(c.moments()), a.floats(c.gain()), a.floats(c.shift()),
                            a.floats(c.y()),
                            c.n(), c.d(), t.integers(), t.integer()));
            case LayerNormGradient c -> groups(c.n(), (graph, id, context, a, t) -> graph.task(id,
                    GroupKernels::layerNormGradient, context, a.floats(c.x()), a.floats(c.moments()),
                    a.floats(c.gain()), a.floats(c.dy()), a.floats(c.dx()), c.n(), c.d(), t.integers(), t.integer()));
            case ColumnPartialSums c -> groups(c.chunks() * columns(c.d()), (graph, id, context, a, t) -> graph.task(id,
                    GroupKernels::columnPartialSums, context, a.floats(c.x()), a.floats(c.part()), c.n(), c.d(),
                    c.chunks(), t.integers(), t.integer()));
            case LayerNormGainPartial c -> groups(c.chunks() * columns(c.d()),
                    (graph, id, context, a, t) -> graph.task(id,
                            GroupKernels::layerNormGainPartial, context, a.floats(c.x()), a.floats(c.moments()),
                            a.floats(c.dy()), a.floats(c.part()), c.n(), c.d(), c.chunks(), t.integers(), t.integer()));
            case BlockSquares c -> groups(c.blocks(),
                    (graph, id, context, a, t) -> graph.task(id, GroupKernels::blockSquares,
                            context, a.floats(c.g()), a.integers(c.block()), a.floats(c.squares()), c.blocks(),
                            t.integers(),
                            t.integer()));
            case Adamw c ->
                groups(c.blocks(), (graph, id, context, a, t) -> graph.task(id, GroupKernels::adamw, context,
                        a.floats(c.g()), a.integers(c.block()), a.integers(c.group()), a.floats(c.factor()),
                        a.floats(c.rate()), a.floats(c.m()), a.floats(c.v()), a.floats(c.p()), c.blocks(), t.integers(),
                        t.integer(), t.numbers(), t.number()));
            case AttentionProbabilities c -> groups(c.rows() * c.heads(), (graph, id, context, a, t) -> graph.task(id,
                    GroupAttention::attentionProbabilities, context, a.floats(c.qkv()), a.integers(c.sequence()),
                    a.integers(c.start()), a.integers(c.square()), a.floats(c.p()), c.rows(), c.heads(), c.width(),
                    t.integers(), t.integer(), t.numbers(), t.number()));
            case AttentionContext c -> groups(c.rows() * c.heads(), (graph, id, context, a, t) -> graph.task(id,
                    GroupAttention::attentionContext, context, a.floats(c.qkv()), a.floats(c.p()),
                    a.integers(c.sequence()), a.integers(c.start()), a.integers(c.square()), a.floats(c.context()),
                    c.rows(), c.heads(), c.width(), t.integers(), t.integer()));
            case AttentionScoreGradient c -> groups(c.rows() * c.heads(), (graph, id, context, a, t) -> graph.task(id,
                    GroupAttention::attentionScoreGradient, context, a.floats(c.qkv()), a.floats(c.p()),
                    a.floats(c.dcontext()), a.integers(c.sequence()), a.integers(c.start()), a.integers(c.square()),
                    a.floats(c.ds()), c.rows(), c.heads(), c.width(), t.integers(), t.integer(), t.numbers(),
                    t.number()));
            case AttentionGradient c -> groups(c.rows() * c.heads(), (graph, id, context, a, t) -> graph.task(id,
                    GroupAttention::attentionGradient, context, a.floats(c.qkv()), a.floats(c.p()), a.floats(c.ds()),
                    a.floats(c.dcontext()), a.integers(c.sequence()), a.integers(c.start()), a.integers(c.square()),
                    a.floats(c.dqkv()), c.rows(), c.heads(), c.width(), t.integers(), t.integer()));
            default -> null;
        };
    }

    private static Version groups(int groups, Task task) {
        return new Version(GroupKernels.LANES, groups, task);
    }

    /// Groups that share a row, a lane for each column.
    private static int columns(int d) {
        return (d + GroupKernels.LANES - 1) / GroupKernels.LANES;
    }

    /// A product Y_b (n x m) = A_b C_b with inner side k; strides as in [GroupKernels#product].
    ///
    /// @param bias null where there is none: the output stands for it
    private static Version product(Tensor left, Tensor right, Tensor bias, Tensor y, int b, int n, int k, int m,
            int aRow, int aInner, int cInner, int cColumn) {
        int tiles = b * ((n + GroupKernels.TILE - 1) / GroupKernels.TILE)
                * ((m + GroupKernels.TILE - 1) / GroupKernels.TILE);
        Tensor added = bias == null ? y : bias;
        int biased = bias == null ? 0 : 1;
        return new Version(GroupKernels.TILE_LANES, tiles,
                (graph, id, context, a, t) -> graph.task(id, GroupKernels::product,
                        context, a.floats(left), a.floats(right), a.floats(added), a.floats(y), n, k, m, aRow, aInner,
                        cInner,
                        cColumn, biased, t.integers(), t.integer()));
    }
}
