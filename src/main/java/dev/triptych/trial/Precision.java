package dev.triptych.trial;

/// What finite differences need to know about the numbers they work with. The float64 twin of this file is written by
/// hand: `dev.triptych.twin.trial.Precision`. Here nothing is proven; float32 runs only show that nothing is lost.
public final class Precision {
    /// Name of the precision.
    public static final String NAME = "float32";

    /// Step of a central difference, relative to the root mean square of the tensor that is moved.
    public static final float STEP = 2e-2f;

    /// Largest error of a gradient, relative to the norm of the whole gradient.
    public static final float GRADIENT_TOLERANCE = 1e-2f;

    /// Largest error of a value, relative to the largest value of its tensor.
    public static final float VALUE_TOLERANCE = 2e-5f;

    private Precision() {
    }
}
