package dev.triptych.measure.segment;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/// Segmentations that need no learning, to stand beside a learned one: what the colours alone, or the position alone,
/// would score.
public final class SegmentBaselines {

    private SegmentBaselines() {
    }

    /// k-means on the RGB values of one image's pixels: k-means++ start (Arthur & Vassilvitskii 2007), then Lloyd
    /// iterations until no pixel changes its cluster or `iterations` are done. Fewer than k clusters come back when the
    /// image has fewer distinct colours. The same generator state gives the same answer.
    ///
    /// @param image planar RGB, three planes of `pixels` numbers from offset image0
    /// @param pixels height x width
    /// @param k clusters, at least 1
    /// @param iterations most Lloyd iterations; 50 is plenty
    /// @param random draws the starting centres
    /// @return cluster of each pixel
    public static int[] colourKMeans(float[] image, int image0, int pixels, int k, int iterations,
            RandomGenerator random) {
        if (k < 1 || pixels < 1 || image.length < image0 + 3L * pixels) {
            throw new IllegalArgumentException("colour k-means with k = " + k + " on " + pixels
                    + " pixels of an array of " + image.length + " numbers from " + image0 + ": expected k of at"
                    + " least 1 and three planes");
        }
        var centres = new double[3 * k];
        int found = start(image, image0, pixels, k, random, centres);
        var cluster = new int[pixels];
        Arrays.fill(cluster, -1);
        for (int i = 0; i < Math.max(1, iterations) && assign(image, image0, pixels, centres, found, cluster); i++) {
            recentre(image, image0, pixels, centres, found, cluster);
        }
        return cluster;
    }

    private static int start(float[] image, int image0, int pixels, int k, RandomGenerator random, double[] centres) {
        var nearest = new double[pixels];
        Arrays.fill(nearest, Double.POSITIVE_INFINITY);
        int chosen = random.nextInt(pixels);
        for (int c = 0;; c++) {
            for (int channel = 0; channel < 3; channel++) {
                centres[3 * c + channel] = image[image0 + channel * pixels + chosen];
            }
            double total = 0;
            for (int p = 0; p < pixels; p++) {
                nearest[p] = Math.min(nearest[p], squared(image, image0, pixels, p, centres, c));
                total += nearest[p];
            }
            if (c + 1 == k || total == 0) {
                return c + 1;
            }
            double mark = random.nextDouble() * total;
            chosen = -1;
            for (int p = 0; p < pixels && (chosen < 0 || mark >= 0); p++) {
                if (nearest[p] > 0) {
                    chosen = p;
                }
                mark -= nearest[p];
            }
        }
    }

    private static boolean assign(float[] image, int image0, int pixels, double[] centres, int found, int[] cluster) {
        boolean changed = false;
        for (int p = 0; p < pixels; p++) {
            int best = 0;
            double least = Double.POSITIVE_INFINITY;
            for (int c = 0; c < found; c++) {
                double distance = squared(image, image0, pixels, p, centres, c);
                if (distance < least) {
                    least = distance;
                    best = c;
                }
            }
            changed |= cluster[p] != best;
            cluster[p] = best;
        }
        return changed;
    }

    /// Centres become means; a cluster without pixels keeps its centre.
    private static void recentre(float[] image, int image0, int pixels, double[] centres, int found, int[] cluster) {
        var sums = new double[3 * found];
        var sizes = new int[found];
        for (int p = 0; p < pixels; p++) {
            sizes[cluster[p]]++;
            for (int channel = 0; channel < 3; channel++) {
                sums[3 * cluster[p] + channel] += image[image0 + channel * pixels + p];
            }
        }
        for (int i = 0; i < sums.length; i++) {
            if (sizes[i / 3] > 0) {
                centres[i] = sums[i] / sizes[i / 3];
            }
        }
    }

    private static double squared(float[] image, int image0, int pixels, int p, double[] centres, int c) {
        double r = image[image0 + p] - centres[3 * c];
        double g = image[image0 + pixels + p] - centres[3 * c + 1];
        double b = image[image0 + 2 * pixels + p] - centres[3 * c + 2];
        return r * r + g * g + b * b;
    }

    /// k rectangular cells that tile the image, as square as possible: of all ways to stack bands of cells (band
    /// heights in proportion to their number of cells) the one whose cells have the smallest mean |log(width/height)|.
    ///
    /// @return cell of each pixel, (height x width), cells numbered row by row
    public static int[] fixedGrid(int height, int width, int k) {
        if (k < 1 || height < 1 || width < 1 || k > (long) height * width) {
            throw new IllegalArgumentException("a grid of " + k + " cells on " + height + " x " + width
                    + " pixels: expected between 1 and the number of pixels");
        }
        int bands = 1;
        double best = Double.POSITIVE_INFINITY;
        for (int candidate = 1; candidate <= Math.min(k, height); candidate++) {
            double elongation = 0;
            for (int band = 0; band < candidate; band++) {
                int cells = cellsBefore(band + 1, candidate, k) - cellsBefore(band, candidate, k);
                elongation += cells * Math.abs(Math.log((double) width * k / ((double) height * cells * cells))) / k;
            }
            if (elongation < best - 1e-12) {
                best = elongation;
                bands = candidate;
            }
        }
        var cell = new int[height * width];
        for (int band = 0; band < bands; band++) {
            int firstCell = cellsBefore(band, bands, k);
            int cells = cellsBefore(band + 1, bands, k) - firstCell;
            int top = (int) ((long) height * firstCell / k);
            int bottom = (int) ((long) height * (firstCell + cells) / k);
            for (int y = top; y < bottom; y++) {
                for (int x = 0; x < width; x++) {
                    cell[y * width + x] = firstCell + (int) ((long) x * cells / width);
                }
            }
        }
        return cell;
    }

    private static int cellsBefore(int band, int bands, int k) {
        return (int) ((long) band * k / bands);
    }
}
