package dev.triptych.kernel;

import uk.ac.manchester.tornado.api.annotations.Parallel;

/// Rows picked by index, and images cut into patches. Adjoints gather through the inverse of the index, given as lists:
/// source row i was picked by the rows `inverse[first[i]]` to `inverse[first[i+1] - 1]`.
public final class Gather {
    private Gather() {
    }

    /// `y[i] = x[index[i]]`. x (any x d), index (n), y (n x d).
    public static void gatherRows(float[] x, int x0, int[] index, int index0, float[] y, int y0, int n, int d) {
        for (@Parallel int i = 0; i < n * d; i++) {
            int r = i / d;
            y[y0 + i] = x[x0 + index[index0 + r] * d + (i - r * d)];
        }
    }

    /// dx_i = sum of dy over the rows that picked i. dy (any x d), first (n + 1), inverse, dx (n x d).
    public static void gatherRowsGradient(float[] dy, int dy0, int[] first, int first0, int[] inverse, int inverse0,
            float[] dx, int dx0, int n, int d) {
        for (@Parallel int i = 0; i < n * d; i++) {
            int r = i / d;
            int j = i - r * d;
            float sum = 0f;
            for (int k = first[first0 + r]; k < first[first0 + r + 1]; k++) {
                sum += dy[dy0 + inverse[inverse0 + k] * d + j];
            }
            dx[dx0 + i] = sum;
        }
    }

    /// Patches of images, normalised: `y[r, c, a, b] = (image[c, gy p + a, gx p + b] - mean[c]) / deviation[c]`, where
    /// `source[r]` = image number * grid + gy * (width / p) + gx. images (any x channels x height x width), y (n x
    /// channels p p), mean and deviation (channels).
    public static void patches(float[] images, int images0, int[] source, int source0, float[] mean, int mean0,
            float[] deviation, int deviation0, float[] y, int y0, int n, int channels, int height, int width, int p) {
        for (@Parallel int i = 0; i < n * channels * p * p; i++) {
            int b = i % p;
            int a = (i / p) % p;
            int c = (i / (p * p)) % channels;
            int columns = width / p;
            int grid = columns * (height / p);
            int patch = source[source0 + i / (p * p * channels)];
            int image = patch / grid;
            int cell = patch - image * grid;
            int gy = cell / columns;
            int gx = cell - gy * columns;
            float v = images[images0 + ((image * channels + c) * height + gy * p + a) * width + gx * p + b];
            y[y0 + i] = (v - mean[mean0 + c]) / deviation[deviation0 + c];
        }
    }

    /// The adjoint of `patches` for sources that are all patches of all images in order.
    public static void patchesGradient(float[] dy, int dy0, float[] deviation, int deviation0, float[] dimages,
            int dimages0, int images, int channels, int height, int width, int p) {
        for (@Parallel int i = 0; i < images * channels * height * width; i++) {
            int x = i % width;
            int y = (i / width) % height;
            int c = (i / (width * height)) % channels;
            int image = i / (width * height * channels);
            int columns = width / p;
            int row = (image * (height / p) + y / p) * columns + x / p;
            int at = ((row * channels + c) * p + y % p) * p + x % p;
            dimages[dimages0 + i] = dy[dy0 + at] / deviation[deviation0 + c];
        }
    }
}
