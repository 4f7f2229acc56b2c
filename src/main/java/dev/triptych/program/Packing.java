package dev.triptych.program;

import java.util.function.BiConsumer;

/// Sequences of unequal length, packed: rows of (all tokens, width). Full view, masked views and crops pass through the
/// encoder together, once; only attention and token gathering know where a sequence begins.
///
/// @param sequence sequence of each row (rows)
/// @param start first row of each sequence, and the number of rows (sequences + 1)
/// @param square where each sequence's attention matrices begin, heads * sum of n^2 of those before (sequences)
/// @param rows number of rows
/// @param heads attention heads for which `square` was made
/// @param pairs sum of n^2 over the sequences
public record Packing(Tensor sequence, Tensor start, Tensor square, int rows, int heads, long pairs) {
    /// A packing whose lengths change from run to run: the integer inputs `name.sequence`, `name.start` and
    /// `name.square`, which [#give] fills. It serves attention without gradient.
    ///
    /// @param sequences how many there are, empty ones included
    /// @param rows of all sequences together, the same in every run
    /// @param pairs the most that the sum of n^2 comes to
    public static Packing input(Program program, String name, int heads, int sequences, int rows, long pairs) {
        return new Packing(program.integerInput(name + ".sequence", rows),
                program.integerInput(name + ".start", sequences + 1),
                program.integerInput(name + ".square", sequences), rows, heads, pairs);
    }

    /// The packing of sequences of given lengths, as constants of a program.
    public static Packing of(Recording program, int heads, int... lengths) {
        Tables t = tables(heads, lengths);
        return new Packing(program.constant("sequence", t.sequence), program.constant("start", t.start),
                program.constant("square", t.square), t.sequence.length, heads, t.pairs);
    }

    /// Gives the inputs of a packing whose lengths change the lengths of a run.
    ///
    /// @param to uploads an input
    /// @throws IllegalArgumentException if they are not as many sequences, rows and pairs as were planned
    public void give(int[] lengths, BiConsumer<Tensor, int[]> to) {
        Tables t = tables(heads, lengths);
        if (lengths.length != square.count() || t.sequence.length != rows || t.pairs > pairs) {
            throw new IllegalArgumentException(
                    "a packing of " + square.count() + " sequences, " + rows + " rows and at "
                            + "most " + pairs + " pairs is given " + lengths.length + ", " + t.sequence.length + " and "
                            + t.pairs);
        }
        to.accept(sequence, t.sequence);
        to.accept(start, t.start);
        to.accept(square, t.square);
    }

    /// Whether lengths change from run to run.
    boolean changes() {
        return start.arena() == Arena.INTEGER_INPUTS;
    }

    private record Tables(int[] sequence, int[] start, int[] square, long pairs) {
    }

    private static Tables tables(int heads, int... lengths) {
        int rows = 0;
        for (int n : lengths) {
            rows = Math.addExact(rows, n);
        }
        int[] sequence = new int[rows];
        int[] start = new int[lengths.length + 1];
        int[] square = new int[lengths.length];
        long before = 0;
        for (int s = 0; s < lengths.length; s++) {
            square[s] = Math.toIntExact(before * heads);
            before += (long) lengths[s] * lengths[s];
            start[s + 1] = start[s] + lengths[s];
            for (int r = start[s]; r < start[s + 1]; r++) {
                sequence[r] = s;
            }
        }
        return new Tables(sequence, start, square, before);
    }
}
