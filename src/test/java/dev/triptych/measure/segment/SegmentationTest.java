package dev.triptych.measure.segment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.measure.feature.ArgMax;
import java.util.Arrays;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class SegmentationTest {

    private static int[] map(SplittableRandom random, int pixels, int values) {
        return random.ints(pixels, 0, values).toArray();
    }

    @Property(tries = 200)
    void aPerfectMapScoresOneUnderAnyNames(@ForAll long seed, @ForAll @IntRange(min = 2, max = 8) int values) {
        var random = new SplittableRandom(seed);
        int[] truth = map(random, 200, values);
        int[] predicted = Arrays.stream(truth).map(v -> 50 - 3 * v).toArray();
        var score = new Segmentation.Tally().add(predicted, truth).score();
        assertEquals(1, score.objectsOnly());
        assertEquals(1, score.withBackground());
    }

    @Property(tries = 200)
    void doesNotDependOnTheNamesOfSegmentsAndObjects(@ForAll long seed) {
        var random = new SplittableRandom(seed);
        int[] truth = map(random, 100, 5);
        int[] predicted = map(random, 100, 4);
        var score = new Segmentation.Tally().add(predicted, truth).score();
        int[] renamed = Arrays.stream(predicted).map(v -> 3 - v).toArray();
        int[] objects = Arrays.stream(truth).map(v -> v == 0 ? 0 : 9 - v).toArray();
        var other = new Segmentation.Tally().add(renamed, objects).score();
        assertEquals(score.objectsOnly(), other.objectsOnly(), 1e-12);
        assertEquals(score.withBackground(), other.withBackground(), 1e-12);
        assertTrue(score.objectsOnly() > 0 && score.objectsOnly() < 1);
    }

    @Test
    void knownValues() {
        int[] truth = {0, 0, 1, 1, 2, 2};
        int[] predicted = {0, 0, 0, 1, 1, 1};
        // Object 1 takes segment 0 (1/4) and object 2 segment 1 (2/3); the other way round would be 1/4 + 0.
        assertArrayEquals(new double[]{1 / 4.0, 2 / 3.0}, Segmentation.matchedIou(predicted, truth, false), 1e-12);
        // With the background, segment 0 goes to it (2/3) and object 1 stays without.
        assertArrayEquals(new double[]{2 / 3.0, 0, 2 / 3.0}, Segmentation.matchedIou(predicted, truth, true), 1e-12);
        var score = new Segmentation.Tally().add(predicted, truth).add(truth, truth).score();
        assertEquals((1 / 4.0 + 2 / 3.0 + 2) / 4, score.objectsOnly(), 1e-12);
        assertEquals(2, score.images());
        assertEquals(4, score.objects());
    }

    @Test
    void anImageWithoutObjectsAddsNone() {
        var score = new Segmentation.Tally().add(new int[]{0, 1}, new int[]{0, 0}).score();
        assertEquals(0, score.objects());
        assertEquals(0, score.objectsOnly());
        assertEquals(0.5, score.withBackground());
    }

    @Test
    void argMaxAndEnlarge() {
        float[] l = {9, 0.1f, 0.9f, 0.5f, 0.5f};
        assertArrayEquals(new int[]{1, 0}, ArgMax.ofRows(l, 1, 2, 2));
        assertArrayEquals(new int[]{1, 1, 0, 0, 1, 1, 0, 0}, Segmentation.enlarge(new int[]{1, 0}, 1, 2, 2, 4));
        assertThrows(IllegalArgumentException.class, () -> Segmentation.enlarge(new int[]{1, 0}, 1, 2, 2, 1));
    }

    @Property(tries = 200)
    void theFixedGridHasCellsOfAboutEqualSize(@ForAll @IntRange(min = 1, max = 24) int k,
            @ForAll @IntRange(min = 30, max = 64) int height, @ForAll @IntRange(min = 30, max = 64) int width) {
        int[] cells = SegmentBaselines.fixedGrid(height, width, k);
        var sizes = new int[k];
        for (int cell : cells) {
            sizes[cell]++;
        }
        double even = (double) height * width / k;
        for (int size : sizes) {
            assertTrue(size > 0.6 * even && size < 1.5 * even, Arrays.toString(sizes));
        }
    }

    @Test
    void theFixedGridIsSquareWhereItCanBe() {
        int[] cells = SegmentBaselines.fixedGrid(32, 32, 4);
        assertEquals(0, cells[0]);
        assertEquals(1, cells[31]);
        assertEquals(2, cells[31 * 32]);
        assertEquals(3, cells[32 * 32 - 1]);
        assertEquals(15, SegmentBaselines.fixedGrid(64, 64, 16)[64 * 64 - 1]);
        assertEquals(3, SegmentBaselines.fixedGrid(64, 64, 16)[63]);
    }

    @Test
    void colourKMeansFindsTheColours() {
        int pixels = 300;
        var image = new float[5 + 3 * pixels];
        var random = new SplittableRandom(3);
        int[] truth = new int[pixels];
        float[][] colours = {{0.1f, 0.1f, 0.9f}, {0.9f, 0.2f, 0.1f}, {0.2f, 0.8f, 0.2f}};
        for (int p = 0; p < pixels; p++) {
            truth[p] = random.nextInt(3);
            for (int c = 0; c < 3; c++) {
                image[5 + c * pixels + p] = colours[truth[p]][c] + 0.02f * (float) random.nextGaussian();
            }
        }
        int[] cluster = SegmentBaselines.colourKMeans(image, 5, pixels, 3, 50, new SplittableRandom(1));
        assertEquals(1, new Segmentation.Tally().add(cluster, truth).score().withBackground());
        assertArrayEquals(cluster, SegmentBaselines.colourKMeans(image, 5, pixels, 3, 50, new SplittableRandom(1)));
    }

    @Test
    void colourKMeansMakesDoWithFewerColours() {
        var image = new float[3 * 10];
        image[4] = 1;
        int[] cluster = SegmentBaselines.colourKMeans(image, 0, 10, 6, 50, new SplittableRandom(1));
        assertEquals(2, Arrays.stream(cluster).distinct().count());
    }
}
