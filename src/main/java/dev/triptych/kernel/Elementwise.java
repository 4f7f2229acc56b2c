package dev.triptych.kernel;

import uk.ac.manchester.tornado.api.annotations.Parallel;

/// Element by element: sums, copies, masks, ReLU, SiLU and the exact GELU.
public final class Elementwise {
    private Elementwise() {
    }

    /// `y[i] = value`.
    public static void fill(float[] y, int y0, int n, float value) {
        for (@Parallel int i = 0; i < n; i++) {
            y[y0 + i] = value;
        }
    }

    /// y = x.
    public static void copyValues(float[] x, int x0, float[] y, int y0, int n) {
        for (@Parallel int i = 0; i < n; i++) {
            y[y0 + i] = x[x0 + i];
        }
    }

    /// y += x: a further contribution to the gradient of a parameter that several views share.
    public static void accumulate(float[] x, int x0, float[] y, int y0, int n) {
        for (@Parallel int i = 0; i < n; i++) {
            y[y0 + i] += x[x0 + i];
        }
    }

    /// y = alpha a + beta b.
    public static void weightedAdd(float[] a, int a0, float[] b, int b0, float[] y, int y0, int n, float alpha,
            float beta) {
        for (@Parallel int i = 0; i < n; i++) {
            y[y0 + i] = alpha * a[a0 + i] + beta * b[b0 + i];
        }
    }

    /// y = scale x.
    public static void scaleValues(float[] x, int x0, float[] y, int y0, int n, float scale) {
        for (@Parallel int i = 0; i < n; i++) {
            y[y0 + i] = scale * x[x0 + i];
        }
    }

    /// `y[g, r] = x[g, r] + table[r]`: the same table for each of the groups. x (groups x m), table (m).
    public static void addRepeated(float[] x, int x0, float[] table, int table0, float[] y, int y0, int groups,
            int m) {
        for (@Parallel int i = 0; i < groups * m; i++) {
            y[y0 + i] = x[x0 + i] + table[table0 + i % m];
        }
    }

    /// `y[g, j] = x[g, j] * keep[g] * scale`: a mask per group (drop path) or, with m = 1, per element (dropout).
    /// x (groups x m), keep (groups).
    public static void maskGroups(float[] x, int x0, float[] keep, int keep0, float[] y, int y0, int groups, int m,
            float scale) {
        for (@Parallel int i = 0; i < groups * m; i++) {
            y[y0 + i] = x[x0 + i] * keep[keep0 + i / m] * scale;
        }
    }

    /// `y[b, c, t] = x[b, c, t] + bias[c]`. x (batch x channels x inner), bias (channels).
    public static void channelBias(float[] x, int x0, float[] bias, int bias0, float[] y, int y0, int batch,
            int channels, int inner) {
        for (@Parallel int i = 0; i < batch * channels * inner; i++) {
            int c = (i / inner) % channels;
            y[y0 + i] = x[x0 + i] + bias[bias0 + c];
        }
    }

    /// y = x Phi(x): GELU in its exact (erf) form.
    public static void gelu(float[] x, int x0, float[] y, int y0, int n) {
        for (@Parallel int i = 0; i < n; i++) {
            float v = x[x0 + i];
            y[y0 + i] = v * Scalar.normalCdf(v);
        }
    }

    /// dx = dy (Phi(x) + x phi(x)).
    public static void geluGradient(float[] x, int x0, float[] dy, int dy0, float[] dx, int dx0, int n) {
        for (@Parallel int i = 0; i < n; i++) {
            float v = x[x0 + i];
            dx[dx0 + i] = dy[dy0 + i] * (Scalar.normalCdf(v) + v * Scalar.normalPdf(v));
        }
    }

    /// y = max(x, 0).
    public static void relu(float[] x, int x0, float[] y, int y0, int n) {
        for (@Parallel int i = 0; i < n; i++) {
            float v = x[x0 + i];
            y[y0 + i] = v < 0f ? 0f : v;
        }
    }

    /// dx = dy where x > 0, else 0.
    public static void reluGradient(float[] x, int x0, float[] dy, int dy0, float[] dx, int dx0, int n) {
        for (@Parallel int i = 0; i < n; i++) {
            dx[dx0 + i] = x[x0 + i] > 0f ? dy[dy0 + i] : 0f;
        }
    }

    /// y = x sigma(x), sigma(x) = 1 / (1 + e^-x): SiLU (Elfwing et al. 2018), also called swish.
    public static void silu(float[] x, int x0, float[] y, int y0, int n) {
        for (@Parallel int i = 0; i < n; i++) {
            float v = x[x0 + i];
            y[y0 + i] = v / (1f + Scalar.exp(-v));
        }
    }

    /// dx = dy sigma(x) (1 + x (1 - sigma(x))).
    public static void siluGradient(float[] x, int x0, float[] dy, int dy0, float[] dx, int dx0, int n) {
        for (@Parallel int i = 0; i < n; i++) {
            float v = x[x0 + i];
            float sigma = 1f / (1f + Scalar.exp(-v));
            dx[dx0 + i] = dy[dy0 + i] * sigma * (1f + v * (1f - sigma));
        }
    }
}
