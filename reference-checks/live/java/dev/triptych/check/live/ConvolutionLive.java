package dev.triptych.check.live;

import dev.triptych.program.Tensor;
import java.util.List;

/// The convolutions, and windows as rows.
final class ConvolutionLive {
    private ConvolutionLive() {
    }

    static List<LiveRow> rows() {
        return List.of(new LiveRow("convolve", ConvolutionLive::convolve),
                new LiveRow("convolveTransposed", ConvolutionLive::convolveTransposed));
    }

    private static void convolve(Live t) {
        int k = t.side();
        int in = t.side();
        int stride = t.count("stride", 1 + t.below(3));
        int pad = t.count("pad", t.below(k));
        Tensor x = t.variable("x", t.side(), in, k + t.side(), k + t.side());
        t.agrees(t.program().convolve(x, t.parameter("w", t.side(), in, k, k), stride, pad),
                "torch.conv2d(x, w, None, int(stride), int(pad))");
    }

    private static void convolveTransposed(Live t) {
        int k = t.side();
        int in = t.side();
        int stride = t.count("stride", 1 + t.below(3));
        int pad = t.count("pad", t.below((k + 1) / 2));
        Tensor x = t.variable("x", t.side(), in, t.side(), t.side());
        t.agrees(t.program().convolveTransposed(x, t.parameter("w", in, t.side(), k, k), stride, pad),
                "torch.conv_transpose2d(x, w, None, int(stride), int(pad))");
    }
}
