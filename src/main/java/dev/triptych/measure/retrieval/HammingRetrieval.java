package dev.triptych.measure.retrieval;

import dev.triptych.measure.code.BitCodes;
import dev.triptych.measure.feature.Features;
import dev.triptych.method.EvaluationProgress;
import dev.triptych.random.CounterRandom;
import dev.triptych.random.Stream;
import java.util.Arrays;
import java.util.concurrent.ForkJoinPool;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;

/// Retrieval by binary codes: the whole database ranked for every query, mAP@ALL as in [Retrieval] (BITS,
/// specification sections 6.3 and 6.7).
///
/// * **symmetric**: Hamming distance, the number of differing bits, by `Long.bitCount` on packed words. Ranks follow
///   from counts per distance (a counting sort that never writes the ranking); equal distances, of which there are
///   many, keep the order of the database.
/// * **asymmetric**: sum_b |sigma(query logit)_b - database bit_b|, a sum of tables over the bytes of a code, rounded
///   to float32; equal distances keep the order of the database.
///
/// Memory is bounded: the packed codes, and for each thread a few arrays of the database's length.
public final class HammingRetrieval {
    /// Random choices of bits whose mean is taken.
    public static final int SUBSETS = 5;

    private HammingRetrieval() {
    }

    /// What a retrieval gave, and what it took.
    ///
    /// @param score its mAP
    /// @param queries number of queries
    /// @param items number of codes in the database
    /// @param bits of a code
    /// @param seconds on the clock
    /// @param bytes packed codes and work arrays of all threads
    public record Result(Retrieval.Score score, int queries, int items, int bits, double seconds, long bytes) {
        /// mAP in percent.
        public double map() {
            return score.map();
        }

        /// Time and memory in words.
        public String cost() {
            return String.format(java.util.Locale.ROOT,
                    "%,d queries x %,d codes of %d bits in %.2f s, %.1f MB of codes and work arrays",
                    queries, items, bits, seconds, bytes / 1e6);
        }
    }

    /// mAP@ALL by Hamming distance.
    ///
    /// @throws IllegalArgumentException when the codes have not the same number of bits, or more than 32,767
    public static Result symmetric(BitCodes database, BitCodes queries, Relevance relevance) {
        return symmetric(database, queries, relevance, EvaluationProgress.NONE::did);
    }

    /// The same.
    ///
    /// @param did told how many more queries are done, by any thread
    public static Result symmetric(BitCodes database, BitCodes queries, Relevance relevance, LongConsumer did) {
        check(database, queries.bits(), queries.count(), relevance);
        if (database.bits() > Short.MAX_VALUE) {
            throw new IllegalArgumentException("Hamming distances of codes of " + database.bits()
                    + " bits, expected at most " + Short.MAX_VALUE);
        }
        long start = System.nanoTime();
        int items = database.count();
        var each = new double[queries.count()];
        parallel(each.length, (first, last) -> {
            var work = new Buckets(items, database.bits());
            for (int q = first; q < last; q++) {
                work.distances(database, queries, q);
                each[q] = work.averagePrecision(relevance.mark(q, work.relevant));
            }
            did.accept(last - first);
        });
        return result(each, database, start, queries.bytes() + Buckets.bytes(items, database.bits()) * threads());
    }

    /// mAP@ALL by the asymmetric distance of query logits (queries x bits) to codes.
    public static Result asymmetric(BitCodes database, Features queryLogits, Relevance relevance) {
        return asymmetric(database, queryLogits, relevance, EvaluationProgress.NONE::did);
    }

    /// The same.
    ///
    /// @param did told how many more queries are done, by any thread
    public static Result asymmetric(BitCodes database, Features queryLogits, Relevance relevance, LongConsumer did) {
        check(database, queryLogits.width(), queryLogits.count(), relevance);
        long start = System.nanoTime();
        int items = database.count();
        var each = new double[queryLogits.count()];
        parallel(each.length, (first, last) -> {
            var tables = new AsymmetricDistance(database);
            var ranking = new Ranking(items);
            var distances = new float[items];
            var relevant = new byte[items];
            for (int q = first; q < last; q++) {
                tables.distances(queryLogits, q, distances);
                ranking.ascending(distances, 0);
                each[q] = ranking.averagePrecision(relevant, relevance.mark(q, relevant));
            }
            did.accept(last - first);
        });
        long scratch = Ranking.bytes(items) + AsymmetricDistance.bytes(database.bits()) + 5L * items;
        return result(each, database, start, (long) Float.BYTES * queryLogits.rows().length + scratch * threads());
    }

    /// Mean mAP in percent over [#SUBSETS] random choices of `bits` bits, the same on every machine.
    ///
    /// @param did told how many more queries are done, by any thread: all of them for each choice
    public static double randomSubsets(BitCodes database, BitCodes queries, Relevance relevance, int bits,
            LongConsumer did) {
        double sum = 0;
        for (int s = 0; s < SUBSETS; s++) {
            int[] chosen = Arrays.copyOf(CounterRandom.of(1, Stream.PROBE, bits, s).permutation(database.bits()), bits);
            Arrays.sort(chosen);
            sum += symmetric(database.select(chosen), queries.select(chosen), relevance, did).map();
        }
        return sum / SUBSETS;
    }

    /// The protocol in words, for a report.
    public static String protocol() {
        return "mAP@ALL by Hamming distance of the messages (logit > 0), ties by index, the first k bits; "
                + Relevance.RULE;
    }

    /// The protocol of random choices of bits.
    public static String subsetProtocol() {
        return "as with the first k bits, mean of " + SUBSETS + " random choices of k bits";
    }

    /// The protocol of the asymmetric distance.
    public static String asymmetricProtocol() {
        return "mAP@ALL by sum over bits of |sigmoid(query logit) - database bit|, ties by index; "
                + Relevance.RULE;
    }

    private static void check(BitCodes database, int bits, int queries, Relevance relevance) {
        if (database.bits() != bits) {
            throw new IllegalArgumentException("queries of " + bits + " bits against codes of " + database.bits()
                    + " bits: take both from the same head");
        }
        Retrieval.requireSizes(relevance, queries, database.count());
    }

    private static Result result(double[] each, BitCodes database, long start, long bytes) {
        return new Result(new Retrieval.Score(each), each.length, database.count(), database.bits(),
                (System.nanoTime() - start) * 1e-9, database.bytes() + bytes);
    }

    private interface Range {
        void run(int first, int last);
    }

    /// Splits queries into a few parts per thread, each with scratch memory of its own.
    private static void parallel(int queries, Range range) {
        int parts = Math.min(queries, 8 * threads());
        IntStream.range(0, parts).parallel().forEach(p -> range.run((int) ((long) queries * p / parts),
                (int) ((long) queries * (p + 1) / parts)));
    }

    private static int threads() {
        return ForkJoinPool.commonPool().getParallelism() + 1;
    }

    /// Distances of one query, and the ranks of relevant items from counts per distance.
    private static final class Buckets {
        private final byte[] relevant;
        private final short[] distances;
        private final int[] rank;
        private final int[] hits;

        Buckets(int items, int bits) {
            relevant = new byte[items];
            distances = new short[items];
            rank = new int[bits + 1];
            hits = new int[bits + 1];
        }

        static long bytes(int items, int bits) {
            return 3L * items + 8L * (bits + 1);
        }

        void distances(BitCodes database, BitCodes queries, int q) {
            int each = database.wordsPerCode();
            long[] words = database.words();
            if (each == 1) {
                long query = queries.words()[q];
                for (int i = 0; i < distances.length; i++) {
                    distances[i] = (short) Long.bitCount(words[i] ^ query);
                }
                return;
            }
            for (int i = 0; i < distances.length; i++) {
                int sum = 0;
                for (int w = 0; w < each; w++) {
                    sum += Long.bitCount(words[i * each + w] ^ queries.words()[q * each + w]);
                }
                distances[i] = (short) sum;
            }
        }

        /// As [Ranking#averagePrecision], with `rank` and `hits` counting on from where each distance begins.
        double averagePrecision(int count) {
            if (count == 0) {
                return -1;
            }
            Arrays.fill(rank, 0);
            Arrays.fill(hits, 0);
            for (int i = 0; i < distances.length; i++) {
                rank[distances[i]]++;
                hits[distances[i]] += relevant[i];
            }
            starts(rank);
            starts(hits);
            double sum = 0;
            for (int i = 0; i < distances.length; i++) {
                int d = distances[i];
                int place = ++rank[d];
                if (relevant[i] != 0) {
                    sum += (double) ++hits[d] / place;
                }
            }
            return sum / count;
        }

        private static void starts(int[] counts) {
            int start = 0;
            for (int d = 0; d < counts.length; d++) {
                int here = counts[d];
                counts[d] = start;
                start += here;
            }
        }
    }
}
