package dev.triptych.measure.code;

import java.util.Arrays;
import java.util.HashSet;
import java.util.stream.IntStream;

/// Statistics of binary codes and of what their bits say about classes (BITS, specification sections 6.7 and 9.5).
/// Entropies and informations are in bits, with 0 log 0 = 0, from empirical frequencies ("plug-in").
///
/// The plug-in entropy of a distribution over m states is too low by about (m - 1) / (2 n ln 2) bits on n codes (Miller
/// 1955): [#blockBias]. Informations with C classes are too high by about (C - 1) / (2 n ln 2). Nothing is corrected.
public final class BitStatistics {
    /// Bits of a block.
    public static final int BLOCK = 8;
    /// Rates of a class between which a bit counts as varying within it, and above which it counts as set.
    private static final double LOW = 0.2;
    private static final double HIGH = 0.8;
    private static final double LOG_2 = Math.log(2);

    private final BitCodes codes;
    private final int[] labels;
    private final int[] classSizes;
    /// How often each bit is set in each class.
    private final int[][] ones;
    private final double[] means;

    /// @param labels class of each code, from 0
    public BitStatistics(BitCodes codes, int[] labels) {
        if (labels.length != codes.count()) {
            throw new IllegalArgumentException(labels.length + " labels for " + codes.count()
                    + " codes: expected one each");
        }
        this.codes = codes;
        this.labels = labels.clone();
        int classes = 1 + Arrays.stream(labels).max().orElse(0);
        classSizes = new int[classes];
        ones = new int[classes][codes.bits()];
        means = new double[codes.bits()];
        for (int i = 0; i < labels.length; i++) {
            classSizes[labels[i]]++;
            for (int b = 0; b < codes.bits(); b++) {
                ones[labels[i]][b] += codes.bit(i, b);
                means[b] += codes.bit(i, b);
            }
        }
        for (int b = 0; b < means.length; b++) {
            means[b] /= codes.count();
        }
    }

    /// How many codes there are.
    public int count() {
        return codes.count();
    }

    /// The codes.
    public BitCodes codes() {
        return codes;
    }

    /// Classes of the codes.
    public int[] labels() {
        return labels.clone();
    }

    /// Number of classes.
    public int classes() {
        return classSizes.length;
    }

    /// p(b = 1) of every bit.
    public double[] means() {
        return means.clone();
    }

    /// P(b = 1 | y), (classes x bits); NaN for a class without codes.
    public double[][] classRates() {
        var rates = new double[classes()][codes.bits()];
        for (int y = 0; y < rates.length; y++) {
            for (int b = 0; b < codes.bits(); b++) {
                rates[y][b] = (double) ones[y][b] / classSizes[y];
            }
        }
        return rates;
    }

    /// H(b) = -p log2 p - (1 - p) log2 (1 - p) of every bit.
    public double[] entropies() {
        return Arrays.stream(means).map(BitStatistics::entropy).toArray();
    }

    /// The mean of H(b) over bits.
    public double meanEntropy() {
        return mean(entropies());
    }

    /// The mean of H(b) over the bits of codes without classes.
    public static double meanEntropy(BitCodes codes) {
        return new BitStatistics(codes, new int[codes.count()]).meanEntropy();
    }

    /// The number that a code's bits 8 k to 8 k + 7 spell, the first bit most significant.
    public int block(int code, int k) {
        int id = 0;
        for (int b = k * BLOCK; b < (k + 1) * BLOCK; b++) {
            id = id << 1 | codes.bit(code, b);
        }
        return id;
    }

    /// Entropy of each contiguous block of 8 bits over its 256 states; what is left of the last block is not looked at.
    public double[] blockEntropies() {
        return IntStream.range(0, codes.bits() / BLOCK).mapToDouble(k -> {
            var counts = new int[1 << BLOCK];
            for (int i = 0; i < codes.count(); i++) {
                counts[block(i, k)]++;
            }
            double entropy = 0;
            for (int count : counts) {
                entropy += term((double) count / codes.count());
            }
            return entropy;
        }).toArray();
    }

    /// The mean of the block entropies; NaN where a code has fewer than 8 bits.
    public double meanBlockEntropy() {
        return mean(blockEntropies());
    }

    /// By how many bits the block entropy of uniform codes would come out too low: 255 / (2 n ln 2).
    public double blockBias() {
        return ((1 << BLOCK) - 1) / (2.0 * codes.count() * LOG_2);
    }

    /// Total correlation of each block: the sum of its bits' entropies less its own; 0 for independent bits.
    public double[] totalCorrelations() {
        double[] blocks = blockEntropies();
        double[] bits = entropies();
        for (int k = 0; k < blocks.length; k++) {
            blocks[k] = Arrays.stream(bits, k * BLOCK, (k + 1) * BLOCK).sum() - blocks[k];
        }
        return blocks;
    }

    /// I(b; Y) = H(b) - sum_y p(y) H(b | y) of every bit.
    public double[] informations() {
        double[] informations = entropies();
        for (int y = 0; y < classes(); y++) {
            for (int b = 0; b < informations.length && classSizes[y] > 0; b++) {
                informations[b] -= (double) classSizes[y] / codes.count()
                        * entropy((double) ones[y][b] / classSizes[y]);
            }
        }
        return informations;
    }

    /// For every bit, the number of classes within which it varies: .2 < P(b = 1 | y) < .8.
    public int[] reuseMixed() {
        return classesWith(LOW, HIGH);
    }

    /// For every bit, the number of classes in which it is set: P(b = 1 | y) > .8.
    public int[] reuseHigh() {
        return classesWith(HIGH, Double.POSITIVE_INFINITY);
    }

    private int[] classesWith(double above, double below) {
        double[][] rates = classRates();
        return IntStream.range(0, codes.bits()).map(b -> (int) Arrays.stream(rates)
                .filter(rate -> rate[b] > above && rate[b] < below).count()).toArray();
    }

    /// Mean of |Pearson correlation| over all pairs of bits of which neither is constant; NaN without such a pair.
    public double meanAbsoluteCorrelation() {
        int n = codes.count();
        int words = (n + Long.SIZE - 1) / Long.SIZE;
        int[] varying = IntStream.range(0, codes.bits()).filter(b -> means[b] > 0 && means[b] < 1).toArray();
        var columns = new long[varying.length][words];
        for (int v = 0; v < varying.length; v++) {
            for (int i = 0; i < n; i++) {
                columns[v][i / Long.SIZE] |= (long) codes.bit(i, varying[v]) << i;
            }
        }
        return IntStream.range(1, varying.length).mapToDouble(c -> {
            double sum = 0;
            for (int b = 0; b < c; b++) {
                long both = 0;
                for (int w = 0; w < words; w++) {
                    both += Long.bitCount(columns[b][w] & columns[c][w]);
                }
                double p = means[varying[b]];
                double q = means[varying[c]];
                sum += Math.abs((double) both / n - p * q) / Math.sqrt(p * (1 - p) * q * (1 - q));
            }
            return sum;
        }).sum() / (varying.length * (varying.length - 1L) / 2.0);
    }

    /// Number of different codes.
    public int distinct() {
        int each = codes.wordsPerCode();
        var seen = new HashSet<java.nio.LongBuffer>();
        for (int i = 0; i < codes.count(); i++) {
            seen.add(java.nio.LongBuffer.wrap(codes.words(), i * each, each));
        }
        return seen.size();
    }

    /// The numbers of the k bits that say most about the class: I(b; Y) falling, equal ones by number.
    public int[] mostInformative(int k) {
        return largest(informations(), k);
    }

    /// The numbers of the k bits of the largest entropy, equal ones by number.
    public int[] mostEven(int k) {
        return largest(entropies(), k);
    }

    private static int[] largest(double[] values, int k) {
        return IntStream.range(0, values.length).boxed().sorted((a, b) -> Double.compare(values[b], values[a]))
                .limit(k).mapToInt(Integer::intValue).toArray();
    }

    /// Share of equal bits between two codes of the same images, such as the messages of two views.
    public static double agreement(BitCodes a, BitCodes b) {
        a.requireSameBits(b);
        if (a.count() != b.count()) {
            throw new IllegalArgumentException("agreement of " + a.count() + " with " + b.count()
                    + " codes: expected two codes of every image");
        }
        long different = 0;
        for (int w = 0; w < a.words().length; w++) {
            different += Long.bitCount(a.words()[w] ^ b.words()[w]);
        }
        return 1 - (double) different / ((long) a.count() * a.bits());
    }

    private static double entropy(double p) {
        return term(p) + term(1 - p);
    }

    private static double term(double p) {
        return p > 0 ? -p * Math.log(p) / LOG_2 : 0;
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).average().orElse(Double.NaN);
    }
}
