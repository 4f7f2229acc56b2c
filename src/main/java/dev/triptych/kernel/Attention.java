package dev.triptych.kernel;

import uk.ac.manchester.tornado.api.annotations.Parallel;

/// Multi-head self-attention over packed sequences of unequal length.
///
/// Rows of all sequences lie one after another; row r belongs to sequence s = sequence[r], which owns the rows
/// start[s] to start[s+1] - 1. The projections are fused: row r of `qkv` (rows x 3 width) holds q, k, v, each head
/// after head. Probabilities of sequence s, head h, row r lie at square[s] + (h n + r - start[s]) n, n = start[s+1] -
/// start[s], where square[s] = heads * sum of n^2 of the sequences before.
public final class Attention {
    private Attention() {
    }

    /// p = softmax(q k^T scale), for every row and head.
    public static void attentionProbabilities(float[] qkv, int qkv0, int[] sequence, int sequence0, int[] start,
            int start0, int[] square, int square0, float[] p, int p0, int rows, int heads, int width, float scale) {
        for (@Parallel int i = 0; i < rows * heads; i++) {
            int r = i / heads;
            int h = i - r * heads;
            int s = sequence[sequence0 + r];
            int first = start[start0 + s];
            int n = start[start0 + s + 1] - first;
            int size = width / heads;
            int q = qkv0 + r * 3 * width + h * size;
            int k = qkv0 + first * 3 * width + width + h * size;
            int at = p0 + square[square0 + s] + (h * n + r - first) * n;
            float top = 0f;
            for (int j = 0; j < n; j++) {
                float dot = 0f;
                for (int c = 0; c < size; c++) {
                    dot += qkv[q + c] * qkv[k + j * 3 * width + c];
                }
                dot = dot * scale;
                p[at + j] = dot;
                top = j == 0 || dot > top ? dot : top;
            }
            float sum = 0f;
            for (int j = 0; j < n; j++) {
                float e = Scalar.exp(p[at + j] - top);
                p[at + j] = e;
                sum += e;
            }
            for (int j = 0; j < n; j++) {
                p[at + j] = p[at + j] / sum;
            }
        }
    }

    /// context_r = sum_j p_rj v_j, heads concatenated. context (rows x width).
    public static void attentionContext(float[] qkv, int qkv0, float[] p, int p0, int[] sequence, int sequence0,
            int[] start, int start0, int[] square, int square0, float[] context, int context0, int rows, int heads,
            int width) {
        for (@Parallel int i = 0; i < rows * heads; i++) {
            int r = i / heads;
            int h = i - r * heads;
            int s = sequence[sequence0 + r];
            int first = start[start0 + s];
            int n = start[start0 + s + 1] - first;
            int size = width / heads;
            int v = qkv0 + first * 3 * width + 2 * width + h * size;
            int at = p0 + square[square0 + s] + (h * n + r - first) * n;
            int y = context0 + r * width + h * size;
            for (int c = 0; c < size; c++) {
                context[y + c] = 0f;
            }
            for (int j = 0; j < n; j++) {
                float w = p[at + j];
                for (int c = 0; c < size; c++) {
                    context[y + c] += w * qkv[v + j * 3 * width + c];
                }
            }
        }
    }

    /// ds_rj = scale p_rj (g_j - sum_l p_rl g_l), g_j = dcontext_r . v_j: the gradient of the scores before the scale.
    public static void attentionScoreGradient(float[] qkv, int qkv0, float[] p, int p0, float[] dcontext,
            int dcontext0, int[] sequence, int sequence0, int[] start, int start0, int[] square, int square0,
            float[] ds, int ds0, int rows, int heads, int width, float scale) {
        for (@Parallel int i = 0; i < rows * heads; i++) {
            int r = i / heads;
            int h = i - r * heads;
            int s = sequence[sequence0 + r];
            int first = start[start0 + s];
            int n = start[start0 + s + 1] - first;
            int size = width / heads;
            int v = qkv0 + first * 3 * width + 2 * width + h * size;
            int row = square[square0 + s] + (h * n + r - first) * n;
            int y = dcontext0 + r * width + h * size;
            float total = 0f;
            for (int j = 0; j < n; j++) {
                float g = 0f;
                for (int c = 0; c < size; c++) {
                    g += dcontext[y + c] * qkv[v + j * 3 * width + c];
                }
                ds[ds0 + row + j] = g;
                total += p[p0 + row + j] * g;
            }
            for (int j = 0; j < n; j++) {
                ds[ds0 + row + j] = scale * p[p0 + row + j] * (ds[ds0 + row + j] - total);
            }
        }
    }

    /// The same where dropout lies between probabilities p and context: w = p keep / (1 - rate), so that
    /// ds_rj = scale (w_rj g_j - p_rj sum_l w_rl g_l).
    public static void attentionDroppedScoreGradient(float[] qkv, int qkv0, float[] p, int p0, float[] w, int w0,
            float[] dcontext, int dcontext0, int[] sequence, int sequence0, int[] start, int start0, int[] square,
            int square0, float[] ds, int ds0, int rows, int heads, int width, float scale) {
        for (@Parallel int i = 0; i < rows * heads; i++) {
            int r = i / heads;
            int h = i - r * heads;
            int s = sequence[sequence0 + r];
            int first = start[start0 + s];
            int n = start[start0 + s + 1] - first;
            int size = width / heads;
            int v = qkv0 + first * 3 * width + 2 * width + h * size;
            int row = square[square0 + s] + (h * n + r - first) * n;
            int y = dcontext0 + r * width + h * size;
            float total = 0f;
            for (int j = 0; j < n; j++) {
                float g = 0f;
                for (int c = 0; c < size; c++) {
                    g += dcontext[y + c] * qkv[v + j * 3 * width + c];
                }
                g = g * w[w0 + row + j];
                ds[ds0 + row + j] = g;
                total += g;
            }
            for (int j = 0; j < n; j++) {
                ds[ds0 + row + j] = scale * (ds[ds0 + row + j] - p[p0 + row + j] * total);
            }
        }
    }

    /// dq_r = sum_j ds_rj k_j, dk_r = sum_j ds_jr q_j, dv_r = sum_j p_jr dcontext_j. dqkv (rows x 3 width).
    public static void attentionGradient(float[] qkv, int qkv0, float[] p, int p0, float[] ds, int ds0,
            float[] dcontext, int dcontext0, int[] sequence, int sequence0, int[] start, int start0, int[] square,
            int square0, float[] dqkv, int dqkv0, int rows, int heads, int width) {
        for (@Parallel int i = 0; i < rows * heads; i++) {
            int r = i / heads;
            int h = i - r * heads;
            int s = sequence[sequence0 + r];
            int first = start[start0 + s];
            int n = start[start0 + s + 1] - first;
            int size = width / heads;
            int head = h * size;
            int square0s = square[square0 + s] + h * n * n;
            int own = r - first;
            int dq = dqkv0 + r * 3 * width + head;
            for (int c = 0; c < size; c++) {
                dqkv[dq + c] = 0f;
                dqkv[dq + width + c] = 0f;
                dqkv[dq + 2 * width + c] = 0f;
            }
            for (int j = 0; j < n; j++) {
                float rowWeight = ds[ds0 + square0s + own * n + j];
                float columnWeight = ds[ds0 + square0s + j * n + own];
                float probability = p[p0 + square0s + j * n + own];
                int other = qkv0 + (first + j) * 3 * width + head;
                int y = dcontext0 + (first + j) * width + head;
                for (int c = 0; c < size; c++) {
                    dqkv[dq + c] += rowWeight * qkv[other + width + c];
                    dqkv[dq + width + c] += columnWeight * qkv[other + c];
                    dqkv[dq + 2 * width + c] += probability * dcontext[y + c];
                }
            }
        }
    }
}
