package dev.triptych.bits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ChannelWatchTest {
    private static boolean warns(ChannelWatch watch, double entropy) {
        return watch.see(Map.of(BitsHealth.ENTROPY, entropy, "total", 9.0)).isPresent();
    }

    @Test
    void tenSilentStepsGiveOneWarning() {
        var watch = new ChannelWatch();
        for (int i = 1; i <= 30; i++) {
            assertEquals(i == 10, warns(watch, 0.01), "step " + i);
        }
    }

    @Test
    void aWordInBetweenIsHeard() {
        var watch = new ChannelWatch();
        for (int i = 1; i <= 30; i++) {
            assertTrue(!warns(watch, i % 9 == 0 ? 0.5 : 0.01), "step " + i);
        }
    }

    @Test
    void noFigureIsNoSilence() {
        var watch = new ChannelWatch();
        for (int i = 1; i <= 30; i++) {
            assertTrue(watch.see(Map.of("total", 9.0)).isEmpty());
            assertTrue(!warns(watch, Double.NaN));
        }
    }
}
