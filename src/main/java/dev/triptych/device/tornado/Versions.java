package dev.triptych.device.tornado;

import dev.triptych.program.Kernel;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.WorkerGrid1D;

/// The form in which a kernel becomes a task: its layer form, which reads its offsets from a table; on graphics cards
/// the version of [GroupKernels] or [GroupAttention], where there is one.
final class Versions {
    /// Kernels that have a version for graphics cards.
    static final Set<String> NAMES = Set.of("linear", "product", "productTransposed", "transposedProduct",
            "softmaxRows", "softmaxGradient", "rowMoments", "layerNorm", "layerNormGradient", "columnPartialSums",
            "layerNormGainPartial", "blockSquares", "adamw", "attentionProbabilities", "attentionContext",
            "attentionScoreGradient", "attentionGradient");

    /// A version for graphics cards with what it is launched with.
    ///
    /// @param kernel the version
    /// @param lanes of a group
    /// @param groups how many
    /// @param arguments behind the context
    private record Version(Kernel kernel, int lanes, int groups, List<Object> arguments) {
    }

    private final LayerForms forms;
    private final KernelContext context = new KernelContext();
    private final boolean groups;

    /// @param groups whether to take versions for graphics cards
    Versions(LayerForms forms, boolean groups) {
        this.forms = forms;
        this.groups = groups;
    }

    /// Whether versions for graphics cards are taken.
    boolean groups() {
        return groups;
    }

    /// Appends a task to a graph.
    ///
    /// @param name of the graph
    /// @param id of the task
    /// @param arguments those of the layer form
    /// @param grids receives the grid of a task that has one
    void append(TaskGraph graph, String name, String id, Kernel kernel, List<Object> arguments, GridScheduler grids) {
        Version version = groups && NAMES.contains(kernel.name()) ? version(kernel.name(), arguments) : null;
        if (version == null || version.groups == 0) {
            Tasks.append(graph, id, forms.of(kernel), arguments.toArray());
            return;
        }
        var all = new ArrayList<Object>();
        all.add(context);
        all.addAll(version.arguments);
        Tasks.append(graph, id, version.kernel, all.toArray());
        var grid = new WorkerGrid1D(version.lanes * version.groups);
        grid.setLocalWork(version.lanes, 1, 1);
        grids.addWorkerGrid(name + "." + id, grid);
    }

    /// The version for graphics cards of a kernel that has one.
    private static Version version(String name, List<Object> a) {
        return switch (name) {
            case "linear" -> product(1, a.subList(0, 4), 1, at(a, 4), at(a, 5), at(a, 6), at(a, 5), 1, 1, at(a, 5), a);
            case "product" -> product(0, List.of(a.get(0), a.get(1), a.get(2), a.get(2)), at(a, 3), at(a, 4),
                    at(a, 5), at(a, 6), at(a, 5), 1, at(a, 6), 1, a);
            case "productTransposed" -> product(0, List.of(a.get(0), a.get(1), a.get(2), a.get(2)), at(a, 3), at(a, 4),
                    at(a, 5), at(a, 6), at(a, 5), 1, 1, at(a, 5), a);
            case "transposedProduct" -> product(0, List.of(a.get(0), a.get(1), a.get(2), a.get(2)), at(a, 3), at(a, 4),
                    at(a, 5), at(a, 6), 1, at(a, 4), at(a, 6), 1, a);
            case "softmaxRows", "rowMoments" -> rows(GroupKernels.class, name, at(a, 2), a);
            case "softmaxGradient" -> rows(GroupKernels.class, name, at(a, 3), a);
            case "layerNorm", "layerNormGradient" -> rows(GroupKernels.class, name, at(a, 5), a);
            case "columnPartialSums" -> rows(GroupKernels.class, name, at(a, 4) * ((at(a, 3) + 63) / 64), a);
            case "layerNormGainPartial" -> rows(GroupKernels.class, name, at(a, 6) * ((at(a, 5) + 63) / 64), a);
            case "blockSquares" -> rows(GroupKernels.class, name, at(a, 3), a);
            case "adamw" -> rows(GroupKernels.class, name, at(a, 8), a);
            case "attentionProbabilities" -> rows(GroupAttention.class, name, at(a, 5) * at(a, 6), a);
            case "attentionContext" -> rows(GroupAttention.class, name, at(a, 6) * at(a, 7), a);
            case "attentionScoreGradient" -> rows(GroupAttention.class, name, at(a, 7) * at(a, 8), a);
            case "attentionGradient" -> rows(GroupAttention.class, name, at(a, 8) * at(a, 9), a);
            default -> throw new IllegalStateException("Kernel " + name + " has no version for graphics cards");
        };
    }

    private static int at(List<Object> arguments, int i) {
        return (Integer) arguments.get(i);
    }

    private static Version rows(Class<?> family, String name, int groups, List<Object> arguments) {
        return new Version(Kernel.of(family, name), GroupKernels.LANES, groups, arguments);
    }

    /// A product Y_b (n x m) = A_b C_b with inner side k; strides as in [GroupKernels#product].
    ///
    /// @param arrays a, c, bias, y; the output stands for a bias that is not there
    private static Version product(int biased, List<Object> arrays, int b, int n, int k, int m, int aRow, int aInner,
            int cInner, int cColumn, List<Object> arguments) {
        int tiles = b * ((n + GroupKernels.TILE - 1) / GroupKernels.TILE)
                * ((m + GroupKernels.TILE - 1) / GroupKernels.TILE);
        var all = new ArrayList<>(arrays);
        all.addAll(List.of(n, k, m, aRow, aInner, cInner, cColumn, biased));
        all.addAll(arguments.subList(arguments.size() - 2, arguments.size()));
        return new Version(Kernel.of(GroupKernels.class, "product"), GroupKernels.TILE_LANES, tiles, all);
    }
}
