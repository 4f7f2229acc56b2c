package dev.triptych.api;

import dev.triptych.embed.Nearness;

/// By what two pictures are near each other.
public enum Likeness {
    /// Cosine of CLS.
    CLS(Nearness.CLS),
    /// Bits of the messages that differ.
    BITS(Nearness.BITS),
    /// The picture's first sparse token with the nearest token of each other picture, by cosine.
    TOKEN(Nearness.TOKEN);

    private final Nearness nearness;

    Likeness(Nearness nearness) {
        this.nearness = nearness;
    }

    Nearness nearness() {
        return nearness;
    }
}
