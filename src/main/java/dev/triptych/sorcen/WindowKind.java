package dev.triptych.sorcen;

/// Which cells of an echo Sorcen's teacher sees.
public enum WindowKind {
    /// A square of a side between half the grid's and all of it.
    SQUARE,
    /// As many cells as such a square has, scattered.
    SCATTERED,
    /// All cells.
    WHOLE
}
