package dev.triptych.check.live;

import dev.triptych.program.Tensor;
import java.util.List;

/// Sums, masks, activations, shapes, slices and means.
final class ElementwiseLive {
    private ElementwiseLive() {
    }

    static List<LiveRow> rows() {
        return List.of(new LiveRow("add", ElementwiseLive::add), new LiveRow("addScaled", ElementwiseLive::addScaled),
                new LiveRow("scale", ElementwiseLive::scale), new LiveRow("addTable", ElementwiseLive::addTable),
                new LiveRow("gelu", ElementwiseLive::gelu), new LiveRow("relu", ElementwiseLive::relu),
                new LiveRow("silu", ElementwiseLive::silu),
                new LiveRow("dropout", ElementwiseLive::dropout),
                new LiveRow("channelBias", ElementwiseLive::channelBias),
                new LiveRow("reshape", ElementwiseLive::reshape), new LiveRow("slice", ElementwiseLive::slice),
                new LiveRow("concat", ElementwiseLive::concat), new LiveRow("scaledSum", ElementwiseLive::scaledSum),
                new LiveRow("mean", ElementwiseLive::mean), new LiveRow("groupMeans", ElementwiseLive::groupMeans));
    }

    private static Tensor cube(Live t) {
        return t.variable("x", t.side(), t.side(), t.side());
    }

    /// A tensor that is used twice gathers both gradients.
    private static void add(Live t) {
        int n = t.side();
        int d = t.side();
        Tensor a = t.parameter("a", n, d);
        t.agrees(t.program().add(t.program().add(a, t.variable("b", n, d)), a), "a + b + a");
    }

    private static void addScaled(Live t) {
        int n = t.side();
        int d = t.side();
        float alpha = t.number("alpha", -0.7);
        float beta = t.number("beta", 1.3);
        t.agrees(t.program().addScaled(t.variable("a", n, d), alpha, t.parameter("b", n, d), beta),
                "alpha * a + beta * b");
    }

    private static void scale(Live t) {
        float factor = t.number("factor", -1.7);
        t.agrees(t.program().scale(cube(t), factor), "factor * x");
    }

    private static void addTable(Live t) {
        int n = t.side();
        int d = t.side();
        t.agrees(t.program().addTable(t.variable("x", t.side(), n, d), t.fixed("table", n, d)), "x + table");
    }

    private static void gelu(Live t) {
        t.agrees(t.program().gelu(t.program().scale(cube(t), 2f)), "torch.gelu(2 * x)");
    }

    private static void relu(Live t) {
        t.agrees(t.program().relu(cube(t)), "torch.relu(x)");
    }

    private static void silu(Live t) {
        t.agrees(t.program().silu(cube(t)), "torch.silu(x)");
    }

    private static void dropout(Live t) {
        int groups = t.side();
        float rate = t.number("rate", 0.3);
        Tensor x = t.variable("x", groups, t.side(), t.side());
        t.agrees(t.program().dropout(x, t.bits("keep", groups), rate),
                "x * keep.reshape(-1, 1, 1) / (1 - rate)");
    }

    private static void channelBias(Live t) {
        int channels = t.side();
        Tensor x = t.variable("x", t.side(), channels, t.side(), t.side());
        t.agrees(t.program().channelBias(x, t.parameter("bias", channels)), "x + bias.reshape(-1, 1, 1)");
    }

    private static void reshape(Live t) {
        Tensor x = cube(t);
        t.agrees(t.program().reshape(x, x.side(2), x.side(0) * x.side(1)), "x.reshape(x.size(2), -1)");
    }

    private static void slice(Live t) {
        int first = t.count("first", t.side() - 1);
        int many = t.count("many", t.side());
        Tensor x = t.variable("x", first + many + t.side() - 1, t.side());
        t.agrees(t.program().slice(x, first, many), "torch.narrow(x, 0, first, many)");
    }

    private static void concat(Live t) {
        int d = t.side();
        Tensor a = t.variable("a", t.side(), d);
        t.agrees(t.program().concat(a, t.parameter("b", t.side(), d), a, t.fixed("c", t.side(), d)),
                "torch.cat([a, b, a, c])");
    }

    private static void scaledSum(Live t) {
        float factor = t.number("factor", 0.3);
        t.agrees(t.program().scaledSum(cube(t), factor), "factor * x.sum()");
    }

    private static void mean(Live t) {
        t.agrees(t.program().mean(cube(t)), "x.mean()");
    }

    private static void groupMeans(Live t) {
        t.agrees(t.program().groupMeans(cube(t)), "x.mean(1)");
    }
}
