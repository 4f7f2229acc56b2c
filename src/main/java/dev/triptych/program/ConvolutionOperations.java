package dev.triptych.program;

import dev.triptych.program.call.ConvolutionCalls.Convolve;
import dev.triptych.program.call.ConvolutionCalls.ConvolveInputGradient;
import dev.triptych.program.call.ConvolutionCalls.ConvolveWeightGradient;
/// Convolutions on (batch, channels, height, width); the bias is an operation of its own (`channelBias`).
public interface ConvolutionOperations extends Recording {
    /// Cross-correlation with zero padding. x (b, in, h, w), weight (out, in, k, k).
    default Tensor convolve(Tensor x, Tensor weight, int stride, int pad) {
        int out = weight.side(0);
        int in = weight.side(1);
        int k = weight.side(2);
        Recording.expect("convolve", x, x.side(0), in, x.side(2), x.side(3));
        Recording.expect("convolve", weight, out, in, k, k);
        if (Math.min(x.side(2), x.side(3)) + 2 * pad < k) {
            throw new IllegalArgumentException(
                    "convolve: window " + k + " is larger than " + x + " with a padding of " + pad);
        }
        int oh = (x.side(2) + 2 * pad - k) / stride + 1;
        int ow = (x.side(3) + 2 * pad - k) / stride + 1;
        Tensor y = result("convolve", new Tensor[]{x, weight}, x.side(0), out, oh, ow);
        var shape = new Shape(x, y, k, stride, pad);
        long flops = 2L * y.size() * in * k * k;
        return operation("convolve", y, x, weight)
                .launch(flops, shape.convolve(x, weight, y)).adjoint((dy, to) -> {
                    to.gradient(x, dx -> to.launch(flops, shape.inputGradient(dy, weight, dx)));
                    to.gradient(weight, dw -> to.launch(flops, shape.weightGradient(x, dy, dw)));
                });
    }

    /// Transposed convolution, the adjoint of `convolve` read forwards. x (b, in, h, w), weight (in, out, k, k):
    /// (b, out, (h - 1) stride + k - 2 pad, ...).
    default Tensor convolveTransposed(Tensor x, Tensor weight, int stride, int pad) {
        int out = weight.side(1);
        int k = weight.side(2);
        Recording.expect("convolveTransposed", x, x.side(0), weight.side(0), x.side(2), x.side(3));
        Recording.expect("convolveTransposed", weight, weight.side(0), out, k, k);
        int oh = (x.side(2) - 1) * stride + k - 2 * pad;
        int ow = (x.side(3) - 1) * stride + k - 2 * pad;
        Tensor y = result("convolveTransposed", new Tensor[]{x, weight}, x.side(0), out, oh, ow);
        var shape = new Shape(y, x, k, stride, pad);
        long flops = 2L * x.size() * out * k * k;
        return operation("convolveTransposed", y, x, weight)
                .launch(flops, shape.inputGradient(x, weight, y)).adjoint((dy, to) -> {
                    to.gradient(x, dx -> to.launch(flops, shape.convolve(dy, weight, dx)));
                    to.gradient(weight, dw -> to.launch(flops, shape.weightGradient(dy, x, dw)));
                });
    }

    /// The ten sizes of a convolution that maps `large` to `small`.
    record Shape(Tensor large, Tensor small, int k, int stride, int pad) {
        Call convolve(Tensor x, Tensor w, Tensor y) {
            return new Convolve(x, w, y, large.side(0), large.side(1), large.side(2), large.side(3), small.side(1),
                    small.side(2), small.side(3), k, stride, pad);
        }

        Call inputGradient(Tensor dy, Tensor w, Tensor dx) {
            return new ConvolveInputGradient(dy, w, dx, large.side(0), large.side(1), large.side(2), large.side(3),
                    small.side(1), small.side(2), small.side(3), k, stride, pad);
        }

        Call weightGradient(Tensor x, Tensor dy, Tensor dw) {
            return new ConvolveWeightGradient(x, dy, dw, large.side(0), large.side(1), large.side(2), large.side(3),
                    small.side(1), small.side(2), small.side(3), k, stride, pad);
        }
    }
}
