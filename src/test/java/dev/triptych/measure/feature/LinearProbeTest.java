package dev.triptych.measure.feature;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import java.util.concurrent.ForkJoinPool;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class LinearProbeTest {

    /// Gaussian blobs, one per class, on columns of very different scale and offset.
    private static Features blobs(int count, int width, int classes, double noise, long seed) {
        var centres = new SplittableRandom(99);
        var centre = new double[classes * width];
        for (int i = 0; i < centre.length; i++) {
            centre[i] = centres.nextGaussian();
        }
        var random = new SplittableRandom(seed);
        var rows = new float[count * width];
        var labels = new int[count];
        for (int i = 0; i < count; i++) {
            labels[i] = i % classes;
            for (int j = 0; j < width; j++) {
                double v = centre[labels[i] * width + j] + noise * random.nextGaussian();
                rows[i * width + j] = (float) (v * Math.pow(10, j % 5 - 2) + j);
            }
        }
        return new Features(rows, count, width, labels);
    }

    @Property(tries = 60)
    void theGradientIsThatOfFiniteDifferences(@ForAll long seed, @ForAll @IntRange(min = 5, max = 150) int count,
            @ForAll @IntRange(min = 1, max = 11) int width, @ForAll @IntRange(min = 2, max = 20) int classes) {
        var random = new SplittableRandom(seed);
        var objective = new LogisticObjective(KnnTest.random(random, count, width, classes), 0.01);
        var point = new double[objective.size()];
        for (int i = 0; i < point.length; i++) {
            point[i] = random.nextGaussian();
        }
        var gradient = new double[point.length];
        objective.evaluate(point, gradient);
        var scratch = new double[point.length];
        for (int trial = 0; trial < 5; trial++) {
            int i = random.nextInt(point.length);
            double at = point[i];
            double h = 1e-5;
            point[i] = at + h;
            double above = objective.evaluate(point, scratch);
            point[i] = at - h;
            double below = objective.evaluate(point, scratch);
            point[i] = at;
            assertEquals((above - below) / (2 * h), gradient[i], 1e-8);
        }
    }

    @Test
    void separatesBlobsAndGeneralises() {
        var result = LinearProbe.standard().fit(blobs(600, 13, 6, 0.5, 1), blobs(300, 13, 6, 0.5, 2));
        assertTrue(result.accuracy() > 97, result.toString());
        assertTrue(result.trainAccuracy() > 97, result.toString());
        assertTrue(result.converged() && result.loss() > 0 && result.loss() < 0.2, result.toString());
        assertTrue(result.protocol().contains("l2 1e-04"));
    }

    @Test
    void aConstantColumnChangesNothing() {
        var set = blobs(200, 4, 3, 1, 1);
        var rows = new float[200 * 5];
        for (int i = 0; i < 200; i++) {
            System.arraycopy(set.rows(), i * 4, rows, i * 5, 4);
            rows[i * 5 + 4] = 0.1f;
        }
        var wider = new Features(rows, 200, 5, set.labels());
        assertEquals(LinearProbe.standard().fit(set, set).loss(), LinearProbe.standard().fit(wider, wider).loss(),
                1e-9);
    }

    @Test
    void unlearnableLabelsStayNearChance() {
        var random = new SplittableRandom(3);
        var result = LinearProbe.standard().fit(KnnTest.random(random, 4000, 10, 4),
                KnnTest.random(random, 2000, 10, 4));
        assertEquals(25, result.accuracy(), 5);
        assertEquals(Math.log(4), result.loss(), 0.02);
    }

    @Test
    void aClassThatTrainingNeverSawCountsAsWrong() {
        var train = blobs(100, 4, 2, 0.1, 1);
        var test = new Features(train.rows(), 100, 4, train.labels().clone());
        test.labels()[0] = 5;
        assertEquals(99, new LinearProbe(1e-4, 50, 1e-5).fit(train, test).accuracy(), 1e-9);
    }

    @Test
    void doesNotDependOnTheNumberOfThreads() throws Exception {
        var set = blobs(777, 10, 11, 1, 5);
        try (var one = new ForkJoinPool(1); var four = new ForkJoinPool(4)) {
            assertEquals(one.submit(() -> LinearProbe.standard().fit(set, set)).get(),
                    four.submit(() -> LinearProbe.standard().fit(set, set)).get());
        }
    }

    @Test
    void lbfgsFindsTheMinimumOfAnIllConditionedQuadratic() {
        var minimum = Lbfgs.minimise((x, g) -> {
            double value = 0;
            for (int i = 0; i < x.length; i++) {
                double a = Math.pow(10, i % 4);
                value += 0.5 * a * (x[i] - i) * (x[i] - i);
                g[i] = a * (x[i] - i);
            }
            return value;
        }, new double[8], 200, 1e-9);
        assertTrue(minimum.converged());
        assertArrayEquals(new double[]{0, 1, 2, 3, 4, 5, 6, 7}, minimum.point(), 1e-8);
    }

    @Test
    void errorsNameTheThing() {
        var set = blobs(20, 4, 2, 1, 1);
        set.rows()[6] = Float.POSITIVE_INFINITY;
        assertTrue(assertThrows(IllegalArgumentException.class, () -> LinearProbe.standard().fit(set, set)).getMessage()
                .contains("column 2"));
        assertThrows(IllegalArgumentException.class,
                () -> LinearProbe.standard().fit(set, blobs(20, 5, 2, 1, 1)));
        assertThrows(IllegalArgumentException.class, () -> new LinearProbe(-1, 10, 0));
    }
}
