package dev.triptych.check;

import dev.triptych.program.Packing;
import dev.triptych.program.RowIndex;
import dev.triptych.program.Tensor;
import dev.triptych.trial.Sample;
import java.util.List;

/// Rows of patches, rows by index, attention and softmax.
final class TokenRows {
    private TokenRows() {
    }

    static List<OperationRow> rows() {
        return List.of(attention(), softmax(), gatherRows(), patches());
    }

    private static OperationRow attention() {
        return OperationRow.of("attention")
                .gradient("sequences of 4, 1 and 2 rows, 2 heads",
                        (t, p) -> p.attention(t.variable("qkv", 7, 18), Packing.of(p, 2, 4, 1, 2)))
                .gradient("one sequence, one head", (t, p) -> p.attention(t.variable("qkv", 5, 6), Packing.of(p, 1, 5)))
                .gradient("heads of one number, long after short",
                        (t, p) -> p.attention(t.variable("qkv", 5, 9), Packing.of(p, 3, 2, 3)))
                .values("sequences of 2 and 3 rows, 2 heads", (t, p) -> {
                    var qkv = t.variable("qkv", 5, 12);
                    return new Sample.Expected(p.attention(qkv, Packing.of(p, 2, 2, 3)),
                            attend(t.values(qkv), 4, 2, 2, 3));
                })
                .refused("rows that the packing has not", "attention: qkv(6, 6) given where shape (5, 6)",
                        (t, p) -> p.attention(t.variable("qkv", 6, 6), Packing.of(p, 1, 5)))
                .refused("a width that heads do not divide", "width 3 is not divisible by 2 heads",
                        (t, p) -> p.attention(t.variable("qkv", 5, 9), Packing.of(p, 2, 5)));
    }

    // one query at a time, weights exp(q.k / sqrt(size)) without subtracting the maximum
    private static double[] attend(float[] qkv, int width, int heads, int... lengths) {
        int rows = qkv.length / (3 * width);
        int size = width / heads;
        double[] y = new double[rows * width];
        int first = 0;
        for (int n : lengths) {
            for (int r = first; r < first + n; r++) {
                for (int h = 0; h < heads; h++) {
                    double total = 0;
                    for (int j = first; j < first + n; j++) {
                        double dot = 0;
                        for (int c = h * size; c < (h + 1) * size; c++) {
                            dot += (double) qkv[r * 3 * width + c] * qkv[j * 3 * width + width + c];
                        }
                        double w = Math.exp(dot / Math.sqrt(size));
                        total += w;
                        for (int c = h * size; c < (h + 1) * size; c++) {
                            y[r * width + c] += w * qkv[j * 3 * width + 2 * width + c];
                        }
                    }
                    for (int c = h * size; c < (h + 1) * size; c++) {
                        y[r * width + c] /= total;
                    }
                }
            }
            first += n;
        }
        return y;
    }

    private static OperationRow softmax() {
        return OperationRow.of("softmax")
                .gradient("(3, 5), scale 1", (t, p) -> p.softmax(t.variable("x", 3, 5), 1f))
                .gradient("(2, 3, 4), scale 1 / 0.3", (t, p) -> p.softmax(t.variable("x", 2, 3, 4), 1f / 0.3f))
                .gradient("rows of one number", (t, p) -> p.softmax(t.variable("x", 3, 1), 2f))
                .values("equal odds, and odds of 1 to 3", (t, p) -> new Sample.Expected(p.softmax(
                        t.variable("x", new float[]{7f, 7f, 0f, (float) Math.log(3)}, 2, 2), 1f), 0.5, 0.5, 0.25,
                        0.75));
    }

    private static OperationRow gatherRows() {
        return OperationRow.of("gatherRows")
                .gradient("rows picked twice, and not at all", (t, p) -> p.gatherRows(t.variable("x", 5, 3),
                        RowIndex.of(p, "index", 5, 4, 0, 4, 1, 4, 0)))
                .gradient("an index that is an input", (t, p) -> {
                    var index = RowIndex.input(p, "index", 3, 4);
                    int[] rows = {2, 0, 0, 2};
                    int[][] inverse = RowIndex.invert(rows, 3);
                    t.upload(index.rows(), rows);
                    t.upload(index.first(), inverse[0]);
                    t.upload(index.inverse(), inverse[1]);
                    return p.gatherRows(t.parameter("x", 3, 2), index);
                })
                .values("last and first", (t, p) -> new Sample.Expected(
                        p.gatherRows(t.variable("x", new float[]{1f, 2f, 3f, 4f, 5f, 6f}, 3, 2),
                                RowIndex.of(p, "index", 3, 2, 0)),
                        5, 6, 1, 2))
                .refused("a table of other height", "gatherRows: x(4, 3) has not the 5 source rows",
                        (t, p) -> p.gatherRows(t.variable("x", 4, 3), RowIndex.of(p, "index", 5, 0)))
                .refused("a row beyond the table", "Row 5 picked of 5",
                        (t, p) -> p.gatherRows(t.variable("x", 5, 3), RowIndex.of(p, "index", 5, 5)));
    }

    private static OperationRow patches() {
        return OperationRow.of("patches").gradient("all patches of two images of 4 x 6", (t, p) -> {
            Tensor images = t.variable("images", 2, 3, 4, 6);
            int[] all = new int[12];
            for (int i = 0; i < all.length; i++) {
                all[i] = i;
            }
            return p.patches(images, t.labels("source", all), new float[]{0.1f, 0.2f, 0.3f},
                    new float[]{0.5f, 2f, 1f}, 2);
        }).values("the last and the second patch of a 2 x 4 image", (t, p) -> new Sample.Expected(
                p.patches(t.fixed("images", new float[]{1f, 2f, 3f, 4f, 5f, 6f, 7f, 8f}, 1, 1, 2, 4),
                        t.labels("source", 1, 0), new float[]{1f}, new float[]{0.5f}, 2),
                4, 6, 12, 14, 0, 2, 8, 10)).values("both channels of patches of one number",
                        (t, p) -> new Sample.Expected(
                                p.patches(t.fixed("images", new float[]{1f, 2f, 10f, 20f}, 1, 2, 1, 2),
                                        t.labels("source", 1, 0), new float[]{0f, 10f}, new float[]{1f, 10f}, 1),
                                2, 1, 1, 0))
                .refused("patches that do not divide", "patches: images(1, 3, 4, 5)", (t, p) -> p.patches(
                        t.fixed("images", 1, 3, 4, 5), t.labels("source", 0), new float[3], new float[3], 2))
                .refused("means of other channels", "Constant mean(3) is given 2 values", (t, p) -> p.patches(
                        t.fixed("images", 1, 3, 4, 4), t.labels("source", 0), new float[2], new float[3], 2))
                .refused("a gradient for some of the patches", "patches: a gradient for images(1, 3, 4, 4)",
                        (t, p) -> p.patches(t.variable("images", 1, 3, 4, 4), t.labels("source", 0), new float[3],
                                new float[3], 2));
    }
}
