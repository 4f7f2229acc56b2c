package dev.triptych.device.tornado;

import dev.triptych.kernel.Scalar;
import uk.ac.manchester.tornado.api.KernelContext;

/// Attention for graphics cards: a group of [GroupKernels#LANES] lanes for each row and head, which share the row's
/// scores or the head's channels. Each method stands beside the kernel of its name in `kernel.Attention`, where layouts
/// and equations are; parameters are those of [GroupKernels].
public final class GroupAttention {
    private GroupAttention() {
    }

    /// Lanes share the scores of a row.
    public static void attentionProbabilities(KernelContext context, float[] qkv, int[] sequence, int[] start,
            int[] square, float[] p, int rows, int heads, int width, int[] layer, int layer0, float[] number,
            int number0) {
        float scale = number[number0];
        float[] shared = context.allocateFloatLocalArray(64);
        int lane = context.localIdx;
        int r = context.groupIdx / heads;
        int h = context.groupIdx - r * heads;
        int s = sequence[layer[layer0 + 1] + r];
        int first = start[layer[layer0 + 2] + s];
        int n = start[layer[layer0 + 2] + s + 1] - first;
        int size = width / heads;
        int q = layer[layer0] + r * 3 * width + h * size;
        int k = layer[layer0] + first * 3 * width + width + h * size;
        int at = layer[layer0 + 4] + square[layer[layer0 + 3] + s] + (h * n + r - first) * n;
        float top = -3.0e38f;
        for (int j = lane; j < n; j += 64) {
            float dot = 0f;
            for (int c = 0; c < size; c++) {
                dot += qkv[q + c] * qkv[k + j * 3 * width + c];
            }
            dot = dot * scale;
            p[at + j] = dot;
            top = dot > top ? dot : top;
        }
        context.localBarrier();
        shared[lane] = top;
        context.localBarrier();
        for (int stride = 32; stride > 0; stride = stride / 2) {
            if (lane < stride) {
                shared[lane] = shared[lane + stride] > shared[lane] ? shared[lane + stride] : shared[lane];
            }
            context.localBarrier();
        }
        float most = shared[0];
        float sum = 0f;
        for (int j = lane; j < n; j += 64) {
            float e = Scalar.exp(p[at + j] - most);
            p[at + j] = e;
            sum += e;
        }
        context.localBarrier();
        shared[lane] = sum;
        context.localBarrier();
        for (int stride = 32; stride > 0; stride = stride / 2) {
            if (lane < stride) {
                shared[lane] = shared[lane] + shared[lane + stride];
            }
            context.localBarrier();
        }
        float total = shared[0];
        for (int j = lane; j < n; j += 64) {
            p[at + j] = p[at + j] / total;
        }
    }

    /// Lanes share the channels of a head.
    public static void attentionContext(KernelContext context, float[] qkv, float[] p, int[] sequence, int[] start,
            int[] square, float[] y, int rows, int heads, int width, int[] layer, int layer0) {
        int lane = context.localIdx;
        int r = context.groupIdx / heads;
        int h = context.groupIdx - r * heads;
        int s = sequence[layer[layer0 + 2] + r];
        int first = start[layer[layer0 + 3] + s];
        int n = start[layer[layer0 + 3] + s + 1] - first;
        int size = width / heads;
        int v = layer[layer0] + first * 3 * width + 2 * width + h * size;
        int at = layer[layer0 + 1] + square[layer[layer0 + 4] + s] + (h * n + r - first) * n;
        int out = layer[layer0 + 5] + r * width + h * size;
        for (int c = lane; c < size; c += 64) {
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
        float[] shared = context.allocateFloatLocalArray(64);
        int lane = context.localIdx;
        int r = context.groupIdx / heads;
        int h = context.groupIdx - r * heads;
        int s = sequence[layer[layer0 + 3] + r];
        int first = start[layer[layer0 + 4] + s];
        int n = start[layer[layer0 + 4] + s + 1] - first;
        int size = width / heads;
        int v = layer[layer0] + first * 3 * width + 2 * width + h * size;
        int row = square[layer[layer0 + 5] + s] + (h * n + r - first) * n;
        int p0 = layer[layer0 + 1] + row;
        int ds0 = layer[layer0 + 6] + row;
        int y = layer[layer0 + 2] + r * width + h * size;
        float part = 0f;
        for (int j = lane; j < n; j += 64) {
            float g = 0f;
            for (int c = 0; c < size; c++) {
                g += dcontext[y + c] * qkv[v + j * 3 * width + c];
            }
            ds[ds0 + j] = g;
            part += p[p0 + j] * g;
        }
        context.localBarrier();
        shared[lane] = part;
        context.localBarrier();
        for (int stride = 32; stride > 0; stride = stride / 2) {
            if (lane < stride) {
                shared[lane] = shared[lane] + shared[lane + stride];
            }
            context.localBarrier();
        }
        float total = shared[0];
        for (int j = lane; j < n; j += 64) {
            ds[ds0 + j] = scale * p[p0 + j] * (ds[ds0 + j] - total);
        }
    }

    /// Lanes share the channels of a head.
    public static void attentionGradient(KernelContext context, float[] qkv, float[] p, float[] ds, float[] dcontext,
            int[] sequence, int[] start, int[] square, float[] dqkv, int rows, int heads, int width, int[] layer,
            int layer0) {
        int lane = context.localIdx;
        int r = context.groupIdx / heads;
        int h = context.groupIdx - r * heads;
        int s = sequence[layer[layer0 + 4] + r];
        int first = start[layer[layer0 + 5] + s];
        int n = start[layer[layer0 + 5] + s + 1] - first;
        int size = width / heads;
        int head = h * size;
        int at = square[layer[layer0 + 6] + s] + h * n * n;
        int p0 = layer[layer0 + 1] + at;
        int ds0 = layer[layer0 + 2] + at;
        int own = r - first;
        int dq = layer[layer0 + 7] + r * 3 * width + head;
        for (int c = lane; c < size; c += 64) {
            float q = 0f;
            float k = 0f;
            float v = 0f;
            for (int j = 0; j < n; j++) {
                int other = layer[layer0] + (first + j) * 3 * width + head + c;
                q += ds[ds0 + own * n + j] * qkv[other + width];
                k += ds[ds0 + j * n + own] * qkv[other];
                v += p[p0 + j * n + own] * dcontext[layer[layer0 + 3] + (first + j) * width + head + c];
            }
            dqkv[dq + c] = q;
            dqkv[dq + width + c] = k;
            dqkv[dq + 2 * width + c] = v;
        }
    }
}
