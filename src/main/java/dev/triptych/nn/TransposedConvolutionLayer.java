package dev.triptych.nn;

import dev.triptych.program.Program;
import dev.triptych.program.QuantisationOperations.Windowing;
import dev.triptych.program.Tensor;

/// A transposed convolution on rows of channels: every row gives a window, windows add up.
///
/// @param weight (in, out k k), the window in the order channel, row, column
/// @param bias (out)
/// @param k side of the window
/// @param stride between windows
/// @param pad cut off around the result
public record TransposedConvolutionLayer(Tensor weight, Tensor bias, int k, int stride, int pad) {
    /// A layer that begins as PyTorch's `nn.ConvTranspose2d` does.
    public static TransposedConvolutionLayer of(Scope scope, int in, int out, int k, int stride, int pad) {
        return new TransposedConvolutionLayer(
                scope.parameter("weight", Init.fanIn(out * k * k), in, out * k * k),
                scope.parameter("bias", Init.fanIn(out * k * k), out), k, stride, pad);
    }

    /// x (batch, h, w, in): (batch, (h - 1) stride + k - 2 pad, ..., out).
    public FeatureMap apply(Program p, FeatureMap x) {
        int height = (x.height() - 1) * stride + k - 2 * pad;
        int width = (x.width() - 1) * stride + k - 2 * pad;
        Tensor windows = p.product(x.rows(), weight);
        Tensor rows = p.fold(windows, new Windowing(x.batch(), height, width, k, stride, pad));
        return new FeatureMap(p.channelBias(rows, bias), x.batch(), height, width);
    }
}
