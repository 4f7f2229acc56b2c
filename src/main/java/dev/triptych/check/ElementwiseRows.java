package dev.triptych.check;

import dev.triptych.trial.Sample;
import java.util.List;

/// Rows of sums, masks, activations, slices and means.
final class ElementwiseRows {
    private ElementwiseRows() {
    }

    static List<OperationRow> rows() {
        return List.of(add(), addScaled(), scale(), addTable(), gelu(), relu(), silu(), dropout(), channelBias(),
                reshape(), slice(), concat(), scaledSum(), mean(), groupMeans());
    }

    private static OperationRow add() {
        return OperationRow.of("add")
                .gradient("(3, 5)", (t, p) -> p.add(t.variable("a", 3, 5), t.parameter("b", 3, 5)))
                .gradient("a tensor and itself", (t, p) -> {
                    var a = t.variable("a", 7);
                    return p.add(a, a);
                })
                .gradient("a parameter twice", (t, p) -> {
                    var a = t.parameter("a", 7);
                    return p.add(a, p.add(a, t.variable("x", 7)));
                })
                .refused("shapes that differ", "add: b(5, 3)",
                        (t, p) -> p.add(t.variable("a", 3, 5), t.variable("b", 5, 3)));
    }

    private static OperationRow addScaled() {
        return OperationRow.of("addScaled")
                .gradient("2 a - 0.5 b",
                        (t, p) -> p.addScaled(t.variable("a", 1, 5), 2f, t.parameter("b", 1, 5), -0.5f))
                .gradient("a + 3 b, b without gradient",
                        (t, p) -> p.addScaled(t.variable("a", 4), 1f, t.fixed("b", 4), 3f))
                .refused("shapes that differ", "given where shape (4) is needed",
                        (t, p) -> p.addScaled(t.variable("a", 4), 1f, t.fixed("b", 1), 3f));
    }

    private static OperationRow scale() {
        return OperationRow.of("scale").gradient("-1.7 x", (t, p) -> p.scale(t.variable("x", 3, 2, 1), -1.7f))
                .gradient("1 x, a parameter", (t, p) -> p.scale(t.parameter("x", 3), 1f));
    }

    private static OperationRow addTable() {
        return OperationRow.of("addTable")
                .gradient("three groups of (5, 2)",
                        (t, p) -> p.addTable(t.variable("x", 3, 5, 2), t.fixed("table", 5, 2)))
                .values("two groups of 3", (t, p) -> {
                    var x = t.variable("x", 2, 3);
                    var table = t.fixed("table", 3);
                    double[] y = new double[6];
                    for (int i = 0; i < 6; i++) {
                        y[i] = (double) t.values(x)[i] + t.values(table)[i % 3];
                    }
                    return new Sample.Expected(p.addTable(x, table), y);
                })
                .refused("a table that learns", "is no fixed table",
                        (t, p) -> p.addTable(t.variable("x", 3, 5), t.parameter("table", 5)))
                .refused("a table of other size", "addTable: table(4)",
                        (t, p) -> p.addTable(t.variable("x", 3, 5), t.fixed("table", 4)));
    }

    private static OperationRow gelu() {
        return OperationRow.of("gelu").gradient("standard normal", (t, p) -> p.gelu(t.variable("x", 5, 7)))
                .gradient("both tails", (t, p) -> p.gelu(t.variable("x", t.uniform(33, -6, 6), 33)))
                .values("-1, 0 and 1", (t, p) -> new Sample.Expected(
                        p.gelu(t.variable("x", new float[]{-1f, 0f, 1f}, 3)), -0.158655253931457, 0,
                        0.841344746068543));
    }

    private static OperationRow relu() {
        return OperationRow.of("relu").avoids("0, where the slope jumps: no number is near it")
                .gradient("(2, 3)", (t, p) -> p
                        .relu(t.variable("x", new float[]{-1.5f, 0.3f, 2f, -0.2f, 0.7f, -0.9f}, 2, 3)))
                .values("below, at and above 0",
                        (t, p) -> new Sample.Expected(p.relu(t.variable("x", new float[]{-2f, 0f, 3f}, 3)), 0, 0, 3));
    }

    private static OperationRow silu() {
        return OperationRow.of("silu").gradient("standard normal", (t, p) -> p.silu(t.variable("x", 5, 7)))
                .gradient("both tails", (t, p) -> p.silu(t.variable("x", t.uniform(33, -20, 20), 33)))
                .values("-1, 0 and 1, and far from 0", (t, p) -> new Sample.Expected(
                        p.silu(t.variable("x", new float[]{-1f, 0f, 1f, -200f, 200f}, 5)), -0.268941421369995,
                        0, 0.731058578630005, 0, 200));
    }

    private static OperationRow dropout() {
        return OperationRow.of("dropout")
                .gradient("a mask per number",
                        (t, p) -> p.dropout(t.variable("x", 2, 3), t.fixed("keep", bits(6), 6), 0.5f))
                .gradient("a mask per group",
                        (t, p) -> p.dropout(t.variable("x", 4, 3, 2), t.fixed("keep", bits(4), 4), 0.25f))
                .refused("a mask that does not divide", "dropout: mask keep(5)",
                        (t, p) -> p.dropout(t.variable("x", 4, 3), t.fixed("keep", bits(5), 5), 0.25f));
    }

    private static float[] bits(int n) {
        float[] bits = new float[n];
        for (int i = 0; i < n; i++) {
            bits[i] = i % 3 == 1 ? 0f : 1f;
        }
        return bits;
    }

    private static OperationRow channelBias() {
        return OperationRow.of("channelBias")
                .gradient("(2, 3, 5, 7)", (t, p) -> p.channelBias(t.variable("x", 2, 3, 5, 7), t.parameter("bias", 3)))
                .gradient("no positions", (t, p) -> p.channelBias(t.variable("x", 3, 5), t.parameter("bias", 5)))
                .refused("a bias of other length", "channelBias: bias(2)",
                        (t, p) -> p.channelBias(t.variable("x", 2, 3, 5), t.parameter("bias", 2)));
    }

    private static OperationRow reshape() {
        return OperationRow.of("reshape")
                .gradient("(3, 4) to (2, 6)", (t, p) -> p.reshape(t.variable("x", 3, 4), 2, 6))
                .gradient("a parameter under two shapes", (t, p) -> {
                    var w = t.parameter("w", 2, 3);
                    return p.product(p.reshape(w, 3, 2), p.scale(w, 2f));
                })
                .refused("another size", "shape (5) needs 5", (t, p) -> p.reshape(t.variable("x", 3, 4), 5));
    }

    private static OperationRow slice() {
        return OperationRow.of("slice")
                .gradient("rows 1 to 3 of 5", (t, p) -> p.slice(t.variable("x", 5, 3), 1, 3))
                .gradient("the last row of a parameter", (t, p) -> p.slice(t.parameter("w", 4, 3), 3, 1))
                .gradient("two slices that overlap", (t, p) -> {
                    var x = t.parameter("x", 5, 3);
                    return p.add(p.slice(x, 0, 3), p.slice(x, 2, 3));
                })
                .gradient("a slice of a slice", (t, p) -> {
                    return p.slice(p.slice(p.scale(t.variable("x", 6, 2), 2f), 1, 4), 2, 2);
                })
                .refused("beyond the end", "leaves its 15 numbers", (t, p) -> p.slice(t.variable("x", 5, 3), 3, 3));
    }

    private static OperationRow concat() {
        return OperationRow.of("concat")
                .gradient("1 + 3 + 2 rows",
                        (t, p) -> p.concat(t.variable("a", 1, 3), t.parameter("b", 3, 3), t.variable("c", 2, 3)))
                .gradient("a tensor twice", (t, p) -> {
                    var a = t.variable("a", 2, 3);
                    return p.concat(a, t.fixed("b", 1, 3), a);
                })
                .refused("rows that differ", "concat: b(1, 2)",
                        (t, p) -> p.concat(t.variable("a", 1, 3), t.variable("b", 1, 2)));
    }

    private static OperationRow scaledSum() {
        return OperationRow.of("scaledSum")
                .gradient("(3, 5)", (t, p) -> p.scaledSum(t.variable("x", 3, 5), 0.3f))
                .values("three numbers", (t, p) -> new Sample.Expected(
                        p.scaledSum(t.variable("x", new float[]{1f, 2f, 4f}, 3), 0.5f), 3.5));
    }

    private static OperationRow mean() {
        return OperationRow.of("mean").gradient("(3, 5)", (t, p) -> p.mean(t.variable("x", 3, 5)))
                .values("four numbers", (t, p) -> new Sample.Expected(
                        p.mean(t.variable("x", new float[]{1f, 2f, 4f, 8f}, 2, 2)), 3.75));
    }

    private static OperationRow groupMeans() {
        return OperationRow.of("groupMeans")
                .gradient("(2, 5, 3)", (t, p) -> p.groupMeans(t.variable("x", 2, 5, 3)))
                .gradient("one row each", (t, p) -> p.groupMeans(t.variable("x", 3, 1, 2)))
                .values("(1, 2, 2)", (t, p) -> new Sample.Expected(
                        p.groupMeans(t.variable("x", new float[]{1f, 2f, 4f, 8f}, 1, 2, 2)), 2.5, 5));
    }
}
