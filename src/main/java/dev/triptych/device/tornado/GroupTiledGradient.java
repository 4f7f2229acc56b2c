package dev.triptych.device.tornado;

import static dev.triptych.device.tornado.GroupTiledAttention.ACROSS;
import static dev.triptych.device.tornado.GroupTiledAttention.CHANNELS;
import static dev.triptych.device.tornado.GroupTiledAttention.LANES;
import static dev.triptych.device.tornado.GroupTiledAttention.PITCH;
import static dev.triptych.device.tornado.GroupTiledAttention.SIDE;
import static dev.triptych.device.tornado.GroupTiledAttention.TILE;
import static dev.triptych.device.tornado.GroupTiledAttention.below;
import static dev.triptych.device.tornado.GroupTiledAttention.bits;
import static dev.triptych.device.tornado.GroupTiledAttention.least;
import static dev.triptych.device.tornado.GroupTiledAttention.mix;

import dev.triptych.kernel.Scalar;
import uk.ac.manchester.tornado.api.KernelContext;

/// The gradient of [GroupTiledAttention]: scores and probabilities are computed again, tile by tile, from what was
/// stored of each row. Two kernels, since dq is summed along the rows of the square and dk and dv along its columns.
public final class GroupTiledGradient {
    private GroupTiledGradient() {
    }

    /// dq, and for every row and head sum_j w_j g_j, with w = dropout(p) and g_j = dcontext . v_j. The sum is needed
    /// before the first gradient of a score is known: the group goes along the keys twice.
    ///
    /// @param key of dropout; read where `limit` is not 0
    /// @param y holds what `attention` stored, and receives both
    /// @param layer offsets of qkv, dcontext, start, square, key, of what was stored, of the sums, of dqkv; number of
    ///     dropout's launch
    /// @param number scale, and 1 / (1 - rate)
    public static void attentionQueryGradient(KernelContext context, float[] qkv, float[] dcontext, int[] start,
            int[] square, int[] key, float[] y, int sequences, int heads, int width, int limit, int[] layer, int layer0,
            float[] number, int number0) {
        float[] queries = context.allocateFloatLocalArray(CHANNELS * PITCH);
        float[] keys = context.allocateFloatLocalArray(CHANNELS * PITCH);
        float[] values = context.allocateFloatLocalArray(CHANNELS * PITCH);
        float[] dy = context.allocateFloatLocalArray(CHANNELS * PITCH);
        float[] ds = context.allocateFloatLocalArray(TILE * PITCH);
        float scale = number[number0];
        float factor = number[number0 + 1];
        int start0 = layer[layer0 + 2];
        int seed = limit > 0 ? mix((int) (key[layer[layer0 + 4]] + 0x3504f333L * layer[layer0 + 8])) : 0;
        int lane = context.localIdx;
        int slot = context.groupIdx / heads;
        int h = context.groupIdx - slot * heads;
        int s = 0;
        for (int left = sequences; left > 1; left = left - left / 2) {
            int next = s + left / 2;
            s += left / 2 * (1 - below(slot, start[start0 + next] / TILE + next));
        }
        int first = start[start0 + s];
        int n = start[start0 + s + 1] - first;
        int row0 = (slot - first / TILE - s) * TILE;
        int active = below(row0, n);
        int size = width / heads;
        int stride = 3 * width;
        int q = layer[layer0] + first * stride + h * size;
        int d = layer[layer0 + 1] + first * width + h * size;
        int matrix = square[layer[layer0 + 3] + s] + h * n * n;
        int tr = lane / ACROSS * SIDE;
        int tk = lane % ACROSS * SIDE;
        for (int i = lane; i < active * TILE * size; i += LANES) {
            int from = least(row0 + i / size, n - 1);
            queries[i % size * PITCH + i / size] = qkv[q + from * stride + i % size];
            dy[i % size * PITCH + i / size] = dcontext[d + from * width + i % size];
        }
        float[] dq = new float[SIDE * CHANNELS / ACROSS];
        float[] scores = new float[SIDE * SIDE];
        float[] g = new float[SIDE * SIDE];
        float[] l = new float[SIDE];
        float[] r = new float[CHANNELS / ACROSS];
        float[] top = new float[SIDE];
        float[] share = new float[SIDE];
        float[] total = new float[SIDE];
        for (int i = 0; i < SIDE; i++) {
            int at = layer[layer0 + 5] + 2 * ((first + least(row0 + tr + i, n - 1)) * heads + h) * active;
            top[i] = y[at];
            share[i] = 1f / y[at + 1];
            total[i] = 0f;
        }
        for (int i = 0; i < SIDE * size / ACROSS; i++) {
            dq[i] = 0f;
        }
        for (int k0 = 0; k0 < active * n; k0 += TILE) {
            context.localBarrier();
            for (int i = lane; i < TILE * size; i += LANES) {
                int at = q + least(k0 + i / size, n - 1) * stride + i % size;
                keys[i % size * PITCH + i / size] = qkv[at + width];
                values[i % size * PITCH + i / size] = qkv[at + 2 * width];
            }
            context.localBarrier();
            for (int i = 0; i < SIDE * SIDE; i++) {
                scores[i] = 0f;
                g[i] = 0f;
            }
            for (int c = 0; c < size; c++) {
                for (int i = 0; i < SIDE; i++) {
                    l[i] = queries[c * PITCH + tr + i];
                    r[i] = keys[c * PITCH + tk + i];
                }
                for (int i = 0; i < SIDE; i++) {
                    for (int j = 0; j < SIDE; j++) {
                        scores[i * SIDE + j] += l[i] * r[j];
                    }
                }
            }
            for (int c = 0; c < size; c++) {
                for (int i = 0; i < SIDE; i++) {
                    l[i] = dy[c * PITCH + tr + i];
                    r[i] = values[c * PITCH + tk + i];
                }
                for (int i = 0; i < SIDE; i++) {
                    for (int j = 0; j < SIDE; j++) {
                        g[i * SIDE + j] += l[i] * r[j];
                    }
                }
            }
            for (int i = 0; i < SIDE; i++) {
                for (int j = 0; j < SIDE; j++) {
                    float e = Scalar.exp(scale * scores[i * SIDE + j] - top[i]) * share[i] * below(k0 + tk + j, n);
                    int kept = limit > 0
                            ? 1 - below(bits(seed, matrix + (row0 + tr + i) * n + k0 + tk + j), limit)
                            : 1;
                    total[i] += g[i * SIDE + j] * (limit > 0 ? e * kept * factor : e);
                }
            }
        }
        // eight lanes have parts of a row's sum
        context.localBarrier();
        for (int i = 0; i < SIDE; i++) {
            ds[(tr + i) * PITCH + lane % ACROSS] = total[i];
        }
        context.localBarrier();
        for (int i = 0; i < SIDE; i++) {
            total[i] = 0f;
            for (int j = 0; j < ACROSS; j++) {
                total[i] += ds[(tr + i) * PITCH + j];
            }
        }
        for (int k0 = 0; k0 < active * n; k0 += TILE) {
            context.localBarrier();
            for (int i = lane; i < TILE * size; i += LANES) {
                int at = q + least(k0 + i / size, n - 1) * stride + i % size;
                keys[i % size * PITCH + i / size] = qkv[at + width];
                values[i % size * PITCH + i / size] = qkv[at + 2 * width];
            }
            context.localBarrier();
            for (int i = 0; i < SIDE * SIDE; i++) {
                scores[i] = 0f;
                g[i] = 0f;
            }
            for (int c = 0; c < size; c++) {
                for (int i = 0; i < SIDE; i++) {
                    l[i] = queries[c * PITCH + tr + i];
                    r[i] = keys[c * PITCH + tk + i];
                }
                for (int i = 0; i < SIDE; i++) {
                    for (int j = 0; j < SIDE; j++) {
                        scores[i * SIDE + j] += l[i] * r[j];
                    }
                }
            }
            for (int c = 0; c < size; c++) {
                for (int i = 0; i < SIDE; i++) {
                    l[i] = dy[c * PITCH + tr + i];
                    r[i] = values[c * PITCH + tk + i];
                }
                for (int i = 0; i < SIDE; i++) {
                    for (int j = 0; j < SIDE; j++) {
                        g[i * SIDE + j] += l[i] * r[j];
                    }
                }
            }
            for (int i = 0; i < SIDE; i++) {
                for (int j = 0; j < SIDE; j++) {
                    float e = Scalar.exp(scale * scores[i * SIDE + j] - top[i]) * share[i] * below(k0 + tk + j, n);
                    int kept = limit > 0
                            ? 1 - below(bits(seed, matrix + (row0 + tr + i) * n + k0 + tk + j), limit)
                            : 1;
                    float w = limit > 0 ? e * kept * factor : e;
                    ds[(tk + j) * PITCH + tr + i] = scale * (w * g[i * SIDE + j] - e * total[i]);
                }
            }
            context.localBarrier();
            for (int k = 0; k < TILE; k++) {
                for (int i = 0; i < SIDE; i++) {
                    l[i] = ds[k * PITCH + tr + i];
                }
                for (int j = 0; j < size / ACROSS; j++) {
                    r[j] = keys[(lane % ACROSS + j * ACROSS) * PITCH + k];
                }
                for (int i = 0; i < SIDE; i++) {
                    for (int j = 0; j < size / ACROSS; j++) {
                        dq[i * (size / ACROSS) + j] += l[i] * r[j];
                    }
                }
            }
        }
        context.localBarrier();
        for (int i = 0; i < SIDE; i++) {
            for (int j = 0; j < size / ACROSS; j++) {
                keys[(tr + i) * size + lane % ACROSS + j * ACROSS] = dq[i * (size / ACROSS) + j];
            }
            ds[tr + i] = total[i];
        }
        context.localBarrier();
        int rows = active * least(TILE, n - row0);
        int y0 = layer[layer0 + 7] + (first + row0) * stride + h * size;
        for (int i = lane; i < rows * size; i += LANES) {
            y[y0 + i / size * stride + i % size] = keys[i];
        }
        if (lane < rows) {
            y[layer[layer0 + 6] + (first + row0 + lane) * heads + h] = ds[lane];
        }
    }

    /// dk and dv of the group's rows, of the scores of all rows with them.
    ///
    /// @param key of dropout; read where `limit` is not 0
    /// @param y holds what `attention` and `attentionQueryGradient` stored, and receives both
    /// @param layer as there
    /// @param number as there
    public static void attentionKeyGradient(KernelContext context, float[] qkv, float[] dcontext, int[] start,
            int[] square, int[] key, float[] y, int sequences, int heads, int width, int limit, int[] layer, int layer0,
            float[] number, int number0) {
        float[] queries = context.allocateFloatLocalArray(CHANNELS * PITCH);
        float[] keys = context.allocateFloatLocalArray(CHANNELS * PITCH);
        float[] values = context.allocateFloatLocalArray(CHANNELS * PITCH);
        float[] dy = context.allocateFloatLocalArray(CHANNELS * PITCH);
        float[] weights = context.allocateFloatLocalArray(TILE * PITCH);
        float[] ds = context.allocateFloatLocalArray(TILE * PITCH);
        float[] top = context.allocateFloatLocalArray(TILE);
        float[] share = context.allocateFloatLocalArray(TILE);
        float[] total = context.allocateFloatLocalArray(TILE);
        float scale = number[number0];
        float factor = number[number0 + 1];
        int start0 = layer[layer0 + 2];
        int seed = limit > 0 ? mix((int) (key[layer[layer0 + 4]] + 0x3504f333L * layer[layer0 + 8])) : 0;
        int lane = context.localIdx;
        int slot = context.groupIdx / heads;
        int h = context.groupIdx - slot * heads;
        int s = 0;
        for (int left = sequences; left > 1; left = left - left / 2) {
            int next = s + left / 2;
            s += left / 2 * (1 - below(slot, start[start0 + next] / TILE + next));
        }
        int first = start[start0 + s];
        int n = start[start0 + s + 1] - first;
        int k0 = (slot - first / TILE - s) * TILE;
        int active = below(k0, n);
        int size = width / heads;
        int stride = 3 * width;
        int q = layer[layer0] + first * stride + h * size;
        int d = layer[layer0 + 1] + first * width + h * size;
        int matrix = square[layer[layer0 + 3] + s] + h * n * n;
        int stored = layer[layer0 + 5] + 2 * (first * heads + h);
        int sums = layer[layer0 + 6] + first * heads + h;
        int tr = lane / ACROSS * SIDE;
        int tk = lane % ACROSS * SIDE;
        for (int i = lane; i < active * TILE * size; i += LANES) {
            int at = q + least(k0 + i / size, n - 1) * stride + i % size;
            keys[i % size * PITCH + i / size] = qkv[at + width];
            values[i % size * PITCH + i / size] = qkv[at + 2 * width];
        }
        float[] dk = new float[SIDE * CHANNELS / ACROSS];
        float[] dv = new float[SIDE * CHANNELS / ACROSS];
        float[] scores = new float[SIDE * SIDE];
        float[] l = new float[SIDE];
        float[] r = new float[CHANNELS / ACROSS];
        for (int i = 0; i < SIDE * size / ACROSS; i++) {
            dk[i] = 0f;
            dv[i] = 0f;
        }
        for (int row0 = 0; row0 < active * n; row0 += TILE) {
            context.localBarrier();
            for (int i = lane; i < TILE * size; i += LANES) {
                int from = least(row0 + i / size, n - 1);
                queries[i % size * PITCH + i / size] = qkv[q + from * stride + i % size];
                dy[i % size * PITCH + i / size] = dcontext[d + from * width + i % size];
            }
            if (lane < TILE) {
                int at = least(row0 + lane, n - 1) * heads;
                top[lane] = y[stored + 2 * at];
                share[lane] = 1f / y[stored + 2 * at + 1] * below(row0 + lane, n);
                total[lane] = y[sums + at];
            }
            context.localBarrier();
            for (int i = 0; i < SIDE * SIDE; i++) {
                scores[i] = 0f;
            }
            for (int c = 0; c < size; c++) {
                for (int i = 0; i < SIDE; i++) {
                    l[i] = queries[c * PITCH + tr + i];
                    r[i] = keys[c * PITCH + tk + i];
                }
                for (int i = 0; i < SIDE; i++) {
                    for (int j = 0; j < SIDE; j++) {
                        scores[i * SIDE + j] += l[i] * r[j];
                    }
                }
            }
            for (int i = 0; i < SIDE; i++) {
                for (int j = 0; j < SIDE; j++) {
                    weights[(tr + i) * PITCH + tk + j] = scores[i * SIDE + j];
                    scores[i * SIDE + j] = 0f;
                }
            }
            for (int c = 0; c < size; c++) {
                for (int i = 0; i < SIDE; i++) {
                    l[i] = dy[c * PITCH + tr + i];
                    r[i] = values[c * PITCH + tk + i];
                }
                for (int i = 0; i < SIDE; i++) {
                    for (int j = 0; j < SIDE; j++) {
                        scores[i * SIDE + j] += l[i] * r[j];
                    }
                }
            }
            for (int i = 0; i < SIDE; i++) {
                for (int j = 0; j < SIDE; j++) {
                    ds[(tr + i) * PITCH + tk + j] = scores[i * SIDE + j];
                }
            }
            context.localBarrier();
            // where they lie, one by one: sixteen exponentials at once need more registers than there are
            for (int i = lane; i < TILE * TILE; i += LANES) {
                int row = i / TILE;
                int at = row * PITCH + i % TILE;
                float e = Scalar.exp(scale * weights[at] - top[row]) * share[row];
                int kept = limit > 0 ? 1 - below(bits(seed, matrix + (row0 + row) * n + k0 + i % TILE), limit) : 1;
                float w = limit > 0 ? e * kept * factor : e;
                ds[at] = scale * (w * ds[at] - e * total[row]);
                weights[at] = w;
            }
            context.localBarrier();
            // a lane has the keys that it had rows of before
            for (int k = 0; k < TILE; k++) {
                for (int i = 0; i < SIDE; i++) {
                    l[i] = weights[k * PITCH + tr + i];
                }
                for (int j = 0; j < size / ACROSS; j++) {
                    r[j] = dy[(lane % ACROSS + j * ACROSS) * PITCH + k];
                }
                for (int i = 0; i < SIDE; i++) {
                    for (int j = 0; j < size / ACROSS; j++) {
                        dv[i * (size / ACROSS) + j] += l[i] * r[j];
                    }
                }
            }
            for (int k = 0; k < TILE; k++) {
                for (int i = 0; i < SIDE; i++) {
                    l[i] = ds[k * PITCH + tr + i];
                }
                for (int j = 0; j < size / ACROSS; j++) {
                    r[j] = queries[(lane % ACROSS + j * ACROSS) * PITCH + k];
                }
                for (int i = 0; i < SIDE; i++) {
                    for (int j = 0; j < size / ACROSS; j++) {
                        dk[i * (size / ACROSS) + j] += l[i] * r[j];
                    }
                }
            }
        }
        context.localBarrier();
        for (int i = 0; i < SIDE; i++) {
            for (int j = 0; j < size / ACROSS; j++) {
                keys[(tr + i) * size + lane % ACROSS + j * ACROSS] = dk[i * (size / ACROSS) + j];
                values[(tr + i) * size + lane % ACROSS + j * ACROSS] = dv[i * (size / ACROSS) + j];
            }
        }
        context.localBarrier();
        int rows = active * least(TILE, n - k0);
        int y0 = layer[layer0 + 7] + (first + k0) * stride + width + h * size;
        for (int i = lane; i < rows * size; i += LANES) {
            y[y0 + i / size * stride + i % size] = keys[i];
            y[y0 + i / size * stride + width + i % size] = values[i];
        }
    }
}
