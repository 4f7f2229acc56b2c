package dev.triptych.kernel;

import uk.ac.manchester.tornado.api.annotations.Parallel;

/// The Kozachenko-Leonenko regulariser within each set of K unit vectors (STELLAR Eq. 11, section 5).
public final class Koleo {
    private static final float EPS = 1e-8f;

    private Koleo() {
    }

    /// `nearest[i]` = row of the largest dot product with row i within its set, without i; ties take the lowest; a set
    /// of one token names itself. u (sets x tokens x d), nearest (sets x tokens).
    public static void koleoNearest(float[] u, int u0, int[] nearest, int nearest0, int sets, int tokens, int d) {
        for (@Parallel int i = 0; i < sets * tokens; i++) {
            int first = i / tokens * tokens;
            int row = u0 + i * d;
            int best = i;
            float top = 0f;
            for (int k = first; k < first + tokens; k++) {
                float dot = 0f;
                for (int j = 0; j < d; j++) {
                    dot += u[row + j] * u[u0 + k * d + j];
                }
                if (k != i && (best == i || dot > top)) {
                    top = dot;
                    best = k;
                }
            }
            nearest[nearest0 + i] = best;
        }
    }

    /// `loss[i] = -log(|u_i - u_nearest + 1e-8| / 2 + 1e-8)`.
    public static void koleoLoss(float[] u, int u0, int[] nearest, int nearest0, float[] loss, int loss0, int n,
            int d) {
        for (@Parallel int i = 0; i < n; i++) {
            float distance = distance(u, u0 + i * d, u0 + nearest[nearest0 + i] * d, d);
            loss[loss0 + i] = -Scalar.log(0.5f * distance + EPS);
        }
    }

    /// `factor[i] = -dloss[i] / (2 |e_i| (|e_i| / 2 + 1e-8))`, e_i = u_i - u_nearest + 1e-8: the gradient of loss i is
    /// `factor[i]` e_i for u_i and the opposite for its nearest neighbour.
    public static void koleoFactor(float[] u, int u0, int[] nearest, int nearest0, float[] dloss, int dloss0,
            float[] factor, int factor0, int n, int d) {
        for (@Parallel int i = 0; i < n; i++) {
            float distance = distance(u, u0 + i * d, u0 + nearest[nearest0 + i] * d, d);
            factor[factor0 + i] = -dloss[dloss0 + i] / (2f * distance * (0.5f * distance + EPS));
        }
    }

    /// du_i = factor_i e_i - sum over the k whose nearest is i of factor_k e_k.
    public static void koleoGradient(float[] u, int u0, int[] nearest, int nearest0, float[] factor, int factor0,
            float[] du, int du0, int sets, int tokens, int d) {
        for (@Parallel int i = 0; i < sets * tokens; i++) {
            int first = i / tokens * tokens;
            int row = i * d;
            int own = u0 + nearest[nearest0 + i] * d;
            for (int j = 0; j < d; j++) {
                float g = factor[factor0 + i] * (u[u0 + row + j] - u[own + j] + EPS);
                // gathered: each token looks for those that it is the nearest of
                for (int k = first; k < first + tokens; k++) {
                    float e = u[u0 + k * d + j] - u[u0 + row + j] + EPS;
                    g -= nearest[nearest0 + k] == i ? factor[factor0 + k] * e : 0f;
                }
                du[du0 + row + j] = g;
            }
        }
    }

    /// |u_a - u_b + 1e-8|, of rows that begin at a and b.
    private static float distance(float[] u, int a, int b, int d) {
        float sum = 0f;
        for (int j = 0; j < d; j++) {
            float e = u[a + j] - u[b + j] + EPS;
            sum += e * e;
        }
        return Scalar.sqrt(sum);
    }
}
