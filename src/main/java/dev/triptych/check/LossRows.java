package dev.triptych.check;

import dev.triptych.trial.Sample;
import java.util.List;

/// Rows of the losses.
final class LossRows {
    private LossRows() {
    }

    static List<OperationRow> rows() {
        return List.of(softCrossEntropy(), crossEntropy(), squaredError(), rowDots(), koleoNearest(), koleo(), dice());
    }

    private static OperationRow softCrossEntropy() {
        return OperationRow.of("softCrossEntropy")
                .gradient("two distributions for five rows, scale 10",
                        (t, p) -> p.softCrossEntropy(t.variable("x", 5, 3),
                                t.fixed("q", new float[]{0.2f, 0.3f, 0.5f, 1f, 0f, 0f}, 2, 3),
                                t.labels("target", 0, 1, 1, 0, 1), 10f))
                .gradient("masses that are not one", (t, p) -> p.softCrossEntropy(t.variable("x", 2, 4),
                        t.fixed("q", t.uniform(8, 0, 1), 2, 4), t.labels("target", 1, 0), 0.7f))
                .values("odds of 1 to 3", (t, p) -> new Sample.Expected(
                        p.softCrossEntropy(t.variable("x", new float[]{0f, (float) Math.log(3)}, 1, 2),
                                t.fixed("q", new float[]{0.25f, 0.75f}, 1, 2), t.labels("target", 0), 1f),
                        -0.25 * Math.log(0.25) - 0.75 * Math.log(0.75)))
                .refused("targets with gradient", "softCrossEntropy: stop the gradient",
                        (t, p) -> p.softCrossEntropy(t.variable("x", 5, 3), t.variable("q", 5, 3),
                                t.labels("target", 0, 1, 1, 0, 1), 10f))
                .refused("targets of other length", "softCrossEntropy: target(4)",
                        (t, p) -> p.softCrossEntropy(t.variable("x", 5, 3), t.fixed("q", 5, 3),
                                t.labels("target", 0, 1, 1, 0), 10f))
                .refused("distributions of other width", "softCrossEntropy: q(5, 2)",
                        (t, p) -> p.softCrossEntropy(t.variable("x", 5, 3), t.fixed("q", 5, 2),
                                t.labels("target", 0, 1, 1, 0, 1), 10f));
    }

    private static OperationRow crossEntropy() {
        return OperationRow.of("crossEntropy")
                .gradient("smoothing 0.1, a row ignored",
                        (t, p) -> p.crossEntropy(t.variable("x", 5, 3), t.labels("label", 0, 2, -1, 1, 2), 0.1f, -1))
                .gradient("no smoothing",
                        (t, p) -> p.crossEntropy(t.variable("x", 2, 7), t.labels("label", 6, 0), 0f, -1))
                .values("odds of 1 to 3, and a row ignored", (t, p) -> new Sample.Expected(
                        p.crossEntropy(t.variable("x", new float[]{0f, (float) Math.log(3), 1f, 2f}, 2, 2),
                                t.labels("label", 0, -100), 0f, -100),
                        Math.log(4), 0))
                .refused("labels of other length", "crossEntropy: label(4)",
                        (t, p) -> p.crossEntropy(t.variable("x", 5, 3), t.labels("label", 0, 1, 1, 0), 0f, -1));
    }

    private static OperationRow squaredError() {
        return OperationRow.of("squaredError")
                .gradient("(5, 3)", (t, p) -> p.squaredError(t.variable("a", 5, 3), t.fixed("b", 5, 3)))
                .gradient("(2, 3, 1)", (t, p) -> p.squaredError(t.parameter("a", 2, 3, 1), t.fixed("b", 2, 3, 1)))
                .refused("a target with gradient", "squaredError: stop the gradient",
                        (t, p) -> p.squaredError(t.variable("a", 5, 3), t.variable("b", 5, 3)))
                .refused("shapes that differ", "squaredError: b(5, 2)",
                        (t, p) -> p.squaredError(t.variable("a", 5, 3), t.fixed("b", 5, 2)));
    }

    private static OperationRow rowDots() {
        return OperationRow.of("rowDots")
                .gradient("(5, 3)", (t, p) -> p.rowDots(t.variable("a", 5, 3), t.parameter("b", 5, 3)))
                .gradient("squares", (t, p) -> {
                    var a = t.parameter("a", 4, 2);
                    return p.rowDots(a, a);
                })
                .refused("shapes that differ", "rowDots: b(3, 5)",
                        (t, p) -> p.rowDots(t.variable("a", 5, 3), t.variable("b", 3, 5)));
    }

    private static OperationRow koleoNearest() {
        return OperationRow.of("koleoNearest").avoids("two others equally near: random rows never are")
                .values("3 sets of 5", (t, p) -> {
                    var u = t.fixed("u", 3, 5, 2);
                    return new Sample.Expected(p.koleoNearest(u), nearest(t.values(u), 3, 5, 2));
                })
                .values("sets of one name themselves",
                        (t, p) -> new Sample.Expected(p.koleoNearest(t.fixed("u", 3, 1, 2)), 0, 1, 2))
                .values("ties take the lowest", (t, p) -> new Sample.Expected(
                        p.koleoNearest(t.fixed("u", new float[]{1f, 1f, 1f}, 1, 3, 1)), 1, 0, 0));
    }

    private static double[] nearest(float[] u, int sets, int tokens, int d) {
        double[] nearest = new double[sets * tokens];
        for (int i = 0; i < nearest.length; i++) {
            double best = Double.NEGATIVE_INFINITY;
            for (int k = 0; k < nearest.length; k++) {
                double dot = 0;
                for (int j = 0; j < d; j++) {
                    dot += (double) u[i * d + j] * u[k * d + j];
                }
                if (k != i && k / tokens == i / tokens && dot > best) {
                    best = dot;
                    nearest[i] = k;
                }
            }
        }
        return nearest;
    }

    private static OperationRow koleo() {
        return OperationRow.of("koleo").avoids("a change of the nearest neighbour: it is an integer, held fixed")
                .gradient("3 sets of 4 unit rows", (t, p) -> {
                    var u = p.normalizeLength(t.variable("s", 3, 4, 3), 1e-8f);
                    return p.koleo(u, p.koleoNearest(u));
                })
                .gradient("all point at the first row",
                        (t, p) -> p.koleo(t.variable("u", 1, 4, 2), t.labels("nearest", 1, 0, 0, 0)))
                .gradient("sets of one", (t, p) -> {
                    var u = t.variable("u", 3, 1, 2);
                    return p.koleo(u, p.koleoNearest(u));
                })
                .values("distance 5", (t, p) -> new Sample.Expected(
                        p.koleo(t.variable("u", new float[]{3f, 0f, 0f, 4f}, 1, 2, 2), t.labels("nearest", 1, 0)),
                        -Math.log(0.5 * Math.hypot(3 + 1e-8, -4 + 1e-8) + 1e-8),
                        -Math.log(0.5 * Math.hypot(-3 + 1e-8, 4 + 1e-8) + 1e-8)))
                .refused("neighbours of other length", "koleo: nearest(3)",
                        (t, p) -> p.koleo(t.variable("u", 1, 4, 2), t.labels("nearest", 1, 0, 0)));
    }

    private static OperationRow dice() {
        return OperationRow.of("dice")
                .gradient("probabilities, a row ignored", (t, p) -> p.dice(
                        p.softmax(t.variable("x", 5, 3), 1f), t.labels("label", 0, 2, 9, 1, 2), 1e-5f, 9))
                .gradient("a class that never occurs", (t, p) -> p.dice(t.variable("p", t.uniform(8, 0.1, 1), 4, 2),
                        t.labels("label", 0, 0, 0, 0), 1f, -1))
                .values("two rows", (t, p) -> new Sample.Expected(
                        p.dice(t.variable("p", new float[]{0.75f, 0.25f, 0.5f, 0.5f}, 2, 2),
                                t.labels("label", 0, 1), 1f, -1),
                        1 - 2.5 / 3.25, 1 - 2 / 2.75))
                .refused("labels of other length", "dice: label(4)",
                        (t, p) -> p.dice(t.variable("p", 5, 3), t.labels("label", 0, 1, 1, 0), 1f, -1));
    }
}
