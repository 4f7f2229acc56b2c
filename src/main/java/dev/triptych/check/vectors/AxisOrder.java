package dev.triptych.check.vectors;

import java.util.function.IntUnaryOperator;

/// Other orders of the same numbers: the files keep axes as frameworks do, programs keep rows.
final class AxisOrder {
    private AxisOrder() {
    }

    /// `y[i] = x[from(i)]` for n numbers.
    static float[] pick(float[] x, int n, IntUnaryOperator from) {
        float[] y = new float[n];
        for (int i = 0; i < n; i++) {
            y[i] = x[from.applyAsInt(i)];
        }
        return y;
    }

    /// The transposed matrix of x (rows x columns).
    static float[] transpose(float[] x, int rows, int columns) {
        return pick(x, rows * columns, i -> i % rows * columns + i / rows);
    }

    /// Where the numbers of maps as rows (batch places, channels) lie among those of (batch, channels, places). With
    /// both sides exchanged, the way back.
    static int[] rows(int batch, int channels, int places) {
        int[] from = count(batch * channels * places);
        for (int i = 0; i < from.length; i++) {
            int place = i / channels % places;
            from[i] = (i / channels / places * channels + i % channels) * places + place;
        }
        return from;
    }

    /// Fused projections (batch * n, 3 width), the part q, k or v (0, 1, 2) as (batch, heads, n, width / heads).
    static float[] heads(float[] qkv, int part, int batch, int heads, int n, int width) {
        int size = width / heads;
        return pick(qkv, batch * n * width, i -> {
            int c = i % size;
            int r = i / size % n;
            int h = i / size / n % heads;
            int b = i / size / n / heads;
            return (b * n + r) * 3 * width + part * width + h * size + c;
        });
    }

    /// Patch rows (batch * rows * columns, channels * p * p) as images (batch, channels, rows * p, columns * p).
    static float[] images(float[] patches, int batch, int channels, int rows, int columns, int p) {
        return pick(patches, batch * channels * rows * columns * p * p, i -> {
            int x = i % (columns * p);
            int y = i / (columns * p) % (rows * p);
            int c = i / (columns * p) / (rows * p) % channels;
            int b = i / (columns * p) / (rows * p) / channels;
            int patch = (b * rows + y / p) * columns + x / p;
            return ((patch * channels + c) * p + y % p) * p + x % p;
        });
    }

    /// Numbers in the precision of this package.
    static float[] narrow(double[] x) {
        float[] y = new float[x.length];
        for (int i = 0; i < y.length; i++) {
            y[i] = (float) x[i];
        }
        return y;
    }

    /// n times the same number.
    static float[] filled(int n, float value) {
        float[] y = new float[n];
        java.util.Arrays.fill(y, value);
        return y;
    }

    /// 0, 1, ..., n - 1.
    static int[] count(int n) {
        int[] y = new int[n];
        for (int i = 0; i < n; i++) {
            y[i] = i;
        }
        return y;
    }
}
