package dev.triptych.check;

import dev.triptych.trial.Sample;
import java.util.List;

/// Rows of the matrix products.
final class LinearRows {
    private LinearRows() {
    }

    static List<OperationRow> rows() {
        return List.of(linear(), product(), productTransposed());
    }

    private static OperationRow linear() {
        return OperationRow.of("linear")
                .gradient("(5, 3) to 4", (t, p) -> p.linear(t.variable("x", 5, 3), t.parameter("w", 4, 3),
                        t.parameter("b", 4)))
                .gradient("one row, one input, one output",
                        (t, p) -> p.linear(t.variable("x", 1, 1), t.parameter("w", 1, 1), t.parameter("b", 1)))
                .gradient("three axes, more than one chunk of rows", (t, p) -> p.linear(t.variable("x", 2, 37, 2),
                        t.parameter("w", 3, 2), t.parameter("b", 3)))
                .gradient("one weight for two views, on top of each other", (t, p) -> {
                    var w = t.parameter("w", 3, 3);
                    var b = t.parameter("b", 3);
                    var x = t.variable("x", 2, 3);
                    return p.add(p.linear(p.linear(x, w, b), w, b), x);
                })
                .values("(3, 2) to 2", (t, p) -> {
                    var x = t.variable("x", 3, 2);
                    var w = t.parameter("w", 2, 2);
                    var b = t.parameter("b", 2);
                    float[] xs = t.values(x);
                    float[] ws = t.values(w);
                    float[] bs = t.values(b);
                    double[] y = new double[6];
                    for (int i = 0; i < 6; i++) {
                        int r = i / 2;
                        int o = i % 2;
                        y[i] = (double) xs[2 * r] * ws[2 * o] + (double) xs[2 * r + 1] * ws[2 * o + 1] + bs[o];
                    }
                    return new Sample.Expected(p.linear(x, w, b), y);
                })
                .refused("a weight of other width", "linear: w(4, 2)",
                        (t, p) -> p.linear(t.variable("x", 5, 3), t.parameter("w", 4, 2), t.parameter("b", 4)))
                .refused("a bias of other length", "linear: b(3)",
                        (t, p) -> p.linear(t.variable("x", 5, 3), t.parameter("w", 4, 3), t.parameter("b", 3)));
    }

    private static OperationRow product() {
        return OperationRow.of("product")
                .gradient("(3, 5) (5, 2)", (t, p) -> p.product(t.variable("a", 3, 5), t.variable("c", 5, 2)))
                .gradient("three pairs of (2, 3) (3, 5)",
                        (t, p) -> p.product(t.variable("a", 3, 2, 3), t.parameter("c", 3, 3, 5)))
                .gradient("an outer product", (t, p) -> p.product(t.variable("a", 4, 1), t.variable("c", 1, 3)))
                .gradient("a matrix squared", (t, p) -> {
                    var a = t.variable("a", 3, 3);
                    return p.product(a, a);
                })
                .refused("inner sides that differ", "product: axis -2 of c(4, 2) must be 5",
                        (t, p) -> p.product(t.variable("a", 3, 5), t.variable("c", 4, 2)))
                .refused("batches that differ", "product: a(2, 3, 5) and c(3, 5, 2)",
                        (t, p) -> p.product(t.variable("a", 2, 3, 5), t.variable("c", 3, 5, 2)));
    }

    private static OperationRow productTransposed() {
        return OperationRow.of("productTransposed")
                .gradient("(3, 5) (2, 5)", (t, p) -> p.productTransposed(t.variable("a", 3, 5), t.variable("c", 2, 5)))
                .gradient("two pairs of (3, 2) (5, 2)",
                        (t, p) -> p.productTransposed(t.parameter("a", 2, 3, 2), t.variable("c", 2, 5, 2)))
                .gradient("all pairs of rows", (t, p) -> {
                    var a = t.variable("a", 3, 4);
                    return p.productTransposed(a, a);
                })
                .refused("inner sides that differ", "productTransposed: axis -1 of c(2, 4) must be 5",
                        (t, p) -> p.productTransposed(t.variable("a", 3, 5), t.variable("c", 2, 4)))
                .refused("a vector", "productTransposed: a(5) and c(5)",
                        (t, p) -> p.productTransposed(t.variable("a", 5), t.variable("c", 5)));
    }
}
