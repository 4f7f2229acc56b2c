package dev.triptych.kernel;

import uk.ac.manchester.tornado.api.annotations.Parallel;

/// Symmetric positive definite matrices by their Cholesky factor A = L L^T. A leading b counts independent matrices of
/// one side n. A matrix that is not positive definite gives NaN.
public final class Cholesky {
    private Cholesky() {
    }

    /// y = I + scale x. x, y (b x n x n).
    public static void identityPlus(float[] x, int x0, float[] y, int y0, int b, int n, float scale) {
        for (@Parallel int i = 0; i < b * n * n; i++) {
            int row = i / n;
            float one = i - row * n == row % n ? 1f : 0f;
            y[y0 + i] = one + scale * x[x0 + i];
        }
    }

    /// L, lower triangular with zeros above the diagonal, row by row:
    /// L_ij = (A_ij - sum_{k<j} L_ik L_jk) / L_jj, and L_ii = sqrt(A_ii - sum_{k<i} L_ik^2).
    /// Serial within a matrix: each row needs those before it. gram, l (b x n x n).
    public static void cholesky(float[] gram, int gram0, float[] l, int l0, int b, int n) {
        for (@Parallel int m = 0; m < b; m++) {
            int a = gram0 + m * n * n;
            int first = l0 + m * n * n;
            for (int i = 0; i < n; i++) {
                int row = first + i * n;
                // left of the diagonal, from entries and rows that are done
                for (int j = 0; j < i; j++) {
                    float rest = gram[a + i * n + j];
                    for (int k = 0; k < j; k++) {
                        rest -= l[row + k] * l[first + j * n + k];
                    }
                    l[row + j] = rest / l[first + j * n + j];
                }
                // on it
                float square = gram[a + i * n + i];
                for (int k = 0; k < i; k++) {
                    square -= l[row + k] * l[row + k];
                }
                l[row + i] = Scalar.sqrt(square);
                // right of it
                for (int j = i + 1; j < n; j++) {
                    l[row + j] = 0f;
                }
            }
        }
    }

    /// `y[m] = sum_k log L_kk = (log det A) / 2`. l (b x n x n), y (b).
    public static void choleskyLogDiagonal(float[] l, int l0, float[] y, int y0, int b, int n) {
        for (@Parallel int m = 0; m < b; m++) {
            float sum = 0f;
            for (int k = 0; k < n; k++) {
                sum += Scalar.log(l[l0 + (m * n + k) * n + k]);
            }
            y[y0 + m] = sum;
        }
    }

    /// A^-1, each row by two triangular solves: L v = e_r, whose first r entries are 0, then L^T x = v from the last
    /// entry on. l, inverse (b x n x n).
    public static void choleskyInverse(float[] l, int l0, float[] inverse, int inverse0, int b, int n) {
        for (@Parallel int i = 0; i < b * n; i++) {
            int r = i % n;
            int first = l0 + (i - r) * n;
            int row = inverse0 + i * n;
            // L v = e_r
            for (int j = 0; j < n; j++) {
                float sum = j == r ? 1f : 0f;
                for (int k = r; k < j; k++) {
                    sum -= l[first + j * n + k] * inverse[row + k];
                }
                inverse[row + j] = sum / l[first + j * n + j];
            }
            // L^T x = v: an entry that is done is taken off those before it, so that L is read along its rows
            for (int back = 0; back < n; back++) {
                int j = n - 1 - back;
                float x = inverse[row + j] / l[first + j * n + j];
                inverse[row + j] = x;
                for (int k = 0; k < j; k++) {
                    inverse[row + k] -= l[first + j * n + k] * x;
                }
            }
        }
    }
}
