package dev.triptych.method;

import dev.triptych.program.Program;
import dev.triptych.program.Tensor;

/// A program that makes something of whole images, without any loss.
///
/// @param program of one input
/// @param input images (batch, 3, side, side), pixels in [0, 1]; grids of codes (batch, N) where a method sees those
/// @param values what it computes: a record of the method's own
/// @param <V> that record
public record Evaluation<V>(Program program, Tensor input, V values) {
    /// The smallest batch whose numbers do not depend on the batch: products of fewer rows are summed in another order
    /// by the vector device.
    public static final int SMALLEST_BATCH = 8;

    /// Images of a run.
    public int batch() {
        return input.side(0);
    }
}
