package dev.triptych.data.view;

/// How the patches that a masked view keeps are drawn (STELLAR, section 4.6 of the specification).
public enum MaskKind {
    /// Each set of patches equally likely.
    UNIFORM,
    /// In half of the views the kept patches gather around a random focus with a Gaussian fall-off; else uniform.
    GAUSSIAN,
    /// In half of the views a random square is kept whole, the rest is uniform.
    BLOCK
}
