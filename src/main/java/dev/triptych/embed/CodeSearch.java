package dev.triptych.embed;

import java.io.IOException;
import java.util.List;

/// Codes of pictures that are asked for the nearest.
public interface CodeSearch extends AutoCloseable {
    /// A picture that was found.
    ///
    /// @param differing bits in which its code differs
    record Hit(String file, String label, int differing) {
    }

    /// Bytes of a code.
    int bytes();

    /// The nearest codes that are found, the nearest first.
    ///
    /// @param count how many, at most
    List<Hit> search(byte[] code, int count) throws IOException;

    @Override
    void close() throws IOException;
}
