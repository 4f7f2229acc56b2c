package dev.triptych.data.view;

import dev.triptych.random.CounterRandom;

/// Random resized crop with flip (STELLAR, training recipe; Inception-style cropping as torchvision and kornia do it).
///
/// Drawing: up to 10 times an area share uniform in the scale range and an aspect ratio log-uniform in 3/4 .. 4/3; the
/// first whole-pixel rectangle that fits is taken at a uniform place. If none fits: the largest centred rectangle whose
/// ratio lies in the range.
///
/// Resizing: separable and bicubic, as a [Resampling] says, of the crop alone: its edges are repeated; the result is
/// limited to [0, 1] unless it is asked not to be.
///
/// Not thread-safe: an instance holds scratch memory.
public final class RandomResizedCrop {
    /// Side of the result.
    private final int out;
    private final Resampling resampling;
    private final boolean limited;
    private int[] columns = new int[0];
    private float[] columnWeights = new float[0];
    private int[] rows = new int[0];
    private float[] rowWeights = new float[0];
    private float[] strip = new float[0];

    /// A rectangle of whole pixels, and whether it is mirrored left to right.
    public record Box(int top, int left, int height, int width, boolean flip) {
    }

    /// Crops to `out` x `out` pixels in [0, 1].
    public RandomResizedCrop(int out, Resampling resampling) {
        this(out, resampling, true);
    }

    /// The same, limited to [0, 1] or not.
    public RandomResizedCrop(int out, Resampling resampling, boolean limited) {
        this.out = out;
        this.resampling = resampling;
        this.limited = limited;
    }

    /// Draws a rectangle inside height x width with an area share in [scaleLo, scaleHi], mirrored with probability
    /// `flip`.
    public static Box draw(CounterRandom random, int height, int width, float scaleLo, float scaleHi, float flip) {
        boolean mirrored = random.chance(flip);
        double logLo = StrictMath.log(3 / 4.0);
        double logHi = StrictMath.log(4 / 3.0);
        for (int t = 0; t < 10; t++) {
            double area = (double) height * width * (scaleLo + (scaleHi - scaleLo) * random.uniformDouble());
            double ratio = StrictMath.exp(logLo + (logHi - logLo) * random.uniformDouble());
            int w = (int) Math.rint(Math.sqrt(area * ratio));
            int h = (int) Math.rint(Math.sqrt(area / ratio));
            if (w > 0 && w <= width && h > 0 && h <= height) {
                return new Box(random.below(height - h + 1), random.below(width - w + 1), h, w, mirrored);
            }
        }
        int h = Math.min(height, (int) Math.rint(width * 4 / 3.0));
        int w = Math.min(width, (int) Math.rint(height * 4 / 3.0));
        return new Box((height - h) / 2, (width - w) / 2, h, w, mirrored);
    }

    /// Cuts and resizes three planes of height x width at `x[at ..]` into three planes of out x out at `y[yAt ..]`.
    public void apply(float[] x, int at, int height, int width, Box box, float[] y, int yAt) {
        int across = resampling.taps(box.width, out);
        int down = resampling.taps(box.height, out);
        if (columns.length < across * out) {
            columns = new int[across * out];
            columnWeights = new float[across * out];
        }
        if (rows.length < down * out) {
            rows = new int[down * out];
            rowWeights = new float[down * out];
        }
        for (int i = 0; i < out; i++) {
            resampling.take(box.flip ? out - 1 - i : i, box.width, out, columns, columnWeights, i * across);
            resampling.take(i, box.height, out, rows, rowWeights, i * down);
        }
        if (strip.length < out * box.height) {
            strip = new float[out * box.height];
        }
        for (int c = 0; c < 3; c++) {
            int corner = at + (c * height + box.top) * width + box.left;
            for (int r = 0; r < box.height; r++) {
                int line = corner + r * width;
                for (int j = 0; j < out; j++) {
                    float sum = columnWeights[j * across] * x[line + columns[j * across]];
                    for (int k = j * across + 1; k < (j + 1) * across; k++) {
                        sum += columnWeights[k] * x[line + columns[k]];
                    }
                    strip[r * out + j] = sum;
                }
            }
            for (int i = 0; i < out; i++) {
                int to = yAt + (c * out + i) * out;
                for (int j = 0; j < out; j++) {
                    float sum = rowWeights[i * down] * strip[rows[i * down] * out + j];
                    for (int k = i * down + 1; k < (i + 1) * down; k++) {
                        sum += rowWeights[k] * strip[rows[k] * out + j];
                    }
                    y[to + j] = limited ? Math.max(0, Math.min(1, sum)) : sum;
                }
            }
        }
    }
}
