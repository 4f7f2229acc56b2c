package dev.triptych.check;

import dev.triptych.program.Packing;
import dev.triptych.program.Tensor;
import dev.triptych.trial.Sample;
import dev.triptych.trial.Trial;
import java.util.List;

/// Rows of dropout by hash.
final class DropoutRows {
    private DropoutRows() {
    }

    static List<OperationRow> rows() {
        return List.of(hashedDropout(), droppedAttention());
    }

    private static OperationRow hashedDropout() {
        return OperationRow.of("hashedDropout")
                .gradient("(5, 7), half", (t, p) -> p.hashedDropout(t.variable("x", 5, 7), key(t), 0.5f))
                .gradient("twice, 1 in 10", (t, p) -> p.hashedDropout(
                        p.hashedDropout(t.variable("x", 40), key(t), 0.1f), key(t), 0.1f))
                .values("the hash by another formula", (t, p) -> {
                    Tensor x = t.variable("x", 3, 50);
                    int launch = p.launches().size();
                    Tensor y = p.hashedDropout(x, t.labels("key", -123456789), 0.25f);
                    double[] expected = new double[150];
                    for (int i = 0; i < 150; i++) {
                        boolean kept = uniform(-123456789, launch, i) >= 0.25;
                        expected[i] = kept ? t.values(x)[i] / 0.75 : 0;
                    }
                    return new Sample.Expected(y, expected);
                })
                .refused("nothing to drop", "dropout: rate 0.0",
                        (t, p) -> p.hashedDropout(t.variable("x", 3), key(t), 0f))
                .refused("two keys", "dropout: keys(2)",
                        (t, p) -> p.hashedDropout(t.variable("x", 3), t.labels("keys", 1, 2), 0.1f));
    }

    private static Tensor key(Trial t) {
        Tensor known = t.program().inputs().get("key");
        return known == null ? t.labels("key", 98765) : known;
    }

    /// The uniform number of an index, with unsigned shifts.
    private static double uniform(int key, int launch, int i) {
        return (mix(mix(key + launch * 0x3504f333) ^ i * 0x27d4eb2d) >>> 8) / (double) (1 << 24);
    }

    private static int mix(int x) {
        int h = (x ^ x >>> 16) * 0x7feb352d;
        h = (h ^ h >>> 15) * 0x2c1b3c6d;
        return h ^ h >>> 16;
    }

    private static OperationRow droppedAttention() {
        return OperationRow.of("droppedAttention")
                .gradient("sequences of 4, 1 and 2 rows, 2 heads", (t, p) -> p.droppedAttention(
                        t.variable("qkv", 7, 18), Packing.of(p, 2, 4, 1, 2), key(t), 0.4f))
                .gradient("one sequence, one head",
                        (t, p) -> p.droppedAttention(t.variable("qkv", 5, 6), Packing.of(p, 1, 5), key(t), 0.2f))
                .values("the products of attention, dropout and values", (t, p) -> {
                    Tensor qkv = t.variable("qkv", 5, 12);
                    int launch = p.launches().size();
                    Tensor y = p.droppedAttention(qkv, Packing.of(p, 2, 5), key(t), 0.3f);
                    return new Sample.Expected(y, dropped(t.values(qkv), launch));
                })
                .refused("rows that the packing has not", "droppedAttention: qkv(6, 6) given where shape (5, 6)",
                        (t, p) -> p.droppedAttention(t.variable("qkv", 6, 6), Packing.of(p, 1, 5), key(t), 0.3f));
    }

    /// Five rows, two heads of width 2, rate 0.3.
    private static double[] dropped(float[] qkv, int launch) {
        double[] y = new double[5 * 4];
        for (int r = 0; r < 5; r++) {
            for (int h = 0; h < 2; h++) {
                double[] e = new double[5];
                double total = 0;
                for (int j = 0; j < 5; j++) {
                    double dot = 0;
                    for (int c = 2 * h; c < 2 * h + 2; c++) {
                        dot += (double) qkv[r * 12 + c] * qkv[j * 12 + 4 + c];
                    }
                    e[j] = Math.exp(dot / Math.sqrt(2));
                    total += e[j];
                }
                for (int j = 0; j < 5; j++) {
                    boolean kept = uniform(98765, launch, (h * 5 + r) * 5 + j) >= (int) (0.3f * (1 << 24) + 0.5f)
                            / (double) (1 << 24);
                    for (int c = 2 * h; c < 2 * h + 2; c++) {
                        y[r * 4 + c] += kept ? e[j] / total / (1 - 0.3f) * qkv[j * 12 + 8 + c] : 0;
                    }
                }
            }
        }
        return y;
    }
}
