package dev.triptych.method;

import dev.triptych.program.Program;
import dev.triptych.program.Tensor;
import java.util.List;

/// A training step of a method in one stage.
public interface TrainingStep {
    /// Inputs to updated parameters. Inputs besides a method's own: `rates` of AdamW and, with an EMA teacher,
    /// `momentum`. Outputs: every term of the loss, `total` and `gradient norm`.
    Program program();

    /// Parameters that the gradient reaches, in the order of the input `rates`.
    List<Tensor> parameters();
}
