package dev.triptych.measure.picture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.measure.feature.Features;
import dev.triptych.measure.picture.FrechetDistance.Gaussian;
import java.util.SplittableRandom;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class FrechetDistanceTest {
    private static Gaussian diagonal(double[] mean, double... variances) {
        int d = mean.length;
        double[] c = new double[d * d];
        for (int i = 0; i < d; i++) {
            c[i * d + i] = variances[i];
        }
        return new Gaussian(mean, c);
    }

    /// A A^T + 0.01 I of a random A (d x rank).
    private static Gaussian random(SplittableRandom random, int d, int rank) {
        double[] a = random.doubles((long) d * rank, -1, 1).toArray();
        double[] c = new double[d * d];
        for (int i = 0; i < d; i++) {
            for (int j = 0; j < d; j++) {
                for (int k = 0; k < rank; k++) {
                    c[i * d + j] += a[i * rank + k] * a[j * rank + k];
                }
            }
            c[i * d + i] += 0.01;
        }
        return new Gaussian(random.doubles(d, -1, 1).toArray(), c);
    }

    /// In one dimension: (m1 - m2)^2 + (s1 - s2)^2.
    @Test
    void oneDimension() {
        assertEquals(9 + 1, FrechetDistance.between(diagonal(new double[]{1}, 4), diagonal(new double[]{-2}, 9)),
                1e-12);
    }

    /// Of covariances that commute: |m1 - m2|^2 + sum (sqrt l1 - sqrt l2)^2; a point has no covariance.
    @Test
    void closedForms() {
        var a = diagonal(new double[]{0, 1, 2}, 1, 4, 0);
        var b = diagonal(new double[]{0, 0, 0}, 9, 1, 0.25);
        assertEquals(5 + 4 + 1 + 0.25, FrechetDistance.between(a, b), 1e-9);
        var point = diagonal(new double[]{0, 1, 2}, 0, 0, 0);
        assertEquals(5, FrechetDistance.between(a, point), 1e-9);
    }

    /// A covariance and a rotated one, by hand: diag(4, 1) and its quarter turn diag(1, 4), and an eighth turn.
    @Test
    void covariancesThatDoNotCommute() {
        var a = diagonal(new double[]{0, 0}, 4, 1);
        var turned = new Gaussian(new double[]{0, 0}, new double[]{2.5, 1.5, 1.5, 2.5});
        // tr sqrt(C1 C2) = sqrt(tr(C1 C2) + 2 sqrt(det C1 C2)) for 2 x 2: sqrt(12.5 + 2 * 4)
        assertEquals(10 - 2 * Math.sqrt(20.5), FrechetDistance.between(a, turned), 1e-9);
    }

    @Property(tries = 60, edgeCases = EdgeCasesMode.NONE)
    void isADistance(@ForAll long seed, @ForAll @IntRange(min = 1, max = 12) int d,
            @ForAll @IntRange(min = 1, max = 12) int rank) {
        var random = new SplittableRandom(seed);
        var a = random(random, d, rank);
        var b = random(random, d, rank);
        var c = random(random, d, rank);
        double ab = FrechetDistance.between(a, b);
        assertEquals(0, FrechetDistance.between(a, a), 1e-6 * d);
        assertEquals(ab, FrechetDistance.between(b, a), 1e-6 * (1 + ab));
        assertTrue(Math.sqrt(ab) <= Math.sqrt(FrechetDistance.between(a, c))
                + Math.sqrt(FrechetDistance.between(c, b)) + 1e-6, "triangle");
        double shift = 0;
        double[] moved = a.mean().clone();
        for (int i = 0; i < d; i++) {
            double by = random.nextDouble(-2, 2);
            moved[i] += by;
            shift += by * by;
        }
        assertEquals(shift, FrechetDistance.between(a, new Gaussian(moved, a.covariance())), 1e-6 * (1 + shift));
    }

    @Test
    void momentsOfRows() {
        var g = Gaussian.of(new Features(new float[]{1, 2, 3, 6}, 2, 2, new int[2]));
        assertArrayEquals(new double[]{2, 4}, g.mean(), 1e-12);
        assertArrayEquals(new double[]{2, 4, 4, 8}, g.covariance(), 1e-12);
    }

    @Test
    void whatDoesNotFitIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> Gaussian.of(new Features(new float[]{1}, 1, 1, new int[1])));
        assertThrows(IllegalArgumentException.class, () -> new Gaussian(new double[2], new double[3]));
        assertThrows(IllegalArgumentException.class, () -> FrechetDistance.between(diagonal(new double[]{0}, 1),
                diagonal(new double[]{0, 0}, 1, 1)));
    }
}
