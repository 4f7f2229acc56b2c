package dev.triptych.check.live;

import dev.triptych.program.CodeOperations.Candidates;
import dev.triptych.program.Tensor;
import java.util.List;

/// Codes: which may be drawn, drawing them, sequences of them.
final class CodeLive {
    private CodeLive() {
    }

    static List<LiveRow> rows() {
        return List.of(new LiveRow("candidateCodes", CodeLive::candidateCodes),
                new LiveRow("candidateProbabilities", CodeLive::candidateProbabilities),
                new LiveRow("sampleCodes", CodeLive::sampleCodes), new LiveRow("composeCodes", CodeLive::composeCodes),
                new LiveRow("agreement", CodeLive::agreement));
    }

    private static void candidateCodes(Live t) {
        int k = t.count("k", t.side());
        int skip = t.count("skip", t.below(2));
        Tensor logits = t.fixed("logits", t.side(), k + t.side());
        t.decides(t.program().candidateCodes(logits, new Candidates(k, skip == 1, false)),
                "torch.sort(torch.topk(logits, k + skip)[1][:, int(skip):])[0]",
                "smallest_gap(logits).unsqueeze(1).expand(logits.size(0), int(k))");
    }

    private static void candidateProbabilities(Live t) {
        int n = t.side();
        int k = t.side();
        int codes = k + t.side();
        Tensor kept = t.program().reshape(t.labels("kept", n * k, codes), n, k);
        t.values(t.program().candidateProbabilities(t.fixed("logits", n, codes), kept),
                "torch.softmax(logits.gather(1, kept.reshape(logits.size(0), -1)), -1)");
    }

    private static void sampleCodes(Live t) {
        int n = t.side();
        int k = t.side();
        Tensor p = t.program().softmax(t.fixed("x", n, k), 1f);
        Tensor kept = t.program().reshape(t.labels("kept", n * k, 100), n, k);
        Tensor u = t.trial().fixed("u", t.trial().uniform(n, 0, 1), n);
        t.decides(t.program().sampleCodes(p, kept, u), """
                cumulative = torch.softmax(x, -1).cumsum(-1)
                drawn = torch.searchsorted(cumulative, u.unsqueeze(-1), right=True).clamp_max(x.size(1) - 1)
                return kept.reshape_as(x).gather(1, drawn).squeeze(1)
                """, "torch.amin(torch.abs(torch.softmax(x, -1).cumsum(-1) - u.unsqueeze(-1)), -1)");
    }

    private static void composeCodes(Live t) {
        int batch = t.side();
        int n = t.side();
        Tensor source = t.program().reshape(t.labels("source", batch * n, 3), batch, n);
        Tensor a = t.labels("a", batch * n, 50);
        Tensor b = t.labels("b", batch * n, 50);
        int first = t.count("first", 98);
        int mask = t.count("mask", 99);
        t.count("batch", batch);
        t.values(t.program().composeCodes(source, a, b, first, mask), """
                cells = torch.where(source == 0, mask, torch.where(source == 1, a, b))
                return torch.cat([first.expand(int(batch), 1), cells.reshape(int(batch), -1)], 1)
                """);
    }

    private static void agreement(Live t) {
        int n = t.side();
        Tensor share = t.trial().state().buffer("share", new float[1], 1);
        t.values(t.program().agreement(t.labels("a", n, 3), t.labels("b", n, 3), t.fixed("weight", n), share),
                "(weight * (a == b)).sum()");
    }
}
