package dev.triptych.program;

import dev.triptych.program.call.ElementwiseCalls.CopyValues;
import dev.triptych.program.call.GroupNormCalls.BatchNorm;
import dev.triptych.program.call.GroupNormCalls.BatchNormGradient;
import dev.triptych.program.call.GroupNormCalls.BatchNormSums;
import dev.triptych.program.call.GroupNormCalls.ChannelMoments;
import dev.triptych.program.call.GroupNormCalls.GroupMoments;
import dev.triptych.program.call.GroupNormCalls.GroupNorm;
import dev.triptych.program.call.GroupNormCalls.GroupNormGradient;
import dev.triptych.program.call.GroupNormCalls.GroupNormPartialSums;
import dev.triptych.program.call.GroupNormCalls.GroupPartialMoments;
import dev.triptych.program.call.GroupNormCalls.PairColumn;
import dev.triptych.program.call.GroupNormCalls.RunningMoments;
import dev.triptych.program.call.NormCalls.DivideRows;
import dev.triptych.program.call.NormCalls.DivideRowsGradient;
import dev.triptych.program.call.NormCalls.LayerNorm;
import dev.triptych.program.call.NormCalls.LayerNormGainPartial;
import dev.triptych.program.call.NormCalls.LayerNormGradient;
import dev.triptych.program.call.NormCalls.RowLengths;
import dev.triptych.program.call.NormCalls.RowMoments;
import dev.triptych.program.call.ReduceCalls.CombineColumns;

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
                .launch(5 * size, new RowMoments(x, moments, n, d, eps))
                .launch(4 * size, new LayerNorm(x, moments, gain, shift, y, n, d)).adjoint((dy, to) -> {
                    to.gradient(x,
                            dx -> to.launch(12 * size, new LayerNormGradient(x, moments, gain, dy, dx, n, d)));
                    to.gradient(gain, dgain -> {
                        int chunks = Recording.chunks(n);
                        Tensor part = to.temporary(".part", chunks, d);
                        to.launch(4 * size, new LayerNormGainPartial(x, moments, dy, part, n, d, chunks));
                        to.launch((long) chunks * d, new CombineColumns(part, dgain, chunks, d));
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
        return operation("normalizeLength", u, x).launch(2 * size, new RowLengths(x, length, n, d, eps))
                .launch(size, new DivideRows(x, length, u, n, d)).adjoint((du, to) -> to.gradient(x,
                        dx -> to.launch(5 * size, new DivideRowsGradient(u, length, du, dx, n, d, eps))));
    }

    /// Mean and biased variance of each channel over batch and positions. x (batch, channels, ...): (channels, 2).
    default Tensor channelMoments(Tensor x) {
        int[] s = channels(x);
        Tensor moments = activation("channelMoments", false, s[1], 2);
        return operation("channelMoments", moments, x)
                .launch(4 * x.size(), new ChannelMoments(x, moments, s[0], s[1], s[2])).withoutAdjoint();
    }

    /// Batch normalisation in training mode: the gradient passes through the batch's own moments (from
    /// `channelMoments(x)`). x (batch, channels, ...), gain, shift (channels).
    default Tensor batchNorm(Tensor x, Tensor moments, Tensor gain, Tensor shift, float eps) {
        int[] s = channels(x);
        expectChannels("batchNorm", s[1], moments, gain, shift);
        Tensor y = result("batchNorm", new Tensor[]{x, gain, shift}, x.shape());
        long size = x.size();
        return operation("batchNorm", y, x, gain, shift)
                .launch(5 * size, new BatchNorm(x, moments, gain, shift, y, s[0], s[1], s[2], eps))
                .adjoint((dy, to) -> {
                    Tensor sums = to.temporary(".sums", s[1], 2);
                    to.launch(5 * size, new BatchNormSums(x, moments, dy, sums, s[0], s[1], s[2], eps));
                    to.gradient(x, dx -> to.launch(10 * size, new BatchNormGradient(x, moments, gain, sums, dy,
                            dx, s[0], s[1], s[2], eps)));
                    to.gradient(gain, dg -> to.launch(0, new PairColumn(sums, dg, s[1], 0)));
                    to.gradient(shift, ds -> to.launch(0, new PairColumn(sums, ds, s[1], 1)));
                });
    }

    /// Batch normalisation in evaluation mode, with running moments (a buffer (channels, 2)). No gradient.
    default Tensor batchNormEvaluation(Tensor x, Tensor running, Tensor gain, Tensor shift, float eps) {
        int[] s = channels(x);
        expectChannels("batchNormEvaluation", s[1], running, gain, shift);
        Tensor y = activation("batchNorm", false, x.shape());
        return operation("batchNorm", y, x, gain, shift)
                .launch(5 * x.size(), new BatchNorm(x, running, gain, shift, y, s[0], s[1], s[2], eps))
                .withoutAdjoint();
    }

    /// Moves running moments (a buffer (channels, 2)) towards the batch's: the variance times m / (m - 1).
    default void updateRunningMoments(Tensor x, Tensor moments, Tensor running, float momentum) {
        int[] s = channels(x);
        Recording.expect("updateRunningMoments", moments, s[1], 2);
        Recording.expect("updateRunningMoments", running, s[1], 2);
        operation("runningMoments", running, moments)
                .launch(4L * s[1], new RunningMoments(moments, running, s[1], s[0] * s[2], momentum))
                .withoutAdjoint();
    }

    /// Group normalisation of maps: (x - mean) / sqrt(variance + eps) * gain + shift, mean and biased variance of a map
    /// over the channels of a group and all places. x (batch places, channels), gain, shift (channels).
    default Tensor groupNorm(Tensor x, int batch, int groups, Tensor gain, Tensor shift, float eps) {
        int channels = x.columns();
        if (channels % groups != 0) {
            throw new IllegalArgumentException("groupNorm: " + groups + " groups do not divide " + channels
                    + " channels");
        }
        if (batch < 1 || x.rows() % batch != 0) {
            throw new IllegalArgumentException("groupNorm: " + x + " is not divisible into " + batch + " maps");
        }
        Recording.expect("groupNorm", gain, channels);
        Recording.expect("groupNorm", shift, channels);
        int places = x.rows() / batch;
        int chunks = Recording.chunks(places);
        Tensor part = activation("groupNorm.part", false, batch, chunks, groups, 2);
        Tensor moments = activation("groupNorm.moments", false, batch, groups, 2);
        Tensor y = result("groupNorm", new Tensor[]{x, gain, shift}, x.shape());
        long size = x.size();
        return operation("groupNorm", y, x, gain, shift)
                .launch(5 * size, new GroupPartialMoments(x, part, batch, places, channels, groups, chunks))
                .launch(5L * part.count(),
                        new GroupMoments(part, moments, batch, places, channels, groups, chunks, eps))
                .launch(4 * size, new GroupNorm(x, moments, gain, shift, y, batch, places, channels, groups))
                .adjoint((dy, to) -> {
                    int each = 2 * channels;
                    Tensor piece = to.temporary(".part", chunks, batch, each);
                    Tensor sums = to.temporary(".sums", batch, each);
                    to.launch(5 * size,
                            new GroupNormPartialSums(x, moments, dy, piece, batch, places, channels, groups, chunks));
                    to.launch(piece.size(), new CombineColumns(piece, sums, chunks, batch * each));
                    to.gradient(x, dx -> to.launch(12 * size,
                            new GroupNormGradient(x, moments, gain, sums, dy, dx, batch, places, channels, groups)));
                    Tensor both = to.temporary(".both", each);
                    to.launch(sums.size(), new CombineColumns(sums, both, batch, each));
                    to.gradient(gain, dg -> to.launch(0, new CopyValues(both.view(0, channels), dg, channels)));
                    to.gradient(shift,
                            ds -> to.launch(0, new CopyValues(both.view(channels, channels), ds, channels)));
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
}
