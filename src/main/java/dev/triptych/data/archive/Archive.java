package dev.triptych.data.archive;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;

/// A file that holds files. Reading it needs memory for one of them, however many there are. Safe from several threads;
/// every walk and every opening has a handle of its own on the file.
public interface Archive {
    /// Files of one archive, where the format does not say less.
    long MAX_FILES = 1L << 27;
    /// Bytes that it may unpack to for each that it has, behind the first [#FREE].
    int MAX_RATIO = 200;
    /// Bytes that it may unpack to whatever its own length is.
    long FREE = 1L << 26;
    /// Bytes of its own: [Member#place] has 43 bits.
    long MAX_LENGTH = 1L << 43;

    /// The archive itself.
    Path file();

    /// A new walk.
    ///
    /// @param checked whether names given twice are looked for, which takes eight to sixteen bytes of memory a file:
    ///        once is enough
    Members members(boolean checked) throws IOException;

    /// Whether [#open] finds a file again. If not, one is read while a walk stands on it.
    boolean reopens();

    /// The bytes of a file that a walk gave.
    ///
    /// @throws UnsupportedOperationException where the archive does not reopen
    InputStream open(Member member) throws IOException;
}
