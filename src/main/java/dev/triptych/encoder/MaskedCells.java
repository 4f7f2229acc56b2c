package dev.triptych.encoder;

import dev.triptych.program.Program;
import dev.triptych.program.RowIndex;
import dev.triptych.program.Tensor;
import java.util.Arrays;
import java.util.function.BiConsumer;

/// Which cells of grids of codes an encoder sees, as codes or as MASK, and where a decoder finds them: integer inputs,
/// given anew for every run.
///
/// @param count number of grids
/// @param kept cells of each that were not dropped
/// @param cells N of a grid
/// @param codes K
/// @param ids of CLS and the kept cells (count * (1 + kept))
/// @param places of these in the position table
/// @param slots for CLS and each cell of each grid, the encoder's row that the decoder sees there
public record MaskedCells(int count, int kept, int cells, int codes, RowIndex ids, RowIndex places, RowIndex slots) {
    /// Declares the inputs `visible.ids`, `visible.places` and `slots`, with their inverses.
    public static MaskedCells input(Program p, int count, int kept, int cells, int codes) {
        int rows = count * (1 + kept);
        return new MaskedCells(count, kept, cells, codes, RowIndex.input(p, "visible.ids", codes + 2, rows),
                RowIndex.input(p, "visible.places", 1 + cells, rows),
                RowIndex.input(p, "slots", rows, count * (1 + cells)));
    }

    /// Gives the inputs a choice of cells. A slot takes the encoder's output of its own cell where that was kept and
    /// shown, else that of CLS.
    ///
    /// @param grids codes of all cells (count * cells)
    /// @param masked which cells are masked (count * cells)
    /// @param chosen cells that were not dropped, ascending in each grid (count * kept)
    /// @param to uploads an input
    public void give(int[] grids, boolean[] masked, int[] chosen, BiConsumer<Tensor, int[]> to) {
        int[] id = new int[count * (1 + kept)];
        int[] place = new int[id.length];
        int[] slot = new int[count * (1 + cells)];
        for (int s = 0; s < count; s++) {
            int row = s * (1 + kept);
            id[row] = codes;
            Arrays.fill(slot, s * (1 + cells), (s + 1) * (1 + cells), row);
            for (int j = 0; j < kept; j++) {
                int cell = chosen[s * kept + j];
                int at = s * cells + cell;
                id[row + 1 + j] = masked[at] ? codes + 1 : grids[at];
                place[row + 1 + j] = 1 + cell;
                slot[s * (1 + cells) + 1 + cell] = masked[at] ? row : row + 1 + j;
            }
        }
        ids.give(id, to);
        places.give(place, to);
        slots.give(slot, to);
    }
}
