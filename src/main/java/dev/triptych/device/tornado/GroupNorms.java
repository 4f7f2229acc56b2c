package dev.triptych.device.tornado;

import dev.triptych.kernel.Scalar;
import uk.ac.manchester.tornado.api.KernelContext;

/// Layer norms for graphics cards, several kernels of `kernel.Norm` and `kernel.Reduce` in one: what two of them read
/// is read once. Forms and parameters are those of [GroupKernels].
public final class GroupNorms {
    private static final int LANES = GroupKernels.LANES;

    private GroupNorms() {
    }

    /// Moments, and what is normalised by them: a group for each row.
    ///
    /// @param y receives both
    /// @param layer offsets of x, gain, shift, y, moments
    public static void momentsAndLayerNorm(KernelContext context, float[] x, float[] gain, float[] shift, float[] y,
            int n, int d, int[] layer, int layer0, float[] number, int number0) {
        float eps = number[number0];
        float[] shared = context.allocateFloatLocalArray(LANES);
        int lane = context.localIdx;
        int row = context.groupIdx;
        int x0 = layer[layer0] + row * d;
        int gain0 = layer[layer0 + 1];
        int shift0 = layer[layer0 + 2];
        int y0 = layer[layer0 + 3] + row * d;
        int moments0 = layer[layer0 + 4] + 2 * row;
        float part = 0f;
        for (int j = lane; j < d; j += LANES) {
            part += x[x0 + j];
        }
        shared[lane] = part;
        context.localBarrier();
        float sum = 0f;
        for (int q = 0; q < LANES; q++) {
            sum += shared[q];
        }
        // all have read before parts of the squares are written there
        context.localBarrier();
        float mean = sum / d;
        part = 0f;
        for (int j = lane; j < d; j += LANES) {
            float c = x[x0 + j] - mean;
            part += c * c;
        }
        shared[lane] = part;
        context.localBarrier();
        float squares = 0f;
        for (int q = 0; q < LANES; q++) {
            squares += shared[q];
        }
        float rstd = 1f / Scalar.sqrt(squares / d + eps);
        if (lane == 0) {
            y[moments0] = mean;
            y[moments0 + 1] = rstd;
        }
        for (int j = lane; j < d; j += LANES) {
            y[y0 + j] = (x[x0 + j] - mean) * rstd * gain[gain0 + j] + shift[shift0 + j];
        }
    }

    /// other + dx: a group for each row.
    ///
    /// @param layer offsets of x, moments, gain, dy, other, y
    public static void layerNormGradientAdded(KernelContext context, float[] x, float[] moments, float[] gain,
            float[] dy, float[] other, float[] y, int n, int d, int[] layer, int layer0) {
        float[] shared = context.allocateFloatLocalArray(2 * LANES);
        int lane = context.localIdx;
        int row = context.groupIdx;
        int x0 = layer[layer0] + row * d;
        int moments0 = layer[layer0 + 1] + 2 * row;
        int gain0 = layer[layer0 + 2];
        int dy0 = layer[layer0 + 3] + row * d;
        int other0 = layer[layer0 + 4] + row * d;
        int y0 = layer[layer0 + 5] + row * d;
        float mean = moments[moments0];
        float rstd = moments[moments0 + 1];
        float parts = 0f;
        float dots = 0f;
        for (int j = lane; j < d; j += LANES) {
            float g = dy[dy0 + j] * gain[gain0 + j];
            parts += g;
            dots += g * (x[x0 + j] - mean) * rstd;
        }
        shared[lane] = parts;
        shared[lane + LANES] = dots;
        context.localBarrier();
        float sum = 0f;
        float dot = 0f;
        for (int q = 0; q < LANES; q++) {
            sum += shared[q];
            dot += shared[q + LANES];
        }
        sum = sum / d;
        dot = dot / d;
        for (int j = lane; j < d; j += LANES) {
            float g = dy[dy0 + j] * gain[gain0 + j];
            y[y0 + j] = other[other0 + j] + rstd * (g - sum - (x[x0 + j] - mean) * rstd * dot);
        }
    }

    /// Column sums of dy, and of dy times the normalised x, over the rows of a chunk: a group for some columns of a
    /// chunk, a lane for each.
    ///
    /// @param part receives the two kinds of sums of each chunk, d numbers each, from its beginning on
    /// @param layer offsets of x, moments, dy
    public static void gainAndShiftPartial(KernelContext context, float[] x, float[] moments, float[] dy, float[] part,
            int n, int d, int chunks, int[] layer, int layer0) {
        int groups = (d + LANES - 1) / LANES;
        int c = context.groupIdx / groups;
        int j = (context.groupIdx - c * groups) * LANES + context.localIdx;
        int x0 = layer[layer0];
        int moments0 = layer[layer0 + 1];
        int dy0 = layer[layer0 + 2];
        int size = (n + chunks - 1) / chunks;
        int last = c * size + size < n ? c * size + size : n;
        if (j < d) {
            float gain = 0f;
            float shift = 0f;
            for (int r = c * size; r < last; r++) {
                float g = dy[dy0 + r * d + j];
                gain += g * (x[x0 + r * d + j] - moments[moments0 + 2 * r]) * moments[moments0 + 2 * r + 1];
                shift += g;
            }
            part[c * 2 * d + j] = gain;
            part[c * 2 * d + d + j] = shift;
        }
    }
}
