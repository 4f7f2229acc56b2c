package dev.triptych.data.file;

import java.io.IOException;

/// A variant of a format that is known and not read: what the file has, and what is read instead. [ImageDecoder] makes
/// an [ImageException] of it.
final class Unsupported extends IOException {
    private static final long serialVersionUID = 1L;

    /// @param message what the file has and what is read, both in words
    Unsupported(String message) {
        super(message);
    }
}
