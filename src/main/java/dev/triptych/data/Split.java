package dev.triptych.data;

/// Part of a data set.
public enum Split {
    /// Images to learn from.
    TRAIN,
    /// Images that training never sees.
    TEST
}
