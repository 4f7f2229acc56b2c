package dev.triptych.echo;

import dev.triptych.program.Packing;
import dev.triptych.program.Program;
import dev.triptych.program.RowIndex;
import dev.triptych.program.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;

/// What a teacher sees of painted echoes (Triptych section 5): CLS, the cells of a square, and its K tokens.
///
/// The square's side is one number for a batch and another in the next, but a program has a fixed number of rows. So
/// each image has two sequences that always have as many rows together: what is seen, and the cells outside, which see
/// each other and are read by nobody.
///
/// @param count images
/// @param grid G cells along a side
/// @param tokens K
/// @param rows of the table [CLS and cells of every image (count (1 + N)) ; tokens (K)], (count (1 + K + N))
/// @param packing of the sequences (2 count)
public record EchoWindow(int count, int grid, int tokens, Tensor rows, Packing packing) {
    /// Declares the integer inputs `window.rows`, `window.sequence`, `window.start` and `window.square`.
    ///
    /// @param heads of attention
    public static EchoWindow input(Program p, int count, int grid, int tokens, int heads) {
        int each = 1 + tokens + grid * grid;
        return new EchoWindow(count, grid, tokens, p.integerInput("window.rows", count * each),
                Packing.input(p, "window", heads, 2 * count, count * each, (long) count * each * each));
    }

    private int each() {
        return 1 + tokens + grid * grid;
    }

    /// The rows of all sequences out of their table (count (1 + N) + K, d). No gradient passes.
    public Tensor arrange(Program p, Tensor table) {
        return p.gatherRows(table, new RowIndex(rows, null, null, rows.count(), table.rows()));
    }

    /// The K tokens of every image out of the encoded rows: (count, K, d).
    public Tensor tokens(Program p, Tensor encoded) {
        int[] picked = new int[count * tokens];
        Arrays.setAll(picked, i -> i / tokens * each() + 1 + i % tokens);
        Tensor s = p.gatherRows(encoded, RowIndex.of(p, "window.tokens", encoded.rows(), picked));
        return p.reshape(s, count, tokens, s.columns());
    }

    /// Gives the inputs the windows of a run, all of one side.
    ///
    /// @param to uploads an input
    public void give(List<SquareWindow> windows, BiConsumer<Tensor, int[]> to) {
        int n = grid * grid;
        int[] row = new int[count * each()];
        int[] lengths = new int[2 * count];
        for (int i = 0; i < count; i++) {
            SquareWindow window = windows.get(i);
            int at = i * each();
            row[at++] = i * (1 + n);
            for (int k = 0; k < tokens; k++) {
                row[at++] = count * (1 + n) + k;
            }
            for (boolean inside : new boolean[]{true, false}) {
                for (int cell = 0; cell < n; cell++) {
                    if (window.contains(cell, grid) == inside) {
                        row[at++] = i * (1 + n) + 1 + cell;
                    }
                }
            }
            lengths[2 * i] = 1 + tokens + window.side() * window.side();
            lengths[2 * i + 1] = n - window.side() * window.side();
        }
        to.accept(rows, row);
        packing.give(lengths, to);
    }
}
