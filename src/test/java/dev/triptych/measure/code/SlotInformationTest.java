package dev.triptych.measure.code;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.random.CounterRandom;
import dev.triptych.random.Stream;
import java.util.function.IntBinaryOperator;
import org.junit.jupiter.api.Test;

/// What messages say about the slot of their token.
class SlotInformationTest {
    private static final int SLOTS = 4;

    /// @param bit of row i, bit b
    private static BitCodes codes(int rows, int bits, IntBinaryOperator bit) {
        float[] logits = new float[rows * bits];
        for (int i = 0; i < logits.length; i++) {
            logits[i] = bit.applyAsInt(i / bits, i % bits) == 1 ? 1 : -1;
        }
        return BitCodes.of(logits, rows, bits);
    }

    @Test
    void messagesThatNameTheirSlotSayAllOfIt() {
        BitCodes named = codes(800, 2, (i, b) -> i % SLOTS >> b & 1);
        assertEquals(1, SlotInformation.ofBits(named, SLOTS), 1e-9);
        assertEquals(2, SlotInformation.ofMessages(named, named, SLOTS), 0.03);
    }

    @Test
    void messagesOfChanceSayNothing() {
        var random = CounterRandom.of(1, Stream.CHECK, 19, 0);
        BitCodes learnt = codes(4000, 16, (i, b) -> random.below(2));
        BitCodes judged = codes(4000, 16, (i, b) -> random.below(2));
        assertTrue(SlotInformation.ofBits(learnt, SLOTS) < 0.003);
        assertTrue(SlotInformation.ofMessages(learnt, judged, SLOTS) < 0.01);
    }

    /// No two messages of the second half are equal, and yet they say no more than their first bit.
    @Test
    void aBoundAndNoPlugIn() {
        var random = CounterRandom.of(2, Stream.CHECK, 19, 0);
        IntBinaryOperator half = (i, b) -> b == 0 ? i % SLOTS / 2 : random.below(2);
        double bound = SlotInformation.ofMessages(codes(4000, 32, half), codes(4000, 32, half), SLOTS);
        assertTrue(bound > 0.97 && bound <= 1.0, () -> "" + bound);
    }
}
