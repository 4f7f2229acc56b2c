package dev.triptych.check.live;

import dev.triptych.program.Tensor;

/// What must agree.
///
/// @param ours our tensor
/// @param torch the same in TorchScript
/// @param kind of agreement
/// @param margin of decisions, in TorchScript
record Claim(Tensor ours, String torch, Kind kind, String margin) {
    /// How much must agree.
    enum Kind {
        /// Values.
        VALUES,
        /// Values, and the gradients of all inputs.
        GRADIENTS,
        /// The same of a whole loss, unless it hangs on a decision that rounding may turn over.
        OBJECTIVE,
        /// Integers, unless rounding may turn them over.
        DECISIONS
    }
}
