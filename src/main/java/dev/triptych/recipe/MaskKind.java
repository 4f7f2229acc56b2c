package dev.triptych.recipe;

/// How the patches that a masked view keeps are drawn (STELLAR, section 4.6 of the specification).
public enum MaskKind {
    /// Each set of patches equally likely.
    UNIFORM,
    /// With probability 0.5 the kept patches gather around a random focus with a Gaussian fall-off; else uniform.
    GAUSSIAN,
    /// A random square is kept first, the rest is uniform.
    BLOCK
}
