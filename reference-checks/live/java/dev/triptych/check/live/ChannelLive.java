package dev.triptych.check.live;

import dev.triptych.program.Tensor;
import java.util.List;

/// The binary channel: messages, their agreement with logits, and the coding rate.
final class ChannelLive {
    private ChannelLive() {
    }

    static List<LiveRow> rows() {
        return List.of(new LiveRow("binarize", ChannelLive::binarize),
                new LiveRow("bitProbabilities", ChannelLive::bitProbabilities),
                new LiveRow("bitCrossEntropy", ChannelLive::bitCrossEntropy),
                new LiveRow("signCosine", ChannelLive::signCosine),
                new LiveRow("centreColumns", ChannelLive::centreColumns),
                new LiveRow("codingRate", ChannelLive::codingRate));
    }

    private static void binarize(Live t) {
        t.values(t.program().binarize(t.fixed("x", t.side(), t.side())), "x > 0");
    }

    private static void bitProbabilities(Live t) {
        float scale = t.number("scale", 1 / 0.3);
        t.values(t.program().bitProbabilities(t.fixed("x", t.side(), t.side()), scale), "torch.sigmoid(scale * x)");
    }

    /// Both forms in turn: views with the messages of all others, and rows with the one that they are given.
    private static void bitCrossEntropy(Live t) {
        if (t.below(2) == 0) {
            bitCrossEntropyRows(t);
            return;
        }
        int teachers = t.side();
        int views = teachers + t.side();
        int n = t.side();
        int d = t.side();
        Tensor z = t.trial().fixed("z", t.trial().uniform(teachers * n * d, 0, 1), teachers, n, d);
        t.agrees(t.program().bitCrossEntropy(t.variable("s", views, n, d), z), "bit_cross_entropy(s, z)");
    }

    private static void bitCrossEntropyRows(Live t) {
        int n = t.side();
        int d = t.side();
        int messages = t.side();
        Tensor z = t.trial().fixed("z", t.trial().uniform(messages * d, 0, 1), messages, d);
        t.agrees(t.program().bitCrossEntropy(t.variable("s", n, d), z, t.labels("rows", n, messages)),
                "torch.binary_cross_entropy_with_logits(s, z.index_select(0, rows), None, None, 0).sum(-1)");
    }

    private static void signCosine(Live t) {
        int teachers = t.side();
        int views = teachers + t.side();
        int n = t.side();
        int d = t.side(2);
        Tensor u = t.program().normalizeLength(t.variable("s", views, n, d), 1e-12f);
        t.agrees(t.program().signCosine(u, t.bits("z", teachers, n, d)), "sign_cosine(s, z)");
    }

    private static void centreColumns(Live t) {
        t.agrees(t.program().centreColumns(t.variable("x", t.side(), t.side(2), t.side())), "x - x.mean(1, True)");
    }

    private static void codingRate(Live t) {
        float alpha = t.number("alpha", 3);
        t.agrees(t.program().codingRate(t.variable("u", t.side(), t.side(), t.side()), alpha),
                "coding_rate(u, float(alpha))");
    }
}
