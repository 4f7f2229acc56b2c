package dev.triptych.kernel;

import uk.ac.manchester.tornado.api.annotations.Parallel;

/// Losses that compare values, and the Dice overlap.
public final class Loss {
    private Loss() {
    }

    /// `loss[r] = sum_j (a[r, j] - b[r, j])^2`. a, b (n x d).
    public static void squaredErrorRows(float[] a, int a0, float[] b, int b0, float[] loss, int loss0, int n, int d) {
        for (@Parallel int r = 0; r < n; r++) {
            int row = r * d;
            float sum = 0f;
            for (int j = 0; j < d; j++) {
                float e = a[a0 + row + j] - b[b0 + row + j];
                sum += e * e;
            }
            loss[loss0 + r] = sum;
        }
    }

    /// `da[r, j] = 2 dloss[r] (a[r, j] - b[r, j])`.
    public static void squaredErrorGradient(float[] a, int a0, float[] b, int b0, float[] dloss, int dloss0, float[] da,
            int da0, int n, int d) {
        for (@Parallel int i = 0; i < n * d; i++) {
            da[da0 + i] = 2f * dloss[dloss0 + i / d] * (a[a0 + i] - b[b0 + i]);
        }
    }

    /// `y[r] = a_r . b_r`. a, b (n x d).
    public static void rowDots(float[] a, int a0, float[] b, int b0, float[] y, int y0, int n, int d) {
        for (@Parallel int r = 0; r < n; r++) {
            int row = r * d;
            float sum = 0f;
            for (int j = 0; j < d; j++) {
                sum += a[a0 + row + j] * b[b0 + row + j];
            }
            y[y0 + r] = sum;
        }
    }

    /// `da[r, j] = dy[r] b[r, j]`: the adjoint of row dots.
    public static void rowDotsGradient(float[] dy, int dy0, float[] b, int b0, float[] da, int da0, int n, int d) {
        for (@Parallel int i = 0; i < n * d; i++) {
            da[da0 + i] = dy[dy0 + i / d] * b[b0 + i];
        }
    }

    /// `overlap[c] = (sum p_c y_c, sum p_c, sum y_c)` over the rows whose label is not `ignore`, y the one-hot label.
    /// p (n x classes), label (n), overlap (classes x 3).
    public static void diceOverlap(float[] p, int p0, int[] label, int label0, float[] overlap, int overlap0, int n,
            int classes, int ignore) {
        for (@Parallel int c = 0; c < classes; c++) {
            float both = 0f;
            float predicted = 0f;
            float actual = 0f;
            for (int r = 0; r < n; r++) {
                int target = label[label0 + r];
                float value = target == ignore ? 0f : p[p0 + r * classes + c];
                float one = target == ignore ? 0f : 1f;
                predicted += value;
                both += target == c ? value : 0f;
                actual += target == c ? one : 0f;
            }
            overlap[overlap0 + 3 * c] = both;
            overlap[overlap0 + 3 * c + 1] = predicted;
            overlap[overlap0 + 3 * c + 2] = actual;
        }
    }

    /// `loss[c] = 1 - (2 both_c + smooth) / (predicted_c + actual_c + smooth)`.
    public static void diceLoss(float[] overlap, int overlap0, float[] loss, int loss0, int classes, float smooth) {
        for (@Parallel int c = 0; c < classes; c++) {
            float both = overlap[overlap0 + 3 * c];
            float union = overlap[overlap0 + 3 * c + 1] + overlap[overlap0 + 3 * c + 2];
            loss[loss0 + c] = 1f - (2f * both + smooth) / (union + smooth);
        }
    }

    /// dp of the Dice loss: dloss_c (-2 y_c / (union + smooth) + (2 both + smooth) / (union + smooth)^2), 0 if ignored.
    public static void diceGradient(float[] overlap, int overlap0, int[] label, int label0, float[] dloss, int dloss0,
            float[] dp, int dp0, int n, int classes, float smooth, int ignore) {
        for (@Parallel int i = 0; i < n * classes; i++) {
            int r = i / classes;
            int c = i - r * classes;
            int target = label[label0 + r];
            float both = overlap[overlap0 + 3 * c];
            float union = overlap[overlap0 + 3 * c + 1] + overlap[overlap0 + 3 * c + 2] + smooth;
            // the quotient's derivative: first what the union adds, then what the overlap takes off
            float g = ((2f * both + smooth) / union - (target == c ? 2f : 0f)) / union;
            dp[dp0 + i] = target == ignore ? 0f : dloss[dloss0 + c] * g;
        }
    }
}
