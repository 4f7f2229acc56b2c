package dev.triptych.device.tornado;

import dev.triptych.kernel.Scalar;
import uk.ac.manchester.tornado.api.KernelContext;

/// Attention for graphics cards in tiles, without a square in the card's memory. What is computed is said in
/// `kernel.Attention`; with dropout between probabilities and values, in `kernel.Dropout` too.
///
/// A group has [#TILE] rows of one sequence and head, and goes along the other side of the square tile by tile: scores
/// of 32 by 32 are computed in registers, four by four a lane, and pass through local memory to the product that reads
/// them. Forward, the largest score and the sum of exponentials of each row so far are kept (a running softmax): when a
/// larger score comes, what was summed shrinks. They are all that is stored, two numbers for each row and head in place
/// of a row of probabilities; backward computes scores again.
///
/// In local memory, tiles lie channel by channel, [#PITCH] numbers apart: four rows are read as one, and lanes that
/// read eight channels at one row read eight banks. Rows behind a sequence's end are its last one once more: their
/// probabilities count as 0 where they are summed, and nothing of them is stored.
public final class GroupTiledAttention {
    /// Rows of a group, and of what it looks at a time.
    static final int TILE = 32;
    /// Lanes of a group.
    static final int LANES = 64;
    /// The most channels of a head; eight must divide them.
    static final int CHANNELS = 64;

    /// Rows, and columns, of the scores that a lane computes.
    static final int SIDE = 4;
    /// Lanes side by side.
    static final int ACROSS = TILE / SIDE;
    /// Numbers from one channel to the next in local memory.
    static final int PITCH = TILE + 4;

    private static final int HALF = TILE / 2;

    private GroupTiledAttention() {
    }

    /// context = dropout(softmax(q k^T scale)) v, and for every row and head the largest score and the sum of
    /// exponentials.
    ///
    /// @param key of dropout; read where `limit` is not 0
    /// @param y receives both
    /// @param limit what of 2^24 is dropped
    /// @param layer offsets of qkv, start, square, key, context, of what else is stored; number of dropout's launch
    /// @param number scale, and 1 / (1 - rate)
    public static void attention(KernelContext context, float[] qkv, int[] start, int[] square, int[] key, float[] y,
            int sequences, int heads, int width, int limit, int[] layer, int layer0, float[] number, int number0) {
        float[] queries = context.allocateFloatLocalArray(CHANNELS * PITCH);
        float[] keys = context.allocateFloatLocalArray(CHANNELS * PITCH);
        float[] values = context.allocateFloatLocalArray(CHANNELS * PITCH);
        float[] p = context.allocateFloatLocalArray(TILE * PITCH);
        float[] shared = context.allocateFloatLocalArray(LANES);
        float[] shrinks = context.allocateFloatLocalArray(TILE);
        float scale = number[number0];
        float factor = number[number0 + 1];
        int start0 = layer[layer0 + 1];
        int seed = limit > 0 ? mix((int) (key[layer[layer0 + 3]] + 0x3504f333L * layer[layer0 + 6])) : 0;
        int lane = context.localIdx;
        int slot = context.groupIdx / heads;
        int h = context.groupIdx - slot * heads;
        // slots of sequence s begin at start[s] / TILE + s, which leaves each enough: the last that begins by here
        int s = 0;
        for (int left = sequences; left > 1; left = left - left / 2) {
            int next = s + left / 2;
            s += left / 2 * (1 - below(slot, start[start0 + next] / TILE + next));
        }
        int first = start[start0 + s];
        int n = start[start0 + s + 1] - first;
        int row0 = (slot - first / TILE - s) * TILE;
        // a slot behind the sequence's end has nothing to do
        int active = below(row0, n);
        int size = width / heads;
        int stride = 3 * width;
        int q = layer[layer0] + first * stride + h * size;
        int matrix = square[layer[layer0 + 2] + s] + h * n * n;
        int tr = lane / ACROSS * SIDE;
        int tk = lane % ACROSS * SIDE;
        int row = lane % TILE;
        int half = lane / TILE * HALF;
        for (int i = lane; i < active * TILE * size; i += LANES) {
            queries[i % size * PITCH + i / size] = qkv[q + least(row0 + i / size, n - 1) * stride + i % size];
        }
        float[] o = new float[SIDE * CHANNELS / ACROSS];
        float[] scores = new float[SIDE * SIDE];
        float[] l = new float[SIDE];
        float[] r = new float[CHANNELS / ACROSS];
        for (int i = 0; i < SIDE * size / ACROSS; i++) {
            o[i] = 0f;
        }
        float top = -3.0e38f;
        float sum = 0f;
        for (int k0 = 0; k0 < active * n; k0 += TILE) {
            for (int i = lane; i < TILE * size; i += LANES) {
                int at = q + least(k0 + i / size, n - 1) * stride + i % size;
                keys[i % size * PITCH + i / size] = qkv[at + width];
                values[i % size * PITCH + i / size] = qkv[at + 2 * width];
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
                    p[(tk + j) * PITCH + tr + i] = scale * scores[i * SIDE + j];
                }
            }
            context.localBarrier();
            // two lanes for each row, half of the keys each
            float most = top;
            for (int j = 0; j < HALF; j++) {
                float v = p[(half + j) * PITCH + row];
                most = v > most ? v : most;
            }
            shared[lane] = most;
            context.localBarrier();
            float other = shared[(lane + TILE) % LANES];
            most = other > most ? other : most;
            float shrink = Scalar.exp(top - most);
            sum = sum * shrink;
            for (int j = 0; j < HALF; j++) {
                float e = Scalar.exp(p[(half + j) * PITCH + row] - most) * below(k0 + half + j, n);
                sum += e;
                int kept = limit > 0 ? 1 - below(bits(seed, matrix + (row0 + row) * n + k0 + half + j), limit) : 1;
                p[(half + j) * PITCH + row] = limit > 0 ? e * kept * factor : e;
            }
            if (lane < TILE) {
                shrinks[lane] = shrink;
            }
            top = most;
            context.localBarrier();
            for (int i = 0; i < SIDE; i++) {
                for (int j = 0; j < size / ACROSS; j++) {
                    o[i * (size / ACROSS) + j] *= shrinks[tr + i];
                }
            }
            for (int k = 0; k < TILE; k++) {
                for (int i = 0; i < SIDE; i++) {
                    l[i] = p[k * PITCH + tr + i];
                }
                for (int j = 0; j < size / ACROSS; j++) {
                    r[j] = values[(lane % ACROSS + j * ACROSS) * PITCH + k];
                }
                for (int i = 0; i < SIDE; i++) {
                    for (int j = 0; j < size / ACROSS; j++) {
                        o[i * (size / ACROSS) + j] += l[i] * r[j];
                    }
                }
            }
            context.localBarrier();
        }
        shared[lane] = sum;
        context.localBarrier();
        float total = shared[row] + shared[row + TILE];
        if (lane < TILE) {
            shrinks[lane] = 1f / total;
        }
        context.localBarrier();
        // by way of local memory, so that neighbours write neighbours
        for (int i = 0; i < SIDE; i++) {
            for (int j = 0; j < size / ACROSS; j++) {
                keys[(tr + i) * size + lane % ACROSS + j * ACROSS] = o[i * (size / ACROSS) + j] * shrinks[tr + i];
            }
        }
        context.localBarrier();
        int rows = active * least(TILE, n - row0);
        int y0 = layer[layer0 + 4] + (first + row0) * width + h * size;
        for (int i = lane; i < rows * size; i += LANES) {
            y[y0 + i / size * width + i % size] = keys[i];
        }
        if (lane < rows) {
            int at = layer[layer0 + 5] + 2 * ((first + row0 + lane) * heads + h);
            y[at] = top;
            y[at + 1] = total;
        }
    }

    // the hash of kernel.Dropout
    static int bits(int seed, int i) {
        return (mix(seed ^ (int) (0x27d4eb2dL * i)) >> 8) & 0xffffff;
    }

    static int mix(int x) {
        int h = x;
        h = (int) ((h ^ ((h >> 16) & 0xffff)) * 0x7feb352dL);
        h = (int) ((h ^ ((h >> 15) & 0x1ffff)) * 0x2c1b3c6dL);
        return h ^ ((h >> 16) & 0xffff);
    }

    static int below(int i, int n) {
        return i < n ? 1 : 0;
    }

    static int least(int i, int j) {
        return i < j ? i : j;
    }
}
