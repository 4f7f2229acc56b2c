package dev.triptych.data.view;

import dev.triptych.encoder.Positions;

/// How an image is brought to another size along one axis: which places of the old axis a new one is made of, and with
/// which weights. All are bicubic.
public enum Resampling {
    /// Half-pixel centres, a = -0.75, no antialiasing: PyTorch's `interpolate`.
    HALF_PIXEL,
    /// The same with the first and the last places in place: kornia's crops, and so STELLAR's (section 4.6).
    ALIGN_CORNERS,
    /// Half-pixel centres, a = -0.5, wider where the image shrinks: Pillow's, and so BITS's and MAE's.
    PILLOW;

    private static final double TORCH = -0.75;
    private static final double KEYS = -0.5;
    private static final int CUBIC = 4;

    /// Places that each new one is made of, at most.
    ///
    /// @param in places of the old axis
    /// @param out places of the new one
    int taps(int in, int out) {
        return this == PILLOW ? (int) Math.ceil(2 * widening(in, out)) * 2 + 1 : CUBIC;
    }

    private static double widening(int in, int out) {
        return Math.max(1, (double) in / out);
    }

    /// Writes the places and weights of the new place i to `from[at ..]` and `weights[at ..]`, as many as [#taps].
    void take(int i, int in, int out, int[] from, float[] weights, int at) {
        if (this == PILLOW) {
            widened(i, in, out, from, weights, at);
            return;
        }
        double centre = this == HALF_PIXEL
                ? (i + 0.5) * ((double) in / out) - 0.5
                : out == 1 ? 0 : i * ((in - 1) / (double) (out - 1));
        int left = (int) Math.floor(centre);
        for (int k = 0; k < CUBIC; k++) {
            int place = left - 1 + k;
            from[at + k] = Math.clamp(place, 0, in - 1);
            weights[at + k] = (float) Positions.cubic(centre - place, TORCH);
        }
    }

    /// Places beyond the edge are left out, and the others weigh one together.
    private void widened(int i, int in, int out, int[] from, float[] weights, int at) {
        double wide = widening(in, out);
        double centre = (i + 0.5) * in / out;
        int first = Math.max(0, (int) (centre - 2 * wide + 0.5));
        int last = Math.min(in, (int) (centre + 2 * wide + 0.5));
        double sum = 0;
        for (int place = first; place < last; place++) {
            sum += Positions.cubic((place + 0.5 - centre) / wide, KEYS);
        }
        for (int k = 0; k < taps(in, out); k++) {
            int place = first + k;
            from[at + k] = Math.min(place, in - 1);
            weights[at + k] = place < last
                    ? (float) (Positions.cubic((place + 0.5 - centre) / wide, KEYS) / sum)
                    : 0f;
        }
    }
}
