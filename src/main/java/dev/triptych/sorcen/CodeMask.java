package dev.triptych.sorcen;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/// Which cells of an image are masked and which are dropped (Sorcen section 2.4): noise ranks them; the lowest ranks
/// are masked, the lowest of these dropped.
///
/// @param rank of each cell by ascending noise; of equal noise the lower cell first
/// @param masks number of masked cells
/// @param drops number of dropped cells, at most as many
public record CodeMask(int[] rank, int masks, int drops) {
    /// The mask of ceil(ratio N) cells that noise (N) gives.
    ///
    /// @throws IllegalArgumentException if fewer cells are masked than dropped
    public static CodeMask of(double[] noise, double ratio, int drops) {
        int n = noise.length;
        int masks = (int) Math.ceil(ratio * n);
        if (masks < drops || masks > n) {
            throw new IllegalArgumentException("mask ratio " + ratio + " masks " + masks + " of " + n
                    + " cells; expected " + drops + " to " + n + ", because dropped cells are masked ones");
        }
        int[] order = IntStream.range(0, n).boxed().sorted(Comparator.comparingDouble(i -> noise[i]))
                .mapToInt(Integer::intValue).toArray();
        int[] rank = new int[n];
        for (int r = 0; r < n; r++) {
            rank[order[r]] = r;
        }
        return new CodeMask(rank, masks, drops);
    }

    /// Whether a cell's code has to be predicted.
    public boolean masked(int cell) {
        return rank[cell] < masks;
    }

    /// Whether the encoder never sees a cell.
    public boolean dropped(int cell) {
        return rank[cell] < drops;
    }

    /// The cells that the encoder sees, as codes or as MASK, in ascending order.
    public int[] kept() {
        return IntStream.range(0, rank.length).filter(cell -> !dropped(cell)).toArray();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CodeMask m && Arrays.equals(rank, m.rank) && masks == m.masks && drops == m.drops;
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(rank) + masks;
    }

    @Override
    public String toString() {
        return "mask of " + masks + " cells, " + drops + " dropped, of " + rank.length;
    }
}
