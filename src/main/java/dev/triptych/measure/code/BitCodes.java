package dev.triptych.measure.code;

import dev.triptych.measure.feature.Features;

/// Binary codes of a set of images, packed into `long`s: bit b of code i is bit b mod 64 of word i w + b / 64, where
/// w = ceil(bits / 64); what is left of a last word is 0.
///
/// @param words the codes, (count x w); not copied
/// @param count number of codes, at least 1
/// @param bits of each code, at least 1
public record BitCodes(long[] words, int count, int bits) {
    /// Checks the shapes.
    public BitCodes {
        if (count < 1 || bits < 1) {
            throw new IllegalArgumentException(count + " codes of " + bits + " bits: both must be at least 1");
        }
        if (words.length != (long) count * wordsOf(bits)) {
            throw new IllegalArgumentException(words.length + " words for " + count + " codes of " + bits
                    + " bits, expected " + (long) count * wordsOf(bits));
        }
    }

    /// The messages of logits (count x bits): a bit is set where its logit is above 0 (BITS, eq. 7; a tie gives 0).
    ///
    /// @throws IllegalArgumentException when a logit is NaN
    public static BitCodes of(float[] logits, int count, int bits) {
        if (logits.length != (long) count * bits) {
            throw new IllegalArgumentException(logits.length + " logits for " + count + " codes of " + bits
                    + " bits, expected " + (long) count * bits);
        }
        int each = wordsOf(bits);
        var words = new long[Math.multiplyExact(count, each)];
        for (int i = 0; i < logits.length; i++) {
            if (logits[i] != logits[i]) {
                throw new IllegalArgumentException("logit " + i % bits + " of code " + i / bits
                        + " is NaN: the encoder diverged or was not loaded");
            }
            if (logits[i] > 0) {
                words[i / bits * each + i % bits / Long.SIZE] |= 1L << i % bits;
            }
        }
        return new BitCodes(words, count, bits);
    }

    /// The messages of features that are logits.
    public static BitCodes of(Features logits) {
        return of(logits.rows(), logits.count(), logits.width());
    }

    private static int wordsOf(int bits) {
        return (bits + Long.SIZE - 1) / Long.SIZE;
    }

    /// Words of one code.
    public int wordsPerCode() {
        return wordsOf(bits);
    }

    /// Bit b of code i, 0 or 1.
    public int bit(int i, int b) {
        return (int) (words[i * wordsPerCode() + b / Long.SIZE] >>> b) & 1;
    }

    /// Codes of the chosen bits alone, in the order given.
    public BitCodes select(int... chosen) {
        int from = wordsPerCode();
        int to = wordsOf(chosen.length);
        var selected = new long[Math.multiplyExact(count, to)];
        for (int j = 0; j < chosen.length; j++) {
            int b = chosen[j];
            if (b < 0 || b >= bits) {
                throw new IllegalArgumentException("bit " + b + " of codes of " + bits + " bits");
            }
            for (int i = 0; i < count; i++) {
                selected[i * to + j / Long.SIZE] |= (words[i * from + b / Long.SIZE] >>> b & 1) << j;
            }
        }
        return new BitCodes(selected, count, chosen.length);
    }

    /// Bytes that the words take.
    public long bytes() {
        return (long) Long.BYTES * words.length;
    }

    /// Throws where other codes have another number of bits.
    public void requireSameBits(BitCodes other) {
        if (other.bits != bits) {
            throw new IllegalArgumentException("codes of " + other.bits + " bits against codes of " + bits
                    + " bits: take both from the same head");
        }
    }
}
