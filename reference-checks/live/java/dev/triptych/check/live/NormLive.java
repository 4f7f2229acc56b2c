package dev.triptych.check.live;

import dev.triptych.program.Tensor;
import java.util.List;

/// Layer, row, batch and group normalisation.
final class NormLive {
    private NormLive() {
    }

    static List<LiveRow> rows() {
        return List.of(new LiveRow("layerNorm", NormLive::layerNorm),
                new LiveRow("normalizeLength", NormLive::normalizeLength),
                new LiveRow("channelMoments", NormLive::channelMoments), new LiveRow("batchNorm", NormLive::batchNorm),
                new LiveRow("batchNormEvaluation", NormLive::batchNormEvaluation),
                new LiveRow("updateRunningMoments", NormLive::updateRunningMoments),
                new LiveRow("groupNorm", NormLive::groupNorm));
    }

    private static void layerNorm(Live t) {
        int d = t.side(3);
        Tensor x = t.variable("x", t.side(), t.side(), d);
        float eps = t.number("eps", 0.01);
        t.agrees(t.program().layerNorm(x, t.parameter("gain", d), t.parameter("shift", d), eps),
                "torch.layer_norm(x, [x.size(-1)], gain, shift, eps)");
    }

    private static void normalizeLength(Live t) {
        float eps = t.number("eps", t.below(2) == 0 ? 1e-12 : 50);
        t.agrees(t.program().normalizeLength(t.variable("x", t.side(), t.side(), t.side(2)), eps),
                "x / torch.linalg_vector_norm(x, 2, [-1], True).clamp_min(eps)");
    }

    private static void channelMoments(Live t) {
        t.values(t.program().channelMoments(t.variable("x", t.side(), t.side(), t.side(), t.side())),
                "torch.stack([torch.mean(x, [0, 2, 3]), torch.var(x, [0, 2, 3], False)], 1)");
    }

    private static void batchNorm(Live t) {
        int c = t.side();
        Tensor x = t.variable("x", t.side(3), c, t.side(), t.side());
        float eps = t.number("eps", 0.01);
        t.agrees(
                t.program().batchNorm(x, t.program().channelMoments(x), t.parameter("gain", c), t.parameter("shift", c),
                        eps),
                "torch.batch_norm(x, gain, shift, None, None, True, 0.1, eps, False)");
    }

    private static void batchNormEvaluation(Live t) {
        int c = t.side();
        float eps = t.number("eps", 0.01);
        t.values(
                t.program().batchNormEvaluation(t.fixed("x", t.side(), c, t.side()), running(t, c),
                        t.parameter("gain", c), t.parameter("shift", c), eps),
                "torch.batch_norm(x, gain, shift, running[:, 0], running[:, 1], False, 0.1, eps, False)");
    }

    private static void updateRunningMoments(Live t) {
        int c = t.side();
        Tensor x = t.variable("x", t.side(2), c, t.side());
        Tensor running = running(t, c);
        float momentum = t.number("momentum", 0.1);
        t.program().updateRunningMoments(x, t.program().channelMoments(x), running, momentum);
        t.values(running, """
                mean = running[:, 0].clone()
                variance = running[:, 1].clone()
                y = torch.batch_norm(x, None, None, mean, variance, True, momentum, 1e-5, False)
                return torch.stack([mean, variance], 1)
                """);
    }

    /// Running means and variances, both from 0.2 to 2.
    private static Tensor running(Live t, int channels) {
        return t.trial().state().buffer("running", t.trial().uniform(2 * channels, 0.2, 2), channels, 2);
    }

    private static void groupNorm(Live t) {
        int batch = t.count("batch", t.side());
        int groups = t.count("groups", t.side());
        int c = groups * t.side();
        Tensor x = t.variable("x", batch * t.side(3), c);
        float eps = t.number("eps", 0.01);
        t.agrees(t.program().groupNorm(x, batch, groups, t.parameter("gain", c), t.parameter("shift", c), eps),
                "torch.group_norm(x.reshape(batch, -1, x.size(1)).transpose(1, 2), groups, gain, shift, eps)"
                        + ".transpose(1, 2).reshape_as(x)");
    }
}
