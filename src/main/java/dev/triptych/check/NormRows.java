package dev.triptych.check;

import dev.triptych.program.Program;
import dev.triptych.program.Tensor;
import dev.triptych.trial.Sample;
import dev.triptych.trial.Trial;
import java.util.List;

/// Rows of layer, row, batch and group normalisation.
final class NormRows {
    private NormRows() {
    }

    static List<OperationRow> rows() {
        return List.of(layerNorm(), normalizeLength(), channelMoments(), batchNorm(), batchNormEvaluation(),
                updateRunningMoments(), groupNorm());
    }

    private static OperationRow layerNorm() {
        return OperationRow.of("layerNorm")
                .gradient("(5, 7)", (t, p) -> p.layerNorm(t.variable("x", 5, 7), t.parameter("gain", 7),
                        t.parameter("shift", 7), 1e-12f))
                .gradient("more than one chunk of rows",
                        (t, p) -> p.layerNorm(t.variable("x", 3, 13, 2), t.parameter("gain", 2),
                                t.parameter("shift", 2), 0.1f))
                .gradient("rows of one number", (t, p) -> p.layerNorm(t.variable("x", 3, 1), t.parameter("gain", 1),
                        t.parameter("shift", 1), 1e-5f))
                .values("1, 2, 6", (t, p) -> new Sample.Expected(
                        p.layerNorm(t.variable("x", new float[]{1f, 2f, 6f}, 1, 3),
                                t.parameter("gain", new float[]{1f, 2f, 3f}, 3),
                                t.parameter("shift", new float[]{0f, 1f, 0f}, 3), 0f),
                        -2 / Math.sqrt(14 / 3.0), 1 - 2 / Math.sqrt(14 / 3.0), 9 / Math.sqrt(14 / 3.0)))
                .refused("a gain of other length", "layerNorm: gain(5)", (t, p) -> p.layerNorm(
                        t.variable("x", 5, 7), t.parameter("gain", 5), t.parameter("shift", 7), 1e-12f))
                .refused("a shift of other length", "layerNorm: shift(5)", (t, p) -> p.layerNorm(
                        t.variable("x", 5, 7), t.parameter("gain", 7), t.parameter("shift", 5), 1e-12f));
    }

    private static OperationRow normalizeLength() {
        return OperationRow.of("normalizeLength")
                .avoids("rows of length eps: all rows of a sample are well above it, or all below")
                .gradient("(5, 3)", (t, p) -> p.normalizeLength(t.variable("x", 5, 3), 1e-12f))
                .gradient("clamped rows", (t, p) -> p.normalizeLength(t.variable("x", 2, 3, 2), 50f))
                .values("3, 4", (t, p) -> new Sample.Expected(
                        p.normalizeLength(t.variable("x", new float[]{3f, 4f}, 1, 2), 1e-12f), 0.6, 0.8));
    }

    private static OperationRow channelMoments() {
        return OperationRow.of("channelMoments").values("(3, 2, 5)", (t, p) -> {
            var x = t.variable("x", 3, 2, 5);
            return new Sample.Expected(p.channelMoments(x), moments(t.values(x), 3, 2, 5));
        }).values("no positions", (t, p) -> {
            var x = t.variable("x", 5, 3);
            return new Sample.Expected(p.channelMoments(x), moments(t.values(x), 5, 3, 1));
        });
    }

    // by the sums of x and x^2, another way than the kernel's
    private static double[] moments(float[] x, int batch, int channels, int inner) {
        double[] moments = new double[2 * channels];
        for (int c = 0; c < channels; c++) {
            double sum = 0;
            double squares = 0;
            for (int b = 0; b < batch; b++) {
                for (int i = 0; i < inner; i++) {
                    double v = x[(b * channels + c) * inner + i];
                    sum += v;
                    squares += v * v;
                }
            }
            int n = batch * inner;
            moments[2 * c] = sum / n;
            moments[2 * c + 1] = squares / n - sum / n * (sum / n);
        }
        return moments;
    }

    private static OperationRow batchNorm() {
        return OperationRow.of("batchNorm").gradient("(5, 3)", (t, p) -> {
            var x = t.variable("x", 5, 3);
            return p.batchNorm(x, p.channelMoments(x), t.parameter("gain", 3), t.parameter("shift", 3), 1e-5f);
        }).gradient("(2, 3, 2, 5)", (t, p) -> {
            var x = t.variable("x", 2, 3, 2, 5);
            return p.batchNorm(x, p.channelMoments(x), t.parameter("gain", 3), t.parameter("shift", 3), 0.1f);
        }).refused("a gain of other length", "batchNorm: gain(5)", (t, p) -> {
            var x = t.variable("x", 5, 3);
            return p.batchNorm(x, p.channelMoments(x), t.parameter("gain", 5), t.parameter("shift", 3), 1e-5f);
        }).refused("moments of other channels", "batchNorm: channelMoments(2, 2)", (t, p) -> {
            var x = t.variable("x", 5, 3);
            return p.batchNorm(x, p.channelMoments(t.variable("other", 5, 2)),
                    t.parameter("gain", 3), t.parameter("shift", 3), 1e-5f);
        });
    }

    private static OperationRow batchNormEvaluation() {
        return OperationRow.of("batchNormEvaluation").values("two channels", (t, p) -> {
            var running = t.state().buffer("running", new float[]{1f, 4f, -1f, 0.25f}, 2, 2);
            return new Sample.Expected(p.batchNormEvaluation(t.fixed("x", new float[]{3f, -2f}, 1, 2), running,
                    t.parameter("gain", new float[]{2f, 3f}, 2), t.parameter("shift", new float[]{0f, 5f}, 2),
                    0f),
                    2, -1);
        }).refused("moments of other channels", "batchNormEvaluation: running(3, 2)",
                (t, p) -> p.batchNormEvaluation(t.fixed("x", 5, 2), t.state().buffer("running", new float[6], 3, 2),
                        t.parameter("gain", 2), t.parameter("shift", 2), 0f));
    }

    private static OperationRow updateRunningMoments() {
        return OperationRow.of("updateRunningMoments").values("momentum 0.1", (t, p) -> {
            var x = t.variable("x", 5, 3);
            var running = t.state().buffer("running", new float[]{1f, 4f, -1f, 0.25f, 0f, 1f}, 3, 2);
            double[] batch = moments(t.values(x), 5, 3, 1);
            double[] expected = {1, 4, -1, 0.25, 0, 1};
            for (int i = 0; i < 6; i++) {
                expected[i] = 0.9 * expected[i] + 0.1 * batch[i] * (i % 2 == 0 ? 1 : 5 / 4.0);
            }
            p.updateRunningMoments(x, p.channelMoments(x), running, 0.1f);
            return new Sample.Expected(running, expected);
        }).refused("a buffer of other channels", "updateRunningMoments: running(2, 2)", (t, p) -> {
            var x = t.variable("x", 5, 3);
            var running = t.state().buffer("running", new float[4], 2, 2);
            p.updateRunningMoments(x, p.channelMoments(x), running, 0.1f);
            return running;
        });
    }

    private static OperationRow groupNorm() {
        return OperationRow.of("groupNorm")
                .gradient("two groups of 3 channels, 2 maps of 5 places",
                        (t, p) -> p.groupNorm(t.variable("x", 2 * 5, 6), 2, 2, t.parameter("gain", 6),
                                t.parameter("shift", 6), 1e-6f))
                .gradient("as many groups as channels",
                        (t, p) -> p.groupNorm(t.variable("x", 3 * 4, 3), 3, 3, t.parameter("gain", 3),
                                t.parameter("shift", 3), 0.1f))
                .gradient("one group, one map, more than one chunk of places",
                        (t, p) -> p.groupNorm(t.variable("x", 37, 2), 1, 1, t.parameter("gain", 2),
                                t.parameter("shift", 2), 1e-6f))
                .gradient("one place a map", (t, p) -> p.groupNorm(t.variable("x", 4, 6), 4, 2,
                        t.parameter("gain", 6), t.parameter("shift", 6), 1e-6f))
                .values("two maps of two groups", NormRows::groups)
                .refused("groups that do not divide", "groupNorm: 4 groups do not divide 6 channels",
                        (t, p) -> p.groupNorm(t.variable("x", 6, 6), 2, 4, t.parameter("gain", 6),
                                t.parameter("shift", 6), 1e-6f))
                .refused("maps that do not divide", "groupNorm: x(7, 6) is not divisible into 2 maps",
                        (t, p) -> p.groupNorm(t.variable("x", 7, 6), 2, 3, t.parameter("gain", 6),
                                t.parameter("shift", 6), 1e-6f))
                .refused("a gain of other length", "groupNorm: gain(2)",
                        (t, p) -> p.groupNorm(t.variable("x", 6, 6), 2, 3, t.parameter("gain", 2),
                                t.parameter("shift", 6), 1e-6f))
                .refused("a shift of other length", "groupNorm: shift(2)",
                        (t, p) -> p.groupNorm(t.variable("x", 6, 6), 2, 3, t.parameter("gain", 6),
                                t.parameter("shift", 2), 1e-6f));
    }

    // of 2081 places a map, so many that the last chunks hold none; by the sums of x and x^2
    private static Sample.Expected groups(Trial t, Program p) {
        int places = 2081;
        Tensor x = t.variable("x", 2 * places, 4);
        Tensor gain = t.parameter("gain", 4);
        Tensor shift = t.parameter("shift", 4);
        float[] numbers = t.values(x);
        double[] y = new double[numbers.length];
        for (int set = 0; set < 4; set++) {
            int corner = set / 2 * places * 4 + set % 2 * 2;
            double sum = 0;
            double squares = 0;
            for (int i = 0; i < 2 * places; i++) {
                double v = numbers[corner + i / 2 * 4 + i % 2];
                sum += v / (2 * places);
                squares += v * v / (2 * places);
            }
            for (int i = 0; i < 2 * places; i++) {
                int at = corner + i / 2 * 4 + i % 2;
                y[at] = (numbers[at] - sum) / Math.sqrt(squares - sum * sum + 0.25) * t.values(gain)[at % 4]
                        + t.values(shift)[at % 4];
            }
        }
        return new Sample.Expected(p.groupNorm(x, 2, 2, gain, shift, 0.25f), y);
    }
}
