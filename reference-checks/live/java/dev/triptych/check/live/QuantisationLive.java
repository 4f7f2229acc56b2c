package dev.triptych.check.live;

import dev.triptych.program.QuantisationOperations.CodeAverages;
import dev.triptych.program.QuantisationOperations.Windowing;
import dev.triptych.program.State;
import dev.triptych.program.Tensor;
import java.util.List;

/// Windows of feature maps, and vector quantisation.
final class QuantisationLive {
    private QuantisationLive() {
    }

    static List<LiveRow> rows() {
        return List.of(new LiveRow("unfold", QuantisationLive::unfold), new LiveRow("fold", QuantisationLive::fold),
                new LiveRow("averagePool", QuantisationLive::averagePool),
                new LiveRow("upsample", QuantisationLive::upsample),
                new LiveRow("nearestCodes", QuantisationLive::nearestCodes),
                new LiveRow("codeVectors", QuantisationLive::codeVectors),
                new LiveRow("averageCodes", QuantisationLive::averageCodes));
    }

    /// Windows at random, whose numbers TorchScript knows as `w`: batch, height, width, k, stride, pad.
    private static Windowing windowing(Live t) {
        int k = t.side();
        int[] w = t.counts("w", t.side(), k + t.side(), k + t.side(), k, 1 + t.below(3), t.below(k));
        return new Windowing(w[0], w[1], w[2], w[3], w[4], w[5]);
    }

    private static void unfold(Live t) {
        Windowing w = windowing(t);
        Tensor x = t.variable("x", w.batch() * w.height() * w.width(), t.side());
        t.agrees(t.program().unfold(x, w), "windows(x, annotate(List[int], w.tolist()))");
    }

    private static void fold(Live t) {
        Windowing w = windowing(t);
        Tensor y = t.variable("y", w.batch() * w.rows() * w.columns(), t.side() * w.k() * w.k());
        t.agrees(t.program().fold(y, w), "sums_of_windows(y, annotate(List[int], w.tolist()))");
    }

    private static void averagePool(Live t) {
        int k = t.count("k", 1 + t.below(3));
        int b = t.count("b", t.side());
        int h = t.count("h", k * t.side());
        int w = t.count("w", k * t.side());
        Tensor x = t.variable("x", b * h * w, t.side());
        t.agrees(t.program().averagePool(x, b, h, w, k),
                "torch.avg_pool2d(x.reshape(int(b), int(h), int(w), -1).permute(0, 3, 1, 2), [int(k), int(k)])"
                        + ".permute(0, 2, 3, 1).reshape(-1, x.size(1))");
    }

    private static void upsample(Live t) {
        int k = t.count("k", 1 + t.below(3));
        int b = t.count("b", t.side());
        int h = t.count("h", t.side());
        int w = t.count("w", t.side());
        Tensor x = t.variable("x", b * h * w, t.side());
        t.agrees(t.program().upsample(x, b, h, w, k),
                "torch.upsample_nearest2d(x.reshape(int(b), int(h), int(w), -1).permute(0, 3, 1, 2), "
                        + "[int(k * h), int(k * w)]).permute(0, 2, 3, 1).reshape(-1, x.size(1))");
    }

    private static void nearestCodes(Live t) {
        int d = t.side();
        t.decides(t.program().nearestCodes(t.fixed("x", t.side(), d), t.fixed("codebook", t.side(2), d)),
                "torch.cdist(x, codebook).argmin(-1)", """
                        nearest = torch.topk(torch.cdist(x, codebook), 2, -1, False)[0]
                        return nearest[:, 1] - nearest[:, 0]
                        """);
    }

    private static void codeVectors(Live t) {
        int codes = t.side();
        t.agrees(t.program().codeVectors(t.parameter("codebook", codes, t.side()), t.labels("code", t.side(), codes)),
                "torch.embedding(codebook, code)");
    }

    private static void averageCodes(Live t) {
        int codes = t.side();
        int n = t.side();
        int d = t.side();
        State state = t.trial().state();
        var book = new CodeAverages(state.buffer("vectors", new float[codes * d], codes, d),
                state.buffer("counts", t.trial().uniform(codes, 0, 2), codes),
                state.buffer("sums", t.trial().gaussian(codes * d), codes, d));
        float decay = t.number("decay", 0.75);
        float eps = t.number("eps", 0.25);
        t.program().averageCodes(book, t.fixed("x", n, d), t.labels("code", n, codes), decay, eps);
        String averages = """
                N = decay * counts + (1 - decay) * torch.bincount(code, None, counts.size(0))
                M = decay * sums + (1 - decay) * torch.zeros_like(sums).index_add(0, code, x)
                smooth = (N + eps) / (N.sum() + N.size(0) * eps) * N.sum()
                """;
        t.values(book.counts(), averages + "return N");
        t.values(book.sums(), averages + "return M");
        t.values(book.vectors(), averages + "return M / smooth.unsqueeze(1)");
    }
}
