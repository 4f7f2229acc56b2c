package dev.triptych.measure.segment;

import dev.triptych.data.set.SegmentationSet;

/// How often each class of pixels was taken for each other, and the usual figures of it. Pixels that do not count are
/// left out of everything.
public final class Confusion {
    private final int classes;
    /// (classes x classes): truth in rows, prediction in columns.
    private final long[] counts;

    /// No pixels yet.
    public Confusion(int classes) {
        this.classes = classes;
        this.counts = new long[Math.multiplyExact(classes, classes)];
    }

    /// Adds the pixels of a picture.
    ///
    /// @param truth class of each pixel, or [SegmentationSet#IGNORED]
    /// @param predicted class of each pixel
    public void add(int[] truth, int[] predicted) {
        if (truth.length != predicted.length) {
            throw new IllegalArgumentException(predicted.length + " predictions for " + truth.length
                    + " pixels: expected one each");
        }
        for (int p = 0; p < truth.length; p++) {
            if (truth[p] != SegmentationSet.IGNORED) {
                counts[truth[p] * classes + predicted[p]]++;
            }
        }
    }

    /// Pixels of a class.
    public long pixels(int c) {
        long sum = 0;
        for (int j = 0; j < classes; j++) {
            sum += counts[c * classes + j];
        }
        return sum;
    }

    /// All pixels that count.
    public long pixels() {
        long sum = 0;
        for (long count : counts) {
            sum += count;
        }
        return sum;
    }

    /// Intersection over union of a class, TP / (TP + FP + FN); NaN of a class that no pixel has.
    public double iou(int c) {
        long union = pixels(c) - counts[c * classes + c];
        for (int i = 0; i < classes; i++) {
            union += counts[i * classes + c];
        }
        return pixels(c) == 0 ? Double.NaN : (double) counts[c * classes + c] / union;
    }

    /// Mean IoU over the classes that pixels have.
    public double meanIou() {
        double sum = 0;
        int present = 0;
        for (int c = 0; c < classes; c++) {
            if (pixels(c) > 0) {
                sum += iou(c);
                present++;
            }
        }
        return present == 0 ? Double.NaN : sum / present;
    }

    /// Share of pixels whose class was found.
    public double accuracy() {
        long right = 0;
        for (int c = 0; c < classes; c++) {
            right += counts[c * classes + c];
        }
        return (double) right / pixels();
    }
}
