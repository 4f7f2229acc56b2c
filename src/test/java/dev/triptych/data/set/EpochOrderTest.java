package dev.triptych.data.set;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class EpochOrderTest {
    private static int[] epoch(EpochOrder order, int batch, long number) {
        int steps = order.stepsPerEpoch();
        int[] all = new int[steps * batch];
        int[] some = new int[batch];
        for (int s = 0; s < steps; s++) {
            order.indices(number * steps + s, some);
            System.arraycopy(some, 0, all, s * batch, batch);
        }
        return all;
    }

    /// As many images in the same place as chance has it, about one.
    @Test
    void epochsDifferInOrder() {
        var order = new EpochOrder(60, 6, 3);
        for (long e = 0; e < 4; e++) {
            int[] one = epoch(order, 6, e);
            int[] next = epoch(order, 6, e + 1);
            int equal = 0;
            for (int i = 0; i < one.length; i++) {
                equal += one[i] == next[i] ? 1 : 0;
            }
            assertFalse(equal > 8, "epochs " + e + " and " + (e + 1) + " have " + equal + " images in one place");
            Arrays.sort(one);
            Arrays.setAll(next, i -> i);
            assertArrayEquals(next, one, "every image once");
        }
    }

    @Test
    void theSeedDecidesAndNothingElse() {
        int[] one = epoch(new EpochOrder(60, 6, 3), 6, 1);
        var again = new EpochOrder(60, 6, 3);
        epoch(again, 6, 0);
        assertArrayEquals(one, epoch(again, 6, 1));
        assertFalse(Arrays.equals(one, epoch(new EpochOrder(60, 6, 4), 6, 1)));
        assertEquals(9, again.epoch(99));
        assertThrows(IllegalArgumentException.class, () -> new EpochOrder(5, 6, 0));
        assertThrows(IllegalArgumentException.class, () -> new EpochOrder(5, 0, 0));
    }
}
