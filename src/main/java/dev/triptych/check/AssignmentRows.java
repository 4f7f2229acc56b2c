package dev.triptych.check;

import dev.triptych.program.Tensor;
import dev.triptych.trial.Sample;
import dev.triptych.trial.Trial;
import java.util.List;

/// Rows of the Sinkhorn assignment and of the matching.
final class AssignmentRows {
    private AssignmentRows() {
    }

    static List<OperationRow> rows() {
        return List.of(sinkhornStart(), normalizeColumns(), normalizeRows(), transportCost(), transportPlan(),
                matchedRows());
    }

    private static OperationRow sinkhornStart() {
        return OperationRow.of("sinkhornStart")
                .avoids("the column's maximum, which the adjoint holds fixed: it cancels in the division by the column"
                        + " sum that always follows, so that samples include it")
                .gradient("(5, 3), scale 2.5", (t, p) -> p.normalizeColumns(
                        p.sinkhornStart(t.variable("x", 5, 3), 2.5f), 1e-8f, 1f))
                .gradient("one row", (t, p) -> p.normalizeRows(p
                        .normalizeColumns(p.sinkhornStart(t.variable("x", 1, 4), 1f), 1e-8f, 1f), 1e-8f))
                .values("odds of 1 to 4", (t, p) -> new Sample.Expected(
                        p.sinkhornStart(t.variable("x", new float[]{0f, (float) Math.log(2)}, 2, 1), 2f),
                        Math.exp(50) / 4, Math.exp(50)));
    }

    private static OperationRow normalizeColumns() {
        return OperationRow.of("normalizeColumns")
                .gradient("(5, 3)", (t, p) -> p.normalizeColumns(t.variable("m", t.uniform(15, 0.2, 2), 5, 3),
                        1e-8f, 1f))
                .gradient("power 0.3, eps of weight", (t, p) -> p
                        .normalizeColumns(t.variable("m", t.uniform(8, 0.2, 2), 4, 2), 0.5f, 0.3f))
                .values("power 0.5", (t, p) -> new Sample.Expected(
                        p.normalizeColumns(t.variable("m", new float[]{1f, 2f, 3f, 7f}, 2, 2), 0f, 0.5f),
                        1 / 2.0, 2 / 3.0, 3 / 2.0, 7 / 3.0));
    }

    private static OperationRow normalizeRows() {
        return OperationRow.of("normalizeRows")
                .gradient("(5, 3)", (t, p) -> p.normalizeRows(t.variable("m", t.uniform(15, 0.2, 2), 5, 3), 1e-8f))
                .gradient("eps of weight", (t, p) -> p.normalizeRows(t.variable("m", t.uniform(4, 0.2, 2), 1, 4), 0.5f))
                .gradient("three iterations from logits", (t, p) -> {
                    Tensor m = p.sinkhornStart(t.variable("x", 6, 3), 1f / 0.3f);
                    for (int i = 0; i < 3; i++) {
                        m = p.normalizeRows(p.normalizeColumns(m, 1e-8f, 1f), 1e-8f);
                    }
                    return m;
                })
                .values("1 and 3", (t, p) -> new Sample.Expected(
                        p.normalizeRows(t.variable("m", new float[]{1f, 3f}, 1, 2), 0f), 0.25, 0.75));
    }

    private static OperationRow transportCost() {
        return OperationRow.of("transportCost").values("4 views of 2 images, 3 tokens", (t, p) -> {
            var pred = t.variable("pred", 4, 3, 5);
            var target = t.variable("target", 2, 3, 5);
            float[] a = t.values(pred);
            float[] b = t.values(target);
            double[] cost = new double[36];
            for (int set = 0; set < 4; set++) {
                for (int j = 0; j < 3; j++) {
                    for (int k = 0; k < 3; k++) {
                        double squares = 0;
                        for (int c = 0; c < 5; c++) {
                            squares += Math.pow((double) a[(set * 3 + j) * 5 + c] - b[(set / 2 * 3 + k) * 5 + c], 2);
                        }
                        cost[(set * 3 + j) * 3 + k] = Math.sqrt(squares);
                    }
                }
            }
            return new Sample.Expected(p.transportCost(pred, target), cost);
        }).refused("views that images do not divide", "transportCost: target(2, 3, 5)",
                (t, p) -> p.transportCost(t.variable("pred", 3, 3, 5), t.variable("target", 2, 3, 5)))
                .refused("tokens of other width", "transportCost: target(2, 3, 4)",
                        (t, p) -> p.transportCost(t.variable("pred", 4, 3, 5), t.variable("target", 2, 3, 4)));
    }

    private static OperationRow transportPlan() {
        return OperationRow.of("transportPlan").values("5 iterations", (t, p) -> plan(t, 2, 3, 0.5f, 5))
                .values("no iteration", (t, p) -> plan(t, 1, 2, 0.5f, 0))
                .values("one token", (t, p) -> plan(t, 3, 1, 0.1f, 2));
    }

    // by scaling the rows and columns of K = exp(-cost / eps), where the kernels work with logarithms
    private static Sample.Expected plan(Trial t, int sets, int n, float eps, int iterations) {
        var cost = t.variable("cost", t.uniform(sets * n * n, 0, 2), sets, n, n);
        float[] c = t.values(cost);
        double[] plan = new double[c.length];
        for (int set = 0; set < sets; set++) {
            double[] a = ones(n);
            double[] b = ones(n);
            for (int it = 0; it < iterations; it++) {
                for (int j = 0; j < n; j++) {
                    double sum = 0;
                    for (int k = 0; k < n; k++) {
                        sum += Math.exp(-c[(set * n + j) * n + k] / (double) eps) * b[k];
                    }
                    a[j] = 1 / sum;
                }
                for (int k = 0; k < n; k++) {
                    double sum = 0;
                    for (int j = 0; j < n; j++) {
                        sum += Math.exp(-c[(set * n + j) * n + k] / (double) eps) * a[j];
                    }
                    b[k] = 1 / sum;
                }
            }
            for (int i = 0; i < n * n; i++) {
                plan[set * n * n + i] = a[i / n] * Math.exp(-c[set * n * n + i] / (double) eps) * b[i % n];
            }
        }
        return new Sample.Expected(t.program().transportPlan(cost, eps, iterations), plan);
    }

    private static double[] ones(int n) {
        double[] ones = new double[n];
        java.util.Arrays.fill(ones, 1);
        return ones;
    }

    private static OperationRow matchedRows() {
        return OperationRow.of("matchedRows").avoids("equal entries of a row: they take the lowest")
                .values("4 views of 2 images, 2 tokens", (t, p) -> new Sample.Expected(
                        p.matchedRows(t.fixed("plan", new float[]{1f, 2f, 3f, 0f, 0f, 1f, 0f, 1f, //
                                5f, 4f, 5f, 4f, 1f, 1f, 0f, 2f}, 4, 2, 2), 2),
                        1, 0, 1, 1, 2, 2, 2, 3))
                .refused("views that do not divide", "matchedRows: 3 sets",
                        (t, p) -> p.matchedRows(t.fixed("plan", 3, 2, 2), 2));
    }
}
