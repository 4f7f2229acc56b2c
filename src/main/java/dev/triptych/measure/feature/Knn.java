package dev.triptych.measure.feature;

import dev.triptych.method.EvaluationProgress;
import dev.triptych.method.InputException;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;

/// k nearest neighbours by cosine similarity on frozen features (exhaustive search, no approximation).
///
/// Every row is divided by its Euclidean norm; a row of zeros keeps similarity 0 to everything.
///
/// Neighbours are ordered by decreasing similarity; equal similarities by increasing key index. The k first vote:
/// * [Vote#MAJORITY]: one vote each. STELLAR reports kNN without stating k or the vote; k = 20 and one vote each is
///   this project's choice.
/// * [Vote#WEIGHTED]: a vote of exp(cos / temperature), temperature 0.07 (Wu et al. 2018, "Unsupervised feature
///   learning via non-parametric instance discrimination", section 3.4; the protocol of DINO).
///
/// **Ties**: among classes with equally many votes, the one whose nearest neighbour comes first wins.
///
/// Similarities are float32 fused multiply-adds over the columns in order; queries are spread over all cores of the
/// common pool. The result depends neither on the number of threads nor on the vector width of the machine.
///
/// @param k neighbours that vote, at least 1
/// @param vote how they vote
/// @param temperature of the weighted vote; unused by the majority vote
public record Knn(int k, Vote vote, double temperature) {

    /// How the neighbours vote.
    public enum Vote {
        /// One vote each.
        MAJORITY,
        /// exp(cosine / temperature) each.
        WEIGHTED
    }

    private static final int QUERY_BLOCK = 32;

    /// Checks the settings.
    public Knn {
        if (k < 1) {
            throw new IllegalArgumentException("kNN with k = " + k + ": expected at least 1");
        }
        if (!(temperature > 0)) {
            throw new IllegalArgumentException("kNN with temperature " + temperature + ": expected above 0");
        }
    }

    /// Checks that there are as many images to learn from as neighbours that vote.
    ///
    /// @param remedy a sentence
    /// @throws InputException if there are fewer
    public static void require(int images, String remedy) {
        if (images < standard().k()) {
            throw new InputException(images + " training images to evaluate with; expected at least " + standard().k()
                    + ", because kNN asks so many. " + remedy);
        }
    }

    /// The protocol of the tables of `docs/results.md`: k = 20, majority vote.
    public static Knn standard() {
        return new Knn(20, Vote.MAJORITY, 0.07);
    }

    /// The protocol of DINO and BITS: k = 20, votes weighted with temperature 0.07.
    public static Knn weighted() {
        return new Knn(20, Vote.WEIGHTED, 0.07);
    }

    /// The protocol in words, for a report.
    public String protocol() {
        var votes = vote == Vote.MAJORITY ? "majority vote" : "votes weighted by exp(cos / " + temperature + ")";
        return "kNN, cosine, k = " + k + ", " + votes + ", ties to the class of the nearest neighbour";
    }

    /// Percentage of `queries` whose class the neighbours among `keys` predict.
    public double accuracy(Features keys, Features queries) {
        return accuracy(keys, queries, EvaluationProgress.NONE::did);
    }

    /// The same.
    ///
    /// @param did told how many more queries are done, by any thread
    public double accuracy(Features keys, Features queries, LongConsumer did) {
        return queries.accuracy(predict(keys, queries, did));
    }

    /// The predicted class of every query, (queries.count).
    ///
    /// @throws IllegalArgumentException when widths differ, k exceeds the keys, or a row is not finite
    public int[] predict(Features keys, Features queries) {
        return predict(keys, queries, EvaluationProgress.NONE::did);
    }

    private int[] predict(Features keys, Features queries, LongConsumer did) {
        keys.requireSameWidth(queries);
        if (k > keys.count()) {
            throw new IllegalArgumentException("kNN with k = " + k + " among only " + keys.count()
                    + " training rows: lower k or use more images");
        }
        var panels = CosinePanels.pack(keys);
        int classes = keys.classes();
        var predicted = new int[queries.count()];
        int blocks = (queries.count() + QUERY_BLOCK - 1) / QUERY_BLOCK;
        IntStream.range(0, blocks).parallel().forEach(block -> {
            int first = block * QUERY_BLOCK;
            int last = Math.min(queries.count(), first + QUERY_BLOCK);
            var nearest = panels.nearest(queries, first, last, k);
            for (int q = first; q < last; q++) {
                predicted[q] = elect(nearest, q - first, keys.labels(), classes);
            }
            did.accept(last - first);
        });
        return predicted;
    }

    private int elect(Neighbours nearest, int query, int[] labels, int classes) {
        var votes = votes(nearest, query, labels, classes);
        int winner = labels[nearest.key(query, 0)];
        for (int n = 1; n < k; n++) {
            int candidate = labels[nearest.key(query, n)];
            if (votes[candidate] > votes[winner]) {
                winner = candidate;
            }
        }
        return winner;
    }

    /// The votes for every class.
    public double[] votes(Neighbours nearest, int query, int[] labels, int classes) {
        var votes = new double[classes];
        for (int n = 0; n < k; n++) {
            votes[labels[nearest.key(query, n)]] += vote == Vote.MAJORITY
                    ? 1
                    : Math.exp(nearest.similarity(query, n) / temperature);
        }
        return votes;
    }
}
