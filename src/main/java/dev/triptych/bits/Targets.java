package dev.triptych.bits;

/// What the student of BITS predicts of the teacher's logits T.
public enum Targets {
    /// Bits 1[T > 0].
    HARD,
    /// Probabilities sigma(T / temperature).
    SOFT
}
