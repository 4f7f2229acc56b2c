package dev.triptych.data.file;

import dev.triptych.encoder.Positions;

/// Brings an image to a square: short side to `side` pixels by antialiased bicubic resampling (Keys' kernel with
/// a = -0.5, widened by the reduction, as Pillow does), then the centre. An image that is square and of this size
/// already keeps its bytes.
public final class SquareResize {
    private SquareResize() {
    }

    /// Writes three planes of side x side to `out[at ..]`.
    public static void apply(RgbImage image, int side, byte[] out, int at) {
        int w = image.width();
        int h = image.height();
        if (w == side && h == side) {
            System.arraycopy(image.planes(), 0, out, at, 3 * side * side);
            return;
        }
        double ratio = (double) Math.min(w, h) / side; // source pixels per result pixel
        resample(image, Taps.of(w, side, ratio), Taps.of(h, side, ratio), out, at);
    }

    /// The whole image, short side scaled to `side` pixels, the other side to the nearest whole number.
    static RgbImage whole(RgbImage image, int side) {
        int w = image.width();
        int h = image.height();
        int least = Math.min(w, h);
        if (least == side) {
            return image;
        }
        int width = Math.max(side, Math.toIntExact(Math.round((double) w * side / least)));
        int height = Math.max(side, Math.toIntExact(Math.round((double) h * side / least)));
        byte[] planes = new byte[Math.multiplyExact(3, Math.multiplyExact(width, height))];
        resample(image, Taps.of(w, width, (double) w / width), Taps.of(h, height, (double) h / height), planes, 0);
        return new RgbImage(width, height, planes);
    }

    private static void resample(RgbImage image, Taps columns, Taps rows, byte[] out, int at) {
        int w = image.width();
        int h = image.height();
        int width = columns.weights.length;
        int height = rows.weights.length;
        float[] strip = new float[Math.multiplyExact(h, width)];
        for (int c = 0; c < 3; c++) {
            for (int y = 0; y < h; y++) {
                int line = (c * h + y) * w;
                for (int x = 0; x < width; x++) {
                    float sum = 0;
                    for (int k = 0; k < columns.weights[x].length; k++) {
                        sum += columns.weights[x][k] * (image.planes()[line + columns.first[x] + k] & 0xFF);
                    }
                    strip[y * width + x] = Math.max(0, Math.min(255, sum));
                }
            }
            for (int y = 0; y < height; y++) {
                for (int x = 0; x < width; x++) {
                    float sum = 0;
                    for (int k = 0; k < rows.weights[y].length; k++) {
                        sum += rows.weights[y][k] * strip[(rows.first[y] + k) * width + x];
                    }
                    out[at + (c * height + y) * width + x] = Planar.toByte(sum / 255);
                }
            }
        }
    }

    /// For every place of the result: first source pixel and the weights from there on, which sum to 1.
    private record Taps(int[] first, float[][] weights) {
        static Taps of(int in, int side, double ratio) {
            double scale = Math.max(1, ratio);
            double middle = in / 2.0;
            int[] first = new int[side];
            float[][] weights = new float[side][];
            for (int i = 0; i < side; i++) {
                double centre = middle + (i + 0.5 - side / 2.0) * ratio;
                int from = Math.max(0, (int) (centre - 2 * scale + 0.5));
                int to = Math.min(in, (int) (centre + 2 * scale + 0.5));
                double[] weight = new double[to - from];
                double sum = 0;
                for (int k = 0; k < weight.length; k++) {
                    weight[k] = Positions.cubic((from + k + 0.5 - centre) / scale, -0.5);
                    sum += weight[k];
                }
                first[i] = from;
                weights[i] = new float[weight.length];
                for (int k = 0; k < weight.length; k++) {
                    weights[i][k] = (float) (weight[k] / sum);
                }
            }
            return new Taps(first, weights);
        }
    }
}
