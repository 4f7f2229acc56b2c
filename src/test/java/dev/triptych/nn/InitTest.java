package dev.triptych.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.program.Initializer;
import dev.triptych.random.CounterRandom;
import dev.triptych.random.Stream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Starts of parameters against what PyTorch's of the same name draw: mean, deviation and greatest number.
class InitTest {
    @Test
    void theTruncatedNormalIsCutAtTwoAndNotAtTwoDeviations() {
        float[] narrow = drawn(Init.truncatedNormal(0.02), 1_000_000);
        assertEquals(0, mean(narrow), 1e-4);
        assertEquals(0.02, deviation(narrow), 5e-5); // a cut at two deviations leaves 0.0176
        assertEquals(0.0967, greatest(narrow), 0.01);
        float[] wide = drawn(Init.truncatedNormal(4), 100_000);
        assertEquals(2, greatest(wide), 1e-3);
        assertTrue(greatest(wide) <= 2);
    }

    @Test
    void aLinearLayerOfPyTorchAndXaviersStart() {
        float[] linear = drawn(Init.fanIn(300), 600_000);
        assertEquals(1 / Math.sqrt(900), deviation(linear), 1e-4);
        assertEquals(1 / Math.sqrt(300), greatest(linear), 1e-4);
        float[] xavier = drawn(Init.xavier(600, 300), 180_000);
        assertEquals(Math.sqrt(2.0 / 900), deviation(xavier), 2e-4);
        assertEquals(Math.sqrt(6.0 / 900), greatest(xavier), 1e-4);
    }

    private static float[] drawn(Initializer initializer, int n) {
        float[] values = new float[n];
        initializer.fill(values, CounterRandom.of(5, Stream.CHECK, 0, 0));
        return values;
    }

    private static double mean(float[] values) {
        return IntStream.range(0, values.length).mapToDouble(i -> values[i]).average().orElseThrow();
    }

    private static double deviation(float[] values) {
        return Math.sqrt(IntStream.range(0, values.length).mapToDouble(i -> (double) values[i] * values[i]).average()
                .orElseThrow());
    }

    private static double greatest(float[] values) {
        return IntStream.range(0, values.length).mapToDouble(i -> Math.abs(values[i])).max().orElseThrow();
    }
}
