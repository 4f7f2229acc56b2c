package dev.triptych.kernel;

import uk.ac.manchester.tornado.api.annotations.Parallel;

/// Matrix products. Matrices are row-major; a leading b counts independent products of one shape.
///
/// The three products of a linear layer y = x W^T are `linear` (or `productTransposed`) forward, `product` for
/// dx = dy W, and `transposedProduct` for dW = dy^T x.
public final class Linear {
    private Linear() {
    }

    /// y = x W^T + bias. x (n x in), w (out x in), bias (out), y (n x out).
    public static void linear(float[] x, int x0, float[] w, int w0, float[] bias, int bias0, float[] y, int y0, int n,
            int in, int out) {
        for (@Parallel int i = 0; i < n * out; i++) {
            int r = i / out;
            int o = i - r * out;
            int row = x0 + r * in;
            int weights = w0 + o * in;
            float sum = bias[bias0 + o];
            for (int k = 0; k < in; k++) {
                sum += x[row + k] * w[weights + k];
            }
            y[y0 + i] = sum;
        }
    }

    /// Y_b = A_b C_b. a (b x n x k), c (b x k x m), y (b x n x m).
    public static void product(float[] a, int a0, float[] c, int c0, float[] y, int y0, int b, int n, int k, int m) {
        for (@Parallel int i = 0; i < b * n * m; i++) {
            int row = i / m;
            int j = i - row * m;
            int block = row / n;
            float sum = 0f;
            for (int l = 0; l < k; l++) {
                sum += a[a0 + row * k + l] * c[c0 + (block * k + l) * m + j];
            }
            y[y0 + i] = sum;
        }
    }

    /// Y_b = A_b C_b^T. a (b x n x k), c (b x m x k), y (b x n x m).
    public static void productTransposed(float[] a, int a0, float[] c, int c0, float[] y, int y0, int b, int n, int k,
            int m) {
        for (@Parallel int i = 0; i < b * n * m; i++) {
            int row = i / m;
            int j = i - row * m;
            int block = row / n;
            float sum = 0f;
            for (int l = 0; l < k; l++) {
                sum += a[a0 + row * k + l] * c[c0 + (block * m + j) * k + l];
            }
            y[y0 + i] = sum;
        }
    }

    /// Y_b = A_b^T C_b. a (b x k x n), c (b x k x m), y (b x n x m).
    public static void transposedProduct(float[] a, int a0, float[] c, int c0, float[] y, int y0, int b, int n, int k,
            int m) {
        for (@Parallel int i = 0; i < b * n * m; i++) {
            int row = i / m;
            int j = i - row * m;
            int block = row / n;
            int column = row - block * n;
            float sum = 0f;
            for (int l = 0; l < k; l++) {
                sum += a[a0 + (block * k + l) * n + column] * c[c0 + (block * k + l) * m + j];
            }
            y[y0 + i] = sum;
        }
    }
}
