package dev.triptych.measure.retrieval;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.triptych.measure.code.BitCodes;
import org.junit.jupiter.api.Test;

/// Pictures by the messages of their tokens.
class TokenRetrievalTest {
    private static BitCodes codes(int... messages) {
        float[] logits = new float[messages.length * 4];
        for (int i = 0; i < logits.length; i++) {
            logits[i] = (messages[i / 4] >> i % 4 & 1) == 1 ? 1 : -1;
        }
        return BitCodes.of(logits, messages.length, 4);
    }

    /// Each of the query's tokens looks for the best of the other's; order and repetition of those do not matter.
    @Test
    void everyTokenLooksForItsBestMatch() {
        BitCodes query = codes(0b0000, 0b1111);
        BitCodes database = codes(0b1111, 0b0000, 0b0000, 0b0000, 0b0001, 0b0111);
        assertEquals(0f, TokenRetrieval.distance(query, 0, database, 0, 2));
        assertEquals(2f, TokenRetrieval.distance(query, 0, database, 1, 2));
        assertEquals(1f, TokenRetrieval.distance(query, 0, database, 2, 2));
        assertEquals(3, TokenRetrieval.hamming(query, 1, database, 4));
    }

    @Test
    void aPerfectRankingHasAMapOfOneHundred() {
        BitCodes database = codes(0b0000, 0b1111, 0b0011, 0b0110, 0b0001, 0b1111);
        BitCodes queries = codes(0b1111, 0b0000);
        long[] did = new long[1];
        // nearest first: pictures 0, 2, 1
        assertEquals(100,
                TokenRetrieval.map(database, queries, 2, Relevance.sameLabel(new int[]{7}, new int[]{7, 1, 7}),
                        n -> did[0] += n),
                1e-9);
        assertEquals(100 * (1.0 / 2 + 2.0 / 3) / 2, TokenRetrieval.map(database, queries, 2,
                Relevance.sameLabel(new int[]{7}, new int[]{1, 7, 7}), n -> did[0] += n), 1e-9);
        assertEquals(2, did[0]);
    }
}
