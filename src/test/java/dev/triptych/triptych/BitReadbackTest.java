package dev.triptych.triptych;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.triptych.random.CounterRandom;
import dev.triptych.random.Stream;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/// Rows that are linear in the signs of their bits are read back; with fewer bits what they say alone; a bit that never
/// changes says nothing.
class BitReadbackTest {
    private static final int ROWS = 400;
    private static final int BITS = 4;
    private static final double[][] MAP = {{0.5, -1}, {2, 0}, {0, 3}, {-1, 1}, {9, 9}};

    private final float[] logits = new float[ROWS * BITS];
    private final float[] s = new float[ROWS * 2];

    private BitReadback learnt() {
        var random = CounterRandom.of(3, Stream.CHECK, 0, 0);
        for (int r = 0; r < ROWS; r++) {
            for (int j = 0; j < 2; j++) {
                s[r * 2 + j] = (float) MAP[0][j];
            }
            for (int b = 0; b < BITS; b++) {
                // the first three bits take all eight values equally often, the last one never changes
                int sign = b == BITS - 1 || (r >> b & 1) == 1 ? 1 : -1;
                logits[r * BITS + b] = sign * (0.1f + random.uniform());
                for (int j = 0; b < BITS - 1 && j < 2; j++) {
                    s[r * 2 + j] += (float) (sign * MAP[1 + b][j]);
                }
            }
        }
        var back = new BitReadback(BITS, 2);
        back.learn(logits, s, ROWS / 2);
        float[] rest = Arrays.copyOfRange(logits, ROWS / 2 * BITS, ROWS * BITS);
        back.learn(rest, Arrays.copyOfRange(s, ROWS, 2 * ROWS), ROWS / 2);
        return back;
    }

    @Test
    void linearRowsAreReadBackFromAllBits() {
        var back = learnt();
        assertArrayEquals(s, back.read(back.map(BITS), logits, ROWS), 1e-4f);
        assertArrayEquals(s, back.read(back.map(3), logits, ROWS), 1e-4f);
    }

    @Test
    void fewerBitsSayWhatTheySay() {
        var back = learnt();
        assertArrayEquals(MAP[0], back.map(0), 1e-4, "no bit: the mean");
        float[] one = back.read(back.map(1), logits, ROWS);
        for (int r = 0; r < ROWS; r++) {
            int sign = (r & 1) == 1 ? 1 : -1;
            assertEquals(0.5 + 2 * sign, one[r * 2], 1e-4);
            assertEquals(-1, one[r * 2 + 1], 1e-4);
        }
    }
}
