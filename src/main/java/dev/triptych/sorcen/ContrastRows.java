package dev.triptych.sorcen;

/// Over what the softmax of Sorcen's contrast runs.
public enum ContrastRows {
    /// Each echo over all predictions.
    ECHOES,
    /// Each prediction over all echoes.
    PREDICTIONS,
    /// The mean of both.
    BOTH
}
