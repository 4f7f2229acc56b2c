package dev.triptych.embed;

import java.util.ArrayList;
import java.util.List;

/// Codes in memory that are all compared with what is asked for: exact, one thread.
public final class CodeScan {
    private final int words;
    private final long[] codes;
    private final int size;

    /// A code that was found.
    ///
    /// @param row its number
    /// @param differing bits in which it differs
    public record Near(int row, int differing) {
    }

    /// @param codes one after another
    /// @param bytes of each
    public CodeScan(byte[] codes, int bytes) {
        this.words = (bytes + Long.BYTES - 1) / Long.BYTES;
        this.size = codes.length / bytes;
        this.codes = new long[Math.multiplyExact(size, words)];
        for (int i = 0; i < size; i++) {
            words(codes, i * bytes, bytes, this.codes, i * words);
        }
    }

    private static void words(byte[] code, int from, int bytes, long[] to, int at) {
        for (int b = 0; b < bytes; b++) {
            to[at + b / Long.BYTES] |= (code[from + b] & 0xFFL) << b % Long.BYTES * Byte.SIZE;
        }
    }

    /// The nearest codes, the nearest first; of equals the earlier.
    public List<Near> nearest(byte[] code, int count) {
        long[] query = new long[words];
        words(code, 0, code.length, query, 0);
        var best = new ArrayList<Near>();
        int limit = Integer.MAX_VALUE;
        for (int i = 0; i < size; i++) {
            int different = 0;
            for (int w = 0; w < words; w++) {
                different += Long.bitCount(codes[i * words + w] ^ query[w]);
            }
            if (different < limit) {
                int at = best.size();
                while (at > 0 && best.get(at - 1).differing() > different) {
                    at--;
                }
                best.add(at, new Near(i, different));
                if (best.size() > count) {
                    best.removeLast();
                }
                limit = best.size() < count ? Integer.MAX_VALUE : best.getLast().differing();
            }
        }
        return best;
    }
}
