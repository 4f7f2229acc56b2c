package dev.triptych.measure.retrieval;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.measure.code.BitCodes;
import dev.triptych.measure.feature.CosinePanels;
import dev.triptych.measure.feature.Features;
import dev.triptych.measure.feature.KnnTest;
import dev.triptych.method.EvaluationProgress;
import java.util.Comparator;
import java.util.SplittableRandom;
import java.util.concurrent.ForkJoinPool;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class RetrievalTest {
    /// The definition: rank by distance, ties by index, and average the precision over relevant ranks.
    private static double naive(int items, IntToDoubleFunction distance, byte[] relevant) {
        int[] order = IntStream.range(0, items).boxed().sorted(Comparator.comparingDouble(distance::applyAsDouble))
                .mapToInt(Integer::intValue).toArray();
        double sum = 0;
        int hits = 0;
        for (int k = 0; k < items; k++) {
            if (relevant[order[k]] == 1) {
                hits++;
                sum += (double) hits / (k + 1);
            }
        }
        return hits == 0 ? -1 : sum / hits;
    }

    @Property(tries = 150, edgeCases = EdgeCasesMode.NONE)
    void hammingAgreesWithTheDefinition(@ForAll long seed, @ForAll @IntRange(min = 1, max = 90) int items,
            @ForAll @IntRange(min = 1, max = 150) int bits, @ForAll @IntRange(min = 1, max = 6) int classes) {
        var random = new SplittableRandom(seed);
        var logits = KnnTest.random(random, items, bits, classes);
        var queryLogits = KnnTest.random(random, 1 + items / 4, bits, classes + 1);
        var database = BitCodes.of(logits);
        var queries = BitCodes.of(queryLogits);
        var relevance = Relevance.sameLabel(queryLogits.labels(), logits.labels());
        var found = HammingRetrieval.symmetric(database, queries, relevance);
        assertTrue(found.bytes() >= database.bytes() + queries.bytes() && found.seconds() >= 0);
        var relevant = new byte[items];
        for (int q = 0; q < queries.count(); q++) {
            int query = q;
            relevance.mark(q, relevant);
            double expected = naive(items, i -> IntStream.range(0, bits)
                    .filter(b -> logits.rows()[i * bits + b] > 0 != queryLogits.rows()[query * bits + b] > 0).count(),
                    relevant);
            assertEquals(expected, found.score().averagePrecision()[q], 1e-12);
        }
    }

    @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
    void asymmetricAgreesWithTheDefinition(@ForAll long seed, @ForAll @IntRange(min = 1, max = 60) int items,
            @ForAll @IntRange(min = 1, max = 80) int bits) {
        var random = new SplittableRandom(seed);
        var logits = KnnTest.random(random, items, bits, 3);
        var queries = KnnTest.random(random, 5, bits, 3);
        var database = BitCodes.of(logits);
        var relevance = Relevance.sameLabel(queries.labels(), logits.labels());
        var found = HammingRetrieval.asymmetric(database, queries, relevance).score().averagePrecision();
        var distances = new float[items];
        var relevant = new byte[items];
        for (int q = 0; q < 5; q++) {
            int query = q;
            new AsymmetricDistance(database).distances(queries, q, distances);
            for (int i = 0; i < items; i++) {
                int item = i;
                double exact = IntStream.range(0, bits)
                        .mapToDouble(b -> Math.abs(1 / (1 + Math.exp(-queries.rows()[query * bits + b]))
                                - database.bit(item, b)))
                        .sum();
                assertEquals(exact, distances[i], 1e-6 * bits);
            }
            relevance.mark(q, relevant);
            assertEquals(naive(items, i -> distances[i], relevant), found[q], 1e-12);
        }
    }

    @Property(tries = 150, edgeCases = EdgeCasesMode.NONE)
    void rankingIsAStableSort(@ForAll long seed, @ForAll @IntRange(min = 1, max = 300) int n) {
        var random = new SplittableRandom(seed);
        var keys = new float[n + 3];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = random.nextInt(4) == 0
                    ? random.nextInt(3) - 1
                    : Float.intBitsToFloat(random.nextInt(0x7F800000) | random.nextInt() & 0x80000000);
        }
        keys[n / 2 + 3] = -0f;
        var ranking = new Ranking(n);
        var order = IntStream.range(0, n).boxed().toList();
        ranking.ascending(keys, 3);
        var up = order.stream().sorted(Comparator.comparingDouble(i -> keys[i + 3] + 0.0)).toList();
        assertEquals(up, IntStream.range(0, n).mapToObj(ranking::item).toList());
        ranking.descending(keys, 3);
        var down = order.stream().sorted(Comparator.comparingDouble(i -> 0.0 - keys[i + 3])).toList();
        assertEquals(down, IntStream.range(0, n).mapToObj(ranking::item).toList());
    }

    @Property(tries = 60, edgeCases = EdgeCasesMode.NONE)
    void cosineAgreesWithTheDefinition(@ForAll long seed, @ForAll @IntRange(min = 1, max = 120) int items,
            @ForAll @IntRange(min = 1, max = 20) int width) {
        var random = new SplittableRandom(seed);
        var database = KnnTest.random(random, items, width, 3);
        var queries = KnnTest.random(random, 11, width, 4);
        var relevance = Relevance.sameLabel(queries.labels(), database.labels());
        double[] found = Retrieval.cosine(database, queries).averagePrecision();
        float[] similarities = CosinePanels.pack(database).similarities(queries, 0, 11);
        var relevant = new byte[items];
        for (int q = 0; q < 11; q++) {
            int row = q * items;
            relevance.mark(q, relevant);
            assertEquals(naive(items, i -> -similarities[row + i], relevant), found[q], 1e-12);
        }
    }

    @Test
    void perfectAndReversedRankings() {
        int[] labels = {0, 1, 1, 0};
        var database = new Features(new float[]{1, 0, 0, 1, 0, 1, 1, 0}, 4, 2, labels);
        var query = new Features(new float[]{1, 0.1f}, 1, 2, new int[]{0});
        assertEquals(100, Retrieval.cosine(database, query).map(), 1e-12);
        var other = new Features(new float[]{0.1f, 1}, 1, 2, new int[]{0});
        assertEquals(100 * (1 / 3.0 + 2 / 4.0) / 2, Retrieval.cosine(database, other).map(), 1e-12);
        var stranger = new Features(new float[]{1, 0.1f, 1, 0.1f}, 2, 2, new int[]{0, 7});
        var score = Retrieval.cosine(database, stranger);
        assertEquals(-1, score.averagePrecision()[1]);
        assertEquals(100, score.map(), 1e-12);
    }

    @Test
    void threadsDoNotMatter() throws Exception {
        var random = new SplittableRandom(1);
        var database = KnnTest.random(random, 700, 40, 5);
        var queries = KnnTest.random(random, 90, 40, 5);
        var relevance = Relevance.sameLabel(queries.labels(), database.labels());
        double[] cosine = Retrieval.cosine(database, queries).averagePrecision();
        double[] hamming = HammingRetrieval.symmetric(BitCodes.of(database), BitCodes.of(queries), relevance).score()
                .averagePrecision();
        try (var one = new ForkJoinPool(1)) {
            assertArrayEquals(cosine, one.submit(() -> Retrieval.cosine(database, queries).averagePrecision()).get());
            assertArrayEquals(hamming, one.submit(() -> HammingRetrieval
                    .symmetric(BitCodes.of(database), BitCodes.of(queries), relevance).score().averagePrecision())
                    .get());
        }
    }

    @Test
    void codesSelectBitsAndRefuseWhatDoesNotFit() {
        var random = new SplittableRandom(2);
        var logits = KnnTest.random(random, 9, 130, 2);
        var codes = BitCodes.of(logits);
        assertEquals(3, codes.wordsPerCode());
        assertEquals(9 * 3 * 8, codes.bytes());
        int[] chosen = {129, 0, 64, 63};
        var some = codes.select(chosen);
        for (int i = 0; i < 9; i++) {
            for (int j = 0; j < chosen.length; j++) {
                assertEquals(logits.rows()[i * 130 + chosen[j]] > 0 ? 1 : 0, some.bit(i, j));
            }
        }
        assertEquals(0, BitCodes.of(new float[]{0, -0f}, 1, 2).words()[0]);
        assertThrows(IllegalArgumentException.class, () -> BitCodes.of(new float[]{Float.NaN}, 1, 1));
        assertThrows(IllegalArgumentException.class, () -> codes.select(130));
        var relevance = Relevance.sameLabel(new int[4], new int[9]);
        assertThrows(IllegalArgumentException.class, () -> HammingRetrieval.symmetric(codes, some, relevance));
        assertThrows(IllegalArgumentException.class, () -> HammingRetrieval.symmetric(codes, codes, relevance));
    }

    @Test
    void randomSubsetsOfAllBitsAreAllBits() {
        var random = new SplittableRandom(3);
        var logits = KnnTest.random(random, 50, 16, 3);
        var codes = BitCodes.of(logits);
        var relevance = Relevance.sameLabel(logits.labels(), logits.labels());
        assertEquals(HammingRetrieval.symmetric(codes, codes, relevance).map(),
                HammingRetrieval.randomSubsets(codes, codes, relevance, 16, EvaluationProgress.NONE::did), 1e-9);
    }
}
