package dev.triptych.encoder;

import dev.triptych.program.Packing;
import dev.triptych.program.Program;
import dev.triptych.program.RowIndex;
import dev.triptych.program.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/// Sequences [CLS ; cells] of ids of equal length for the encoder of codes. Ids 0 to K - 1 are codes, K is the class
/// id, K + 1 is MASK. Place 0 of the position table belongs to CLS, place 1 + j to cell j of the grid.
///
/// @param count number of sequences
/// @param length ids of each, CLS included
/// @param ids rows of the embedding (count * length)
/// @param places rows of the position table (count * length)
public record CodeSequences(int count, int length, RowIndex ids, RowIndex places) {
    /// Sequences that lost their dropped cells, chosen anew for every run: the inputs `visible.ids` and
    /// `visible.places`, with their inverses.
    ///
    /// @param kept cells of each sequence
    /// @param cells N of the grid
    public static CodeSequences masked(Program p, int count, int kept, int cells, int codes) {
        int rows = count * (1 + kept);
        return new CodeSequences(count, 1 + kept, RowIndex.input(p, "visible.ids", codes + 2, rows),
                RowIndex.input(p, "visible.places", 1 + cells, rows));
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

    /// What the inputs of `masked`, and `slots` of the decoder, take for a choice of masked and kept cells: kept cells
    /// in ascending order, masked ones as MASK; a slot of the decoder takes the encoder's output of its own cell where
    /// that was kept and shown, else that of CLS.
    ///
    /// @param codes of all cells (count * cells)
    /// @param masked which cells are masked (count * cells)
    /// @param kept cells that were not dropped (count * kept each)
    /// @param cells N of the grid
    /// @param codebook K
    public static Map<String, int[]> maskedInputs(int[] codes, boolean[] masked, int[] kept, int cells,
            int codebook) {
        int count = codes.length / cells;
        int each = kept.length / count;
        int[] ids = new int[count * (1 + each)];
        int[] places = new int[ids.length];
        int[] slots = new int[count * (1 + cells)];
        for (int s = 0; s < count; s++) {
            int row = s * (1 + each);
            ids[row] = codebook;
            Arrays.fill(slots, s * (1 + cells), (s + 1) * (1 + cells), row);
            for (int j = 0; j < each; j++) {
                int cell = kept[s * each + j];
                int at = s * cells + cell;
                ids[row + 1 + j] = masked[at] ? codebook + 1 : codes[at];
                places[row + 1 + j] = 1 + cell;
                slots[s * (1 + cells) + 1 + cell] = masked[at] ? row : row + 1 + j;
            }
        }
        var inputs = new LinkedHashMap<String, int[]>();
        put(inputs, "visible.ids", ids, codebook + 2);
        put(inputs, "visible.places", places, 1 + cells);
        put(inputs, "slots", slots, ids.length);
        return inputs;
    }

    private static void put(Map<String, int[]> inputs, String name, int[] rows, int sources) {
        int[][] inverse = RowIndex.invert(rows, sources);
        inputs.put(name, rows);
        inputs.put(name + ".first", inverse[0]);
        inputs.put(name + ".inverse", inverse[1]);
    }
}
