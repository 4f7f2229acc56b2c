package dev.triptych.check;

import dev.triptych.program.Program;
import dev.triptych.program.QuantisationOperations.CodeAverages;
import dev.triptych.program.QuantisationOperations.Windowing;
import dev.triptych.program.Tensor;
import dev.triptych.trial.Sample;
import dev.triptych.trial.Trial;
import java.util.List;

/// Rows of windows, of resolution and of vector quantisation.
final class QuantisationRows {
    private QuantisationRows() {
    }

    static List<OperationRow> rows() {
        return List.of(unfold(), fold(), averagePool(), upsample(), nearestCodes(), codeVectors(), averageCodes());
    }

    private static OperationRow unfold() {
        return OperationRow.of("unfold")
                .gradient("3 x 3, pad 1", (t, p) -> p.unfold(t.variable("x", 2 * 4 * 5, 3),
                        new Windowing(2, 4, 5, 3, 1, 1)))
                .gradient("4 x 4, stride 2, pad 1", (t, p) -> p.unfold(t.variable("x", 6 * 4, 2),
                        new Windowing(1, 6, 4, 4, 2, 1)))
                .gradient("stride 3 that leaves a rest", (t, p) -> p.unfold(t.variable("x", 8 * 5, 1),
                        new Windowing(1, 8, 5, 2, 3, 0)))
                .values("2 x 2 over 2 x 2 with a border", (t, p) -> new Sample.Expected(
                        p.unfold(t.variable("x", new float[]{1f, 10f, 2f, 20f, 3f, 30f, 4f, 40f}, 4, 2),
                                new Windowing(1, 2, 2, 2, 2, 1)),
                        0, 0, 0, 1, 0, 0, 0, 10, 0, 0, 2, 0, 0, 0, 20, 0, //
                        0, 3, 0, 0, 0, 30, 0, 0, 4, 0, 0, 0, 40, 0, 0, 0))
                .values("a convolution", QuantisationRows::convolution)
                .refused("rows of another map", "unfold: x(20, 3)", (t, p) -> p.unfold(t.variable("x", 20, 3),
                        new Windowing(1, 4, 4, 3, 1, 1)))
                .refused("a window larger than the map", "unfold: window 4",
                        (t, p) -> p.unfold(t.variable("x", 9, 1), new Windowing(1, 3, 3, 4, 1, 0)));
    }

    // the same numbers as the operation convolve, whose layout is (batch, channels, height, width)
    private static Sample.Expected convolution(Trial t, Program p) {
        Tensor x = t.variable("x", 2 * 5 * 4, 3);
        Tensor w = t.parameter("w", 2, 3 * 4);
        float[] pixels = t.values(x);
        float[] weight = t.values(w);
        double[] y = new double[2 * 3 * 2 * 2];
        for (int i = 0; i < y.length; i++) {
            int o = i % 2;
            int column = i / 2 % 2;
            int row = i / 4 % 3;
            int b = i / 12;
            for (int k = 0; k < 12; k++) {
                int c = k / 4;
                int r = row * 2 + k / 2 % 2 - 1;
                int s = column * 2 + k % 2;
                if (r >= 0 && r < 5 && s < 4) {
                    y[i] += (double) weight[o * 12 + k] * pixels[((b * 5 + r) * 4 + s) * 3 + c];
                }
            }
        }
        // a border above and left only: the window at -1 is the same as padding the map with one row of zeros
        Tensor padded = t.program().unfold(pad(t, x), new Windowing(2, 6, 4, 2, 2, 0));
        return new Sample.Expected(t.program().linear(padded, w, t.fixed("zero", new float[2], 2)), y);
    }

    private static Tensor pad(Trial t, Tensor x) {
        Tensor zero = t.fixed("border", new float[4 * 3], 4, 3);
        return t.program().concat(zero, t.program().slice(x, 0, 20), zero, t.program().slice(x, 20, 20));
    }

    private static OperationRow fold() {
        return OperationRow.of("fold")
                .gradient("3 x 3, pad 1", (t, p) -> p.fold(t.variable("y", 2 * 4 * 5, 3 * 9),
                        new Windowing(2, 4, 5, 3, 1, 1)))
                .gradient("4 x 4, stride 2, pad 1", (t, p) -> p.fold(t.variable("y", 3 * 2, 2 * 16),
                        new Windowing(1, 6, 4, 4, 2, 1)))
                .gradient("stride beyond the window", (t, p) -> p.fold(t.variable("y", 3 * 2, 4),
                        new Windowing(1, 8, 5, 2, 3, 0)))
                .values("two windows that overlap", (t, p) -> new Sample.Expected(
                        p.fold(t.variable("y", new float[]{1f, 2f, 3f, 4f, 10f, 20f, 30f, 40f}, 2, 4),
                                new Windowing(1, 2, 3, 2, 1, 0)),
                        1, 12, 20, 3, 34, 40))
                .refused("rows of other windows", "fold: y(5, 18)", (t, p) -> p.fold(t.variable("y", 5, 18),
                        new Windowing(1, 4, 4, 3, 1, 1)));
    }

    private static OperationRow averagePool() {
        return OperationRow.of("averagePool")
                .gradient("2 x 2", (t, p) -> p.averagePool(t.variable("x", 2 * 4 * 6, 3), 2, 4, 6, 2))
                .gradient("3 x 3 to one place", (t, p) -> p.averagePool(t.variable("x", 3 * 9, 2), 3, 3, 3, 3))
                .gradient("1 x 1", (t, p) -> p.averagePool(t.variable("x", 5, 1), 1, 5, 1, 1))
                .values("2 x 2 over 2 x 4", (t, p) -> new Sample.Expected(
                        p.averagePool(t.variable("x", new float[]{1f, 2f, 4f, 8f, 16f, 32f, 64f, 128f}, 8, 1),
                                1, 2, 4, 2),
                        51 / 4.0, 204 / 4.0))
                .refused("blocks that do not divide", "averagePool: blocks of 2 x 2 places do not divide maps of 3 x 4",
                        (t, p) -> p.averagePool(t.variable("x", 12, 3), 1, 3, 4, 2))
                .refused("rows of another map", "averagePool: x(20, 3)",
                        (t, p) -> p.averagePool(t.variable("x", 20, 3), 1, 4, 4, 2));
    }

    private static OperationRow upsample() {
        return OperationRow.of("upsample")
                .gradient("2 x 2", (t, p) -> p.upsample(t.variable("x", 2 * 2 * 3, 3), 2, 2, 3, 2))
                .gradient("3 x 3 from one place", (t, p) -> p.upsample(t.variable("x", 3, 2), 3, 1, 1, 3))
                .values("1 x 2 of 2 channels", (t, p) -> new Sample.Expected(
                        p.upsample(t.variable("x", new float[]{1f, 10f, 2f, 20f}, 2, 2), 1, 1, 2, 2),
                        1, 10, 1, 10, 2, 20, 2, 20, 1, 10, 1, 10, 2, 20, 2, 20))
                .refused("rows of another map", "upsample: x(20, 3)",
                        (t, p) -> p.upsample(t.variable("x", 20, 3), 1, 4, 4, 2));
    }

    private static OperationRow nearestCodes() {
        return OperationRow.of("nearestCodes").avoids("rows equally far from two codes: they take the lowest")
                .values("equal codes, a tie, and a far row", (t, p) -> new Sample.Expected(p.nearestCodes(
                        t.variable("x", new float[]{0f, 0f, 1f, 1f, 0.5f, 0.5f, -9f, 3f}, 4, 2),
                        t.fixed("codebook", new float[]{5f, 5f, 1f, 1f, 0f, 0f, 1f, 1f}, 4, 2)), 2, 1, 1, 2))
                .refused("codes of another width", "nearestCodes: codebook(4, 3)", (t, p) -> p.nearestCodes(
                        t.variable("x", 5, 2), t.fixed("codebook", 4, 3)));
    }

    private static OperationRow codeVectors() {
        return OperationRow.of("codeVectors")
                .gradient("two rows of one code, none of another",
                        (t, p) -> p.codeVectors(t.parameter("codebook", 4, 3), t.labels("code", 1, 0, 1, 3, 3)))
                .values("three of two codes", (t, p) -> new Sample.Expected(
                        p.codeVectors(t.fixed("codebook", new float[]{1f, 2f, 3f, 4f}, 2, 2),
                                t.labels("code", 1, 0, 1)),
                        3, 4, 1, 2, 3, 4));
    }

    private static OperationRow averageCodes() {
        return OperationRow.of("averageCodes").values("vectors", (t, p) -> averages(t, 0))
                .values("counts", (t, p) -> averages(t, 1)).values("sums", (t, p) -> averages(t, 2))
                .refused("rows of another width", "averageCodes: x(2, 3)", (t, p) -> p.averageCodes(
                        new CodeAverages(t.fixed("c", 4, 2), t.fixed("n", 4), t.fixed("m", 4, 2)), t.fixed("x", 2, 3),
                        t.labels("code", 0, 1), 0.9f, 1e-5f));
    }

    private static Sample.Expected averages(Trial t, int which) {
        int codes = 3;
        float decay = 0.75f;
        float eps = 0.25f;
        Tensor[] state = {t.state().buffer("c", new float[codes * 2], codes, 2),
                t.upload(t.state().buffer("n", new float[codes], codes), new float[]{1f, 2f, 0f}),
                t.upload(t.state().buffer("m", new float[codes * 2], codes, 2), t.gaussian(codes * 2))};
        Tensor x = t.fixed("x", 4, 2);
        int[] code = {1, 0, 1, 1};
        t.program().averageCodes(new CodeAverages(state[0], state[1], state[2]), x, t.labels("code", code), decay, eps);
        float[] rows = t.values(x);
        float[] oldCounts = t.values(state[1]);
        float[] oldSums = t.values(state[2]);
        double[] counts = new double[codes];
        double[] sums = new double[codes * 2];
        double total = 0;
        for (int k = 0; k < codes; k++) {
            int n = 0;
            double[] s = new double[2];
            for (int r = 0; r < 4; r++) {
                n += code[r] == k ? 1 : 0;
                s[0] += code[r] == k ? rows[2 * r] : 0;
                s[1] += code[r] == k ? rows[2 * r + 1] : 0;
            }
            counts[k] = 0.75 * oldCounts[k] + 0.25 * n;
            total += counts[k];
            sums[2 * k] = 0.75 * oldSums[2 * k] + 0.25 * s[0];
            sums[2 * k + 1] = 0.75 * oldSums[2 * k + 1] + 0.25 * s[1];
        }
        double[] vectors = new double[codes * 2];
        for (int i = 0; i < vectors.length; i++) {
            vectors[i] = sums[i] / ((counts[i / 2] + 0.25) / (total + codes * 0.25) * total);
        }
        return new Sample.Expected(state[which], which == 0 ? vectors : which == 1 ? counts : sums);
    }
}
