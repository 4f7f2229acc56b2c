package dev.triptych.nn;

import dev.triptych.program.Program;

/// A convolution on rows of channels: windows as rows, then a linear layer. With k = 1 it is that linear layer alone.
///
/// @param linear weight (out, in k k), in the order channel, row, column; bias (out)
/// @param k side of the window
/// @param stride between windows
/// @param pad zeros around the map
public record ConvolutionLayer(LinearLayer linear, int k, int stride, int pad) {
    /// A layer that begins as PyTorch's `nn.Conv2d` does.
    public static ConvolutionLayer of(Scope scope, int in, int out, int k, int stride, int pad) {
        return new ConvolutionLayer(LinearLayer.of(scope, in * k * k, out), k, stride, pad);
    }

    /// The same without a bias, places as before.
    public static ConvolutionLayer same(Scope scope, int in, int out, int k) {
        return new ConvolutionLayer(LinearLayer.withoutBias(scope, in * k * k, out), k, 1, k / 2);
    }

    /// x (batch, h, w, in): (batch, (h + 2 pad - k) / stride + 1, ..., out).
    public FeatureMap apply(Program p, FeatureMap x) {
        if (k == 1 && stride == 1 && pad == 0) {
            return x.map(rows -> linear.apply(p, rows));
        }
        var windows = x.windows(k, stride, pad);
        return new FeatureMap(linear.apply(p, p.unfold(x.rows(), windows)), x.batch(), windows.rows(),
                windows.columns());
    }
}
