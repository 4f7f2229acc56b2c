package dev.triptych.encoder;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/// Which patches a masked view keeps (STELLAR section 4.6): those of the smallest noise, after a focal gaussian has
/// lowered the noise around a centre for some of the views. All rankings are stable.
public final class PatchMasking {
    private PatchMasking() {
    }

    /// noise - exp(-dist^2 / (2 (s side)^2)) for a grid of the given rows and columns, side = sqrt(rows * columns),
    /// distances in cells.
    ///
    /// @param noise one number per patch, row-major
    /// @param cx column of the centre
    /// @param cy row of the centre
    /// @param s width of the gaussian relative to the grid's side
    public static double[] focused(double[] noise, int rows, int columns, double cx, double cy, double s) {
        double[] keys = noise.clone();
        double spread = s * Math.sqrt((double) rows * columns);
        for (int i = 0; i < keys.length; i++) {
            double dx = i % columns - cx;
            double dy = i / columns - cy;
            keys[i] -= StrictMath.exp(-(dx * dx + dy * dy) / (2 * spread * spread));
        }
        return keys;
    }

    /// noise with zeros in a square block, so that its patches come first: the authors' other law (`block`), which a
    /// slip in their code applies to every view.
    ///
    /// @param columns of the grid
    /// @param top first row of the block
    /// @param left first column of the block
    /// @param side of the block, floor(sqrt(kept))
    public static double[] blocked(double[] noise, int columns, int top, int left, int side) {
        double[] keys = noise.clone();
        for (int i = 0; i < side * side; i++) {
            keys[(top + i / side) * columns + left + i % side] = 0;
        }
        return keys;
    }

    /// The patches in the order of increasing keys; the first ones are kept, in that order.
    public static int[] ranking(double[] keys) {
        Integer[] order = IntStream.range(0, keys.length).boxed().toArray(Integer[]::new);
        Arrays.sort(order, Comparator.comparingDouble(i -> keys[i]));
        return Arrays.stream(order).mapToInt(Integer::intValue).toArray();
    }

    /// Each patch's place in a ranking.
    public static int[] places(int[] ranking) {
        int[] places = new int[ranking.length];
        for (int i = 0; i < places.length; i++) {
            places[ranking[i]] = i;
        }
        return places;
    }
}
