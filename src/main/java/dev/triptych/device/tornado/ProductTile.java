package dev.triptych.device.tornado;

import java.util.List;

/// How a matrix is cut for a card: a group of lanes for each tile, [GroupProducts#SIDE] by [GroupProducts#SIDE] sums
/// for each lane.
///
/// @param rows of a tile
/// @param columns of a tile
record ProductTile(int rows, int columns) {
    /// Multiprocessors of the cards that the choice is made for (an H100 or H200). Another number makes a choice a
    /// little worse, and no result other than by rounding.
    static final int PROCESSORS = 132;

    /// Warps that keep the units of a multiprocessor busy; fewer leave some of them idle in turns.
    private static final int BUSY = 8;

    /// The larger first: of equals it reads each operand less often.
    private static final List<ProductTile> TILES = List.of(new ProductTile(128, 128), new ProductTile(128, 64),
            new ProductTile(64, 128),
            new ProductTile(64, 64));

    /// The side of the smallest tile: matrices below it are left to [GroupKernels#product].
    static final int LEAST = 64;

    /// Whether a product is cut by these tiles at all.
    static boolean fits(int n, int k, int m) {
        return n >= LEAST && m >= LEAST && k >= GroupProducts.TERMS;
    }

    /// The tile by which b matrices of n rows and m columns are soonest done.
    static ProductTile of(int b, int n, int m) {
        ProductTile best = null;
        for (ProductTile tile : TILES) {
            if (tile.rows <= n && tile.columns <= m && (best == null || tile.time(b, n, m) < best.time(b, n, m))) {
                best = tile;
            }
        }
        return best;
    }

    /// Lanes of a group.
    int lanes() {
        return rows * columns / (GroupProducts.SIDE * GroupProducts.SIDE);
    }

    /// How many cover b matrices.
    int count(int b, int n, int m) {
        return b * ((n + rows - 1) / rows) * ((m + columns - 1) / columns);
    }

    /// What the multiprocessor with the most tiles has to do, in sums, longer where it has too few warps.
    private double time(int b, int n, int m) {
        int most = (count(b, n, m) + PROCESSORS - 1) / PROCESSORS;
        double busy = Math.min(1, most * lanes() / 32.0 / BUSY);
        // a smaller tile loads more for each of its sums: instructions of its own, and traffic with the caches
        int area = rows * columns;
        double share = area == 128 * 128 ? 1 : area == 128 * 64 ? 0.97 : 0.85;
        return most * (double) rows * columns / busy / share;
    }
}
