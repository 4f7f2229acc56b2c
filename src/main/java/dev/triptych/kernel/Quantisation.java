package dev.triptych.kernel;

import uk.ac.manchester.tornado.api.annotations.Parallel;

/// Vector quantisation: nearest codes, and the averages that a codebook consists of.
public final class Quantisation {
    private Quantisation() {
    }

    /// `code[r]` = the k with the smallest |x_r - c_k|^2, the lowest of equals. x (n x d), c (codes x d), code (n).
    public static void nearestCodes(float[] x, int x0, float[] c, int c0, int[] code, int code0, int n, int codes,
            int d) {
        for (@Parallel int r = 0; r < n; r++) {
            int row = x0 + r * d;
            int best = 0;
            float least = 0f;
            for (int k = 0; k < codes; k++) {
                int vector = c0 + k * d;
                float sum = 0f;
                for (int j = 0; j < d; j++) {
                    float difference = x[row + j] - c[vector + j];
                    sum += difference * difference;
                }
                if (k == 0 || sum < least) {
                    least = sum;
                    best = k;
                }
            }
            code[code0 + r] = best;
        }
    }

    /// `y[r] = c[code[r]]`. c (any x d), code (n), y (n x d).
    public static void codeVectors(float[] c, int c0, int[] code, int code0, float[] y, int y0, int n, int d) {
        for (@Parallel int i = 0; i < n * d; i++) {
            int r = i / d;
            int j = i - r * d;
            y[y0 + i] = c[c0 + code[code0 + r] * d + j];
        }
    }

    /// `count[k]` = number of rows with code k. code (n), count (codes).
    public static void codeCounts(int[] code, int code0, float[] count, int count0, int n, int codes) {
        for (@Parallel int k = 0; k < codes; k++) {
            float sum = 0f;
            for (int r = 0; r < n; r++) {
                sum += code[code0 + r] == k ? 1f : 0f;
            }
            count[count0 + k] = sum;
        }
    }

    /// `sums[k]` = sum of the rows with code k. x (n x d), code (n), sums (codes x d).
    public static void codeSums(float[] x, int x0, int[] code, int code0, float[] sums, int sums0, int n, int codes,
            int d) {
        for (@Parallel int k = 0; k < codes; k++) {
            int sum = sums0 + k * d;
            for (int j = 0; j < d; j++) {
                sums[sum + j] = 0f;
            }
            // gathered: each code looks for its rows
            for (int r = 0; r < n; r++) {
                if (code[code0 + r] == k) {
                    for (int j = 0; j < d; j++) {
                        sums[sum + j] += x[x0 + r * d + j];
                    }
                }
            }
        }
    }

    /// Laplace smoothing: `smooth[k] = (count[k] + eps) / (total + codes eps) * total`, total the sum of all counts.
    public static void smoothCounts(float[] count, int count0, float[] smooth, int smooth0, int codes, float eps) {
        for (@Parallel int k = 0; k < codes; k++) {
            float total = 0f;
            for (int i = 0; i < codes; i++) {
                total += count[count0 + i];
            }
            smooth[smooth0 + k] = (count[count0 + k] + eps) / (total + codes * eps) * total;
        }
    }

    /// `c[k] = sums[k] / count[k]`. sums and c (codes x d), count (codes).
    public static void codeMeans(float[] sums, int sums0, float[] count, int count0, float[] c, int c0, int codes,
            int d) {
        for (@Parallel int i = 0; i < codes * d; i++) {
            c[c0 + i] = sums[sums0 + i] / count[count0 + i / d];
        }
    }
}
