package dev.triptych.data.source;

import java.util.Locale;

/// Part of a data set.
public enum Split {
    /// Images to learn from.
    TRAIN,
    /// Images that training never sees.
    TEST;

    /// `train` or `test`.
    public String title() {
        return name().toLowerCase(Locale.ROOT);
    }
}
