package dev.triptych.encoder;

/// Bicubic resizing of a position grid as a constant matrix (align_corners false, a = -0.75, no antialias), as
/// PyTorch's
/// `interpolate` has it with the exact ratio of sizes.
public final class Positions {
    private static final double A = -0.75;
    private static final double KEYS = -0.5;

    private Positions() {
    }

    /// Weights that map `in` samples to `out`: row i holds the four taps around (i + 1/2) in / out - 1/2, clamped to
    /// the grid.
    public static double[][] bicubicWeights(int in, int out) {
        return bicubicWeights(in, out, (double) in / out);
    }

    /// The same with a step of its own in place of in / out.
    public static double[][] bicubicWeights(int in, int out, double step) {
        double[][] weights = new double[out][in];
        for (int i = 0; i < out; i++) {
            double s = (i + 0.5) * step - 0.5;
            int x0 = (int) Math.floor(s);
            for (int tap = x0 - 1; tap <= x0 + 2; tap++) {
                weights[i][Math.clamp(tap, 0, in - 1)] += cubic(s - tap, A);
            }
        }
        return weights;
    }

    /// The same with the kernel of a = -0.5 that widens by in / out where the axis shrinks, places beyond the edge left
    /// out and the others weighing one together: `interpolate` with `antialias`.
    public static double[][] widenedWeights(int in, int out) {
        double wide = Math.max(1, (double) in / out);
        double[][] weights = new double[out][in];
        for (int i = 0; i < out; i++) {
            double centre = (i + 0.5) * in / out;
            double sum = 0;
            for (int j = 0; j < in; j++) {
                weights[i][j] = cubic((j + 0.5 - centre) / wide, KEYS);
                sum += weights[i][j];
            }
            for (int j = 0; j < in; j++) {
                weights[i][j] /= sum;
            }
        }
        return weights;
    }

    /// The matrix (out^2, in^2) that resizes a square grid, rows first: the Kronecker product of the weights.
    public static float[] squareGrid(int in, int out) {
        return squareGrid(in, out, 0);
    }

    /// The same where the ratio of sizes is in / (out + more).
    public static float[] squareGrid(int in, int out, double more) {
        double[][] w = bicubicWeights(in, out, in / (out + more));
        float[] matrix = new float[out * out * in * in];
        for (int i = 0; i < out * out; i++) {
            for (int j = 0; j < in * in; j++) {
                matrix[i * in * in + j] = (float) (w[i / out][j / in] * w[i % out][j % in]);
            }
        }
        return matrix;
    }

    /// Keys' cubic convolution kernel with parameter a, which every bicubic resampling here uses.
    public static double cubic(double x, double a) {
        double t = Math.abs(x);
        if (t >= 2) {
            return 0;
        }
        return t <= 1 ? ((a + 2) * t - (a + 3)) * t * t + 1 : ((t - 5) * t + 8) * t * a - 4 * a;
    }
}
