package dev.triptych.check;

import dev.triptych.program.Tensor;
import dev.triptych.trial.Sample;
import java.util.List;

/// Rows of the binary channel: messages, their agreement with logits, and the coding rate.
final class ChannelRows {
    private ChannelRows() {
    }

    static List<OperationRow> rows() {
        return List.of(binarize(), bitProbabilities(), bitCrossEntropy(), signCosine(), centreColumns(), codingRate());
    }

    private static OperationRow binarize() {
        return OperationRow.of("binarize").avoids("zero, which gives 0: it has no gradient at all")
                .values("both zeros give 0", (t, p) -> new Sample.Expected(
                        p.binarize(t.fixed("t", new float[]{-2f, -0f, 0f, 1e-30f, 3f}, 5)), 0, 0, 0, 1, 1))
                .refused("logits with gradient", "binarize: stop the gradient",
                        (t, p) -> p.binarize(t.variable("t", 2, 3)));
    }

    private static OperationRow bitProbabilities() {
        return OperationRow.of("bitProbabilities")
                .values("temperature 1/2, far out on both sides", (t, p) -> new Sample.Expected(
                        p.bitProbabilities(t.fixed("t", new float[]{0f, 1f, -1f, 40f, -40f}, 5), 2f), 0.5,
                        1 / (1 + Math.exp(-2)), 1 / (1 + Math.exp(2)), 1, 0))
                .refused("logits with gradient", "bitProbabilities: stop the gradient",
                        (t, p) -> p.bitProbabilities(t.variable("t", 2, 3), 1f));
    }

    private static OperationRow bitCrossEntropy() {
        return OperationRow.of("bitCrossEntropy")
                .gradient("four views, two teachers, 3 images, 5 bits", (t, p) -> p
                        .bitCrossEntropy(t.variable("s", 4, 3, 5), p.binarize(t.fixed("t", 2, 3, 5))))
                .gradient("soft targets of two views", (t, p) -> p.bitCrossEntropy(t.parameter("s", 2, 1, 7),
                        t.fixed("z", t.uniform(14, 0, 1), 2, 1, 7)))
                .gradient("logits of zero", (t, p) -> p.bitCrossEntropy(t.variable("s", new float[6], 3, 1, 2),
                        t.fixed("z", new float[]{0f, 1f, 1f, 1f}, 2, 1, 2)))
                .values("one bit, two teachers, three views", (t, p) -> new Sample.Expected(
                        p.bitCrossEntropy(t.variable("s", new float[]{2f, -1f, 0.5f}, 3, 1, 1),
                                t.fixed("z", new float[]{1f, 0f}, 2, 1, 1)),
                        softplus(2), softplus(-1) + 1, 2 * softplus(0.5) - 0.5))
                .values("logits without end", (t, p) -> new Sample.Expected(
                        p.bitCrossEntropy(t.variable("s", new float[]{500f, -500f}, 2, 1, 1),
                                t.fixed("z", new float[]{1f, 0f}, 2, 1, 1)),
                        500, 500))
                .refused("bits with gradient", "bitCrossEntropy: stop the gradient",
                        (t, p) -> p.bitCrossEntropy(t.variable("s", 3, 2, 5), t.variable("z", 2, 2, 5)))
                .refused("bits of other images", "bitCrossEntropy: z(2, 4, 5)",
                        (t, p) -> p.bitCrossEntropy(t.variable("s", 3, 2, 5), t.fixed("z", 2, 4, 5)))
                .refused("more teachers than views", "are not the logits of all views",
                        (t, p) -> p.bitCrossEntropy(t.variable("s", 1, 2, 5), t.fixed("z", 2, 2, 5)))
                .gradient("rows that choose among three messages", (t, p) -> p.bitCrossEntropy(t.variable("s", 5, 7),
                        p.binarize(t.fixed("t", 3, 7)), t.labels("rows", 2, 0, 2, 2, 1)))
                .gradient("rows of soft targets, a logit of zero", (t, p) -> p.bitCrossEntropy(
                        t.variable("s", new float[]{0f, 1.5f, -0.5f}, 3, 1), t.fixed("z", t.uniform(2, 0, 1), 2, 1),
                        t.labels("rows", 1, 0, 1)))
                .values("two rows of one message, one of another", (t, p) -> new Sample.Expected(
                        p.bitCrossEntropy(t.variable("s", new float[]{2f, -1f, 0.5f, 0f, 500f, -500f}, 3, 2),
                                t.fixed("z", new float[]{1f, 0f, 0f, 1f}, 2, 2), t.labels("rows", 0, 0, 1)),
                        softplus(-2) + softplus(-1), softplus(-0.5) + Math.log(2), 1000))
                .refused("rows: bits with gradient", "bitCrossEntropy: stop the gradient",
                        (t, p) -> p.bitCrossEntropy(t.variable("s", 2, 5), t.variable("z", 2, 5),
                                t.labels("rows", 0, 1)))
                .refused("rows: fewer than logits", "bitCrossEntropy: rows(2) given where shape (3)",
                        (t, p) -> p.bitCrossEntropy(t.variable("s", 3, 5), t.fixed("z", 2, 5), t.labels("rows", 0, 1)))
                .refused("rows: messages of other length", "messages of 5 bits",
                        (t, p) -> p.bitCrossEntropy(t.variable("s", 2, 5), t.fixed("z", 2, 4), t.labels("rows", 0, 1)));
    }

    private static double softplus(double x) {
        return Math.log1p(Math.exp(x));
    }

    private static OperationRow signCosine() {
        return OperationRow.of("signCosine")
                .gradient("three views, two teachers, lengths of 1", (t, p) -> {
                    Tensor u = p.normalizeLength(t.variable("s", 3, 2, 5), 1e-12f);
                    return p.signCosine(u, p.binarize(t.fixed("t", 2, 2, 5)));
                })
                .gradient("soft targets", (t, p) -> p.signCosine(t.variable("u", 2, 3, 4),
                        t.fixed("z", t.uniform(24, 0, 1), 2, 3, 4)))
                .values("alike, opposed, and both", (t, p) -> new Sample.Expected(p.signCosine(
                        t.variable("u", new float[]{0.6f, 0.8f, 0.6f, 0.8f, 0f, -1f}, 3, 1, 2),
                        t.fixed("z", new float[]{1f, 1f, 0f, 1f}, 2, 1, 2)),
                        1 - 0.2 / Math.sqrt(2), 1 - 1.4 / Math.sqrt(2), 2 + 2 / Math.sqrt(2)))
                .refused("bits with gradient", "signCosine: stop the gradient",
                        (t, p) -> p.signCosine(t.variable("u", 3, 2, 5), t.variable("z", 2, 2, 5)));
    }

    private static OperationRow centreColumns() {
        return OperationRow.of("centreColumns")
                .gradient("two of (5, 3)", (t, p) -> p.centreColumns(t.variable("x", 2, 5, 3)))
                .gradient("one row", (t, p) -> {
                    Tensor x = t.variable("x", 2, 1, 4);
                    return p.add(x, p.centreColumns(x));
                })
                .values("columns 1, 3 and 2, -4", (t, p) -> new Sample.Expected(
                        p.centreColumns(t.variable("x", new float[]{1f, 2f, 3f, -4f}, 1, 2, 2)), -1, 3, 1, -3));
    }

    private static OperationRow codingRate() {
        return OperationRow.of("codingRate")
                .gradient("n < d", (t, p) -> p.codingRate(t.variable("u", 2, 3, 5), 1.7f))
                .gradient("n > d", (t, p) -> p.codingRate(t.variable("u", 2, 7, 4), 0.8f))
                .gradient("n = d, unit rows, alpha 20", (t, p) -> p
                        .codingRate(p.normalizeLength(t.variable("s", 1, 4, 4), 1e-12f), 20f))
                .gradient("one bit", (t, p) -> p.codingRate(t.parameter("u", 3, 5, 1), 2f))
                .values("orthonormal rows have (n/2) log(1 + alpha)", (t, p) -> new Sample.Expected(
                        p.codingRate(t.variable("u", new float[]{1f, 0f, 0f, 0f, 1f, 0f}, 1, 2, 3), 3f), Math.log(4)))
                .values("equal rows have log(1 + alpha n) / 2", (t, p) -> new Sample.Expected(
                        p.codingRate(t.variable("u", new float[]{0.6f, 0.8f, 0.6f, 0.8f}, 1, 2, 2), 20f),
                        0.5 * Math.log(41)))
                .refused("one matrix without a batch", "codingRate: u(3, 2) is no batch",
                        (t, p) -> p.codingRate(t.variable("u", 3, 2), 1f));
    }
}
