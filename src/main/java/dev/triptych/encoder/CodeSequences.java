package dev.triptych.encoder;

import dev.triptych.program.Packing;
import dev.triptych.program.Program;
import dev.triptych.program.RowIndex;
import dev.triptych.program.Tensor;
import java.util.Arrays;

/// Sequences [CLS ; cells] of ids of equal length for the encoder of codes. Ids 0 to K - 1 are codes, K is the class
/// id, K + 1 is MASK. Place 0 of the position table belongs to CLS, place 1 + j to cell j of the grid.
///
/// @param count number of sequences
/// @param length ids of each, CLS included
/// @param ids rows of the embedding (count * length)
/// @param places rows of the position table (count * length)
public record CodeSequences(int count, int length, RowIndex ids, RowIndex places) {
    /// Sequences that lost their dropped cells, chosen anew for every run.
    public static CodeSequences masked(MaskedCells chosen) {
        return new CodeSequences(chosen.count(), 1 + chosen.kept(), chosen.ids(), chosen.places());
    }

    /// Sequences of all cells, through whose ids no gradient flows.
    ///
    /// @param ids CLS, then all cells, of each sequence (count * (1 + cells))
    public static CodeSequences full(Program p, Tensor ids, int count, int cells, int codes) {
        int[] places = new int[count * (1 + cells)];
        Arrays.setAll(places, i -> i % (1 + cells));
        return new CodeSequences(count, 1 + cells, new RowIndex(ids, null, null, ids.count(), codes + 2),
                RowIndex.of(p, "places", 1 + cells, places));
    }

    /// How they lie one after another.
    public Packing packing(Program p, int heads) {
        int[] lengths = new int[count];
        Arrays.fill(lengths, length);
        return Packing.of(p, heads, lengths);
    }

    /// The rows of all cells, CLS left out.
    public RowIndex cells(Program p) {
        int[] rows = new int[count * (length - 1)];
        Arrays.setAll(rows, i -> i / (length - 1) * length + 1 + i % (length - 1));
        return RowIndex.of(p, "cells", count * length, rows);
    }
}
