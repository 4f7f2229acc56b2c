package dev.triptych.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.random.CounterRandom;
import dev.triptych.random.Stream;
import java.util.Arrays;
import java.util.concurrent.ForkJoinPool;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class KMeansTest {
    private static float[] gaussian(int n, int sample) {
        var random = CounterRandom.of(3, Stream.CHECK, 0, sample);
        float[] x = new float[n];
        for (int i = 0; i < n; i++) {
            x[i] = (float) random.gaussian();
        }
        return x;
    }

    /// Squared distance of all vectors to their nearest code.
    private static double distortion(Codebook book, float[] x, int rows) {
        int[] ids = new int[rows];
        book.nearest(x, rows, ids, 0);
        float[] vectors = book.vectors();
        double sum = 0;
        for (int i = 0; i < rows * book.width(); i++) {
            int at = ids[i / book.width()] * book.width() + i % book.width();
            sum += Math.pow((double) x[i] - vectors[at], 2);
        }
        return sum;
    }

    @Test
    void findsClustersThatAreFarApart() {
        int rows = 600;
        float[] x = gaussian(2 * rows, 1);
        for (int i = 0; i < x.length; i++) {
            x[i] = x[i] * 0.1f + 10 * ((i / 2) % 6) * (i % 2 == 0 ? 1 : -1);
        }
        var book = new KMeans(6, 64, 4, 3).fit(x, rows, 2, 1);
        float[] vectors = book.vectors();
        for (int cluster = 0; cluster < 6; cluster++) {
            int wanted = cluster;
            assertEquals(1, java.util.stream.IntStream.range(0, 6).filter(k -> Math.abs(vectors[2 * k]
                    - 10 * wanted) < 0.1 && Math.abs(vectors[2 * k + 1] + 10 * wanted) < 0.1).count(),
                    () -> Arrays.toString(vectors));
        }
    }

    @Property(tries = 40)
    void thePassesLowerTheDistortion(@ForAll @IntRange(min = 1, max = 12) int codes,
            @ForAll @IntRange(min = 12, max = 300) int rows, @ForAll @IntRange(min = 1, max = 5) int width) {
        float[] x = gaussian(rows * width, rows);
        var start = new KMeans(codes, 16, 0, 0).fit(x, rows, width, 7);
        double before = distortion(start, x, rows);
        for (int pass = 0; pass < 3; pass++) {
            start = new Codebook(KMeans.lloyd(start, x, rows), codes, width);
            double after = distortion(start, x, rows);
            assertTrue(after <= before * (1 + 1e-6), before + " to " + after);
            before = after;
        }
    }

    @Property(tries = 20)
    void theSameSeedGivesTheSameBits(@ForAll @IntRange(min = 1, max = 20) int codes) {
        float[] x = gaussian(4 * 500, codes);
        var settings = new KMeans(codes, 100, 2, 2);
        assertArrayEquals(settings.fit(x, 500, 4, 9).vectors(), settings.fit(x, 500, 4, 9).vectors());
    }

    @Property(tries = 40)
    void theNearestIsTheLowestOfEquals(@ForAll @IntRange(min = 2, max = 30) int codes) {
        float[] vectors = gaussian(codes * 3, codes);
        System.arraycopy(vectors, 0, vectors, 3 * (codes - 1), 3);
        int rows = 700;
        float[] x = gaussian(rows * 3, 1000 + codes);
        int[] ids = new int[rows + 2];
        new Codebook(vectors, codes, 3).nearest(x, rows, ids, 2);
        for (int r = 0; r < rows; r++) {
            int best = 0;
            float lowest = Float.POSITIVE_INFINITY;
            for (int k = 0; k < codes; k++) {
                float sum = 0;
                for (int j = 0; j < 3; j++) {
                    sum += (x[3 * r + j] - vectors[3 * k + j]) * (x[3 * r + j] - vectors[3 * k + j]);
                }
                best = sum < lowest ? k : best;
                lowest = Math.min(sum, lowest);
            }
            assertEquals(best, ids[r + 2]);
            assertTrue(ids[r + 2] < codes - 1, "the last code equals the first one");
        }
    }

    @Test
    void vectorsThatAreAllTheSame() {
        float[] x = new float[50];
        Arrays.fill(x, 0.5f);
        var book = new KMeans(4, 8, 2, 1).fit(x, 25, 2, 1);
        int[] ids = new int[25];
        book.nearest(x, 25, ids, 0);
        assertArrayEquals(new int[25], ids);
    }

    @Test
    void whatCannotBeACodebookIsRefused() {
        assertTrue(assertThrows(IllegalArgumentException.class, () -> new KMeans(9, 4, 1, 1).fit(new float[16], 8, 2,
                1)).getMessage().contains("9 codes is given 8 vectors"));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> new Codebook(new float[5], 2, 3)).getMessage()
                .contains("expected 6"));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> new Codebook(new float[]{0, Float.NaN}, 1, 2))
                .getMessage().contains("number 1 of code 0 is NaN"));
    }

    @Test
    void doesNotDependOnTheNumberOfThreads() throws Exception {
        int rows = 3_000;
        float[] x = gaussian(4 * rows, 2);
        try (var one = new ForkJoinPool(1); var four = new ForkJoinPool(4)) {
            assertArrayEquals(one.submit(() -> new KMeans(40, 64, 4, 3).fit(x, rows, 4, 1).vectors()).get(),
                    four.submit(() -> new KMeans(40, 64, 4, 3).fit(x, rows, 4, 1).vectors()).get());
        }
    }
}
