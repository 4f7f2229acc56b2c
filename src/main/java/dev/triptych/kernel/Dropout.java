package dev.triptych.kernel;

import uk.ac.manchester.tornado.api.annotations.Parallel;

/// Dropout without a stored mask: whether an entry stays is a hash of (key, launch, index). The key changes from step
/// to step, so the adjoint, given the same key and launch, finds the same entries again.
public final class Dropout {
    private Dropout() {
    }

    /// `y[i] = x[i] scale` where the hash of i is at least rate (a number of 0 to 2^24), else 0. x, y (n), key (1).
    public static void hashedDropout(float[] x, int x0, int[] key, int key0, float[] y, int y0, int n, int launch,
            int rate, float scale) {
        for (@Parallel int i = 0; i < n; i++) {
            int seed = mix((int) (key[key0] + 0x3504f333L * launch));
            y[y0 + i] = bits(seed, i) < rate ? 0f : x[x0 + i] * scale;
        }
    }

    /// 24 uniform bits of an index.
    private static int bits(int seed, int i) {
        return (mix(seed ^ (int) (0x27d4eb2dL * i)) >> 8) & 0xffffff;
    }

    // Shifts are masked, so that it is no matter whether they are signed. Products are long: what an int product that
    // overflows is, OpenCL leaves open, and PoCL's compiler makes use of that.
    private static int mix(int x) {
        int h = x;
        h = (int) ((h ^ ((h >> 16) & 0xffff)) * 0x7feb352dL);
        h = (int) ((h ^ ((h >> 15) & 0x1ffff)) * 0x2c1b3c6dL);
        return h ^ ((h >> 16) & 0xffff);
    }
}
