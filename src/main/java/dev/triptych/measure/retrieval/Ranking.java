package dev.triptych.measure.retrieval;

/// Ranks a database by float keys: a stable radix sort, three passes of 11 bits, so that equal keys keep the order of
/// the database. Holds scratch memory for one thread.
public final class Ranking {
    private static final int DIGIT = 11;
    private static final int BUCKETS = 1 << DIGIT;

    private final int[] counts = new int[3 * BUCKETS];
    private long[] ranked;
    private long[] other;

    /// For databases of `items`.
    public Ranking(int items) {
        ranked = new long[items];
        other = new long[items];
    }

    /// Bytes of the scratch memory for a database of `items`.
    static long bytes(int items) {
        return 2L * Long.BYTES * items + 3L * Integer.BYTES * BUCKETS;
    }

    /// Sorts by increasing key, `keys[at ..]`. -0 equals 0.
    public void ascending(float[] keys, int at) {
        for (int i = 0; i < ranked.length; i++) {
            ranked[i] = (ordered(keys[at + i]) ^ 0x80000000L) << 32 | i;
        }
        sort();
    }

    /// Sorts by decreasing key, `keys[at ..]`; equal keys keep the order of the database too.
    public void descending(float[] keys, int at) {
        for (int i = 0; i < ranked.length; i++) {
            ranked[i] = (~ordered(keys[at + i]) & 0xFFFFFFFFL ^ 0x80000000L) << 32 | i;
        }
        sort();
    }

    /// The bits of a float, as 32 bits that compare as signed integers like the float itself.
    private static long ordered(float key) {
        int bits = Float.floatToIntBits(key + 0f);
        return (bits ^ bits >> 31 & 0x7FFFFFFF) & 0xFFFFFFFFL;
    }

    private void sort() {
        java.util.Arrays.fill(counts, 0);
        for (long entry : ranked) {
            counts[(int) (entry >>> 32) & BUCKETS - 1]++;
            counts[BUCKETS + ((int) (entry >>> 32 + DIGIT) & BUCKETS - 1)]++;
            counts[2 * BUCKETS + ((int) (entry >>> 32 + 2 * DIGIT) & BUCKETS - 1)]++;
        }
        for (int pass = 0; pass < 3; pass++) {
            int base = pass * BUCKETS;
            int start = 0;
            for (int b = base; b < base + BUCKETS; b++) {
                int count = counts[b];
                counts[b] = start;
                start += count;
            }
            int shift = 32 + pass * DIGIT;
            for (long entry : ranked) {
                other[counts[base + ((int) (entry >>> shift) & BUCKETS - 1)]++] = entry;
            }
            long[] swap = ranked;
            ranked = other;
            other = swap;
        }
    }

    /// The item at a rank, both from 0.
    public int item(int rank) {
        return (int) ranked[rank];
    }

    /// Average precision of the ranking: the mean over relevant items of the precision at their rank,
    /// sum_k Prec(k) rel(k) / #relevant over the whole database.
    ///
    /// @param relevant 1 for every item that is looked for
    /// @param count how many these are; -1 is the answer where there are none
    double averagePrecision(byte[] relevant, int count) {
        if (count == 0) {
            return -1;
        }
        double sum = 0;
        int hits = 0;
        for (int rank = 0; hits < count; rank++) {
            if (relevant[(int) ranked[rank]] != 0) {
                hits++;
                sum += (double) hits / (rank + 1);
            }
        }
        return sum / count;
    }
}
