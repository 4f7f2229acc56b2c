package dev.triptych.measure.segment;

import dev.triptych.data.set.SegmentationSet;

/// The commonest class of training at each place of a grid laid over every picture, and the commonest of all.
final class PlacePrior {
    private static final int GRID = 48;

    private final int classes;
    private final long[] counts;

    PlacePrior(int classes) {
        this.classes = classes;
        this.counts = new long[GRID * GRID * classes];
    }

    void add(int[] labels, int height, int width) {
        for (int p = 0; p < labels.length; p++) {
            if (labels[p] != SegmentationSet.IGNORED) {
                counts[cell(p, height, width) * classes + labels[p]]++;
            }
        }
    }

    private static int cell(int p, int height, int width) {
        return (int) ((long) (p / width) * GRID / height) * GRID + (int) ((long) (p % width) * GRID / width);
    }

    /// The commonest class at each pixel's place; of a place that no training pixel had, the commonest of all.
    int[] at(int height, int width) {
        int everywhere = commonest();
        var best = new int[GRID * GRID];
        for (int cell = 0; cell < best.length; cell++) {
            best[cell] = everywhere;
            for (int c = 0; c < classes; c++) {
                if (counts[cell * classes + c] > counts[cell * classes + best[cell]]) {
                    best[cell] = c;
                }
            }
        }
        var predicted = new int[height * width];
        for (int p = 0; p < predicted.length; p++) {
            predicted[p] = best[cell(p, height, width)];
        }
        return predicted;
    }

    /// The class that most training pixels have.
    int commonest() {
        var sums = new long[classes];
        for (int i = 0; i < counts.length; i++) {
            sums[i % classes] += counts[i];
        }
        int best = 0;
        for (int c = 1; c < classes; c++) {
            best = sums[c] > sums[best] ? c : best;
        }
        return best;
    }
}
