package dev.triptych.measure.code;

import dev.triptych.data.codes.CodeSet;
import dev.triptych.data.set.Subset;
import dev.triptych.measure.feature.Features;
import java.util.Arrays;

/// Labelled grids of codes in memory, one for each image. The arrays are not copied: treat them as read-only once they
/// are in here.
///
/// @param grid G, codes along a side
/// @param codes K
/// @param ids the codes, (count x N), each grid row-major
/// @param labels class of each image, (count)
public record CodeGrids(int grid, int codes, int[] ids, int[] labels) {
    /// Checks the shapes, and that every id is a code.
    ///
    /// @throws IllegalArgumentException naming what does not fit
    public CodeGrids {
        if (labels.length < 1 || ids.length != (long) labels.length * grid * grid) {
            throw new IllegalArgumentException(ids.length + " codes for " + labels.length + " grids of " + grid + " x "
                    + grid + "; expected at least one grid, and a code for each cell");
        }
        for (int i = 0; i < ids.length; i++) {
            if (ids[i] < 0 || ids[i] >= codes) {
                throw new IllegalArgumentException("code " + ids[i] + " of grid " + i / (grid * grid)
                        + "; expected 0 to " + (codes - 1));
            }
        }
    }

    /// The first view of every image of a code file.
    public static CodeGrids of(CodeSet set) {
        int n = set.positions();
        int[] ids = new int[Math.multiplyExact(set.size(), n)];
        int[] labels = new int[set.size()];
        for (int i = 0; i < labels.length; i++) {
            set.codes(i, 0, ids, i * n);
            labels[i] = set.label(i);
        }
        return new CodeGrids(set.header().grid(), set.header().codes(), ids, labels);
    }

    /// Grids without classes: all of class 0.
    public static CodeGrids unlabelled(int grid, int codes, int[] ids) {
        return new CodeGrids(grid, codes, ids, new int[ids.length / (grid * grid)]);
    }

    /// Number of grids.
    public int count() {
        return labels.length;
    }

    /// N = G G, codes of a grid.
    public int positions() {
        return grid * grid;
    }

    /// Some of the grids, in that order.
    public CodeGrids select(int[] indices) {
        int n = positions();
        int[] some = new int[indices.length * n];
        for (int i = 0; i < indices.length; i++) {
            System.arraycopy(ids, indices[i] * n, some, i * n, n);
        }
        return new CodeGrids(grid, codes, some, Arrays.stream(indices).map(i -> labels[i]).toArray());
    }

    /// That many grids, drawn all over them; all where there are not more.
    public CodeGrids drawn(int some) {
        return some >= count() ? this : select(Subset.drawn(count(), some));
    }

    /// How often each code occurs in each grid, (count x K): what is left of an image when places are forgotten.
    public Features histogram() {
        float[] rows = new float[Math.multiplyExact(count(), codes)];
        for (int i = 0; i < ids.length; i++) {
            rows[i / positions() * codes + ids[i]]++;
        }
        return new Features(rows, count(), codes, labels);
    }

    /// Percentage of `predicted` that equals the labels.
    double accuracy(int[] predicted) {
        int right = 0;
        for (int i = 0; i < predicted.length; i++) {
            right += predicted[i] == labels[i] ? 1 : 0;
        }
        return 100.0 * right / predicted.length;
    }
}
