package dev.triptych.kernel;

import uk.ac.manchester.tornado.api.annotations.Parallel;

/// The binary channel of BITS: messages from logits, and how well the logits of all views agree with them. Logits are
/// view-major (views x n x d); messages come from the first `teachers` views (teachers x n x d). Every teacher's view
/// is compared with every other view of the same image, never with itself. Where rows choose their message themselves,
/// as tokens do that are matched (Triptych section 4), an index says which.
public final class Channel {
    private Channel() {
    }

    /// z = 1[t > 0]; zero gives 0.
    public static void binarize(float[] t, int t0, float[] z, int z0, int n) {
        for (@Parallel int i = 0; i < n; i++) {
            z[z0 + i] = t[t0 + i] > 0f ? 1f : 0f;
        }
    }

    /// z = 1 / (1 + exp(-scale t)).
    public static void bitProbabilities(float[] t, int t0, float[] z, int z0, int n, float scale) {
        for (@Parallel int i = 0; i < n; i++) {
            z[z0 + i] = sigma(scale * t[t0 + i]);
        }
    }

    /// 1 / (1 + e^-x), by e^-|x|, which does not overflow.
    private static float sigma(float x) {
        float e = Scalar.exp(-Scalar.abs(x));
        return (x < 0f ? e : 1f) / (1f + e);
    }

    /// log(1 + e^x). The logarithm's argument lies in [1, 2], where what 1 + e^-|x| rounds away is below 6e-8.
    private static float softplus(float x) {
        return (x > 0f ? x : 0f) + Scalar.log(1f + Scalar.exp(-Scalar.abs(x)));
    }

    /// How many teachers other than v have a bit set; theirs lie `stride` apart.
    private static float votes(float[] z, int at, int stride, int teachers, int v) {
        float sum = 0f;
        for (int q = 0; q < teachers; q++) {
            sum += q == v ? 0f : z[at + q * stride];
        }
        return sum;
    }

    /// loss[v, i] = sum over the teachers q other than v and over the bits of softplus(s) - z s, the binary
    /// cross-entropy of logit s = s[v, i, bit] with the bit z = z[q, i, bit].
    public static void bitCrossEntropy(float[] s, int s0, float[] z, int z0, float[] loss, int loss0, int views,
            int teachers, int n, int d) {
        for (@Parallel int r = 0; r < views * n; r++) {
            int v = r / n;
            int image = r - v * n;
            int row = s0 + r * d;
            float pairs = v < teachers ? teachers - 1 : teachers;
            float sum = 0f;
            for (int j = 0; j < d; j++) {
                float x = s[row + j];
                sum += pairs * softplus(x) - votes(z, z0 + image * d + j, n * d, teachers, v) * x;
            }
            loss[loss0 + r] = sum;
        }
    }

    /// ds[v, i, bit] = dloss[v, i] sum over the teachers q other than v of sigma(s) - z; 1/2 - z at s = 0.
    public static void bitCrossEntropyGradient(float[] s, int s0, float[] z, int z0, float[] dloss, int dloss0,
            float[] ds, int ds0, int views, int teachers, int n, int d) {
        for (@Parallel int r = 0; r < views * n; r++) {
            int v = r / n;
            int image = r - v * n;
            int row = r * d;
            float pairs = v < teachers ? teachers - 1 : teachers;
            for (int j = 0; j < d; j++) {
                float votes = votes(z, z0 + image * d + j, n * d, teachers, v);
                ds[ds0 + row + j] = dloss[dloss0 + r] * (pairs * sigma(s[s0 + row + j]) - votes);
            }
        }
    }

    /// `loss[r]` = sum over the bits of softplus(s) - z s, the binary cross-entropy of logit `s = s[r, bit]` with the
    /// bit `z = z[target[r], bit]`. s (n x d), z (any x d), target (n) rows of z, loss (n).
    public static void bitCrossEntropyRows(float[] s, int s0, float[] z, int z0, int[] target, int target0,
            float[] loss, int loss0, int n, int d) {
        for (@Parallel int r = 0; r < n; r++) {
            int row = s0 + r * d;
            int wanted = z0 + target[target0 + r] * d;
            float sum = 0f;
            for (int j = 0; j < d; j++) {
                float x = s[row + j];
                sum += softplus(x) - z[wanted + j] * x;
            }
            loss[loss0 + r] = sum;
        }
    }

    /// `ds[r, bit] = dloss[r] (sigma(s) - z)`, z of the target row of r; 1/2 - z at s = 0.
    public static void bitCrossEntropyRowsGradient(float[] s, int s0, float[] z, int z0, int[] target, int target0,
            float[] dloss, int dloss0, float[] ds, int ds0, int n, int d) {
        for (@Parallel int r = 0; r < n; r++) {
            int row = r * d;
            int wanted = z0 + target[target0 + r] * d;
            for (int j = 0; j < d; j++) {
                ds[ds0 + row + j] = dloss[dloss0 + r] * (sigma(s[s0 + row + j]) - z[wanted + j]);
            }
        }
    }

    /// loss[v, i] = sum over the teachers q other than v of 1 - u . t / |t| with t = 2 z[q, i] - 1, |t| at least 1e-12.
    /// u (views x n x d) has rows of length 1.
    public static void signCosine(float[] u, int u0, float[] z, int z0, float[] loss, int loss0, int views,
            int teachers, int n, int d) {
        for (@Parallel int r = 0; r < views * n; r++) {
            int v = r / n;
            int image = r - v * n;
            int row = u0 + r * d;
            float sum = 0f;
            for (int q = 0; q < teachers; q++) {
                int bits = z0 + (q * n + image) * d;
                float dot = 0f;
                float squares = 1e-24f;
                for (int j = 0; j < d; j++) {
                    float t = 2f * z[bits + j] - 1f;
                    dot += u[row + j] * t;
                    squares += t * t;
                }
                sum += q == v ? 0f : 1f - dot / Scalar.sqrt(squares);
            }
            loss[loss0 + r] = sum;
        }
    }

    /// du[v, i] = -dloss[v, i] sum over the teachers q other than v of t / |t|. du (views x n x d).
    public static void signCosineGradient(float[] z, int z0, float[] dloss, int dloss0, float[] du, int du0, int views,
            int teachers, int n, int d) {
        for (@Parallel int r = 0; r < views * n; r++) {
            int v = r / n;
            int image = r - v * n;
            int row = du0 + r * d;
            for (int j = 0; j < d; j++) {
                du[row + j] = 0f;
            }
            for (int q = 0; q < teachers; q++) {
                int bits = z0 + (q * n + image) * d;
                float squares = 1e-24f;
                for (int j = 0; j < d; j++) {
                    float t = 2f * z[bits + j] - 1f;
                    squares += t * t;
                }
                float factor = q == v ? 0f : dloss[dloss0 + r] / Scalar.sqrt(squares);
                for (int j = 0; j < d; j++) {
                    du[row + j] -= factor * (2f * z[bits + j] - 1f);
                }
            }
        }
    }

    /// y[g, i, j] = x[g, i, j] - mean over i of x[g, i, j]: columns of each of b matrices centred; its own adjoint.
    /// x, y (b x n x d).
    public static void centreColumns(float[] x, int x0, float[] y, int y0, int b, int n, int d) {
        for (@Parallel int c = 0; c < b * d; c++) {
            int g = c / d;
            int column = g * n * d + c - g * d;
            float sum = 0f;
            for (int i = 0; i < n; i++) {
                sum += x[x0 + column + i * d];
            }
            for (int i = 0; i < n; i++) {
                y[y0 + column + i * d] = x[x0 + column + i * d] - sum / n;
            }
        }
    }
}
