package dev.triptych.measure.feature;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.ForkJoinPool;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class GeometryTest {
    @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
    void dimensionsLieBetweenOneAndTheRank(@ForAll long seed, @ForAll @IntRange(min = 2, max = 60) int count,
            @ForAll @IntRange(min = 1, max = 20) int width) {
        var features = KnnTest.random(new SplittableRandom(seed), count, width, 2);
        var geometry = Geometry.of(features);
        double rank = Math.min(count - 1, width) + 1e-6;
        // by Renyi's order: the entropy of order 2 is at most Shannon's
        assertTrue(geometry.participation() > 1 - 1e-9 && geometry.effectiveRank() < rank);
        assertTrue(geometry.participation() <= geometry.effectiveRank() + 1e-9);
        assertEquals(1, geometry.explained()[width - 1], 1e-9);
    }

    @Test
    void twoDirectionsOfVarianceThreeToOne() {
        float a = (float) Math.sqrt(3);
        var rows = new float[]{a + 5, 1, 5 - a, 1, 5, 2, 5, 0};
        var geometry = Geometry.of(new Features(rows, 4, 2, new int[4]));
        assertArrayEquals(new double[]{1.5, 0.5}, geometry.eigenvalues(), 1e-6);
        assertArrayEquals(new double[]{0.75, 1}, geometry.explained(), 1e-6);
        assertEquals(1.6, geometry.participation(), 1e-6);
        assertEquals(Math.exp(-0.75 * Math.log(0.75) - 0.25 * Math.log(0.25)), geometry.effectiveRank(), 1e-6);
        assertTrue(Double.isNaN(Geometry.of(new Features(new float[4], 2, 2, new int[2])).participation()));
    }

    @Test
    void numbersThatAreNoneAreRefused() {
        var bad = new Features(new float[]{1, Float.NaN}, 2, 1, new int[2]);
        assertThrows(IllegalArgumentException.class, () -> Geometry.of(bad));
    }

    @Test
    void doesNotDependOnTheNumberOfThreads() throws Exception {
        var features = KnnTest.random(new SplittableRandom(4), 300, 200, 2);
        try (var one = new ForkJoinPool(1); var four = new ForkJoinPool(4)) {
            var first = one.submit(() -> Geometry.of(features)).get();
            var second = four.submit(() -> Geometry.of(features)).get();
            assertArrayEquals(first.eigenvalues(), second.eigenvalues());
            double[] shares = first.explained();
            double all = Arrays.stream(first.eigenvalues()).sum();
            double sum = 0;
            for (int i = 0; i < shares.length; i++) {
                sum += first.eigenvalues()[i] / all;
                assertEquals(sum, shares[i], "added in order");
            }
        }
    }
}
