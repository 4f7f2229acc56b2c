package dev.triptych.kernel;

import uk.ac.manchester.tornado.api.annotations.Parallel;

/// Sums and means in a fixed order: rows are cut into chunks, each chunk is summed by one iteration, and the partial
/// sums are combined in the order of the chunks. The result does not depend on how many threads share the chunks.
public final class Reduce {
    private Reduce() {
    }

    /// part[c, j] = sum of x[r, j] over the rows r of chunk c. x (n x d), part (chunks x d).
    public static void columnPartialSums(float[] x, int x0, float[] part, int part0, int n, int d, int chunks) {
        for (@Parallel int c = 0; c < chunks; c++) {
            int size = (n + chunks - 1) / chunks;
            int first = c * size;
            int last = first + size < n ? first + size : n;
            int sums = part0 + c * d;
            for (int j = 0; j < d; j++) {
                part[sums + j] = 0f;
            }
            for (int r = first; r < last; r++) {
                for (int j = 0; j < d; j++) {
                    part[sums + j] += x[x0 + r * d + j];
                }
            }
        }
    }

    /// `y[j]` = sum over the chunks c of `part[c, j]`. part (chunks x d), y (d).
    public static void combineColumns(float[] part, int part0, float[] y, int y0, int chunks, int d) {
        for (@Parallel int j = 0; j < d; j++) {
            float sum = 0f;
            for (int c = 0; c < chunks; c++) {
                sum += part[part0 + c * d + j];
            }
            y[y0 + j] = sum;
        }
    }

    /// y = scale * sum of x. x (n), y (1).
    public static void scaledSum(float[] x, int x0, float[] y, int y0, int n, float scale) {
        for (@Parallel int i = 0; i < 1; i++) {
            float sum = 0f;
            for (int j = 0; j < n; j++) {
                sum += x[x0 + j];
            }
            y[y0] = sum * scale;
        }
    }

    /// `y[i] = scale * x[0]`: the adjoint of a scaled sum. x (1), y (n).
    public static void broadcastScalar(float[] x, int x0, float[] y, int y0, int n, float scale) {
        for (@Parallel int i = 0; i < n; i++) {
            y[y0 + i] = x[x0] * scale;
        }
    }

    /// y[g, j] = mean over the t rows of group g. x (groups x t x d), y (groups x d).
    public static void groupMeans(float[] x, int x0, float[] y, int y0, int groups, int t, int d) {
        for (@Parallel int i = 0; i < groups * d; i++) {
            int g = i / d;
            int j = i - g * d;
            float sum = 0f;
            for (int r = 0; r < t; r++) {
                sum += x[x0 + (g * t + r) * d + j];
            }
            y[y0 + i] = sum / t;
        }
    }

    /// dx[g, r, j] = dy[g, j] / t: the adjoint of group means.
    public static void groupMeansGradient(float[] dy, int dy0, float[] dx, int dx0, int groups, int t, int d) {
        for (@Parallel int i = 0; i < groups * t * d; i++) {
            int row = i / d;
            int g = row / t;
            dx[dx0 + i] = dy[dy0 + g * d + (i - row * d)] / t;
        }
    }
}
