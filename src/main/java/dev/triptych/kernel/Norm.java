package dev.triptych.kernel;

import uk.ac.manchester.tornado.api.annotations.Parallel;

/// Normalisation of rows: layer norm, and division by the Euclidean length.
public final class Norm {
    private Norm() {
    }

    /// `moments[r] = (mean, 1 / sqrt(variance + eps))` of row r, with the biased variance. x (n x d), moments (n x 2).
    public static void rowMoments(float[] x, int x0, float[] moments, int moments0, int n, int d, float eps) {
        for (@Parallel int r = 0; r < n; r++) {
            int row = x0 + r * d;
            float sum = 0f;
            for (int j = 0; j < d; j++) {
                sum += x[row + j];
            }
            float mean = sum / d;
            // a second pass: the mean of squares minus the square of the mean would cancel
            float squares = 0f;
            for (int j = 0; j < d; j++) {
                float c = x[row + j] - mean;
                squares += c * c;
            }
            moments[moments0 + 2 * r] = mean;
            moments[moments0 + 2 * r + 1] = 1f / Scalar.sqrt(squares / d + eps);
        }
    }

    /// y = (x - mean) rstd * gain + shift, row by row. x, y (n x d), moments (n x 2), gain, shift (d).
    public static void layerNorm(float[] x, int x0, float[] moments, int moments0, float[] gain, int gain0,
            float[] shift, int shift0, float[] y, int y0, int n, int d) {
        for (@Parallel int r = 0; r < n; r++) {
            int row = r * d;
            float mean = moments[moments0 + 2 * r];
            float rstd = moments[moments0 + 2 * r + 1];
            for (int j = 0; j < d; j++) {
                y[y0 + row + j] = (x[x0 + row + j] - mean) * rstd * gain[gain0 + j] + shift[shift0 + j];
            }
        }
    }

    /// dx = rstd (g - mean(g) - xhat mean(g xhat)) with g = dy * gain, xhat = (x - mean) rstd.
    public static void layerNormGradient(float[] x, int x0, float[] moments, int moments0, float[] gain, int gain0,
            float[] dy, int dy0, float[] dx, int dx0, int n, int d) {
        for (@Parallel int r = 0; r < n; r++) {
            int row = r * d;
            float mean = moments[moments0 + 2 * r];
            float rstd = moments[moments0 + 2 * r + 1];
            // the means of g and of g xhat
            float sum = 0f;
            float dot = 0f;
            for (int j = 0; j < d; j++) {
                float g = dy[dy0 + row + j] * gain[gain0 + j];
                sum += g;
                dot += g * (x[x0 + row + j] - mean) * rstd;
            }
            sum = sum / d;
            dot = dot / d;
            // what mean and variance take off
            for (int j = 0; j < d; j++) {
                float g = dy[dy0 + row + j] * gain[gain0 + j];
                dx[dx0 + row + j] = rstd * (g - sum - (x[x0 + row + j] - mean) * rstd * dot);
            }
        }
    }

    /// part[c, j] = sum of dy[r, j] xhat[r, j] over the rows r of chunk c: the gradient of the gain, by chunks.
    public static void layerNormGainPartial(float[] x, int x0, float[] moments, int moments0, float[] dy, int dy0,
            float[] part, int part0, int n, int d, int chunks) {
        for (@Parallel int c = 0; c < chunks; c++) {
            int size = (n + chunks - 1) / chunks;
            int first = c * size;
            int last = first + size < n ? first + size : n;
            int sums = part0 + c * d;
            for (int j = 0; j < d; j++) {
                part[sums + j] = 0f;
            }
            for (int r = first; r < last; r++) {
                int row = r * d;
                float mean = moments[moments0 + 2 * r];
                float rstd = moments[moments0 + 2 * r + 1];
                for (int j = 0; j < d; j++) {
                    part[sums + j] += dy[dy0 + row + j] * (x[x0 + row + j] - mean) * rstd;
                }
            }
        }
    }

    /// `length[r] = max(|x_r|, eps)`. x (n x d), length (n).
    public static void rowLengths(float[] x, int x0, float[] length, int length0, int n, int d, float eps) {
        for (@Parallel int r = 0; r < n; r++) {
            int row = x0 + r * d;
            float squares = 0f;
            for (int j = 0; j < d; j++) {
                squares += x[row + j] * x[row + j];
            }
            float norm = Scalar.sqrt(squares);
            length[length0 + r] = norm < eps ? eps : norm;
        }
    }

    /// u = x / length, row by row.
    public static void divideRows(float[] x, int x0, float[] length, int length0, float[] u, int u0, int n, int d) {
        for (@Parallel int i = 0; i < n * d; i++) {
            u[u0 + i] = x[x0 + i] / length[length0 + i / d];
        }
    }

    /// dx = (du - u (u . du)) / length where the row is longer than eps, du / length where it was clamped.
    public static void divideRowsGradient(float[] u, int u0, float[] length, int length0, float[] du, int du0,
            float[] dx, int dx0, int n, int d, float eps) {
        for (@Parallel int r = 0; r < n; r++) {
            int row = r * d;
            float norm = length[length0 + r];
            float dot = 0f;
            for (int j = 0; j < d; j++) {
                dot += u[u0 + row + j] * du[du0 + row + j];
            }
            // the part along u would change the length, which is 1 unless it was clamped
            float along = norm > eps ? dot : 0f;
            for (int j = 0; j < d; j++) {
                dx[dx0 + row + j] = (du[du0 + row + j] - u[u0 + row + j] * along) / norm;
            }
        }
    }
}
