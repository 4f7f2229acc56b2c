package dev.triptych.twin.trial;

/// What finite differences need to know about double, the precision that proves: the twin of
/// `dev.triptych.trial.Precision`.
public final class Precision {
    /// Name of the precision.
    public static final String NAME = "float64";

    /// Step of a central difference, relative to the root mean square of the tensor that is moved.
    public static final double STEP = 2e-4;

    /// Largest error of a gradient, relative to the norm of the whole gradient.
    public static final double GRADIENT_TOLERANCE = 1e-6;

    /// Largest error of a value, relative to the largest value of its tensor.
    public static final double VALUE_TOLERANCE = 1e-12;

    private Precision() {
    }
}
