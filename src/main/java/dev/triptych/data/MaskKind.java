package dev.triptych.data;

/// How the dropped patches of a masked view are spread (STELLAR, masking; "focal mode" of the authors' code).
public enum MaskKind {
    /// Every patch alike.
    UNIFORM,
    /// In half of the views patches near a random centre are kept more likely, with Gaussian fall-off.
    GAUSSIAN,
    /// In half of the views a random square of patches is kept whole.
    BLOCK
}
