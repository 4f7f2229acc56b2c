package dev.triptych.data.source;

import java.io.IOException;
import java.io.InputStream;

/// A way through one part of a [Source] from its first picture to its last, once. Neither the list nor the pictures
/// need ever be in memory. One thread; several walks of a source do not know each other. To be closed, also before its
/// end.
public interface Walk extends AutoCloseable {
    /// The next picture; null behind the last. What was opened of the one before is void then.
    Entry next() throws IOException;

    /// The bytes of the picture that [#next()] gave last, from the first; to be closed by the caller.
    ///
    /// @throws dev.triptych.data.file.ImageException where this one picture cannot be opened: a link that leads
    ///         nowhere, a name that is no text; the walk goes on
    /// @throws IOException where nothing more can be read
    InputStream open() throws IOException;

    @Override
    void close() throws IOException;
}
