package dev.triptych.measure.feature;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class SpectrumTest {

    private static float[] gaussian(long seed, int count) {
        var random = new SplittableRandom(seed);
        var a = new float[count];
        for (int i = 0; i < count; i++) {
            a[i] = (float) random.nextGaussian();
        }
        return a;
    }

    @Property(tries = 20)
    void identityHasFullRank(@ForAll @IntRange(min = 1, max = 12) int n, @ForAll @IntRange(min = 0, max = 3) int a0) {
        var a = new float[a0 + n * n];
        for (int i = 0; i < n; i++) {
            a[a0 + i * n + i] = 3;
        }
        assertEquals(n, Spectrum.effectiveRank(a, a0, n, n), 1e-9);
    }

    @Property(tries = 150)
    void boundsScaleAndTranspose(@ForAll long seed, @ForAll @IntRange(min = 1, max = 9) int rows,
            @ForAll @IntRange(min = 1, max = 9) int columns) {
        var a = gaussian(seed, rows * columns);
        double rank = Spectrum.effectiveRank(a, 0, rows, columns);
        assertTrue(rank > 1 - 1e-9 && rank < Math.min(rows, columns) + 1e-9);
        var scaled = a.clone();
        var transposed = new float[a.length];
        for (int i = 0; i < a.length; i++) {
            scaled[i] *= -8;
            transposed[i % columns * rows + i / columns] = a[i];
        }
        assertEquals(rank, Spectrum.effectiveRank(scaled, 0, rows, columns), 1e-9);
        assertEquals(rank, Spectrum.effectiveRank(transposed, 0, columns, rows), 1e-9);
    }

    @Property(tries = 100)
    void anOuterProductHasRankOne(@ForAll long seed, @ForAll @IntRange(min = 1, max = 9) int rows) {
        var u = gaussian(seed, rows);
        var a = new float[rows * 4];
        for (int i = 0; i < a.length; i++) {
            a[i] = u[i / 4] * (1 << i % 4);
        }
        assertEquals(1, Spectrum.effectiveRank(a, 0, rows, 4), 1e-9);
    }

    @Test
    void zerosHaveRankZero() {
        assertEquals(0, Spectrum.effectiveRank(new float[6], 0, 2, 3));
    }

    @Property(tries = 100)
    void meanCosineIsTheMeanOverPairs(@ForAll long seed, @ForAll @IntRange(min = 2, max = 9) int rows) {
        var a = gaussian(seed, rows * 5);
        double sum = 0;
        for (int i = 0; i < rows; i++) {
            for (int k = 0; k < rows; k++) {
                if (i != k) {
                    sum += dot(a, i, k) / Math.sqrt(dot(a, i, i) * dot(a, k, k));
                }
            }
        }
        assertEquals(sum / (rows * (rows - 1)), Spectrum.meanCosine(a, 0, rows, 5), 1e-12);
    }

    private static double dot(float[] a, int i, int k) {
        double sum = 0;
        for (int j = 0; j < 5; j++) {
            sum += (double) a[i * 5 + j] * a[k * 5 + j];
        }
        return sum;
    }

    @Test
    void entropiesOfKnownDistributions() {
        var oneHot = new float[]{9, 1, 0, 0, 0, 1, 0, 0, 0, 1};
        assertEquals(3, Spectrum.perplexity(oneHot, 1, 3, 3), 1e-12);
        assertEquals(0, Spectrum.meanRowEntropy(oneHot, 1, 3, 3), 1e-12);
        var uniform = new float[20];
        Arrays.fill(uniform, 0.25f);
        assertEquals(4, Spectrum.perplexity(uniform, 0, 5, 4), 1e-12);
        assertEquals(Math.log(4), Spectrum.meanRowEntropy(uniform, 0, 5, 4), 1e-12);
        assertEquals(1, Spectrum.perplexity(new float[]{0, 1, 0, 1}, 0, 2, 2), 1e-12);
    }

    @Test
    void errorsNameTheEntry() {
        assertTrue(assertThrows(IllegalArgumentException.class,
                () -> Spectrum.perplexity(new float[]{0, 1, -0.5f, 1}, 0, 2, 2)).getMessage().contains("(1, 0)"));
        assertTrue(assertThrows(IllegalArgumentException.class,
                () -> Spectrum.effectiveRank(new float[]{0, Float.NaN}, 0, 1, 2)).getMessage().contains("(0, 1)"));
        assertThrows(IllegalArgumentException.class, () -> Spectrum.meanCosine(new float[3], 0, 1, 3));
        assertTrue(assertThrows(IllegalArgumentException.class,
                () -> Spectrum.meanRowEntropy(new float[]{1, 0, 1}, 0, 2, 2)).getMessage().contains("2 x 2 entries"));
    }
}
