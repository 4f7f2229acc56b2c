package dev.triptych.data.archive;

import dev.triptych.io.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/// A set of names, of each of which 64 bits of a SHA-256 are kept: 13 to 27 bytes of memory a name.
public final class NameHashes {
    private static final double FULLEST = 0.6;

    private final MessageDigest digest = Sha256.digest();
    /// Open addressing; 0 is an empty place.
    private long[] table = new long[1 << 10];
    private int size;

    /// Adds a name.
    ///
    /// @return false where the name, or another one of the same hash, is there already
    public boolean add(String name) {
        long hash = ByteBuffer.wrap(digest.digest(name.getBytes(StandardCharsets.UTF_8))).getLong();
        if (!put(table, hash == 0 ? 1 : hash)) {
            return false;
        }
        if (++size > FULLEST * table.length) {
            long[] larger = new long[2 * table.length];
            for (long old : table) {
                if (old != 0) {
                    put(larger, old);
                }
            }
            table = larger;
        }
        return true;
    }

    private static boolean put(long[] table, long hash) {
        int at = (int) hash & table.length - 1;
        while (table[at] != 0) {
            if (table[at] == hash) {
                return false;
            }
            at = at + 1 & table.length - 1;
        }
        table[at] = hash;
        return true;
    }
}
