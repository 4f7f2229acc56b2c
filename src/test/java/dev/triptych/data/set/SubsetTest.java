package dev.triptych.data.set;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class SubsetTest {
    @Property(tries = 200)
    void numbersAreDifferentAscendingAndSpread(@ForAll @IntRange(min = 1, max = 5000) int of,
            @ForAll @IntRange(min = 1, max = 5000) int some) {
        int n = Math.min(of, some);
        int[] drawn = Subset.drawn(of, n);
        assertEquals(n, Arrays.stream(drawn).distinct().count());
        for (int i = 0; i < n; i++) {
            assertTrue(drawn[i] >= (long) i * of / n && drawn[i] < (long) (i + 1) * of / n, () -> "of " + of);
        }
        assertArrayEquals(drawn, Subset.drawn(of, n));
    }

    /// Every 500th of 4,000 images whose six classes take turns would be of three classes alone.
    @Test
    void everyClassIsThereWhereClassesTakeTurns() {
        for (int some : new int[]{1000, 2000, 500, 100}) {
            long[] perClass = new long[6];
            Arrays.stream(Subset.drawn(4000, some)).forEach(i -> perClass[i % 6]++);
            assertTrue(Arrays.stream(perClass).min().orElseThrow() >= some / 12, () -> Arrays.toString(perClass));
        }
    }
}
