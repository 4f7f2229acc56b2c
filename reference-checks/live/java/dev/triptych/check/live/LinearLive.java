package dev.triptych.check.live;

import dev.triptych.program.Tensor;
import java.util.List;

/// The matrix products.
final class LinearLive {
    private LinearLive() {
    }

    static List<LiveRow> rows() {
        return List.of(new LiveRow("linear", LinearLive::linear), new LiveRow("product", LinearLive::product),
                new LiveRow("productTransposed", LinearLive::productTransposed));
    }

    private static void linear(Live t) {
        int in = t.side();
        int out = t.side();
        Tensor x = t.variable("x", t.side(), t.side(), in);
        Tensor w = t.parameter("w", out, in);
        Tensor b = t.parameter("b", out);
        t.agrees(t.program().linear(x, w, b), "torch.linear(x, w, b)");
    }

    private static void product(Live t) {
        int b = t.side();
        int k = t.side();
        Tensor a = t.variable("a", b, t.side(), k);
        Tensor c = t.variable("c", b, k, t.side());
        t.agrees(t.program().product(a, c), "a @ c");
    }

    private static void productTransposed(Live t) {
        int k = t.side();
        Tensor a = t.variable("a", t.side(), k);
        Tensor c = t.variable("c", t.side(), k);
        t.agrees(t.program().productTransposed(a, c), "a @ c.t()");
    }
}
