package dev.triptych.data.view;

import dev.triptych.encoder.Positions;
import dev.triptych.random.CounterRandom;

/// Random resized crop with flip (STELLAR, training recipe; Inception-style cropping as torchvision and kornia do it).
///
/// Drawing: up to 10 times an area share uniform in the scale range and an aspect ratio log-uniform in 3/4 .. 4/3; the
/// first whole-pixel rectangle that fits is taken at a uniform place. If none fits: the largest centred rectangle whose
/// ratio lies in the range.
///
/// Resizing: separable bicubic convolution (a = -0.75, half-pixel centres, edges of the crop repeated, **no
/// antialiasing**, as kornia's default), result clamped to [0,1].
///
/// Not thread-safe: an instance holds scratch memory.
public final class RandomResizedCrop {
    /// Side of the result.
    private final int out;
    private final int[] columns;
    private final float[] columnWeights;
    private final int[] rows;
    private final float[] rowWeights;
    private float[] strip = new float[0];

    /// A rectangle of whole pixels, and whether it is mirrored left to right.
    public record Box(int top, int left, int height, int width, boolean flip) {
    }

    /// Crops to `out` x `out` pixels.
    public RandomResizedCrop(int out) {
        this.out = out;
        columns = new int[4 * out];
        columnWeights = new float[4 * out];
        rows = new int[4 * out];
        rowWeights = new float[4 * out];
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
        taps(box.width, columns, columnWeights, box.flip);
        taps(box.height, rows, rowWeights, false);
        if (strip.length < out * box.height) {
            strip = new float[out * box.height];
        }
        for (int c = 0; c < 3; c++) {
            int corner = at + (c * height + box.top) * width + box.left;
            for (int r = 0; r < box.height; r++) {
                int line = corner + r * width;
                for (int j = 0; j < out; j++) {
                    strip[r * out + j] = columnWeights[4 * j] * x[line + columns[4 * j]]
                            + columnWeights[4 * j + 1] * x[line + columns[4 * j + 1]]
                            + columnWeights[4 * j + 2] * x[line + columns[4 * j + 2]]
                            + columnWeights[4 * j + 3] * x[line + columns[4 * j + 3]];
                }
            }
            for (int i = 0; i < out; i++) {
                int r0 = rows[4 * i] * out;
                int r1 = rows[4 * i + 1] * out;
                int r2 = rows[4 * i + 2] * out;
                int r3 = rows[4 * i + 3] * out;
                int to = yAt + (c * out + i) * out;
                for (int j = 0; j < out; j++) {
                    float value = rowWeights[4 * i] * strip[r0 + j] + rowWeights[4 * i + 1] * strip[r1 + j]
                            + rowWeights[4 * i + 2] * strip[r2 + j] + rowWeights[4 * i + 3] * strip[r3 + j];
                    y[to + j] = Math.max(0, Math.min(1, value));
                }
            }
        }
    }

    /// Four source positions and weights for every place of the result.
    private void taps(int in, int[] from, float[] weights, boolean flip) {
        double ratio = (double) in / out;
        for (int i = 0; i < out; i++) {
            double centre = ((flip ? out - 1 - i : i) + 0.5) * ratio - 0.5;
            int left = (int) Math.floor(centre);
            for (int k = 0; k < 4; k++) {
                int place = left - 1 + k;
                from[4 * i + k] = Math.max(0, Math.min(in - 1, place));
                weights[4 * i + k] = (float) Positions.cubic(centre - place, -0.75);
            }
        }
    }
}
