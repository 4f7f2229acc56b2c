package dev.triptych.method;

import dev.triptych.program.Program;
import dev.triptych.program.Tensor;
import java.util.Map;

/// The program that evaluates full images.
///
/// @param program its first input is `image` (batch, 3, side, side), pixels in [0, 1]; for Sorcen `codes` (batch, N)
/// @param values what it computes, by name
public record Evaluation(Program program, Map<String, Tensor> values) {
    /// Images of a run.
    public int batch() {
        return program.inputs().values().iterator().next().side(0);
    }
}
