package dev.triptych.kernel;

import uk.ac.manchester.tornado.api.annotations.Parallel;

/// The update of all parameters at once. The parameter arena is cut into blocks of at most a few thousand numbers;
/// block i covers `block[3 i + 1]` numbers from offset `block[3 i]` of tensor `block[3 i + 2]`. Gradients and both
/// moments have the parameters' layout.
public final class Optimizer {
    private Optimizer() {
    }

    /// `squares[i]` = sum of g^2 over block i.
    public static void blockSquares(float[] g, int g0, int[] block, int block0, float[] squares, int squares0,
            int blocks) {
        for (@Parallel int i = 0; i < blocks; i++) {
            int first = g0 + block[block0 + 3 * i];
            int n = block[block0 + 3 * i + 1];
            float sum = 0f;
            for (int j = 0; j < n; j++) {
                sum += g[first + j] * g[first + j];
            }
            squares[squares0 + i] = sum;
        }
    }

    /// `norm[t]` = sqrt of the sum of squares of the blocks of clip group t. group (blocks), norm (groups).
    public static void groupNorms(float[] squares, int squares0, int[] group, int group0, float[] norm, int norm0,
            int blocks, int groups) {
        for (@Parallel int t = 0; t < groups; t++) {
            float sum = 0f;
            for (int i = 0; i < blocks; i++) {
                sum += group[group0 + i] == t ? squares[squares0 + i] : 0f;
            }
            norm[norm0 + t] = Scalar.sqrt(sum);
        }
    }

    /// `factor[t] = min(1, limit / (norm[t] + 1e-6))`, 1 if limit is 0 (no clipping), and 0 for all groups if any norm
    /// is not finite: the update is then a no-op.
    public static void clipFactors(float[] norm, int norm0, float[] factor, int factor0, int groups, float limit) {
        for (@Parallel int t = 0; t < groups; t++) {
            float finite = 1f;
            for (int s = 0; s < groups; s++) {
                // 0, unless the norm is infinite or not a number
                float difference = norm[norm0 + s] - norm[norm0 + s];
                finite = difference == 0f ? finite : 0f;
            }
            float ratio = limit / (norm[norm0 + t] + 1e-6f);
            float clipped = limit > 0f && ratio < 1f ? ratio : 1f;
            factor[factor0 + t] = finite == 0f ? 0f : clipped;
        }
    }

    /// AdamW (Loshchilov and Hutter 2019) with decoupled decay: with g the clipped gradient, m = b1 m + (1 - b1) g,
    /// v = b2 v + (1 - b2) g^2, p = p (1 - lr wd) - lr (m / c1) / (sqrt(v / c2) + eps). A factor of 0 changes nothing.
    /// The shares of the new gradient, fresh1 = 1 - b1 and fresh2 = 1 - b2, are given, since 1 - 0.999 in float is off
    /// by 5e-5. `rate` holds per tensor (lr, lr wd, c1 = 1 - b1^t, c2 = 1 - b2^t).
    public static void adamw(float[] g, int g0, int[] block, int block0, int[] group, int group0, float[] factor,
            int factor0, float[] rate, int rate0, float[] m, int m0, float[] v, int v0, float[] p, int p0, int blocks,
            float fresh1, float fresh2, float eps) {
        for (@Parallel int i = 0; i < blocks; i++) {
            int first = block[block0 + 3 * i];
            int n = block[block0 + 3 * i + 1];
            int r = rate0 + 4 * block[block0 + 3 * i + 2];
            float lr = rate[r];
            float decay = rate[r + 1];
            float c1 = rate[r + 2];
            float c2 = rate[r + 3];
            float clip = factor[factor0 + group[group0 + i]];
            int count = clip == 0f ? 0 : n;
            for (int j = first; j < first + count; j++) {
                float gradient = g[g0 + j] * clip;
                // both moments
                float mean = (1f - fresh1) * m[m0 + j] + fresh1 * gradient;
                float square = (1f - fresh2) * v[v0 + j] + fresh2 * gradient * gradient;
                m[m0 + j] = mean;
                v[v0 + j] = square;
                // their bias taken off, then the step, and the decay beside it
                float step = mean / c1 / (Scalar.sqrt(square / c2) + eps);
                p[p0 + j] = p[p0 + j] - decay * p[p0 + j] - lr * step;
            }
        }
    }

    /// teacher = momentum teacher + (1 - momentum) student; momentum (1).
    public static void emaUpdate(float[] student, int student0, float[] momentum, int momentum0, float[] teacher,
            int teacher0, int n) {
        for (@Parallel int i = 0; i < n; i++) {
            float m = momentum[momentum0];
            teacher[teacher0 + i] = m * teacher[teacher0 + i] + (1f - m) * student[student0 + i];
        }
    }
}
