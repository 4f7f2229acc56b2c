package dev.triptych.measure.code;

import java.util.Arrays;

/// How much two sets of grids differ in what codes they use, and in which codes they put side by side: Jensen-Shannon
/// divergences of their frequencies, in bits: 0 for equal frequencies, 1 where nothing is shared. Frequencies of few
/// grids are noisy, which adds to the figure; a real set of as many grids says how much.
public final class CodeDivergence {
    /// What is counted.
    public enum Of {
        /// Codes.
        UNIGRAMS(0, 0),
        /// A code and its right neighbour.
        HORIZONTAL_BIGRAMS(0, 1),
        /// A code and the one below it.
        VERTICAL_BIGRAMS(1, 0);

        private final int down;
        private final int right;

        Of(int down, int right) {
            this.down = down;
            this.right = right;
        }
    }

    private CodeDivergence() {
    }

    /// The divergence of two sets.
    public static double between(CodeGrids one, CodeGrids other, Of of) {
        return between(words(one, of), words(other, of));
    }

    /// Every occurrence of what is counted, sorted: a code, or a pair as first K + second.
    static long[] words(CodeGrids grids, Of of) {
        int side = grids.grid();
        int rows = side - of.down;
        int columns = side - of.right;
        long[] words = new long[Math.multiplyExact(grids.count(), rows * columns)];
        for (int i = 0; i < words.length; i++) {
            int at = i / (rows * columns) * side * side + i / columns % rows * side + i % columns;
            long code = grids.ids()[at];
            words[i] = of == Of.UNIGRAMS ? code : code * grids.codes() + grids.ids()[at + of.down * side + of.right];
        }
        Arrays.sort(words);
        return words;
    }

    /// (KL(p | m) + KL(q | m)) / 2 in bits, m = (p + q) / 2, of the frequencies of two sorted lists; NaN where one is
    /// empty.
    static double between(long[] one, long[] other) {
        double divergence = one.length == 0 || other.length == 0 ? Double.NaN : 0;
        int i = 0;
        int j = 0;
        while (i < one.length || j < other.length) {
            long word = Math.min(i < one.length ? one[i] : Long.MAX_VALUE,
                    j < other.length ? other[j] : Long.MAX_VALUE);
            int i0 = i;
            int j0 = j;
            while (i < one.length && one[i] == word) {
                i++;
            }
            while (j < other.length && other[j] == word) {
                j++;
            }
            double p = (double) (i - i0) / one.length;
            double q = (double) (j - j0) / other.length;
            divergence += 0.5 * (term(p, q) + term(q, p));
        }
        return Math.max(0, divergence);
    }

    private static double term(double p, double q) {
        return p == 0 ? 0 : p * Math.log(2 * p / (p + q)) / Math.log(2);
    }

    /// The protocol in words, for a report.
    public static String protocol() {
        return "Jensen-Shannon divergence to the codes of all test images, in bits: 0 for equal frequencies, 1 where "
                + "nothing is shared; few grids give more by chance, which the training images beside them show";
    }
}
