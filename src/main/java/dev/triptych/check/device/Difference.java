package dev.triptych.check.device;

/// How far two arrays are apart.
///
/// @param error largest difference relative to the largest expected number; for integers 0 or 1; NaN where one is a
///     finite number and the other is not
/// @param at where the difference is largest; -1 if there is none
/// @param expected the expected number there
/// @param found the number found there
record Difference(double error, int at, double expected, double found) {
    private static final Difference NONE = new Difference(0, -1, 0, 0);

    static Difference of(Object expected, Object found) {
        return expected instanceof int[] integers
                ? of(integers, (int[]) found)
                : of((float[]) expected, (float[]) found);
    }

    static Difference of(int[] expected, int[] found) {
        for (int i = 0; i < expected.length; i++) {
            if (expected[i] != found[i]) {
                return new Difference(1, i, expected[i], found[i]);
            }
        }
        return NONE;
    }

    static Difference of(float[] expected, float[] found) {
        double largest = 0;
        for (float e : expected) {
            if (Float.isFinite(e)) {
                largest = Math.max(largest, Math.abs(e));
            }
        }
        double most = 0;
        int at = -1;
        for (int i = 0; i < expected.length; i++) {
            if (Float.compare(expected[i], found[i]) == 0) {
                continue;
            }
            double difference = Math.abs((double) expected[i] - found[i]);
            if (!Double.isFinite(difference)) {
                return new Difference(Double.NaN, i, expected[i], found[i]);
            }
            if (difference > most) {
                most = difference;
                at = i;
            }
        }
        return at < 0 ? NONE : new Difference(most / Math.max(largest, Float.MIN_NORMAL), at, expected[at], found[at]);
    }

    /// The worst place in words; empty if there is none.
    String text() {
        return at < 0 ? "" : found + " instead of " + expected + " at " + at;
    }
}
