package dev.triptych.decoder;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.random.CounterRandom;
import dev.triptych.random.Stream;
import java.util.Arrays;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/// Generation: how many codes stay unknown, and that known ones are never touched.
class IterativeDecodingTest {
    @Example
    void countsOfTheSpecification() {
        assertArrayEquals(new int[]{255, 252, 248, 243, 236, 228, 218, 207, 194, 181, 166, 150, 133, 116, 97, 79, 59,
                40, 20, 1}, counts(256, 20));
        assertArrayEquals(new int[]{63, 61, 59, 55, 50, 45, 38, 32, 24, 16, 8, 1}, counts(64, 12));
    }

    private static int[] counts(int cells, int iterations) {
        var decoding = new IterativeDecoding(iterations, 1, cells, 5);
        int[] counts = new int[iterations];
        int unknown = cells;
        for (int t = 1; t <= iterations; t++) {
            unknown = decoding.remasked(t, unknown);
            counts[t - 1] = unknown;
        }
        return counts;
    }

    @Property(tries = 60)
    void knownCodesStayAndTheRestIsDrawn(@ForAll long seed, @ForAll @IntRange(min = 2, max = 40) int cells,
            @ForAll @IntRange(min = 1, max = 9) int codes, @ForAll @IntRange(min = 1, max = 15) int iterations) {
        var random = CounterRandom.of(seed, Stream.CHECK, 0, 0);
        var decoding = new IterativeDecoding(iterations, 4.5, cells, codes);
        int[] ids = decoding.start(2);
        int[] result = ids;
        for (int t = 1; t <= iterations; t++) {
            float[] logits = new float[2 * cells * codes];
            double[] u = new double[2 * cells];
            double[] gumbel = new double[2 * cells];
            for (int i = 0; i < logits.length; i++) {
                logits[i] = (float) random.gaussian();
            }
            for (int i = 0; i < u.length; i++) {
                u[i] = random.uniformDouble();
                gumbel[i] = random.gaussian();
            }
            var step = decoding.step(t, logits, ids, u, gumbel);
            for (int i = 0; i < ids.length; i++) {
                assertTrue(step.sampled()[i] >= 0 && step.sampled()[i] < codes);
                if (ids[i] != decoding.mask()) {
                    assertEquals(ids[i], step.sampled()[i]);
                }
            }
            for (int s = 0; s < 2; s++) {
                int from = s * cells;
                long unknown = Arrays.stream(step.ids(), from, from + cells).filter(i -> i == decoding.mask()).count();
                assertEquals(step.remasked()[s], unknown);
            }
            int[] slots = decoding.slots(ids);
            for (int i = 0; i < slots.length; i++) {
                int cell = i % (1 + cells) - 1;
                boolean own = cell >= 0 && ids[i / (1 + cells) * cells + cell] != decoding.mask();
                assertEquals(own || cell < 0 ? i : i / (1 + cells) * (1 + cells), slots[i]);
            }
            ids = step.ids();
            result = step.sampled();
        }
        assertTrue(Arrays.stream(result).allMatch(i -> i < codes));
    }

    @Example
    void theLeastCertainAreHiddenAgainTheLowerCellFirst() {
        var decoding = new IterativeDecoding(2, 0, 4, 2);
        float[] logits = {3f, 0f, 1f, 0f, 1f, 0f, 2f, 0f};
        var step = decoding.step(1, logits, decoding.start(1), new double[4], new double[4]);
        assertArrayEquals(new int[]{0, 0, 0, 0}, step.sampled());
        assertArrayEquals(new int[]{2}, step.remasked());
        assertArrayEquals(new int[]{0, 3, 3, 0}, step.ids());
    }
}
