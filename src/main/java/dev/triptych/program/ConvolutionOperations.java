package dev.triptych.program;

import dev.triptych.kernel.Convolution;

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
                .launch(flops, Kernels.CONVOLVE, shape.arguments(x, weight, y)).adjoint((dy, to) -> {
                    to.gradient(x, dx -> to.launch(flops, Kernels.INPUT_GRADIENT, shape.arguments(dy, weight, dx)));
                    to.gradient(weight, dw -> to.launch(flops, Kernels.WEIGHT_GRADIENT, shape.arguments(x, dy, dw)));
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
                .launch(flops, Kernels.INPUT_GRADIENT, shape.arguments(x, weight, y)).adjoint((dy, to) -> {
                    to.gradient(x, dx -> to.launch(flops, Kernels.CONVOLVE, shape.arguments(dy, weight, dx)));
                    to.gradient(weight, dw -> to.launch(flops, Kernels.WEIGHT_GRADIENT, shape.arguments(dy, x, dw)));
                });
    }

    /// The ten sizes of a convolution that maps `large` to `small`.
    record Shape(Tensor large, Tensor small, int k, int stride, int pad) {
        Object[] arguments(Tensor a, Tensor b, Tensor c) {
            return new Object[]{a, b, c, large.side(0), large.side(1), large.side(2), large.side(3), small.side(1),
                    small.side(2), small.side(3), k, stride, pad};
        }
    }

    /// Kernels of this family.
    final class Kernels {
        static final Kernel CONVOLVE = Kernel.of(Convolution.class, "convolve");
        static final Kernel INPUT_GRADIENT = Kernel.of(Convolution.class, "convolveInputGradient");
        static final Kernel WEIGHT_GRADIENT = Kernel.of(Convolution.class, "convolveWeightGradient");

        private Kernels() {
        }
    }
}
