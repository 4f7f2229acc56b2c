package dev.triptych.measure.feature;

import dev.triptych.data.set.ImageSet;

/// Labelled feature vectors of a set of images: `rows` is (count x width), row-major, and `labels` is (count).
///
/// Labels are class indices from 0. The arrays are not copied: treat them as read-only once they are in here.
///
/// @param rows the features, (count x width), row-major
/// @param count number of images, at least 1
/// @param width numbers per image, at least 1
/// @param labels class of each image, (count), each at least 0
public record Features(float[] rows, int count, int width, int[] labels) {

    /// Checks the shapes and that no label is negative.
    ///
    /// @throws IllegalArgumentException naming the array, what was found and what was expected
    public Features {
        if (count < 1 || width < 1) {
            throw new IllegalArgumentException(
                    "features of " + count + " rows x " + width + " columns: both must be at least 1");
        }
        if (rows.length != (long) count * width) {
            throw new IllegalArgumentException("features hold " + rows.length + " numbers, expected " + count
                    + " rows x " + width + " columns = " + (long) count * width);
        }
        if (labels.length != count) {
            throw new IllegalArgumentException(
                    "features have " + labels.length + " labels, expected one for each of the " + count + " rows");
        }
        for (int i = 0; i < count; i++) {
            if (labels[i] < 0) {
                throw new IllegalArgumentException("label of row " + i + " is " + labels[i]
                        + ", expected a class index from 0; leave unlabelled images out");
            }
        }
    }

    /// The pixels of a set themselves, in [0, 1].
    public static Features pixels(ImageSet set) {
        int width = 3 * set.side() * set.side();
        float[] rows = new float[Math.multiplyExact(set.size(), width)];
        int[] indices = new int[set.size()];
        int[] labels = new int[set.size()];
        for (int i = 0; i < indices.length; i++) {
            indices[i] = i;
            labels[i] = set.label(i);
        }
        set.images(indices, rows, 0);
        return new Features(rows, set.size(), width, labels);
    }

    /// These features with others of the same images beside them: [this; other].
    public Features beside(Features other) {
        if (other.count != count) {
            throw new IllegalArgumentException("features of " + other.count + " rows beside features of " + count
                    + " rows: expected the same images");
        }
        int both = width + other.width;
        var joined = new float[Math.multiplyExact(count, both)];
        for (int i = 0; i < count; i++) {
            System.arraycopy(rows, i * width, joined, i * both, width);
            System.arraycopy(other.rows, i * other.width, joined, i * both + width, other.width);
        }
        return new Features(joined, count, both, labels);
    }

    /// Some of the rows, in that order.
    Features select(int[] indices) {
        var some = new float[Math.multiplyExact(indices.length, width)];
        var classes = new int[indices.length];
        for (int i = 0; i < indices.length; i++) {
            System.arraycopy(rows, indices[i] * width, some, i * width, width);
            classes[i] = labels[indices[i]];
        }
        return new Features(some, indices.length, width, classes);
    }

    /// Number of classes, taken as the largest label + 1.
    public int classes() {
        int largest = 0;
        for (int label : labels) {
            largest = Math.max(largest, label);
        }
        return largest + 1;
    }

    /// Percentage of `predicted` that equals the labels.
    ///
    /// @param predicted one class per row, (count)
    public double accuracy(int[] predicted) {
        if (predicted.length != count) {
            throw new IllegalArgumentException(
                    predicted.length + " predictions for " + count + " rows: expected one per row");
        }
        int right = 0;
        for (int i = 0; i < count; i++) {
            if (predicted[i] == labels[i]) {
                right++;
            }
        }
        return 100.0 * right / count;
    }

    /// Throws where other features have another width.
    public void requireSameWidth(Features other) {
        if (other.width != width) {
            throw new IllegalArgumentException("evaluated features have " + other.width
                    + " columns but the training features have " + width + ": take both from the same encoder output");
        }
    }
}
