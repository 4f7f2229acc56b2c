package dev.triptych.measure.segment;

import java.util.Arrays;
import java.util.TreeSet;

/// Object mIoU of an unsupervised segmentation: do the segments of an image coincide with its objects?
///
/// STELLAR's paper does not evaluate this (spec section 7.1); the protocol is this project's:
/// 1. The predicted map is one segment index per pixel. For STELLAR: arg-max over the K tokens of each patch's row of
///    L, enlarged to pixels by nearest neighbour ([dev.triptych.measure.feature.ArgMax], [#enlarge]).
/// 2. The truth is one index per pixel: 0 is background, any other value an object. An object without a visible pixel
///    does not count.
/// 3. Within one image, objects and segments are matched one-to-one so that the sum of IoU is largest ([Assignment]).
///    IoU is counted over **all** pixels, so a segment that spills onto the background pays for it. An object that
///    gets no segment (more objects than segments) has IoU 0; segments left over cost nothing.
/// 4. **Primary figure, objects only**: the mean over all objects of the whole set. Second figure, with background:
///    the matching is made again with the background as one more region, and the mean is over objects and
///    backgrounds. The second is kinder to a method that spends one token on the background and harsher to one that
///    spends several.
public final class Segmentation {

    private Segmentation() {
    }

    /// The result of a set of images.
    ///
    /// @param objectsOnly mean IoU over all objects, in [0, 1]
    /// @param withBackground mean IoU over all objects and backgrounds, each image matched anew, in [0, 1]
    /// @param images number of images
    /// @param objects number of visible objects
    public record Score(double objectsOnly, double withBackground, int images, int objects) {
    }

    /// The protocol in words, for a report.
    public static String protocol() {
        return "mean over objects of the IoU of the segment matched one-to-one (largest total IoU per image)";
    }

    /// A map of (rows x columns) enlarged by nearest neighbour to (height x width).
    public static int[] enlarge(int[] map, int rows, int columns, int height, int width) {
        if (map.length != rows * columns || height < rows || width < columns) {
            throw new IllegalArgumentException("a map of " + map.length + " entries as " + rows + " x " + columns
                    + " cannot be enlarged to " + height + " x " + width);
        }
        var pixels = new int[height * width];
        for (int y = 0; y < height; y++) {
            int row = (int) ((long) y * rows / height);
            for (int x = 0; x < width; x++) {
                pixels[y * width + x] = map[row * columns + (int) ((long) x * columns / width)];
            }
        }
        return pixels;
    }

    /// Adds up the score of a set, image by image. One per thread of evaluation; not thread-safe.
    public static final class Tally {
        private double objectSum;
        private double regionSum;
        private int objects;
        private int regions;
        private int images;

        /// An empty tally.
        public Tally() {
        }

        /// Adds one image.
        ///
        /// @param predicted segment of each pixel, from 0 (indices need not be contiguous)
        /// @param truth object of each pixel, 0 for background
        /// @return this
        public Tally add(int[] predicted, int[] truth) {
            for (double iou : matchedIou(predicted, truth, false)) {
                objectSum += iou;
                objects++;
            }
            for (double iou : matchedIou(predicted, truth, true)) {
                regionSum += iou;
                regions++;
            }
            images++;
            return this;
        }

        /// The means so far; 0 where nothing was counted.
        public Score score() {
            return new Score(objects == 0 ? 0 : objectSum / objects, regions == 0 ? 0 : regionSum / regions, images,
                    objects);
        }
    }

    /// IoU of the matched segment of each visible object of one image, in increasing order of the objects' indices
    /// (the background first if it counts); 0 for an object that got no segment.
    ///
    /// @param predicted segment of each pixel
    /// @param truth object of each pixel, 0 for background
    /// @param background whether the background is one more region
    public static double[] matchedIou(int[] predicted, int[] truth, boolean background) {
        if (predicted.length != truth.length || truth.length == 0) {
            throw new IllegalArgumentException("predicted map of " + predicted.length + " pixels against a mask of "
                    + truth.length + ": expected the same number, at least 1");
        }
        int[] segments = distinct(predicted, true);
        int[] regions = distinct(truth, background);
        var together = new long[regions.length * segments.length];
        var ofRegion = new long[regions.length];
        var ofSegment = new long[segments.length];
        for (int p = 0; p < truth.length; p++) {
            int s = Arrays.binarySearch(segments, predicted[p]);
            int r = Arrays.binarySearch(regions, truth[p]);
            ofSegment[s]++;
            if (r >= 0) {
                ofRegion[r]++;
                together[r * segments.length + s]++;
            }
        }
        var iou = new double[together.length];
        for (int r = 0; r < regions.length; r++) {
            for (int s = 0; s < segments.length; s++) {
                long both = together[r * segments.length + s];
                iou[r * segments.length + s] = (double) both / (ofRegion[r] + ofSegment[s] - both);
            }
        }
        int[] assigned = Assignment.maximise(iou, regions.length, segments.length);
        var matched = new double[regions.length];
        for (int r = 0; r < regions.length; r++) {
            matched[r] = assigned[r] < 0 ? 0 : iou[r * segments.length + assigned[r]];
        }
        return matched;
    }

    private static int[] distinct(int[] map, boolean zeroToo) {
        var values = new TreeSet<Integer>();
        int last = -1;
        for (int value : map) {
            if (value < 0) {
                throw new IllegalArgumentException("segment index " + value + ": expected 0 or more");
            }
            if (value != last && (zeroToo || value != 0)) {
                values.add(value);
            }
            last = value;
        }
        return values.stream().mapToInt(Integer::intValue).toArray();
    }
}
