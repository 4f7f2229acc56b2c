package dev.triptych.program;

import dev.triptych.kernel.GroupNorm;
import dev.triptych.kernel.Norm;
import java.util.Arrays;

/// Layer, row, batch and group normalisation.
public interface NormOperations extends Recording {
    /// y = (x - mean) / sqrt(variance + eps) * gain + shift over the last axis, biased variance.
    default Tensor layerNorm(Tensor x, Tensor gain, Tensor shift, float eps) {
        int n = x.rows();
        int d = x.columns();
        Recording.expect("layerNorm", gain, d);
        Recording.expect("layerNorm", shift, d);
        Tensor moments = activation("layerNorm.moments", false, n, 2);
        Tensor y = result("layerNorm", new Tensor[]{x, gain, shift}, x.shape());
        long size = x.size();
        return operation("layerNorm", y, x, gain, shift)
                .launch(5 * size, Kernels.ROW_MOMENTS, x, moments, n, d, eps)
                .launch(4 * size, Kernels.LAYER_NORM, x, moments, gain, shift, y, n, d).adjoint((dy, to) -> {
                    to.gradient(x,
                            dx -> to.launch(12 * size, Kernels.LAYER_NORM_GRADIENT, x, moments, gain, dy, dx, n, d));
                    to.gradient(gain, dgain -> {
                        int chunks = Recording.chunks(n);
                        Tensor part = to.temporary(".part", chunks, d);
                        to.launch(4 * size, Kernels.GAIN_PARTIAL, x, moments, dy, part, n, d, chunks);
                        to.launch((long) chunks * d, LinearOperations.Kernels.COMBINE_COLUMNS, part, dgain, chunks, d);
                    });
                    to.gradient(shift, dshift -> LinearOperations.columnSums(to, dy, dshift, n, d));
                });
    }

    /// u = x / max(|x|, eps) over the last axis.
    default Tensor normalizeLength(Tensor x, float eps) {
        int n = x.rows();
        int d = x.columns();
        Tensor length = activation("length", false, n);
        Tensor u = result("normalizeLength", new Tensor[]{x}, x.shape());
        long size = x.size();
        return operation("normalizeLength", u, x).launch(2 * size, Kernels.ROW_LENGTHS, x, length, n, d, eps)
                .launch(size, Kernels.DIVIDE_ROWS, x, length, u, n, d).adjoint((du, to) -> to.gradient(x,
                        dx -> to.launch(5 * size, Kernels.DIVIDE_ROWS_GRADIENT, u, length, du, dx, n, d, eps)));
    }

    /// Mean and biased variance of each channel over batch and positions. x (batch, channels, ...): (channels, 2).
    default Tensor channelMoments(Tensor x) {
        int[] s = channels(x);
        Tensor moments = activation("channelMoments", false, s[1], 2);
        return operation("channelMoments", moments, x)
                .launch(4 * x.size(), Kernels.CHANNEL_MOMENTS, x, moments, s[0], s[1], s[2]).withoutAdjoint();
    }

    /// Batch normalisation in training mode: the gradient passes through the batch's own moments (from
    /// `channelMoments(x)`). x (batch, channels, ...), gain, shift (channels).
    default Tensor batchNorm(Tensor x, Tensor moments, Tensor gain, Tensor shift, float eps) {
        int[] s = channels(x);
        expectChannels("batchNorm", s[1], moments, gain, shift);
        Tensor y = result("batchNorm", new Tensor[]{x, gain, shift}, x.shape());
        long size = x.size();
        return operation("batchNorm", y, x, gain, shift)
                .launch(5 * size, Kernels.BATCH_NORM, x, moments, gain, shift, y, s[0], s[1], s[2], eps)
                .adjoint((dy, to) -> {
                    Tensor sums = to.temporary(".sums", s[1], 2);
                    to.launch(5 * size, Kernels.BATCH_NORM_SUMS, x, moments, dy, sums, s[0], s[1], s[2], eps);
                    to.gradient(x, dx -> to.launch(10 * size, Kernels.BATCH_NORM_GRADIENT, x, moments, gain, sums, dy,
                            dx, s[0], s[1], s[2], eps));
                    to.gradient(gain, dg -> to.launch(0, Kernels.PAIR_COLUMN, sums, dg, s[1], 0));
                    to.gradient(shift, ds -> to.launch(0, Kernels.PAIR_COLUMN, sums, ds, s[1], 1));
                });
    }

    /// Batch normalisation in evaluation mode, with running moments (a buffer (channels, 2)). No gradient.
    default Tensor batchNormEvaluation(Tensor x, Tensor running, Tensor gain, Tensor shift, float eps) {
        int[] s = channels(x);
        expectChannels("batchNormEvaluation", s[1], running, gain, shift);
        Tensor y = activation("batchNorm", false, x.shape());
        return operation("batchNorm", y, x, gain, shift)
                .launch(5 * x.size(), Kernels.BATCH_NORM, x, running, gain, shift, y, s[0], s[1], s[2], eps)
                .withoutAdjoint();
    }

    /// Moves running moments (a buffer (channels, 2)) towards the batch's: the variance times m / (m - 1).
    default void updateRunningMoments(Tensor x, Tensor moments, Tensor running, float momentum) {
        int[] s = channels(x);
        Recording.expect("updateRunningMoments", moments, s[1], 2);
        Recording.expect("updateRunningMoments", running, s[1], 2);
        operation("runningMoments", running, moments)
                .launch(4L * s[1], Kernels.RUNNING_MOMENTS, moments, running, s[1], s[0] * s[2], momentum)
                .withoutAdjoint();
    }

    /// Group normalisation: layer normalisation of each group of channels with its positions, then a gain and a shift
    /// per channel. x (batch, channels, ...).
    default Tensor groupNorm(Tensor x, int groups, Tensor gain, Tensor shift, float eps) {
        int[] s = channels(x);
        if (s[1] % groups != 0) {
            throw new IllegalArgumentException("groupNorm: " + groups + " groups do not divide " + s[1] + " channels");
        }
        int d = s[1] / groups * s[2];
        float[] ones = new float[d];
        Arrays.fill(ones, 1f);
        Program p = (Program) this;
        Tensor one = constant("one", ones, d);
        Tensor zero = constant("zero", new float[d], d);
        Tensor xhat = layerNorm(p.reshape(x, s[0] * groups, d), one, zero, eps);
        return channelAffine(p.reshape(xhat, x.shape()), gain, shift);
    }

    /// y[b, c, ...] = x[b, c, ...] gain[c] + shift[c].
    default Tensor channelAffine(Tensor x, Tensor gain, Tensor shift) {
        int[] s = channels(x);
        Recording.expect("channelAffine", gain, s[1]);
        Recording.expect("channelAffine", shift, s[1]);
        Tensor y = result("channelAffine", new Tensor[]{x, gain, shift}, x.shape());
        long size = x.size();
        return operation("channelAffine", y, x, gain, shift)
                .launch(2 * size, Kernels.CHANNEL_AFFINE, x, gain, shift, y, s[0], s[1], s[2]).adjoint((dy, to) -> {
                    to.gradient(x, dx -> to.launch(size, Kernels.CHANNEL_AFFINE_GRADIENT, dy, gain, dx, s[0], s[1],
                            s[2]));
                    to.gradient(gain, dg -> to.launch(2 * size, Kernels.CHANNEL_DOTS, x, dy, dg, s[0], s[1], s[2]));
                    to.gradient(shift, ds -> to.launch(size, ElementwiseOperations.Kernels.CHANNEL_SUMS, dy, ds, s[0],
                            s[1], s[2]));
                });
    }

    private static int[] channels(Tensor x) {
        int inner = Math.toIntExact(x.size() / Math.max(1, (long) x.side(0) * x.side(1)));
        return new int[]{x.side(0), x.side(1), inner};
    }

    private static void expectChannels(String operation, int channels, Tensor moments, Tensor gain, Tensor shift) {
        Recording.expect(operation, moments, channels, 2);
        Recording.expect(operation, gain, channels);
        Recording.expect(operation, shift, channels);
    }

    /// Kernels of this family.
    final class Kernels {
        static final Kernel ROW_MOMENTS = Kernel.of(Norm.class, "rowMoments");
        static final Kernel LAYER_NORM = Kernel.of(Norm.class, "layerNorm");
        static final Kernel LAYER_NORM_GRADIENT = Kernel.of(Norm.class, "layerNormGradient");
        static final Kernel GAIN_PARTIAL = Kernel.of(Norm.class, "layerNormGainPartial");
        static final Kernel ROW_LENGTHS = Kernel.of(Norm.class, "rowLengths");
        static final Kernel DIVIDE_ROWS = Kernel.of(Norm.class, "divideRows");
        static final Kernel DIVIDE_ROWS_GRADIENT = Kernel.of(Norm.class, "divideRowsGradient");
        static final Kernel CHANNEL_MOMENTS = Kernel.of(GroupNorm.class, "channelMoments");
        static final Kernel BATCH_NORM = Kernel.of(GroupNorm.class, "batchNorm");
        static final Kernel BATCH_NORM_SUMS = Kernel.of(GroupNorm.class, "batchNormSums");
        static final Kernel BATCH_NORM_GRADIENT = Kernel.of(GroupNorm.class, "batchNormGradient");
        static final Kernel PAIR_COLUMN = Kernel.of(GroupNorm.class, "pairColumn");
        static final Kernel RUNNING_MOMENTS = Kernel.of(GroupNorm.class, "runningMoments");
        static final Kernel CHANNEL_AFFINE = Kernel.of(GroupNorm.class, "channelAffine");
        static final Kernel CHANNEL_AFFINE_GRADIENT = Kernel.of(GroupNorm.class, "channelAffineGradient");
        static final Kernel CHANNEL_DOTS = Kernel.of(GroupNorm.class, "channelDots");

        private Kernels() {
        }
    }
}
