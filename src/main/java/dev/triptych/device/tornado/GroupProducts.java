package dev.triptych.device.tornado;

import dev.triptych.kernel.Scalar;
import uk.ac.manchester.tornado.api.KernelContext;

/// Matrix products for graphics cards. What they compute is said in the plain words of `kernel.Linear`: a loop over all
/// numbers of Y, and in it the sum over k of a row of A times a column of C. There, every term costs two loads from the
/// card's memory. Here a group of lanes computes a tile of Y, and
///
/// * a lane keeps [#SIDE] by [#SIDE] sums in registers: sixteen numbers loaded serve sixty-four terms;
/// * the group fetches [#TERMS] columns of A and rows of C at a time into local memory, each number once for all lanes;
/// * the next ones are fetched before the present ones are multiplied, and are in registers when they are needed;
/// * local memory holds two such stretches in turn, so that lanes wait for each other once a stretch, not twice.
///
/// Where TornadoVM's compilers decide: arrays of a lane's own must be indexed by loops of constant length, which are
/// unrolled, or they are memory instead of registers; rows in local memory begin a multiple of four numbers apart, or
/// four loads are not joined to one; and a last tile lies where the matrix ends, over the one before, because clamping
/// every index costs the registers that the sums need. What two tiles compute is the same to the last bit.
public final class GroupProducts {
    /// A is read along its rows, and C as the rows of its transpose: x W^T.
    static final int ROWS_ROWS = 0;
    /// Both are read as they lie: dy W.
    static final int ROWS_COLUMNS = 1;
    /// A is read as the rows of its transpose: dy^T x.
    static final int COLUMNS_COLUMNS = 2;

    /// y = product.
    static final int NOTHING = 0;
    /// y = product + bias.
    static final int BIAS = 1;
    /// y = product + bias, z = gelu(y).
    static final int AND_GELU = 2;
    /// y = gelu(product + bias).
    static final int GELU = 3;
    /// y = other + product + bias.
    static final int RESIDUAL = 4;
    /// y = product gelu'(other).
    static final int GELU_GRADIENT = 5;

    /// Rows, and columns, of the sums that a lane keeps.
    static final int SIDE = 8;
    /// Terms of the sums that are fetched at a time.
    static final int TERMS = 8;
    /// Fewest terms for which a sum is cut into parts of its own.
    static final int PART = 512;

    private static final int HALF = SIDE / 2;
    /// Lanes of a warp stand four by eight, so that together they read 16 and 32 numbers of a stretch.
    private static final int WARP = 32;
    /// Numbers from one term to the next in local memory: the longest side of a tile, and four for other banks.
    private static final int PITCH = 132;
    /// Numbers of one stretch of both operands.
    private static final int STRETCH = 2 * TERMS * PITCH;

    private GroupProducts() {
    }

    /// Y_b = A_b C_b, A_b (n x k), C_b (k x m), with what is done to it.
    ///
    /// @param other is read where `then` says so
    /// @param form how the operands lie
    /// @param rows of a tile, 64 or 128, at most n
    /// @param columns of a tile, 64 or 128, at most m
    /// @param layer offsets of a, c, bias, other, y, z
    public static void tiledProduct(KernelContext context, float[] a, float[] c, float[] bias, float[] other, float[] y,
            int n, int k, int m, int form, int rows, int columns, int then, int[] layer, int layer0) {
        float[] tiles = context.allocateFloatLocalArray(2 * STRETCH);
        int aRow = form == COLUMNS_COLUMNS ? 1 : k;
        int aInner = form == COLUMNS_COLUMNS ? n : 1;
        int cInner = form == ROWS_ROWS ? 1 : m;
        int cColumn = form == ROWS_ROWS ? k : 1;
        int lanes = rows * columns / (SIDE * SIDE);
        int lane = context.localIdx;
        int down = (n + rows - 1) / rows;
        int across = (m + columns - 1) / columns;
        int block = context.groupIdx / (down * across);
        int tile = context.groupIdx - block * down * across;
        int row0 = least(tile / across * rows, n - rows);
        int column0 = least((tile - tile / across * across) * columns, m - columns);
        // a lane's sums are four rows and four columns, and the same half a tile on: where they lie in a stretch
        int side = columns / (2 * WARP);
        int tr = (lane / WARP / side * HALF + lane % WARP / 8) * HALF;
        int tc = TERMS * PITCH + (lane / WARP % side * 8 + lane % 8) * HALF;
        // what it fetches of each operand: the first number, and the way to each further one, there and in a stretch;
        // neighbours fetch neighbours, whichever axis those lie along
        int ra = aInner == 1 ? lane / TERMS : lane % rows;
        int qa = aInner == 1 ? lane % TERMS : lane / rows;
        int atA = layer[layer0] + block * n * k + (row0 + ra) * aRow + qa * aInner;
        int stepA = aInner == 1 ? lanes / TERMS * aRow : lanes / rows * aInner;
        int toA = qa * PITCH + ra;
        int nextA = aInner == 1 ? lanes / TERMS : lanes / rows * PITCH;
        int rc = cInner == 1 ? lane / TERMS : lane % columns;
        int qc = cInner == 1 ? lane % TERMS : lane / columns;
        int atC = layer[layer0 + 1] + block * k * m + (column0 + rc) * cColumn + qc * cInner;
        int stepC = cInner == 1 ? lanes / TERMS * cColumn : lanes / columns * cInner;
        int toC = (TERMS + qc) * PITCH + rc;
        int nextC = cInner == 1 ? lanes / TERMS : lanes / columns * PITCH;
        float[] sums = new float[SIDE * SIDE];
        float[] l = new float[SIDE];
        float[] r = new float[SIDE];
        float[] fa = new float[SIDE];
        float[] fc = new float[SIDE];
        for (int i = 0; i < SIDE * SIDE; i++) {
            sums[i] = 0f;
        }
        for (int e = 0; e < rows * TERMS / lanes; e++) {
            tiles[toA + e * nextA] = a[atA + e * stepA];
        }
        for (int e = 0; e < columns * TERMS / lanes; e++) {
            tiles[toC + e * nextC] = c[atC + e * stepC];
        }
        context.localBarrier();
        for (int k0 = TERMS; k0 < k + 1; k0 += TERMS) {
            // the last stretch ends where the terms do, however many of them are new
            int next = least(k0, k - TERMS);
            for (int e = 0; e < rows * TERMS / lanes; e++) {
                fa[e] = a[atA + next * aInner + e * stepA];
            }
            for (int e = 0; e < columns * TERMS / lanes; e++) {
                fc[e] = c[atC + next * cInner + e * stepC];
            }
            // stretches lie in turn at 0 and STRETCH, of which the compiler must see that four divides it
            int from = ((k0 & TERMS) ^ TERMS) * (STRETCH / TERMS);
            int to = (k0 & TERMS) * (STRETCH / TERMS);
            for (int q = 0; q < TERMS; q++) {
                for (int i = 0; i < HALF; i++) {
                    l[i] = tiles[from + q * PITCH + tr + i];
                    l[i + HALF] = tiles[from + q * PITCH + tr + rows / 2 + i];
                    r[i] = tiles[from + q * PITCH + tc + i];
                    r[i + HALF] = tiles[from + q * PITCH + tc + columns / 2 + i];
                }
                for (int i = 0; i < SIDE; i++) {
                    for (int j = 0; j < SIDE; j++) {
                        sums[i * SIDE + j] += l[i] * r[j];
                    }
                }
            }
            for (int e = 0; e < rows * TERMS / lanes; e++) {
                tiles[to + toA + e * nextA] = fa[e];
            }
            for (int e = 0; e < columns * TERMS / lanes; e++) {
                tiles[to + toC + e * nextC] = fc[e];
            }
            context.localBarrier();
        }
        // terms that fill no stretch are the last ones of that which ends where the terms do
        if (k % TERMS > 0) {
            int from = (k / TERMS * TERMS & TERMS) * (STRETCH / TERMS);
            for (int q = TERMS - k % TERMS; q < TERMS; q++) {
                for (int i = 0; i < HALF; i++) {
                    l[i] = tiles[from + q * PITCH + tr + i];
                    l[i + HALF] = tiles[from + q * PITCH + tr + rows / 2 + i];
                    r[i] = tiles[from + q * PITCH + tc + i];
                    r[i + HALF] = tiles[from + q * PITCH + tc + columns / 2 + i];
                }
                for (int i = 0; i < SIDE; i++) {
                    for (int j = 0; j < SIDE; j++) {
                        sums[i * SIDE + j] += l[i] * r[j];
                    }
                }
            }
        }
        // sums leave by way of local memory, one of each lane's rows at a time, so that neighbours write neighbours
        int column = lane % columns;
        int put = tr * (PITCH / HALF) + tc - TERMS * PITCH;
        int get = lane / columns * PITCH + column;
        int at = block * n * m + (row0 + lane / columns * HALF) * m + column0 + column;
        int other0 = layer[layer0 + 3] + at;
        int y0 = layer[layer0 + 4] + at;
        int z0 = layer[layer0 + 5] + at;
        float b = then == NOTHING || then == GELU_GRADIENT ? 0f : bias[layer[layer0 + 2] + column0 + column];
        for (int i = 0; i < SIDE; i++) {
            context.localBarrier();
            for (int j = 0; j < HALF; j++) {
                tiles[put + j] = sums[i * SIDE + j];
                tiles[put + columns / 2 + j] = sums[i * SIDE + HALF + j];
            }
            context.localBarrier();
            for (int e = 0; e < SIDE; e++) {
                int row = (i % HALF + i / HALF * (rows / 2) + e * (rows / (2 * WARP)) * HALF) * m;
                float v = tiles[get + e * (rows / (2 * WARP)) * PITCH];
                float o = then == RESIDUAL || then == GELU_GRADIENT ? other[other0 + row] : 0f;
                v = then == NOTHING || then == GELU_GRADIENT ? v : v + b;
                v = then == RESIDUAL ? o + v : v;
                v = then == GELU_GRADIENT ? v * (Scalar.normalCdf(o) + o * Scalar.normalPdf(o)) : v;
                float g = then == AND_GELU || then == GELU ? v * Scalar.normalCdf(v) : v;
                y[y0 + row] = then == GELU ? g : v;
                if (then == AND_GELU) {
                    y[z0 + row] = g;
                }
            }
        }
    }

    /// W = A^T C, A (k x n), C (k x m), and the column sums of A: tiles of 64 columns, and for each part of the k rows
    /// groups of its own, which write W and the sums of their part behind those of the part before.
    ///
    /// @param y where parts lie, from its beginning on; where there is one part alone, W and sums themselves
    /// @param rows of a tile, 64 or 128, at most n: as many as lanes, so that a lane fetches one column of A
    /// @param summed 1 where the column sums are wanted
    /// @param layer offsets of a, c, W, sums
    public static void weightGradient(KernelContext context, float[] a, float[] c, float[] y, int n, int k, int m,
            int rows, int parts, int summed, int[] layer, int layer0) {
        float[] tiles = context.allocateFloatLocalArray(2 * STRETCH);
        int columns = 2 * WARP;
        int lane = context.localIdx;
        int across = (m + columns - 1) / columns;
        int count = (n + rows - 1) / rows * across;
        int part = context.groupIdx / count;
        int tile = context.groupIdx - part * count;
        int row0 = least(tile / across * rows, n - rows);
        int column0 = least((tile - tile / across * across) * columns, m - columns);
        // a part is a multiple of TERMS, and the last one takes what is left
        int length = k / parts / TERMS * TERMS;
        int first = part * length;
        int end = part == parts - 1 ? k : first + length;
        int tr = (lane / WARP * HALF + lane % WARP / 8) * HALF;
        int tc = TERMS * PITCH + lane % 8 * HALF;
        int atA = layer[layer0] + first * n + row0 + lane;
        int qc = lane / columns;
        int atC = layer[layer0 + 1] + (first + qc) * m + column0 + lane % columns;
        int toC = (TERMS + qc) * PITCH + lane % columns;
        int step = rows / columns;
        float[] sums = new float[SIDE * SIDE];
        float[] l = new float[SIDE];
        float[] r = new float[SIDE];
        float[] fa = new float[SIDE];
        float[] fc = new float[SIDE];
        float sum = 0f;
        for (int i = 0; i < SIDE * SIDE; i++) {
            sums[i] = 0f;
        }
        for (int e = 0; e < TERMS; e++) {
            tiles[lane + e * PITCH] = a[atA + e * n];
        }
        for (int e = 0; e < TERMS / step; e++) {
            tiles[toC + e * step * PITCH] = c[atC + e * step * m];
        }
        context.localBarrier();
        int rest = (end - first) % TERMS;
        for (int k0 = TERMS; k0 < end - first + 1; k0 += TERMS) {
            int next = least(k0, end - first - TERMS);
            for (int e = 0; e < TERMS; e++) {
                fa[e] = a[atA + (next + e) * n];
            }
            for (int e = 0; e < TERMS / step; e++) {
                fc[e] = c[atC + (next + e * step) * m];
            }
            int from = ((k0 & TERMS) ^ TERMS) * (STRETCH / TERMS);
            int to = (k0 & TERMS) * (STRETCH / TERMS);
            // from local memory: summed as they come, they would stay in registers until then
            for (int e = 0; e < TERMS; e++) {
                sum += tiles[from + lane + e * PITCH];
            }
            for (int q = 0; q < TERMS; q++) {
                for (int i = 0; i < HALF; i++) {
                    l[i] = tiles[from + q * PITCH + tr + i];
                    l[i + HALF] = tiles[from + q * PITCH + tr + rows / 2 + i];
                    r[i] = tiles[from + q * PITCH + tc + i];
                    r[i + HALF] = tiles[from + q * PITCH + tc + columns / 2 + i];
                }
                for (int i = 0; i < SIDE; i++) {
                    for (int j = 0; j < SIDE; j++) {
                        sums[i * SIDE + j] += l[i] * r[j];
                    }
                }
            }
            for (int e = 0; e < TERMS; e++) {
                tiles[to + lane + e * PITCH] = fa[e];
            }
            for (int e = 0; e < TERMS / step; e++) {
                tiles[to + toC + e * step * PITCH] = fc[e];
            }
            context.localBarrier();
        }
        int last = ((end - first) / TERMS * TERMS & TERMS) * (STRETCH / TERMS);
        for (int q = TERMS - rest; q < TERMS; q++) {
            sum += tiles[last + q * PITCH + lane];
            for (int i = 0; i < HALF; i++) {
                l[i] = tiles[last + q * PITCH + tr + i];
                l[i + HALF] = tiles[last + q * PITCH + tr + rows / 2 + i];
                r[i] = tiles[last + q * PITCH + tc + i];
                r[i + HALF] = tiles[last + q * PITCH + tc + columns / 2 + i];
            }
            for (int i = 0; i < SIDE; i++) {
                for (int j = 0; j < SIDE; j++) {
                    sums[i * SIDE + j] += l[i] * r[j];
                }
            }
        }
        int begin = part * (n * m + n);
        int w0 = parts == 1 ? layer[layer0 + 2] : begin;
        int sums0 = parts == 1 ? layer[layer0 + 3] : begin + n * m;
        if (summed * below(column0, 1) == 1) {
            y[sums0 + row0 + lane] = sum;
        }
        int column = lane % columns;
        int put = tr * (PITCH / HALF) + tc - TERMS * PITCH;
        int get = lane / columns * PITCH + column;
        int y0 = w0 + (row0 + lane / columns * HALF) * m + column0 + column;
        for (int i = 0; i < SIDE; i++) {
            context.localBarrier();
            for (int j = 0; j < HALF; j++) {
                tiles[put + j] = sums[i * SIDE + j];
                tiles[put + columns / 2 + j] = sums[i * SIDE + HALF + j];
            }
            context.localBarrier();
            for (int e = 0; e < SIDE; e++) {
                y[y0 + (i % HALF + i / HALF * (rows / 2) + e * step * HALF) * m] = tiles[get + e * step * PITCH];
            }
        }
    }

    /// Adds up the parts of `weightGradient` in their order: W, and behind it the column sums where they are wanted.
    ///
    /// @param size numbers of W
    /// @param all numbers of W, and of the column sums
    /// @param pitch numbers from one part to the next
    /// @param layer offsets of W and of the sums, behind two others
    public static void sumParts(KernelContext context, float[] parts, float[] y, int size, int all, int pitch,
            int count,
            int[] layer, int layer0) {
        int i = context.groupIdx * GroupKernels.LANES + context.localIdx;
        int w0 = layer[layer0 + 2];
        int sums0 = layer[layer0 + 3] - size;
        int w = below(i, size);
        if (i < all) {
            float sum = 0f;
            for (int p = 0; p < count; p++) {
                sum += parts[p * pitch + i];
            }
            y[w * w0 + (1 - w) * sums0 + i] = sum;
        }
    }

    private static int below(int i, int n) {
        return i < n ? 1 : 0;
    }

    private static int least(int i, int j) {
        return i < j ? i : j;
    }
}
