package dev.triptych.check;

import dev.triptych.program.CodeOperations.Candidates;
import dev.triptych.program.Tensor;
import dev.triptych.trial.Sample;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// Rows of codes: which may be drawn, drawing them, sequences of them.
final class CodeRows {
    private CodeRows() {
    }

    static List<OperationRow> rows() {
        return List.of(candidateCodes(), candidateProbabilities(), sampleCodes(), composeCodes(), agreement());
    }

    private static OperationRow candidateCodes() {
        return OperationRow.of("candidateCodes").avoids("equal logits: the lower code comes first")
                .values("the arg-max", (t, p) -> {
                    Tensor logits = t.fixed("logits", 4, 5);
                    return new Sample.Expected(p.candidateCodes(logits, Candidates.ARG_MAX),
                            sorted(t.values(logits), 4, 5, 0, 1));
                })
                .values("3 behind the largest", (t, p) -> {
                    Tensor logits = t.fixed("logits", 6, 9);
                    return new Sample.Expected(p.candidateCodes(logits, new Candidates(3, true, false)),
                            sorted(t.values(logits), 6, 9, 1, 3));
                })
                .values("all", (t, p) -> new Sample.Expected(
                        p.candidateCodes(t.fixed("logits", 2, 3), new Candidates(3, false, false)), 0, 1, 2, 0, 1, 2))
                .values("all but the largest", (t, p) -> new Sample.Expected(
                        p.candidateCodes(t.fixed("logits", new float[]{1f, 3f, 2f, 5f, 4f, 0f}, 2, 3),
                                new Candidates(2, true, false)),
                        0, 2, 1, 2))
                .values("ties: the lower code first, one arg-max left out", (t, p) -> new Sample.Expected(
                        p.candidateCodes(t.fixed("logits", new float[]{1f, 2f, 2f, 2f, 1f}, 1, 5),
                                new Candidates(3, true, false)),
                        0, 2, 3))
                .values("ties: all that equal the largest left out, too few remain", (t, p) -> new Sample.Expected(
                        p.candidateCodes(t.fixed("logits", new float[]{1f, 2f, 2f, 2f, 1f}, 1, 5),
                                new Candidates(3, true, true)),
                        0, 4, -1))
                .refused("more than there are", "candidateCodes: 5 candidates behind the largest of the 5",
                        (t, p) -> p.candidateCodes(t.fixed("logits", 2, 5), new Candidates(5, true, false)));
    }

    private static double[] sorted(float[] logits, int n, int c, int skip, int k) {
        return IntStream.range(0, n).mapToObj(r -> IntStream.range(0, c).boxed()
                .sorted(Comparator.comparingDouble(i -> -logits[r * c + i])).skip(skip).limit(k).sorted()
                .mapToDouble(Integer::doubleValue)).flatMapToDouble(s -> s).toArray();
    }

    private static OperationRow candidateProbabilities() {
        return OperationRow.of("candidateProbabilities")
                .values("odds of 1 to 3, and one that is missing", (t, p) -> new Sample.Expected(
                        p.candidateProbabilities(t.fixed("logits", new float[]{9f, 0f, (float) Math.log(3)}, 1, 3),
                                p.constant("kept", 1, 2, -1).reshape(1, 3)),
                        0.25, 0.75, 0))
                .refused("logits with gradient", "candidateProbabilities has no adjoint",
                        (t, p) -> p.candidateProbabilities(t.variable("logits", 2, 3),
                                p.constant("kept", 0, 1).reshape(2, 1)));
    }

    private static OperationRow sampleCodes() {
        return OperationRow.of("sampleCodes").avoids("a draw that equals a cumulative sum: it takes the next code")
                .values("below, at and above the sums", (t, p) -> {
                    float[] rows = {0.25f, 0.5f, 0.25f, 0.25f, 0.5f, 0.25f, 0.25f, 0.5f, 0.25f, 0.25f, 0.5f, 0.125f};
                    Tensor kept = p.constant("kept", 3, 5, 8, 3, 5, 8, 3, 5, 8, 3, 5, 8).reshape(4, 3);
                    return new Sample.Expected(p.sampleCodes(t.fixed("p", rows, 4, 3), kept,
                            t.fixed("u", new float[]{0f, 0.25f, 0.75f, 0.99f}, 4)), 3, 5, 8, 8);
                })
                .refused("draws of another number", "sampleCodes: u(2)", (t, p) -> p.sampleCodes(t.fixed("p", 3, 1),
                        p.constant("kept", 0, 1, 2).reshape(3, 1), t.fixed("u", 2)));
    }

    private static OperationRow composeCodes() {
        return OperationRow.of("composeCodes")
                .values("hidden, own and other codes", (t, p) -> new Sample.Expected(
                        p.composeCodes(p.reshape(t.labels("source", 0, 1, 2, 1, 0, 2), 2, 3),
                                t.labels("a", 10, 11, 12, 13, 14, 15), t.labels("b", 20, 21, 22, 23, 24, 25), 98, 99),
                        98, 99, 11, 22, 98, 13, 99, 25))
                .refused("codes of another number", "composeCodes: a(5)",
                        (t, p) -> p.composeCodes(p.reshape(t.labels("source", 0, 1, 2, 1, 0, 2), 2, 3),
                                t.labels("a", 10, 11, 12, 13, 14), t.labels("b", 20, 21, 22, 23, 24, 25), 98, 99));
    }

    private static OperationRow agreement() {
        return OperationRow.of("agreement")
                .values("two of four", (t, p) -> {
                    Tensor share = t.state().buffer("share", new float[1], 1);
                    return new Sample.Expected(p.agreement(t.labels("a", 1, 2, 3, 4),
                            t.labels("b", 1, 0, 3, 5), t.fixed("w", new float[]{0.5f, 0.25f, 0.125f, 0.125f}, 2, 2),
                            share), 0.625);
                })
                .refused("weights of another number", "agreement: w(3)",
                        (t, p) -> p.agreement(t.labels("a", 1, 2, 3, 4), t.labels("b", 1, 0, 3, 5),
                                t.fixed("w", 3), t.state().buffer("share", new float[1], 1)));
    }
}
