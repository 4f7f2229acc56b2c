package dev.triptych.measure.retrieval;

import dev.triptych.measure.feature.CosinePanels;
import dev.triptych.measure.feature.Features;
import dev.triptych.method.EvaluationProgress;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;

/// Retrieval by cosine: for every query the whole database is ranked by decreasing similarity, and mAP@ALL is the mean
/// over queries of the average precision, sum_k Prec(k) rel(k) / #relevant (BITS, specification section 6.3).
///
/// Equal similarities keep the order of the database. Queries without any relevant item are left out of the mean.
/// Exhaustive and exact; queries are spread over all cores, a few at a time, so that memory is bounded: besides the
/// packed database, one row of similarities for each query in work. The result depends neither on the number of
/// threads nor on the vector width.
public final class Retrieval {
    /// Queries whose similarities are computed together by one thread.
    private static final int QUERY_BLOCK = 8;

    private Retrieval() {
    }

    /// What a retrieval gave.
    ///
    /// @param averagePrecision of every query, in [0, 1]; -1 where nothing in the database is relevant
    public record Score(double[] averagePrecision) {
        /// mAP in percent; NaN where no query has anything to find.
        public double map() {
            double sum = 0;
            int counted = 0;
            for (double ap : averagePrecision) {
                if (ap >= 0) {
                    sum += ap;
                    counted++;
                }
            }
            return 100 * sum / counted;
        }
    }

    /// mAP@ALL with images of the same class as relevant ones.
    ///
    /// @throws IllegalArgumentException when widths differ or a row is not finite
    public static Score cosine(Features database, Features queries) {
        return cosine(database, queries, Relevance.sameLabel(queries.labels(), database.labels()),
                EvaluationProgress.NONE::did);
    }

    /// mAP@ALL.
    ///
    /// @param did told how many more queries are done, by any thread
    public static Score cosine(Features database, Features queries, Relevance relevance, LongConsumer did) {
        requireSizes(relevance, queries.count(), database.count());
        database.requireSameWidth(queries);
        var panels = CosinePanels.pack(database);
        var each = new double[queries.count()];
        int items = database.count();
        int blocks = (queries.count() + QUERY_BLOCK - 1) / QUERY_BLOCK;
        IntStream.range(0, blocks).parallel().forEach(block -> {
            int first = block * QUERY_BLOCK;
            int last = Math.min(queries.count(), first + QUERY_BLOCK);
            float[] similarities = panels.similarities(queries, first, last);
            var ranking = new Ranking(items);
            var relevant = new byte[items];
            for (int q = first; q < last; q++) {
                int count = relevance.mark(q, relevant);
                ranking.descending(similarities, (q - first) * items);
                each[q] = ranking.averagePrecision(relevant, count);
            }
            did.accept(last - first);
        });
        return new Score(each);
    }

    /// The protocol in words, for a report.
    public static String protocol() {
        return "mAP@ALL: all training images (as many as the report says) ranked for every test image by cosine, "
                + "ties by index; AP = sum over ranks of precision times relevance / number of relevant images; "
                + Relevance.RULE;
    }

    static void requireSizes(Relevance relevance, int queries, int items) {
        if (relevance.queries() != queries || relevance.items() != items) {
            throw new IllegalArgumentException("relevance of " + relevance.items() + " items for "
                    + relevance.queries() + " queries, expected " + items + " items for " + queries + " queries");
        }
    }
}
