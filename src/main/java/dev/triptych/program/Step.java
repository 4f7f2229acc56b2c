package dev.triptych.program;

import java.util.List;

/// What one operation appends to a program, or its adjoint: launches that belong together.
///
/// @param operation name of the operation, with a prime for an adjoint
/// @param section where in the specification the model was when it asked
/// @param origins the calls that asked for the operation, the nearest first
public record Step(String operation, String section, List<Origin> origins) {
    /// Whether it carries gradients back.
    public boolean isAdjoint() {
        return operation.endsWith("'");
    }

    /// The adjoint of this operation.
    Step adjoint() {
        return new Step(operation + "'", section, origins);
    }
}
