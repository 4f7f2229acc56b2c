package dev.triptych.embed;

import java.util.Arrays;

/// Codes in memory that are all compared with what is asked for: exact, one thread.
public final class CodeScan {
    private final int words;
    private final long[] codes;
    private final int size;

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

    /// How many bits differ from the nearest codes, in order.
    public int[] nearest(byte[] code, int count) {
        long[] query = new long[words];
        words(code, 0, code.length, query, 0);
        int[] best = new int[Math.min(count, size)];
        Arrays.fill(best, Integer.MAX_VALUE);
        for (int i = 0; i < size; i++) {
            int different = 0;
            for (int w = 0; w < words; w++) {
                different += Long.bitCount(codes[i * words + w] ^ query[w]);
            }
            if (different < best[best.length - 1]) {
                int at = best.length - 1;
                for (; at > 0 && best[at - 1] > different; at--) {
                    best[at] = best[at - 1];
                }
                best[at] = different;
            }
        }
        return best;
    }
}
