package dev.triptych.program;

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
    /// The packing of sequences of given lengths, as constants of a program.
    public static Packing of(Recording program, int heads, int... lengths) {
        int rows = 0;
        long pairs = 0;
        for (int n : lengths) {
            rows = Math.addExact(rows, n);
            pairs += (long) n * n;
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
        return new Packing(program.constant("sequence", sequence), program.constant("start", start),
                program.constant("square", square), rows, heads, pairs);
    }
}
