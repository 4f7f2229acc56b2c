package dev.triptych.measure.retrieval;

import dev.triptych.data.set.Subset;
import dev.triptych.measure.code.BitCodes;
import dev.triptych.measure.feature.CosinePanels;
import dev.triptych.measure.feature.Features;
import dev.triptych.measure.feature.Neighbours;
import java.util.Arrays;
import java.util.Locale;

/// Examples of retrieval: for some queries, what lies nearest in a database by one distance.
///
/// @param by what is compared, in words
/// @param queries their numbers in the set of queries, (count)
/// @param nearest numbers in the database, the nearest first, (count x k)
/// @param closeness of each, in words: its similarity or its distance, (count x k)
public record RetrievalExamples(String by, int[] queries, int[][] nearest, String[][] closeness) {
    private static final int QUERIES = 8;
    private static final int NEAREST = 8;

    /// Checks that there is something for each query.
    public RetrievalExamples {
        if (nearest.length != queries.length || closeness.length != queries.length) {
            throw new IllegalArgumentException("neighbours of " + nearest.length + " queries and closeness of "
                    + closeness.length + ", expected " + queries.length + " each");
        }
    }

    /// The queries of a set that are shown: eight, or all where there are fewer.
    public static int[] shown(int size) {
        return Subset.strided(size, Math.min(QUERIES, size));
    }

    /// The eight nearest by cosine similarity; ties to the smaller number.
    ///
    /// @param chosen numbers of the queries that are shown
    public static RetrievalExamples cosine(String by, Features database, Features queries, int[] chosen) {
        database.requireSameWidth(queries);
        int k = Math.min(NEAREST, database.count());
        var panels = CosinePanels.pack(database);
        var nearest = new int[chosen.length][k];
        var closeness = new String[chosen.length][k];
        for (int q = 0; q < chosen.length; q++) {
            var found = panels.nearest(queries, chosen[q], chosen[q] + 1, k);
            for (int n = 0; n < k; n++) {
                nearest[q][n] = found.key(0, n);
                closeness[q][n] = String.format(Locale.ROOT, "%.2f", found.similarity(0, n));
            }
        }
        return new RetrievalExamples(by + ", cosine", chosen.clone(), nearest, closeness);
    }

    /// The eight nearest by Hamming distance; ties, of which there are many, to the smaller number.
    ///
    /// @param chosen numbers of the queries that are shown
    public static RetrievalExamples hamming(String by, BitCodes database, BitCodes queries, int[] chosen) {
        database.requireSameBits(queries);
        int k = Math.min(NEAREST, database.count());
        var nearest = new int[chosen.length][k];
        var closeness = new String[chosen.length][k];
        int words = database.wordsPerCode();
        for (int q = 0; q < chosen.length; q++) {
            var found = new Neighbours(1, k);
            for (int i = 0; i < database.count(); i++) {
                int distance = 0;
                for (int w = 0; w < words; w++) {
                    distance += Long.bitCount(database.words()[i * words + w] ^ queries.words()[chosen[q] * words + w]);
                }
                found.offer(0, i, -distance);
            }
            for (int n = 0; n < k; n++) {
                nearest[q][n] = found.key(0, n);
                closeness[q][n] = Integer.toString(Math.round(-found.similarity(0, n)));
            }
        }
        return new RetrievalExamples(by + ", Hamming distance", chosen.clone(), nearest, closeness);
    }

    /// How many neighbours are shown of each query.
    public int k() {
        return Arrays.stream(nearest).mapToInt(row -> row.length).max().orElse(0);
    }
}
