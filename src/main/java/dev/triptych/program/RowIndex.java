package dev.triptych.program;

import java.util.function.BiConsumer;

/// Rows to be picked from a table, with the inverse that the adjoint gathers through: source row i was picked by the
/// rows `inverse[first[i]]` to `inverse[first[i + 1] - 1]`.
///
/// @param rows the picked source rows (count)
/// @param first where each source row's list begins (sources + 1)
/// @param inverse the lists, one after another (count)
/// @param count number of picked rows
/// @param sources number of source rows
public record RowIndex(Tensor rows, Tensor first, Tensor inverse, int count, int sources) {
    /// A fixed choice of rows.
    public static RowIndex of(Recording program, String name, int sources, int... rows) {
        int[][] inverse = invert(rows, sources);
        return new RowIndex(program.constant(name, rows), program.constant(name + ".first", inverse[0]),
                program.constant(name + ".inverse", inverse[1]), rows.length, sources);
    }

    /// A choice that changes from run to run: three integer inputs, `name`, `name.first` and `name.inverse`; the host
    /// fills them by [#give].
    public static RowIndex input(Program program, String name, int sources, int count) {
        return new RowIndex(program.integerInput(name, count), program.integerInput(name + ".first", sources + 1),
                program.integerInput(name + ".inverse", count), count, sources);
    }

    /// Gives the inputs of a choice that changes from run to run their numbers.
    ///
    /// @param chosen source rows (count)
    /// @param to uploads an input
    public void give(int[] chosen, BiConsumer<Tensor, int[]> to) {
        int[][] inverted = invert(chosen, sources);
        to.accept(rows, chosen);
        to.accept(first, inverted[0]);
        to.accept(inverse, inverted[1]);
    }

    /// The inverse of an index: (first, lists).
    ///
    /// @throws IllegalArgumentException if a row is outside 0..sources-1
    public static int[][] invert(int[] rows, int sources) {
        int[] first = new int[sources + 1];
        for (int row : rows) {
            if (row < 0 || row >= sources) {
                throw new IllegalArgumentException("Row " + row + " picked of " + sources);
            }
            first[row + 1]++;
        }
        for (int i = 0; i < sources; i++) {
            first[i + 1] += first[i];
        }
        int[] next = first.clone();
        int[] inverse = new int[rows.length];
        for (int i = 0; i < rows.length; i++) {
            inverse[next[rows[i]]++] = i;
        }
        return new int[][]{first, inverse};
    }
}
