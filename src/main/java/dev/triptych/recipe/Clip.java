package dev.triptych.recipe;

/// Which norm the gradient clip limits.
public enum Clip {
    /// One norm over all parameters.
    GLOBAL,
    /// One norm for each parameter tensor.
    PER_TENSOR,
    /// No clipping.
    NONE
}
