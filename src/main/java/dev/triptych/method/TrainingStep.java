package dev.triptych.method;

import dev.triptych.program.Program;
import dev.triptych.program.Tensor;

/// A training step of a method in one stage.
///
/// @param program inputs to updated parameters
/// @param objective the method's own record of inputs, values in between and loss
/// @param descent what follows from the loss
/// @param momentum input: of the EMA teacher; null without one
/// @param <O> the record of the objective
public record TrainingStep<O>(Program program, O objective, Descent descent, Tensor momentum) {
}
