package dev.triptych.factorization;

import dev.triptych.nn.Init;
import dev.triptych.nn.Scope;
import dev.triptych.program.Program;
import dev.triptych.program.RowIndex;
import dev.triptych.program.Tensor;
import java.util.Arrays;
import java.util.function.BiConsumer;

/// Dense features D' of a view whose patches were dropped in part (Triptych section 3): a kept cell has the encoder's
/// output; a dropped one, of which the encoder says nothing, is asked for by its place alone,
///
/// D'_i = q + P_i W_P, with q learnt and P the encoder's position table without its CLS row.
public final class PlaceQueries {
    private final Tensor query;
    private final Tensor projection;

    /// Registers `place_query` (d) and `place_proj.weight` (d, d); W_P has no bias, q is one.
    public PlaceQueries(Scope root, int width) {
        query = root.parameter("place_query", Init.truncatedNormal(0.02), width);
        projection = root.parameter("place_proj.weight", Init.fanIn(width), width, width);
    }

    /// For each cell of each view, the row that stands there: the encoder's where the cell was kept, else the query of
    /// its place. Integer inputs, given anew for every run.
    ///
    /// @param count views
    /// @param kept cells of each that were not dropped, m
    /// @param cells N
    /// @param rows of the table [visible rows (count m) ; queries (N)], (count N)
    public record Cells(int count, int kept, int cells, RowIndex rows) {
        /// Declares the inputs `places`, `places.first` and `places.inverse`.
        public static Cells input(Program p, int count, int kept, int cells) {
            return new Cells(count, kept, cells,
                    RowIndex.input(p, "places", count * kept + cells, count * cells));
        }

        /// Gives the inputs a choice of cells.
        ///
        /// @param chosen the kept cells of every view, in the order of their rows (count m)
        /// @param to uploads an input
        public void give(int[] chosen, BiConsumer<Tensor, int[]> to) {
            rows.give(rows(chosen, count, kept, cells), to);
        }

        /// The row of every cell of every view (count N).
        public static int[] rows(int[] chosen, int count, int kept, int cells) {
            int[] row = new int[count * cells];
            Arrays.setAll(row, i -> count * kept + i % cells);
            for (int i = 0; i < chosen.length; i++) {
                row[i / kept * cells + chosen[i]] = i;
            }
            return row;
        }
    }

    /// D' (count, N, d).
    ///
    /// @param visible D of the kept cells (count, m, d); null where none is kept
    /// @param positions P (N, d)
    public Tensor complete(Program p, Tensor visible, Tensor positions, Cells places) {
        Tensor queries = p.linear(positions, projection, query);
        Tensor table = visible == null
                ? queries
                : p.concat(p.reshape(visible, visible.rows(), visible.columns()), queries);
        return p.reshape(p.gatherRows(table, places.rows()), places.count(), places.cells(), queries.columns());
    }
}
