package dev.triptych.sorcen;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.triptych.measure.code.CodeProbeTest;
import dev.triptych.method.EvaluationProgress;
import dev.triptych.tokenizer.Codebook;
import dev.triptych.tokenizer.PatchCodebook;
import java.util.SplittableRandom;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.api.Test;

class NearestImagesTest {
    private static final int CODES = 9;
    private static final int LENGTH = 3 * 4 * 4;

    private static PatchCodebook book() {
        var random = new SplittableRandom(1);
        float[] vectors = new float[CODES * 12];
        for (int i = 0; i < vectors.length; i++) {
            vectors[i] = (float) random.nextDouble();
        }
        return new PatchCodebook(new Codebook(vectors, CODES, 12), 4);
    }

    @Test
    void agreesWithBruteForceAcrossChunks() {
        var book = book();
        var train = CodeProbeTest.random(1, 1500, 2, CODES);
        var images = CodeProbeTest.random(2, 40, 2, CODES);
        double[] found = NearestImages.distances(book, train, images, EvaluationProgress.NONE::did);
        float[] keys = new float[train.count() * LENGTH];
        float[] queries = new float[images.count() * LENGTH];
        book.decode(train.ids(), train.count(), keys);
        book.decode(images.ids(), images.count(), queries);
        for (int q = 0; q < images.count(); q++) {
            double nearest = Double.POSITIVE_INFINITY;
            for (int k = 0; k < train.count(); k++) {
                double sum = 0;
                for (int i = 0; i < LENGTH; i++) {
                    double d = queries[q * LENGTH + i] - keys[k * LENGTH + i];
                    sum += d * d;
                }
                nearest = Math.min(nearest, sum / LENGTH);
            }
            assertEquals(Math.sqrt(nearest), found[q], 1e-3);
        }
    }

    @Test
    void aCopyIsFound() {
        var train = CodeProbeTest.random(1, 200, 2, CODES);
        for (double distance : NearestImages.distances(book(), train, train.drawn(7), EvaluationProgress.NONE::did)) {
            assertEquals(0, distance, 1e-3);
        }
    }

    @Test
    void doesNotDependOnTheNumberOfThreads() throws Exception {
        var book = book();
        var train = CodeProbeTest.random(1, 1500, 2, CODES);
        var images = CodeProbeTest.random(2, 200, 2, CODES);
        try (var one = new ForkJoinPool(1); var four = new ForkJoinPool(4)) {
            assertArrayEquals(
                    one.submit(() -> NearestImages.distances(book, train, images, EvaluationProgress.NONE::did)).get(),
                    four.submit(() -> NearestImages.distances(book, train, images, EvaluationProgress.NONE::did))
                            .get());
        }
    }
}
