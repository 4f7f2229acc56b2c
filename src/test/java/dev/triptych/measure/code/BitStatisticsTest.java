package dev.triptych.measure.code;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.measure.feature.KnnTest;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class BitStatisticsTest {
    private static BitStatistics random(long seed, int count, int bits, int classes) {
        var logits = KnnTest.random(new SplittableRandom(seed), count, bits, classes);
        return new BitStatistics(BitCodes.of(logits), logits.labels());
    }

    @Property(tries = 150, edgeCases = EdgeCasesMode.NONE)
    void entropiesKeepTheirBounds(@ForAll long seed, @ForAll @IntRange(min = 1, max = 200) int count,
            @ForAll @IntRange(min = 1, max = 90) int bits, @ForAll @IntRange(min = 1, max = 6) int classes) {
        var codes = random(seed, count, bits, classes);
        double[] entropies = codes.entropies();
        double[] informations = codes.informations();
        double classEntropy = classEntropy(codes);
        for (int b = 0; b < bits; b++) {
            assertTrue(entropies[b] >= 0 && entropies[b] <= 1);
            assertTrue(informations[b] > -1e-12 && informations[b] <= entropies[b] + 1e-12);
            assertTrue(informations[b] <= classEntropy + 1e-12);
            assertTrue(codes.reuseMixed()[b] + codes.reuseHigh()[b] <= codes.classes());
        }
        double[] blocks = codes.blockEntropies();
        assertEquals(bits / 8, blocks.length);
        for (int k = 0; k < blocks.length; k++) {
            double most = Arrays.stream(entropies, 8 * k, 8 * k + 8).sum();
            double largest = Arrays.stream(entropies, 8 * k, 8 * k + 8).max().orElseThrow();
            assertTrue(blocks[k] <= most + 1e-12 && blocks[k] >= largest - 1e-12);
            assertTrue(blocks[k] <= Math.min(8, Math.log(count) / Math.log(2)) + 1e-12);
            assertTrue(codes.totalCorrelations()[k] >= -1e-12);
        }
        double correlation = codes.meanAbsoluteCorrelation();
        assertTrue(Double.isNaN(correlation) || correlation >= 0 && correlation <= 1 + 1e-12);
        assertEquals(distinct(codes.codes()), codes.distinct());
    }

    private static double classEntropy(BitStatistics codes) {
        double entropy = 0;
        for (int y = 0; y < codes.classes(); y++) {
            int label = y;
            double p = (double) Arrays.stream(codes.labels()).filter(l -> l == label).count() / codes.count();
            entropy -= p > 0 ? p * Math.log(p) / Math.log(2) : 0;
        }
        return entropy;
    }

    private static long distinct(BitCodes codes) {
        return IntStream.range(0, codes.count()).mapToObj(i -> IntStream.range(0, codes.bits())
                .mapToObj(b -> "" + codes.bit(i, b)).reduce("", String::concat)).distinct().count();
    }

    /// Bit 0 is the class, bit 1 is constant, bit 2 repeats bit 0 inverted, bit 3 has nothing to do with the class.
    @Test
    void informationsOfBitsThatAreKnown() {
        int n = 64;
        var logits = new float[n * 8];
        var labels = new int[n];
        for (int i = 0; i < n; i++) {
            labels[i] = i % 2;
            logits[8 * i] = i % 2 == 0 ? 1 : -1;
            logits[8 * i + 1] = 1;
            logits[8 * i + 2] = -logits[8 * i];
            logits[8 * i + 3] = i / 2 % 2 == 0 ? 1 : -1;
        }
        var codes = new BitStatistics(BitCodes.of(logits, n, 8), labels);
        assertArrayEquals(new double[]{1, 0, 1, 0, 0, 0, 0, 0}, codes.informations(), 1e-12);
        assertArrayEquals(new double[]{1, 0, 1, 1, 0, 0, 0, 0}, codes.entropies(), 1e-12);
        assertArrayEquals(new int[]{1, 2, 1, 0, 0, 0, 0, 0}, codes.reuseHigh());
        assertArrayEquals(new int[]{0, 0, 0, 2, 0, 0, 0, 0}, codes.reuseMixed());
        assertArrayEquals(new int[]{0, 2, 1}, codes.mostInformative(3));
        assertEquals(2, codes.meanBlockEntropy(), 1e-12);
        assertEquals(1, codes.totalCorrelations()[0], 1e-12);
        assertEquals(1 / 3.0, codes.meanAbsoluteCorrelation(), 1e-12);
        assertEquals(4, codes.distinct());
        assertEquals(0b11010000, codes.block(0, 0));
        assertEquals(255 / (2 * 64 * Math.log(2)), codes.blockBias(), 1e-12);
    }

    @Test
    void agreementCountsEqualBits() {
        var a = BitCodes.of(new float[]{1, 1, -1, -1}, 2, 2);
        var b = BitCodes.of(new float[]{1, -1, -1, -1}, 2, 2);
        assertEquals(1, BitStatistics.agreement(a, a));
        assertEquals(0.75, BitStatistics.agreement(a, b));
        var three = BitCodes.of(new float[]{1, -1, -1}, 3, 1);
        assertThrows(IllegalArgumentException.class, () -> BitStatistics.agreement(a, three));
        assertThrows(IllegalArgumentException.class, () -> new BitStatistics(a, new int[3]));
    }

    @Test
    void aClassWithoutCodesHasNoRate() {
        var codes = new BitStatistics(BitCodes.of(new float[]{1, -1}, 2, 1), new int[]{0, 2});
        assertTrue(Double.isNaN(codes.classRates()[1][0]));
        assertEquals(1, codes.informations()[0], 1e-12);
        assertEquals(1, codes.reuseHigh()[0]);
        assertTrue(Double.isNaN(codes.meanBlockEntropy()));
    }
}
