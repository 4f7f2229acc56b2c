package dev.triptych.data.archive;

import dev.triptych.data.file.ImageException;
import java.io.IOException;
import java.io.InputStream;

/// A way through an [Archive], from its first file to its last, once. One thread.
public interface Members extends AutoCloseable {
    /// The next file; null behind the last. Folders are not given.
    ///
    /// @throws ImageException where the archive breaks a rule: names, links, limits, damage
    Member next() throws IOException;

    /// The first bytes of the file that [#next()] gave last, at most `length`; to be asked for before [#open()].
    byte[] head(int length) throws IOException;

    /// The bytes of the file that [#next()] gave last, from the first, as often as asked; to be closed by the caller.
    InputStream open() throws IOException;

    @Override
    void close() throws IOException;
}
