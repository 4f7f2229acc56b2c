package dev.triptych.nn;

import dev.triptych.program.Program;
import dev.triptych.program.RowIndex;
import dev.triptych.program.Tensor;
import dev.triptych.random.CounterRandom;
import java.util.ArrayList;
import java.util.List;

/// Drop path (stochastic depth, Huang et al. 2016): in training, each residual branch of each block is left out of a
/// whole sequence with the block's probability p, and divided by 1 - p where it stays. The decisions are drawn on the
/// host and enter as an input.
///
/// @param rates p of each block; 0 leaves a block alone
/// @param keep 1 where a branch stays, else 0 (blocks, 2, sequences): attention, then MLP; null with no rate above 0
public record DropPath(List<Float> rates, Tensor keep) {
    /// Nothing is dropped.
    public static final DropPath NONE = new DropPath(List.of(), null);

    /// Rates that rise linearly from 0 at the first block to `largest` at the last.
    public static List<Float> linear(float largest, int blocks) {
        var rates = new ArrayList<Float>();
        for (int i = 0; i < blocks; i++) {
            rates.add(blocks == 1 ? largest : largest * i / (blocks - 1));
        }
        return List.copyOf(rates);
    }

    /// Drop path with the mask as the program's input `droppath` (blocks, 2, sequences), if any rate is above 0.
    public static DropPath input(Program p, List<Float> rates, int sequences) {
        return rates.stream().allMatch(rate -> rate == 0)
                ? NONE
                : new DropPath(rates, p.input("droppath", rates.size(), 2, sequences));
    }

    /// Draws a mask.
    public static float[] draw(CounterRandom random, List<Float> rates, int sequences) {
        float[] keep = new float[rates.size() * 2 * sequences];
        for (int i = 0; i < keep.length; i++) {
            keep[i] = random.uniformDouble() < rates.get(i / (2 * sequences)) ? 0f : 1f;
        }
        return keep;
    }

    /// Drop path over packed sequences of those lengths.
    public Packed pack(Program p, int... lengths) {
        if (keep == null) {
            return new Packed(this, null);
        }
        if (keep.side(2) != lengths.length) {
            throw new IllegalArgumentException(
                    "drop path: mask " + keep + " is not for the " + lengths.length + " sequences given");
        }
        int rows = 0;
        for (int length : lengths) {
            rows += length;
        }
        int[] sequence = new int[rows];
        int at = 0;
        for (int s = 0; s < lengths.length; s++) {
            java.util.Arrays.fill(sequence, at, at + lengths[s], s);
            at += lengths[s];
        }
        return new Packed(this, RowIndex.of(p, "droppath.rows", lengths.length, sequence));
    }

    /// Drop path over packed sequences.
    ///
    /// @param path rates and mask
    /// @param rows the sequence of each packed row
    public record Packed(DropPath path, RowIndex rows) {
        /// The attention branch of a block (rows, width) with whole sequences left out.
        public Tensor attention(Program p, int block, Tensor branch) {
            return apply(p, block, 0, branch);
        }

        /// The MLP branch of a block (rows, width) with whole sequences left out.
        public Tensor mlp(Program p, int block, Tensor branch) {
            return apply(p, block, 1, branch);
        }

        private Tensor apply(Program p, int block, int which, Tensor branch) {
            if (path.keep() == null || path.rates().get(block) == 0) {
                return branch;
            }
            int sequences = path.keep().side(2);
            Tensor all = p.reshape(path.keep(), path.keep().count() / sequences, sequences);
            Tensor one = p.reshape(p.slice(all, 2 * block + which, 1), sequences, 1);
            return p.dropout(branch, p.gatherRows(one, rows), path.rates().get(block));
        }
    }
}
