package dev.triptych.sorcen;

/// What Sorcen's teacher sees inside its window.
public enum EchoKind {
    /// Codes drawn from those that follow the most likely one.
    SAMPLED,
    /// Codes drawn from all, the most likely one included.
    SOFTMAX,
    /// The most likely code.
    ARGMAX,
    /// The image's own codes.
    TRUTH
}
