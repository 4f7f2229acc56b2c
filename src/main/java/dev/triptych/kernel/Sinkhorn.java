package dev.triptych.kernel;

import uk.ac.manchester.tornado.api.annotations.Parallel;

/// Sinkhorn-Knopp assignment of n samples to c prototypes (STELLAR section 4.2), and the entropic optimal transport
/// that matches two sets of tokens (section 4.5, Eq. 8-10).
public final class Sinkhorn {
    private Sinkhorn() {
    }

    /// m = exp(scale x + 50 - max over the column of scale x). x, m (n x c).
    public static void sinkhornStart(float[] x, int x0, float[] m, int m0, int n, int c, float scale) {
        for (@Parallel int j = 0; j < c; j++) {
            float top = scale * x[x0 + j];
            for (int r = 1; r < n; r++) {
                float v = scale * x[x0 + r * c + j];
                top = v > top ? v : top;
            }
            for (int r = 0; r < n; r++) {
                m[m0 + r * c + j] = Scalar.exp(scale * x[x0 + r * c + j] + 50f - top);
            }
        }
    }

    /// dx = scale dm m, the column's maximum held constant.
    public static void sinkhornStartGradient(float[] m, int m0, float[] dm, int dm0, float[] dx, int dx0, int n,
            float scale) {
        for (@Parallel int i = 0; i < n; i++) {
            dx[dx0 + i] = scale * dm[dm0 + i] * m[m0 + i];
        }
    }

    /// y = m / (column sum + eps)^power. m, y (n x c).
    public static void normalizeColumns(float[] m, int m0, float[] y, int y0, int n, int c, float eps, float power) {
        for (@Parallel int j = 0; j < c; j++) {
            float sum = eps;
            for (int r = 0; r < n; r++) {
                sum += m[m0 + r * c + j];
            }
            float divisor = power(sum, power);
            for (int r = 0; r < n; r++) {
                y[y0 + r * c + j] = m[m0 + r * c + j] / divisor;
            }
        }
    }

    /// dm = dy / (sum + eps)^power - power (sum_r dy y) / (sum + eps), column by column.
    public static void normalizeColumnsGradient(float[] m, int m0, float[] dy, int dy0, float[] dm, int dm0, int n,
            int c, float eps, float power) {
        for (@Parallel int j = 0; j < c; j++) {
            float sum = eps;
            for (int r = 0; r < n; r++) {
                sum += m[m0 + r * c + j];
            }
            float divisor = power(sum, power);
            float dot = 0f;
            for (int r = 0; r < n; r++) {
                dot += dy[dy0 + r * c + j] * m[m0 + r * c + j];
            }
            float shift = power * dot / divisor / sum;
            for (int r = 0; r < n; r++) {
                dm[dm0 + r * c + j] = dy[dy0 + r * c + j] / divisor - shift;
            }
        }
    }

    /// sum^power; a power of 1 is exact.
    private static float power(float sum, float power) {
        return power < 1f ? Scalar.exp(power * Scalar.log(sum)) : sum;
    }

    /// y = m / (row sum + eps). m, y (n x c).
    public static void normalizeRows(float[] m, int m0, float[] y, int y0, int n, int c, float eps) {
        for (@Parallel int r = 0; r < n; r++) {
            int row = r * c;
            float sum = eps;
            for (int j = 0; j < c; j++) {
                sum += m[m0 + row + j];
            }
            for (int j = 0; j < c; j++) {
                y[y0 + row + j] = m[m0 + row + j] / sum;
            }
        }
    }

    /// dm = (dy - sum_j dy y) / (sum + eps), row by row.
    public static void normalizeRowsGradient(float[] m, int m0, float[] dy, int dy0, float[] dm, int dm0, int n, int c,
            float eps) {
        for (@Parallel int r = 0; r < n; r++) {
            int row = r * c;
            float sum = eps;
            float dot = 0f;
            for (int j = 0; j < c; j++) {
                sum += m[m0 + row + j];
                dot += dy[dy0 + row + j] * m[m0 + row + j];
            }
            float shift = dot / sum;
            for (int j = 0; j < c; j++) {
                dm[dm0 + row + j] = (dy[dy0 + row + j] - shift) / sum;
            }
        }
    }

    /// cost[g, j, k] = |pred_gj - target_tk| with t = g / views: every view's tokens against its image's tokens.
    /// pred (sets x tokens x d), target (sets / views x tokens x d), cost (sets x tokens x tokens).
    public static void transportCost(float[] pred, int pred0, float[] target, int target0, float[] cost, int cost0,
            int sets, int tokens, int d, int views) {
        for (@Parallel int i = 0; i < sets * tokens * tokens; i++) {
            int k = i % tokens;
            int row = i / tokens;
            int t = row / tokens / views;
            int one = pred0 + row * d;
            int other = target0 + (t * tokens + k) * d;
            float sum = 0f;
            for (int j = 0; j < d; j++) {
                float e = pred[one + j] - target[other + j];
                sum += e * e;
            }
            cost[cost0 + i] = Scalar.sqrt(sum);
        }
    }

    /// u_j = -eps log sum_k exp((v_k - cost_jk) / eps). v, u (sets x tokens).
    public static void transportRows(float[] cost, int cost0, float[] v, int v0, float[] u, int u0, int sets,
            int tokens, float eps) {
        for (@Parallel int i = 0; i < sets * tokens; i++) {
            int set = i / tokens * tokens;
            u[u0 + i] = potential(v, v0 + set, cost, cost0 + i * tokens, 1, tokens, eps);
        }
    }

    /// v_k = -eps log sum_j exp((u_j - cost_jk) / eps). u, v (sets x tokens).
    public static void transportColumns(float[] cost, int cost0, float[] u, int u0, float[] v, int v0, int sets,
            int tokens, float eps) {
        for (@Parallel int i = 0; i < sets * tokens; i++) {
            int set = i / tokens * tokens;
            v[v0 + i] = potential(u, u0 + set, cost, cost0 + set * tokens + i - set, tokens, tokens, eps);
        }
    }

    /// -eps log sum_k exp((other_k - cost_k) / eps), by the largest term first. Neighbouring costs lie `step` apart.
    private static float potential(float[] other, int other0, float[] cost, int cost0, int step, int tokens,
            float eps) {
        float top = 0f;
        for (int k = 0; k < tokens; k++) {
            float e = (other[other0 + k] - cost[cost0 + k * step]) / eps;
            top = k == 0 || e > top ? e : top;
        }
        float sum = 0f;
        for (int k = 0; k < tokens; k++) {
            sum += Scalar.exp((other[other0 + k] - cost[cost0 + k * step]) / eps - top);
        }
        return -eps * (top + Scalar.log(sum));
    }

    /// plan_jk = exp((u_j + v_k - cost_jk) / eps). plan (sets x tokens x tokens).
    public static void transportPlan(float[] cost, int cost0, float[] u, int u0, float[] v, int v0, float[] plan,
            int plan0, int sets, int tokens, float eps) {
        for (@Parallel int i = 0; i < sets * tokens * tokens; i++) {
            int row = i / tokens;
            int column = row / tokens * tokens + i % tokens;
            plan[plan0 + i] = Scalar.exp((u[u0 + row] + v[v0 + column] - cost[cost0 + i]) / eps);
        }
    }

    /// row[g, j] = (g / views) tokens + argmax_k plan[g, j, k]: the target's row among all targets; ties take the
    /// lowest.
    public static void matchedRows(float[] plan, int plan0, int[] row, int row0, int sets, int tokens, int views) {
        for (@Parallel int i = 0; i < sets * tokens; i++) {
            int of = plan0 + i * tokens;
            int best = 0;
            for (int k = 1; k < tokens; k++) {
                best = plan[of + k] > plan[of + best] ? k : best;
            }
            row[row0 + i] = i / tokens / views * tokens + best;
        }
    }
}
