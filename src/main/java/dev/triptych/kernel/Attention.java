package dev.triptych.kernel;

import uk.ac.manchester.tornado.api.annotations.Parallel;

/// Multi-head self-attention over packed sequences of unequal length.
///
/// Rows of all sequences lie one after another; row r belongs to sequence `s = sequence[r]`, which owns the rows
/// `start[s]` to `start[s+1] - 1`. The projections are fused: row r of `qkv` (rows x 3 width) holds q, k, v, each head
/// after head. Probabilities of sequence s, head h, row r lie at `square[s] + (h n + r - start[s]) n`, where
/// `n = start[s+1] - start[s]` and `square[s]` = heads * sum of n^2 of the sequences before.
public final class Attention {
    private Attention() {
    }

    /// p = softmax(q k^T scale), for every row and head.
    public static void attentionProbabilities(float[] qkv, int qkv0, int[] sequence, int sequence0, int[] start,
            int start0, int[] square, int square0, float[] p, int p0, int rows, int heads, int width, float scale) {
        for (@Parallel int i = 0; i < rows * heads; i++) {
            // row r and head h; r's sequence s has n rows
            int r = i / heads;
            int h = i - r * heads;
            int s = sequence[sequence0 + r];
            int first = start[start0 + s];
            int n = start[start0 + s + 1] - first;
            int size = width / heads;
            int stride = 3 * width;
            int q = qkv0 + r * stride + h * size;
            int k = qkv0 + first * stride + width + h * size;
            int row = p0 + square[square0 + s] + (h * n + r - first) * n;
            // scores q . k_j scale, and the largest of them
            float top = 0f;
            for (int j = 0; j < n; j++) {
                float score = dot(qkv, q, qkv, k + j * stride, size) * scale;
                p[row + j] = score;
                top = j == 0 || score > top ? score : top;
            }
            // their exponentials, and the sum of these
            float sum = 0f;
            for (int j = 0; j < n; j++) {
                float e = Scalar.exp(p[row + j] - top);
                p[row + j] = e;
                sum += e;
            }
            // each one's share
            for (int j = 0; j < n; j++) {
                p[row + j] = p[row + j] / sum;
            }
        }
    }

    /// context_r = sum_j p_rj v_j, heads concatenated. context (rows x width).
    public static void attentionContext(float[] qkv, int qkv0, float[] p, int p0, int[] sequence, int sequence0,
            int[] start, int start0, int[] square, int square0, float[] context, int context0, int rows, int heads,
            int width) {
        for (@Parallel int i = 0; i < rows * heads; i++) {
            // row r and head h; r's sequence s has n rows
            int r = i / heads;
            int h = i - r * heads;
            int s = sequence[sequence0 + r];
            int first = start[start0 + s];
            int n = start[start0 + s + 1] - first;
            int size = width / heads;
            int stride = 3 * width;
            int v = qkv0 + first * stride + 2 * width + h * size;
            int row = p0 + square[square0 + s] + (h * n + r - first) * n;
            int y = context0 + r * width + h * size;
            for (int c = 0; c < size; c++) {
                context[y + c] = 0f;
            }
            // v_j by v_j: neighbours in memory are read and written together
            for (int j = 0; j < n; j++) {
                float w = p[row + j];
                for (int c = 0; c < size; c++) {
                    context[y + c] += w * qkv[v + j * stride + c];
                }
            }
        }
    }

    /// ds_rj = scale p_rj (g_j - sum_l p_rl g_l), g_j = dcontext_r . v_j: the gradient of the scores before the scale.
    public static void attentionScoreGradient(float[] qkv, int qkv0, float[] p, int p0, float[] dcontext,
            int dcontext0, int[] sequence, int sequence0, int[] start, int start0, int[] square, int square0,
            float[] ds, int ds0, int rows, int heads, int width, float scale) {
        for (@Parallel int i = 0; i < rows * heads; i++) {
            // row r and head h; r's sequence s has n rows
            int r = i / heads;
            int h = i - r * heads;
            int s = sequence[sequence0 + r];
            int first = start[start0 + s];
            int n = start[start0 + s + 1] - first;
            int size = width / heads;
            int stride = 3 * width;
            int v = qkv0 + first * stride + 2 * width + h * size;
            int row = square[square0 + s] + (h * n + r - first) * n;
            int y = dcontext0 + r * width + h * size;
            // g_j, and its mean under p
            float mean = 0f;
            for (int j = 0; j < n; j++) {
                float g = dot(dcontext, y, qkv, v + j * stride, size);
                ds[ds0 + row + j] = g;
                mean += p[p0 + row + j] * g;
            }
            // through the softmax
            for (int j = 0; j < n; j++) {
                ds[ds0 + row + j] = scale * p[p0 + row + j] * (ds[ds0 + row + j] - mean);
            }
        }
    }

    /// The same where dropout lies between probabilities p and context: w = p keep / (1 - rate), so that
    /// ds_rj = scale (w_rj g_j - p_rj sum_l w_rl g_l). (A text of its own: with w = p the formula above rounds
    /// otherwise, and a flag would be one parameter more than a task has.)
    public static void attentionDroppedScoreGradient(float[] qkv, int qkv0, float[] p, int p0, float[] w, int w0,
            float[] dcontext, int dcontext0, int[] sequence, int sequence0, int[] start, int start0, int[] square,
            int square0, float[] ds, int ds0, int rows, int heads, int width, float scale) {
        for (@Parallel int i = 0; i < rows * heads; i++) {
            // row r and head h; r's sequence s has n rows
            int r = i / heads;
            int h = i - r * heads;
            int s = sequence[sequence0 + r];
            int first = start[start0 + s];
            int n = start[start0 + s + 1] - first;
            int size = width / heads;
            int stride = 3 * width;
            int v = qkv0 + first * stride + 2 * width + h * size;
            int row = square[square0 + s] + (h * n + r - first) * n;
            int y = dcontext0 + r * width + h * size;
            // w_j g_j, and their sum
            float total = 0f;
            for (int j = 0; j < n; j++) {
                float g = dot(dcontext, y, qkv, v + j * stride, size) * w[w0 + row + j];
                ds[ds0 + row + j] = g;
                total += g;
            }
            // through the softmax
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
            // row r and head h; r's sequence s has n rows
            int r = i / heads;
            int h = i - r * heads;
            int s = sequence[sequence0 + r];
            int first = start[start0 + s];
            int n = start[start0 + s + 1] - first;
            int size = width / heads;
            int stride = 3 * width;
            int head = h * size;
            int matrix = square[square0 + s] + h * n * n;
            int own = r - first;
            int dq = dqkv0 + r * stride + head;
            for (int c = 0; c < size; c++) {
                dqkv[dq + c] = 0f;
                dqkv[dq + width + c] = 0f;
                dqkv[dq + 2 * width + c] = 0f;
            }
            // q is read along the row of ds, k and v along the columns of ds and p: gathered, so that rows stay apart
            for (int j = 0; j < n; j++) {
                float asQuery = ds[ds0 + matrix + own * n + j];
                float asKey = ds[ds0 + matrix + j * n + own];
                float asValue = p[p0 + matrix + j * n + own];
                int other = qkv0 + (first + j) * stride + head;
                int y = dcontext0 + (first + j) * width + head;
                for (int c = 0; c < size; c++) {
                    dqkv[dq + c] += asQuery * qkv[other + width + c];
                    dqkv[dq + width + c] += asKey * qkv[other + c];
                    dqkv[dq + 2 * width + c] += asValue * dcontext[y + c];
                }
            }
        }
    }

    /// a . b over n channels.
    private static float dot(float[] a, int a0, float[] b, int b0, int n) {
        float sum = 0f;
        for (int c = 0; c < n; c++) {
            sum += a[a0 + c] * b[b0 + c];
        }
        return sum;
    }
}
