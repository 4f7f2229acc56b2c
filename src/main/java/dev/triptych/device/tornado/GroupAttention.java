package dev.triptych.device.tornado;

import dev.triptych.kernel.Scalar;
import uk.ac.manchester.tornado.api.KernelContext;

/// Attention for graphics cards: a group of [GroupKernels#LANES] lanes for each row and head, which share the row's
/// scores or the head's channels. Each method stands beside the kernel of its name in `kernel.Attention`, where layouts
/// and equations are; parameters are those of [GroupKernels].
public final class GroupAttention {
    private static final int LANES = GroupKernels.LANES;

    private GroupAttention() {
    }

    /// Lanes share the scores of a row.
    public static void attentionProbabilities(KernelContext context, float[] qkv, int[] sequence, int[] start,
            int[] square, float[] p, int rows, int heads, int width, int[] layer, int layer0, float[] number,
            int number0) {
        float scale = number[number0];
        float[] shared = context.allocateFloatLocalArray(LANES);
        int qkv0 = layer[layer0];
        int sequence0 = layer[layer0 + 1];
        int start0 = layer[layer0 + 2];
        int square0 = layer[layer0 + 3];
        int p0 = layer[layer0 + 4];
        int lane = context.localIdx;
        int r = context.groupIdx / heads;
        int h = context.groupIdx - r * heads;
        int s = sequence[sequence0 + r];
        int first = start[start0 + s];
        int n = start[start0 + s + 1] - first;
        int size = width / heads;
        int q = qkv0 + r * 3 * width + h * size;
        int k = qkv0 + first * 3 * width + width + h * size;
        int at = p0 + square[square0 + s] + (h * n + r - first) * n;
        // each lane's scores, and the largest of them; a lane behind the row has none
        float top = -3.0e38f;
        for (int j = lane; j < n; j += LANES) {
            float dot = 0f;
            for (int c = 0; c < size; c++) {
                dot += qkv[q + c] * qkv[k + j * 3 * width + c];
            }
            dot = dot * scale;
            p[at + j] = dot;
            top = dot > top ? dot : top;
        }
        // the largest of all, half of the lanes asking the other half, then a quarter the next
        context.localBarrier();
        shared[lane] = top;
        context.localBarrier();
        for (int stride = LANES / 2; stride > 0; stride = stride / 2) {
            if (lane < stride) {
                shared[lane] = shared[lane + stride] > shared[lane] ? shared[lane + stride] : shared[lane];
            }
            context.localBarrier();
        }
        float most = shared[0];
        // exponentials and their sum, likewise
        float sum = 0f;
        for (int j = lane; j < n; j += LANES) {
            float e = Scalar.exp(p[at + j] - most);
            p[at + j] = e;
            sum += e;
        }
        context.localBarrier();
        shared[lane] = sum;
        context.localBarrier();
        for (int stride = LANES / 2; stride > 0; stride = stride / 2) {
            if (lane < stride) {
                shared[lane] = shared[lane] + shared[lane + stride];
            }
            context.localBarrier();
        }
        // each one's share
        float total = shared[0];
        for (int j = lane; j < n; j += LANES) {
            p[at + j] = p[at + j] / total;
        }
    }

    /// Lanes share the channels of a head.
    public static void attentionContext(KernelContext context, float[] qkv, float[] p, int[] sequence, int[] start,
            int[] square, float[] y, int rows, int heads, int width, int[] layer, int layer0) {
        int qkv0 = layer[layer0];
        int p0 = layer[layer0 + 1];
        int sequence0 = layer[layer0 + 2];
        int start0 = layer[layer0 + 3];
        int square0 = layer[layer0 + 4];
        int y0 = layer[layer0 + 5];
        int lane = context.localIdx;
        int r = context.groupIdx / heads;
        int h = context.groupIdx - r * heads;
        int s = sequence[sequence0 + r];
        int first = start[start0 + s];
        int n = start[start0 + s + 1] - first;
        int size = width / heads;
        int v = qkv0 + first * 3 * width + 2 * width + h * size;
        int at = p0 + square[square0 + s] + (h * n + r - first) * n;
        int out = y0 + r * width + h * size;
        for (int c = lane; c < size; c += LANES) {
            float sum = 0f;
            for (int j = 0; j < n; j++) {
                sum += p[at + j] * qkv[v + j * 3 * width + c];
            }
            y[out + c] = sum;
        }
    }

    /// Lanes share the scores of a row.
    public static void attentionScoreGradient(KernelContext context, float[] qkv, float[] p, float[] dcontext,
            int[] sequence, int[] start, int[] square, float[] ds, int rows, int heads, int width, int[] layer,
            int layer0, float[] number, int number0) {
        float scale = number[number0];
        float[] shared = context.allocateFloatLocalArray(LANES);
        int qkv0 = layer[layer0];
        int p0 = layer[layer0 + 1];
        int dcontext0 = layer[layer0 + 2];
        int sequence0 = layer[layer0 + 3];
        int start0 = layer[layer0 + 4];
        int square0 = layer[layer0 + 5];
        int ds0 = layer[layer0 + 6];
        int lane = context.localIdx;
        int r = context.groupIdx / heads;
        int h = context.groupIdx - r * heads;
        int s = sequence[sequence0 + r];
        int first = start[start0 + s];
        int n = start[start0 + s + 1] - first;
        int size = width / heads;
        int v = qkv0 + first * 3 * width + 2 * width + h * size;
        int row = square[square0 + s] + (h * n + r - first) * n;
        int y = dcontext0 + r * width + h * size;
        // each lane's g_j, and their part of the mean under p
        float part = 0f;
        for (int j = lane; j < n; j += LANES) {
            float g = 0f;
            for (int c = 0; c < size; c++) {
                g += dcontext[y + c] * qkv[v + j * 3 * width + c];
            }
            ds[ds0 + row + j] = g;
            part += p[p0 + row + j] * g;
        }
        context.localBarrier();
        shared[lane] = part;
        context.localBarrier();
        for (int stride = LANES / 2; stride > 0; stride = stride / 2) {
            if (lane < stride) {
                shared[lane] = shared[lane] + shared[lane + stride];
            }
            context.localBarrier();
        }
        // through the softmax
        float mean = shared[0];
        for (int j = lane; j < n; j += LANES) {
            ds[ds0 + row + j] = scale * p[p0 + row + j] * (ds[ds0 + row + j] - mean);
        }
    }

    /// Lanes share the channels of a head.
    public static void attentionGradient(KernelContext context, float[] qkv, float[] p, float[] ds, float[] dcontext,
            int[] sequence, int[] start, int[] square, float[] dqkv, int rows, int heads, int width, int[] layer,
            int layer0) {
        int qkv0 = layer[layer0];
        int p0 = layer[layer0 + 1];
        int ds0 = layer[layer0 + 2];
        int dcontext0 = layer[layer0 + 3];
        int sequence0 = layer[layer0 + 4];
        int start0 = layer[layer0 + 5];
        int square0 = layer[layer0 + 6];
        int dqkv0 = layer[layer0 + 7];
        int lane = context.localIdx;
        int r = context.groupIdx / heads;
        int h = context.groupIdx - r * heads;
        int s = sequence[sequence0 + r];
        int first = start[start0 + s];
        int n = start[start0 + s + 1] - first;
        int size = width / heads;
        int head = h * size;
        int matrix = square[square0 + s] + h * n * n;
        int own = r - first;
        int dq = dqkv0 + r * 3 * width + head;
        for (int c = lane; c < size; c += LANES) {
            float q = 0f;
            float k = 0f;
            float v = 0f;
            for (int j = 0; j < n; j++) {
                int other = qkv0 + (first + j) * 3 * width + head + c;
                q += ds[ds0 + matrix + own * n + j] * qkv[other + width];
                k += ds[ds0 + matrix + j * n + own] * qkv[other];
                v += p[p0 + matrix + j * n + own] * dcontext[dcontext0 + (first + j) * width + head + c];
            }
            dqkv[dq + c] = q;
            dqkv[dq + width + c] = k;
            dqkv[dq + 2 * width + c] = v;
        }
    }
}
