package dev.triptych.bits;

/// How the student of BITS is held to the teacher's message.
public enum Agreement {
    /// Binary cross-entropy of every bit.
    BCE,
    /// Cosine with the message as +1 and -1.
    COSINE
}
