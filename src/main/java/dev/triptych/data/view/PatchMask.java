package dev.triptych.data.view;

import dev.triptych.random.CounterRandom;
import java.util.Comparator;
import java.util.stream.IntStream;

/// Which patches a masked view keeps (STELLAR section 4.6, masking by dropping tokens): those of the smallest noise,
/// listed in the order of increasing noise (equal noise: lowest index first), after the noise of some views has been
/// lowered around a focus.
public final class PatchMask {
    private static final double FOCAL_PROBABILITY = 0.5;
    private static final double SIGMA_LO = 0.1;
    private static final double SIGMA_HI = 0.5;

    private PatchMask() {
    }

    /// Draws the kept patches of one view of a grid of h x w patches into `ids[at .. at + keep - 1]`. Blocks are drawn
    /// per view; the authors' code writes one view's block into the noise of all.
    ///
    /// The order of the draws is fixed: noise, then centre column, centre row, spread, coin.
    public static void draw(CounterRandom random, MaskKind kind, int h, int w, int keep, int[] ids, int at) {
        double[] noise = new double[h * w];
        for (int i = 0; i < noise.length; i++) {
            noise[i] = random.uniformDouble();
        }
        double[] keys = switch (kind) {
            case UNIFORM -> noise;
            case GAUSSIAN -> {
                int cx = random.below(w);
                int cy = random.below(h);
                double sigma = SIGMA_LO + (SIGMA_HI - SIGMA_LO) * random.uniformDouble();
                yield focal(random) ? focused(noise, h, w, cx, cy, sigma) : noise;
            }
            case BLOCK -> {
                int side = Math.min((int) Math.sqrt(keep), Math.min(h, w));
                int left = random.below(w - side + 1);
                int top = random.below(h - side + 1);
                yield focal(random) ? blocked(noise, w, top, left, side) : noise;
            }
        };
        System.arraycopy(ranking(keys), 0, ids, at, keep);
    }

    private static boolean focal(CounterRandom random) {
        return random.uniformDouble() < FOCAL_PROBABILITY;
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

    /// noise with zeros in a square block, so that its patches come first.
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

    /// The patches in the order of increasing keys, stable; the first ones are kept, in that order.
    public static int[] ranking(double[] keys) {
        return IntStream.range(0, keys.length).boxed().sorted(Comparator.comparingDouble(i -> keys[i]))
                .mapToInt(Integer::intValue).toArray();
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
