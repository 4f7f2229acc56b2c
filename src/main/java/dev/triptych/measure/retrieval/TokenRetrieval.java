package dev.triptych.measure.retrieval;

import dev.triptych.measure.code.BitCodes;
import java.util.Arrays;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;

/// Retrieval of pictures by the messages of their tokens: every token of the query looks for the best-matching token
/// of a picture, and the distance of both pictures is the mean of these Hamming distances. The whole database is ranked
/// for every query; equal distances keep the order of the database.
public final class TokenRetrieval {
    private TokenRetrieval() {
    }

    /// mAP@ALL in percent.
    ///
    /// @param database messages of all tokens, picture by picture (items x tokens)
    /// @param queries the same of the queries
    /// @param tokens K of a picture
    /// @param did told how many more queries are done, by any thread
    public static double map(BitCodes database, BitCodes queries, int tokens, Relevance relevance, LongConsumer did) {
        int items = database.count() / tokens;
        double[] each = IntStream.range(0, queries.count() / tokens).parallel().mapToDouble(q -> {
            float[] distances = new float[items];
            for (int i = 0; i < items; i++) {
                distances[i] = distance(queries, q, database, i, tokens);
            }
            byte[] relevant = new byte[items];
            int count = relevance.mark(q, relevant);
            var ranking = new Ranking(items);
            ranking.ascending(distances, 0);
            did.accept(1);
            return ranking.averagePrecision(relevant, count);
        }).toArray();
        return 100 * Arrays.stream(each).filter(p -> p >= 0).average().orElse(Double.NaN);
    }

    /// The mean over the tokens of picture q of the Hamming distance to the nearest token of picture i.
    static float distance(BitCodes queries, int q, BitCodes database, int i, int tokens) {
        int sum = 0;
        for (int k = 0; k < tokens; k++) {
            int best = Integer.MAX_VALUE;
            for (int j = 0; j < tokens; j++) {
                best = Math.min(best, hamming(queries, q * tokens + k, database, i * tokens + j));
            }
            sum += best;
        }
        return (float) sum / tokens;
    }

    /// The number of bits in which two messages differ.
    public static int hamming(BitCodes a, int i, BitCodes b, int j) {
        int words = a.wordsPerCode();
        int sum = 0;
        for (int w = 0; w < words; w++) {
            sum += Long.bitCount(a.words()[i * words + w] ^ b.words()[j * words + w]);
        }
        return sum;
    }

    /// The protocol in words, for a report.
    public static String protocol() {
        return "mAP@ALL by the Hamming distance of each token's message to the best-matching token's, mean over the "
                + "query's tokens, ties by index; " + Relevance.RULE;
    }
}
