package dev.triptych.data.set;

import dev.triptych.data.file.ImageException;

/// A picture that was left out because it could not be read.
///
/// @param where its file
/// @param kind why, by name, as [dev.triptych.data.file.Refusal] has it: `not-an-image`
/// @param reason why, in words
public record Unread(String where, String kind, String reason) {
    static Unread of(String where, ImageException e) {
        return new Unread(where, e.refusal().text(), e.reason());
    }

    /// For people: `photos/a.png: undecodable: it cannot be decoded (..)`.
    public String text() {
        return where + ": " + kind + ": " + reason;
    }
}
