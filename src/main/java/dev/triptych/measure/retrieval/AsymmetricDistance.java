package dev.triptych.measure.retrieval;

import dev.triptych.measure.code.BitCodes;
import dev.triptych.measure.feature.Features;

/// Distances sum_b |p_b - z_b| of one query's probabilities p = sigma(logits) to binary codes z, through one table of
/// 256 entries for every byte of a code. Holds scratch memory for one thread.
public final class AsymmetricDistance {
    private static final int ENTRIES = 1 << Byte.SIZE;

    private final BitCodes database;
    private final double[] tables;

    /// Distances to the codes of a database.
    public AsymmetricDistance(BitCodes database) {
        this.database = database;
        tables = new double[tablesOf(database.bits()) * ENTRIES];
    }

    private static int tablesOf(int bits) {
        return (bits + Byte.SIZE - 1) / Byte.SIZE;
    }

    static long bytes(int bits) {
        return (long) Double.BYTES * tablesOf(bits) * ENTRIES;
    }

    /// Writes the distances of query q to all codes.
    public void distances(Features logits, int q, float[] out) {
        fill(logits, q);
        long[] words = database.words();
        int count = tablesOf(database.bits());
        int each = database.wordsPerCode();
        for (int i = 0; i < out.length; i++) {
            double sum = 0;
            for (int t = 0; t < count; t++) {
                int value = (int) (words[i * each + t / Long.BYTES] >>> t * Byte.SIZE) & ENTRIES - 1;
                sum += tables[t * ENTRIES + value];
            }
            out[i] = (float) sum;
        }
    }

    /// Entry v of table t: the distance over bits 8 t to 8 t + 7, where v holds the code's bits.
    private void fill(Features logits, int q) {
        int bits = logits.width();
        for (int t = 0; t * Byte.SIZE < bits; t++) {
            int first = t * Byte.SIZE;
            int here = Math.min(Byte.SIZE, bits - first);
            tables[t * ENTRIES] = 0;
            for (int b = 0; b < here; b++) {
                double p = 1 / (1 + Math.exp(-logits.rows()[q * bits + first + b]));
                for (int v = 0; v < 1 << b; v++) {
                    double before = tables[t * ENTRIES + v];
                    tables[t * ENTRIES + v] = before + p;
                    tables[t * ENTRIES + (v | 1 << b)] = before + (1 - p);
                }
            }
        }
    }
}
