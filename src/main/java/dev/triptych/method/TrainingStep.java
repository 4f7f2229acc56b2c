package dev.triptych.method;

import dev.triptych.program.Program;
import dev.triptych.program.Tensor;
import java.util.List;

/// A training step of a method in one stage.
///
/// @param program inputs to updated parameters. Outputs: every term of the loss, `total` and `gradient norm`
/// @param objective the method's own record of inputs, values in between and loss
/// @param parameters that the gradient reaches
/// @param rates input: a row of AdamW's for each of them, in that order
/// @param momentum input: of the EMA teacher; null without one
/// @param <O> the record of the objective
public record TrainingStep<O>(Program program, O objective, List<Tensor> parameters, Tensor rates, Tensor momentum) {
}
