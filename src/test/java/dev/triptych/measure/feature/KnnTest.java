package dev.triptych.measure.feature;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.IntStream;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

public class KnnTest {

    public static Features random(SplittableRandom random, int count, int width, int classes) {
        var rows = new float[count * width];
        var labels = new int[count];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = (float) random.nextGaussian();
        }
        for (int i = 0; i < count; i++) {
            labels[i] = random.nextInt(classes);
        }
        return new Features(rows, count, width, labels);
    }

    private static double[] cosines(Features keys, Features queries, int q) {
        var cosines = new double[keys.count()];
        int d = keys.width();
        for (int i = 0; i < cosines.length; i++) {
            double dot = 0;
            double a = 0;
            double b = 0;
            for (int j = 0; j < d; j++) {
                double x = keys.rows()[i * d + j];
                double y = queries.rows()[q * d + j];
                dot += x * y;
                a += x * x;
                b += y * y;
            }
            cosines[i] = dot / Math.sqrt(a * b);
        }
        return cosines;
    }

    @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
    void agreesWithBruteForceInDouble(@ForAll long seed, @ForAll @IntRange(min = 1, max = 90) int count,
            @ForAll @IntRange(min = 2, max = 40) int width, @ForAll @IntRange(min = 1, max = 9) int k) {
        var random = new SplittableRandom(seed);
        var keys = random(random, Math.max(count, k), width, 4);
        var queries = random(random, 1 + count / 2, width, 4);
        for (var vote : Knn.Vote.values()) {
            var predicted = new Knn(k, vote, 0.07).predict(keys, queries);
            for (int q = 0; q < queries.count(); q++) {
                var cos = cosines(keys, queries, q);
                var order = IntStream.range(0, cos.length).boxed()
                        .sorted((i, j) -> cos[i] == cos[j] ? i - j : Double.compare(cos[j], cos[i])).toList();
                // In float32 two keys whose cosines differ by less than rounding may change places: skip those.
                boolean clear = true;
                for (int n = 1; n < Math.min(k + 1, cos.length); n++) {
                    clear &= cos[order.get(n - 1)] - cos[order.get(n)] > 1e-6;
                }
                if (!clear) {
                    continue;
                }
                var votes = new double[4];
                for (int n = 0; n < k; n++) {
                    votes[keys.labels()[order.get(n)]] += vote == Knn.Vote.MAJORITY
                            ? 1
                            : Math.exp(cos[order.get(n)] / 0.07);
                }
                double most = IntStream.range(0, 4).mapToDouble(c -> votes[c]).max().orElseThrow();
                int expected = order.stream().limit(k).map(i -> keys.labels()[i]).filter(c -> votes[c] == most)
                        .findFirst().orElseThrow();
                assertEquals(expected, predicted[q]);
            }
        }
    }

    @Property(tries = 30)
    void thePositiveScaleOfARowDoesNotMatter(@ForAll long seed) {
        var random = new SplittableRandom(seed);
        var keys = random(random, 60, 7, 3);
        var queries = random(random, 20, 7, 3);
        var scaled = queries.rows().clone();
        for (int i = 0; i < scaled.length; i++) {
            scaled[i] *= 8;
        }
        var knn = new Knn(5, Knn.Vote.MAJORITY, 0.07);
        assertArrayEquals(knn.predict(keys, queries),
                knn.predict(keys, new Features(scaled, 20, 7, queries.labels())));
    }

    @Test
    void doesNotDependOnTheNumberOfThreads() throws Exception {
        var random = new SplittableRandom(5);
        var keys = random(random, 500, 33, 10);
        var queries = random(random, 300, 33, 10);
        var knn = Knn.standard();
        try (var one = new ForkJoinPool(1); var four = new ForkJoinPool(4)) {
            assertArrayEquals(one.submit(() -> knn.predict(keys, queries)).get(),
                    four.submit(() -> knn.predict(keys, queries)).get());
        }
    }

    @Test
    void aTieGoesToTheClassOfTheNearestNeighbour() {
        var keys = new Features(new float[]{1, 0, 0.9f, 0.1f, 0.8f, 0.3f, 0.5f, 0.5f}, 4, 2, new int[]{2, 1, 1, 2});
        var query = new Features(new float[]{1, 0}, 1, 2, new int[]{2});
        assertArrayEquals(new int[]{2}, new Knn(4, Knn.Vote.MAJORITY, 0.07).predict(keys, query));
        var equal = new Features(new float[]{1, 0, 1, 0, 1, 0}, 3, 2, new int[]{1, 0, 2});
        assertArrayEquals(new int[]{1}, new Knn(2, Knn.Vote.MAJORITY, 0.07).predict(equal, query));
    }

    @Test
    void everyRowIsItsOwnNearestNeighbour() {
        var set = random(new SplittableRandom(1), 100, 16, 7);
        assertEquals(100.0, new Knn(1, Knn.Vote.MAJORITY, 0.07).accuracy(set, set));
    }

    @Test
    void errorsNameTheThing() {
        var keys = random(new SplittableRandom(1), 10, 4, 2);
        assertTrue(assertThrows(IllegalArgumentException.class, () -> Knn.standard().predict(keys, keys)).getMessage()
                .contains("k = 20 among only 10"));
        var broken = keys.rows().clone();
        broken[9] = Float.NaN;
        var error = assertThrows(IllegalArgumentException.class, () -> new Knn(1, Knn.Vote.MAJORITY, 1).predict(keys,
                new Features(broken, 10, 4, keys.labels())));
        assertTrue(error.getMessage().contains("row 2 of the evaluated features"), error.getMessage());
        assertThrows(IllegalArgumentException.class, () -> new Features(new float[3], 2, 2, new int[2]));
        assertThrows(IllegalArgumentException.class, () -> new Features(new float[4], 2, 2, new int[]{0, -1}));
        assertThrows(IllegalArgumentException.class, () -> new Features(new float[4], 2, 2, new int[1]));
    }
}
