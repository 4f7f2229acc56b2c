package dev.triptych.check.live;

import dev.triptych.program.Tensor;
import java.util.List;
import java.util.stream.IntStream;

/// The losses.
final class LossLive {
    private LossLive() {
    }

    static List<LiveRow> rows() {
        return List.of(new LiveRow("softCrossEntropy", LossLive::softCrossEntropy),
                new LiveRow("crossEntropy", LossLive::crossEntropy),
                new LiveRow("squaredError", LossLive::squaredError),
                new LiveRow("rowDots", LossLive::rowDots), new LiveRow("koleoNearest", LossLive::koleoNearest),
                new LiveRow("koleo", LossLive::koleo), new LiveRow("dice", LossLive::dice));
    }

    private static void softCrossEntropy(Live t) {
        int n = t.side();
        int d = t.side();
        int targets = t.side();
        float scale = t.number("scale", 1 / 0.12);
        Tensor q = t.trial().fixed("q", t.trial().uniform(targets * d, 0, 1), targets, d);
        t.agrees(t.program().softCrossEntropy(t.variable("x", n, d), q, t.labels("target", n, targets), scale),
                "torch.cross_entropy_loss(scale * x, q.index_select(0, target), None, 0)");
    }

    private static void crossEntropy(Live t) {
        int n = t.side();
        int d = t.side();
        float smoothing = t.number("smoothing", 0.1 * t.below(4));
        int ignore = t.count("ignore", 0);
        t.agrees(t.program().crossEntropy(t.variable("x", n, d), t.labels("label", n, d), smoothing, ignore),
                "torch.cross_entropy_loss(x, label, None, 0, ignore, smoothing)");
    }

    private static void squaredError(Live t) {
        int n = t.side();
        int d = t.side();
        t.agrees(t.program().squaredError(t.variable("a", n, d), t.fixed("b", n, d)),
                "torch.mse_loss(a, b, 0).sum(-1)");
    }

    private static void rowDots(Live t) {
        int n = t.side();
        int d = t.side();
        t.agrees(t.program().rowDots(t.variable("a", n, d), t.parameter("b", n, d)), "(a * b).sum(-1)");
    }

    private static void koleoNearest(Live t) {
        Tensor u = t.fixed("u", t.side(), t.side(2), t.side(2));
        t.decides(t.program().koleoNearest(u), "koleo_nearest(u)", """
                best = torch.topk(koleo_dots(u), 2)[0]
                return best[:, :, 0] - best[:, :, 1]
                """);
    }

    private static void koleo(Live t) {
        int sets = t.side();
        int tokens = t.side(2);
        int[] other = IntStream.range(0, sets * tokens)
                .map(i -> i / tokens * tokens + (i % tokens + 1 + t.below(tokens - 1)) % tokens).toArray();
        t.agrees(t.program().koleo(t.variable("u", sets, tokens, t.side(2)), t.trial().labels("nearest", other)),
                "koleo(u.flatten(0, 1), nearest)");
    }

    private static void dice(Live t) {
        int n = t.side();
        int classes = t.side();
        float smooth = t.number("smooth", 0.1);
        int ignore = t.count("ignore", classes);
        Tensor p = t.program().softmax(t.variable("x", n, classes), 1f);
        t.agrees(t.program().dice(p, t.labels("label", n, classes + 1), smooth, ignore), """
                y = torch.one_hot(label, x.size(1) + 1)[:, :-1]
                p = torch.softmax(x, -1) * (label != ignore).unsqueeze(1)
                return 1 - (2 * (p * y).sum(0) + smooth) / (p.sum(0) + y.sum(0) + smooth)
                """);
    }
}
