package dev.triptych.device.tornado;

import dev.triptych.kernel.Scalar;
import uk.ac.manchester.tornado.api.KernelContext;

/// Versions of kernels for graphics cards: products by tiles in local memory, and rows, columns and blocks that the
/// lanes of a group share, so that neighbours read neighbours. Each stands beside the kernel of its name in package
/// `kernel`, which says what it computes, and the table of kernels compares the two.
///
/// Parameters are a context and those of the kernel's layer form: arrays, sizes, the table of offsets and where in it
/// those of this task begin, and likewise of constants. Sums are those of [#LANES] lanes, added in their order.
///
/// Every lane adds up all parts itself: one barrier, where a tree of sums has one for each of its levels.
///
/// Local arrays are never handed to a helper: TornadoVM then addresses them as if they had the header of a Java array,
/// far beyond their end, and in numbers of bytes. The results are right, until something else lay there.
public final class GroupKernels {
    /// Lanes of a group that shares a row or a block.
    static final int LANES = 64;

    /// Rows and columns of a product that a group computes.
    static final int TILE = 32;

    private static final int HALF = TILE / 2;

    /// Lanes of a group that computes a tile: each has two rows and two columns, half a tile apart.
    static final int TILE_LANES = HALF * HALF;

    /// Terms of the sums that are fetched at a time.
    private static final int TERMS = 16;

    /// Numbers from one row in local memory to the next: one more than terms, so that the rows begin in other banks.
    private static final int PITCH = TERMS + 1;

    private GroupKernels() {
    }

    /// Y_b = A_b C_b (+ bias in each row), with A_b (n x k) and C_b (k x m) read with strides, so that one kernel
    /// serves all four products: a[row aRow + inner aInner], c[inner cInner + column cColumn]. Where a tile reaches
    /// beyond a side, it repeats the last row, column or term, of which nothing is added or stored.
    ///
    /// @param bias is read where `biased` is 1; its offset then stands before the output's
    public static void product(KernelContext context, float[] a, float[] c, float[] bias, float[] y, int n, int k,
            int m, int aRow, int aInner, int cInner, int cColumn, int biased, int[] layer, int layer0) {
        float[] left = context.allocateFloatLocalArray(TILE * PITCH);
        float[] right = context.allocateFloatLocalArray(TILE * PITCH);
        int lane = context.localIdx;
        int group = context.groupIdx;
        int down = (n + TILE - 1) / TILE;
        int across = (m + TILE - 1) / TILE;
        int block = group / (down * across);
        int tile = group - block * down * across;
        int row0 = tile / across * TILE;
        int column0 = (tile - tile / across * across) * TILE;
        int a0 = layer[layer0] + block * n * k;
        int c0 = layer[layer0 + 1] + block * k * m;
        int y0 = layer[layer0 + 2 + biased] + block * n * m;
        int tr = lane / HALF;
        int tc = lane - tr * HALF;
        float s00 = 0f;
        float s01 = 0f;
        float s10 = 0f;
        float s11 = 0f;
        for (int k0 = 0; k0 < k; k0 += TERMS) {
            // lanes fetch the terms of both operands: neighbours fetch neighbours, whichever axis those lie along
            for (int i = lane; i < TILE * TERMS; i += TILE_LANES) {
                int ar = aInner == 1 ? i / TERMS : i % TILE;
                int ak = aInner == 1 ? i % TERMS : i / TILE;
                left[ar * PITCH + ak] = a[a0 + least(row0 + ar, n - 1) * aRow + least(k0 + ak, k - 1) * aInner];
                int cc = cInner == 1 ? i / TERMS : i % TILE;
                int ck = cInner == 1 ? i % TERMS : i / TILE;
                right[cc * PITCH + ck] = c[c0 + least(k0 + ck, k - 1) * cInner + least(column0 + cc, m - 1) * cColumn];
            }
            context.localBarrier();
            // each lane adds them to its two by two sums: four products for four numbers read
            int terms = k / TERMS * TERMS == k ? TERMS : least(k - k0, TERMS);
            for (int q = 0; q < terms; q++) {
                float l0 = left[tr * PITCH + q];
                float l1 = left[(tr + HALF) * PITCH + q];
                float r0 = right[tc * PITCH + q];
                float r1 = right[(tc + HALF) * PITCH + q];
                s00 += l0 * r0;
                s01 += l0 * r1;
                s10 += l1 * r0;
                s11 += l1 * r1;
            }
            context.localBarrier();
        }
        // lanes own rows and columns half a tile apart, so that neighbours write neighbours
        int r = row0 + tr;
        int j = column0 + tc;
        if (biased == 1) {
            int bias0 = layer[layer0 + 2];
            float b0 = bias[bias0 + least(j, m - 1)];
            float b1 = bias[bias0 + least(j + HALF, m - 1)];
            s00 += b0;
            s01 += b1;
            s10 += b0;
            s11 += b1;
        }
        int at = y0 + r * m + j;
        if (below(r, n) * below(j, m) == 1) {
            y[at] = s00;
        }
        if (below(r, n) * below(j + HALF, m) == 1) {
            y[at + HALF] = s01;
        }
        if (below(r + HALF, n) * below(j, m) == 1) {
            y[at + HALF * m] = s10;
        }
        if (below(r + HALF, n) * below(j + HALF, m) == 1) {
            y[at + HALF * m + HALF] = s11;
        }
    }

    /// A group for each row.
    public static void softmaxRows(KernelContext context, float[] x, float[] y, int n, int d, int[] layer, int layer0,
            float[] number, int number0) {
        float scale = number[number0];
        float[] shared = context.allocateFloatLocalArray(LANES);
        int lane = context.localIdx;
        int row = context.groupIdx;
        int x0 = layer[layer0] + row * d;
        int y0 = layer[layer0 + 1] + row * d;
        // every lane begins with a number of the row, since d may be less than lanes
        float top = scale * x[x0];
        for (int j = lane; j < d; j += LANES) {
            float v = scale * x[x0 + j];
            top = v > top ? v : top;
        }
        shared[lane] = top;
        context.localBarrier();
        for (int q = 0; q < LANES; q++) {
            float other = shared[q];
            top = other > top ? other : top;
        }
        // all have read before parts of the sum are written there
        context.localBarrier();
        float part = 0f;
        for (int j = lane; j < d; j += LANES) {
            part += Scalar.exp(scale * x[x0 + j] - top);
        }
        shared[lane] = part;
        context.localBarrier();
        float sum = 0f;
        for (int q = 0; q < LANES; q++) {
            sum += shared[q];
        }
        // computed once more, so that nothing is written before it is final
        for (int j = lane; j < d; j += LANES) {
            y[y0 + j] = Scalar.exp(scale * x[x0 + j] - top) / sum;
        }
    }

    /// A group for each row.
    public static void softmaxGradient(KernelContext context, float[] y, float[] dy, float[] dx, int n, int d,
            int[] layer, int layer0, float[] number, int number0) {
        float scale = number[number0];
        float[] shared = context.allocateFloatLocalArray(LANES);
        int lane = context.localIdx;
        int row = context.groupIdx;
        int y0 = layer[layer0] + row * d;
        int dy0 = layer[layer0 + 1] + row * d;
        int dx0 = layer[layer0 + 2] + row * d;
        float part = 0f;
        for (int j = lane; j < d; j += LANES) {
            part += y[y0 + j] * dy[dy0 + j];
        }
        shared[lane] = part;
        context.localBarrier();
        float dot = 0f;
        for (int q = 0; q < LANES; q++) {
            dot += shared[q];
        }
        for (int j = lane; j < d; j += LANES) {
            dx[dx0 + j] = scale * y[y0 + j] * (dy[dy0 + j] - dot);
        }
    }

    /// A group for each row.
    public static void rowMoments(KernelContext context, float[] x, float[] moments, int n, int d, int[] layer,
            int layer0, float[] number, int number0) {
        float eps = number[number0];
        float[] shared = context.allocateFloatLocalArray(LANES);
        int lane = context.localIdx;
        int row = context.groupIdx;
        int x0 = layer[layer0] + row * d;
        int moments0 = layer[layer0 + 1] + 2 * row;
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
        if (lane == 0) {
            moments[moments0] = mean;
            moments[moments0 + 1] = 1f / Scalar.sqrt(squares / d + eps);
        }
    }

    /// A group for each row.
    public static void layerNorm(KernelContext context, float[] x, float[] moments, float[] gain, float[] shift,
            float[] y, int n, int d, int[] layer, int layer0) {
        int lane = context.localIdx;
        int row = context.groupIdx;
        int x0 = layer[layer0] + row * d;
        int moments0 = layer[layer0 + 1] + 2 * row;
        int gain0 = layer[layer0 + 2];
        int shift0 = layer[layer0 + 3];
        int y0 = layer[layer0 + 4] + row * d;
        float mean = moments[moments0];
        float rstd = moments[moments0 + 1];
        for (int j = lane; j < d; j += LANES) {
            y[y0 + j] = (x[x0 + j] - mean) * rstd * gain[gain0 + j] + shift[shift0 + j];
        }
    }

    /// A group for each row.
    public static void layerNormGradient(KernelContext context, float[] x, float[] moments, float[] gain, float[] dy,
            float[] dx, int n, int d, int[] layer, int layer0) {
        float[] shared = context.allocateFloatLocalArray(2 * LANES);
        int lane = context.localIdx;
        int row = context.groupIdx;
        int x0 = layer[layer0] + row * d;
        int moments0 = layer[layer0 + 1] + 2 * row;
        int gain0 = layer[layer0 + 2];
        int dy0 = layer[layer0 + 3] + row * d;
        int dx0 = layer[layer0 + 4] + row * d;
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
            dx[dx0 + j] = rstd * (g - sum - (x[x0 + j] - mean) * rstd * dot);
        }
    }

    /// A group for some columns of a chunk of rows, a lane for each: neighbours read neighbours in every row.
    public static void columnPartialSums(KernelContext context, float[] x, float[] part, int n, int d, int chunks,
            int[] layer, int layer0) {
        int groups = (d + LANES - 1) / LANES;
        int c = context.groupIdx / groups;
        int j = (context.groupIdx - c * groups) * LANES + context.localIdx;
        int x0 = layer[layer0];
        int part0 = layer[layer0 + 1];
        int size = (n + chunks - 1) / chunks;
        int last = c * size + size < n ? c * size + size : n;
        if (j < d) {
            float sum = 0f;
            for (int r = c * size; r < last; r++) {
                sum += x[x0 + r * d + j];
            }
            part[part0 + c * d + j] = sum;
        }
    }

    /// A group for some columns of a chunk of rows, a lane for each: neighbours read neighbours in every row.
    public static void layerNormGainPartial(KernelContext context, float[] x, float[] moments, float[] dy,
            float[] part, int n, int d, int chunks, int[] layer, int layer0) {
        int groups = (d + LANES - 1) / LANES;
        int c = context.groupIdx / groups;
        int j = (context.groupIdx - c * groups) * LANES + context.localIdx;
        int x0 = layer[layer0];
        int moments0 = layer[layer0 + 1];
        int dy0 = layer[layer0 + 2];
        int part0 = layer[layer0 + 3];
        int size = (n + chunks - 1) / chunks;
        int last = c * size + size < n ? c * size + size : n;
        if (j < d) {
            float sum = 0f;
            for (int r = c * size; r < last; r++) {
                float mean = moments[moments0 + 2 * r];
                float rstd = moments[moments0 + 2 * r + 1];
                sum += dy[dy0 + r * d + j] * (x[x0 + r * d + j] - mean) * rstd;
            }
            part[part0 + c * d + j] = sum;
        }
    }

    /// A group for each block.
    public static void blockSquares(KernelContext context, float[] g, int[] block, float[] squares, int blocks,
            int[] layer, int layer0) {
        float[] shared = context.allocateFloatLocalArray(LANES);
        int lane = context.localIdx;
        int i = context.groupIdx;
        int block0 = layer[layer0 + 1];
        int first = layer[layer0] + block[block0 + 3 * i];
        int n = block[block0 + 3 * i + 1];
        int squares0 = layer[layer0 + 2];
        float part = 0f;
        for (int j = lane; j < n; j += LANES) {
            part += g[first + j] * g[first + j];
        }
        shared[lane] = part;
        context.localBarrier();
        float sum = 0f;
        for (int q = 0; q < LANES; q++) {
            sum += shared[q];
        }
        if (lane == 0) {
            squares[squares0 + i] = sum;
        }
    }

    /// A group for each block.
    public static void adamw(KernelContext context, float[] g, int[] block, int[] group, float[] factor, float[] rate,
            float[] m, float[] v, float[] p, int blocks, int[] layer, int layer0, float[] number, int number0) {
        float fresh1 = number[number0];
        float fresh2 = number[number0 + 1];
        float eps = number[number0 + 2];
        int lane = context.localIdx;
        int i = context.groupIdx;
        int g0 = layer[layer0];
        int block0 = layer[layer0 + 1];
        int group0 = layer[layer0 + 2];
        int factor0 = layer[layer0 + 3];
        int rate0 = layer[layer0 + 4];
        int m0 = layer[layer0 + 5];
        int v0 = layer[layer0 + 6];
        int p0 = layer[layer0 + 7];
        int first = block[block0 + 3 * i];
        int n = block[block0 + 3 * i + 1];
        int r = rate0 + 4 * block[block0 + 3 * i + 2];
        float clip = factor[factor0 + group[group0 + i]];
        // 0: a norm is not finite, and nothing is changed
        int count = clip == 0f ? 0 : n;
        for (int j = first + lane; j < first + count; j += LANES) {
            float gradient = g[g0 + j] * clip;
            float mean = (1f - fresh1) * m[m0 + j] + fresh1 * gradient;
            float square = (1f - fresh2) * v[v0 + j] + fresh2 * gradient * gradient;
            m[m0 + j] = mean;
            v[v0 + j] = square;
            float step = mean / rate[r + 2] / (Scalar.sqrt(square / rate[r + 3]) + eps);
            p[p0 + j] = p[p0 + j] - rate[r + 1] * p[p0 + j] - rate[r] * step;
        }
    }

    // 1 or 0. Products of these stand for `&&`, of which no side may turn out constant.
    private static int below(int i, int n) {
        return i < n ? 1 : 0;
    }

    private static int least(int i, int j) {
        return i < j ? i : j;
    }
}
