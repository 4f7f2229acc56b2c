package dev.triptych.kernel;

import uk.ac.manchester.tornado.api.annotations.Parallel;

/// Softmax over rows, and the cross-entropies on it. All subtract the row's maximum first.
public final class Softmax {
    private Softmax() {
    }

    /// y_r = softmax(scale x_r). x, y (n x d).
    public static void softmaxRows(float[] x, int x0, float[] y, int y0, int n, int d, float scale) {
        for (@Parallel int r = 0; r < n; r++) {
            int row = r * d;
            float top = scale * x[x0 + row];
            for (int j = 1; j < d; j++) {
                float v = scale * x[x0 + row + j];
                top = v > top ? v : top;
            }
            float sum = 0f;
            for (int j = 0; j < d; j++) {
                float e = Scalar.exp(scale * x[x0 + row + j] - top);
                y[y0 + row + j] = e;
                sum += e;
            }
            for (int j = 0; j < d; j++) {
                y[y0 + row + j] = y[y0 + row + j] / sum;
            }
        }
    }

    /// dx = scale y (dy - y . dy), row by row.
    public static void softmaxGradient(float[] y, int y0, float[] dy, int dy0, float[] dx, int dx0, int n, int d,
            float scale) {
        for (@Parallel int r = 0; r < n; r++) {
            int row = r * d;
            float dot = 0f;
            for (int j = 0; j < d; j++) {
                dot += y[y0 + row + j] * dy[dy0 + row + j];
            }
            for (int j = 0; j < d; j++) {
                dx[dx0 + row + j] = scale * y[y0 + row + j] * (dy[dy0 + row + j] - dot);
            }
        }
    }

    /// `loss[r] = - sum_c q[target[r], c] log softmax(scale x_r)_c`, cross-entropy against given distributions.
    /// x (n x d), q (any x d), target (n) rows of q, loss (n).
    public static void softCrossEntropy(float[] x, int x0, float[] q, int q0, int[] target, int target0, float[] loss,
            int loss0, int n, int d, float scale) {
        for (@Parallel int r = 0; r < n; r++) {
            int row = x0 + r * d;
            int wanted = q0 + target[target0 + r] * d;
            float logSum = logSumExp(x, row, d, scale);
            float sum = 0f;
            for (int c = 0; c < d; c++) {
                sum += q[wanted + c] * (logSum - scale * x[row + c]);
            }
            loss[loss0 + r] = sum;
        }
    }

    /// `dx_r = scale dloss[r] (softmax(scale x_r) sum(q) - q)`, q the target row of r.
    public static void softCrossEntropyGradient(float[] x, int x0, float[] q, int q0, int[] target, int target0,
            float[] dloss, int dloss0, float[] dx, int dx0, int n, int d, float scale) {
        for (@Parallel int r = 0; r < n; r++) {
            int row = r * d;
            int wanted = q0 + target[target0 + r] * d;
            float logSum = logSumExp(x, x0 + row, d, scale);
            // the sum of q, which need not be 1
            float mass = 0f;
            for (int c = 0; c < d; c++) {
                mass += q[wanted + c];
            }
            float g = scale * dloss[dloss0 + r];
            for (int c = 0; c < d; c++) {
                float p = Scalar.exp(scale * x[x0 + row + c] - logSum);
                dx[dx0 + row + c] = g * (p * mass - q[wanted + c]);
            }
        }
    }

    /// `loss[r] = -(1 - s) log p[label] - s/d sum_c log p_c` with p = softmax(x_r) and label smoothing s.
    /// A row whose label equals `ignore` has loss 0. x (n x d), label (n), loss (n).
    public static void crossEntropy(float[] x, int x0, int[] label, int label0, float[] loss, int loss0, int n, int d,
            float smoothing, int ignore) {
        for (@Parallel int r = 0; r < n; r++) {
            int row = x0 + r * d;
            int target = label[label0 + r];
            float logSum = logSumExp(x, row, d, 1f);
            float sum = 0f;
            for (int c = 0; c < d; c++) {
                float q = smoothing / d + (c == target ? 1f - smoothing : 0f);
                sum += q * (logSum - x[row + c]);
            }
            loss[loss0 + r] = target == ignore ? 0f : sum;
        }
    }

    /// `dx_r = dloss[r] (softmax(x_r) - q)`, q the smoothed label; 0 for an ignored row.
    public static void crossEntropyGradient(float[] x, int x0, int[] label, int label0, float[] dloss, int dloss0,
            float[] dx, int dx0, int n, int d, float smoothing, int ignore) {
        for (@Parallel int r = 0; r < n; r++) {
            int row = r * d;
            int target = label[label0 + r];
            float logSum = logSumExp(x, x0 + row, d, 1f);
            float g = target == ignore ? 0f : dloss[dloss0 + r];
            for (int c = 0; c < d; c++) {
                float q = smoothing / d + (c == target ? 1f - smoothing : 0f);
                dx[dx0 + row + c] = g * (Scalar.exp(x[x0 + row + c] - logSum) - q);
            }
        }
    }

    /// log sum exp(scale x) of a row that begins at `at`.
    private static float logSumExp(float[] x, int at, int d, float scale) {
        float top = scale * x[at];
        for (int c = 1; c < d; c++) {
            float v = scale * x[at + c];
            top = v > top ? v : top;
        }
        float sum = 0f;
        for (int c = 0; c < d; c++) {
            sum += Scalar.exp(scale * x[at + c] - top);
        }
        return top + Scalar.log(sum);
    }
}
