package dev.triptych.measure.segment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashSet;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class AssignmentTest {

    @Property(tries = 500)
    void reachesTheBestOfAllPermutations(@ForAll long seed, @ForAll @IntRange(min = 1, max = 6) int rows,
            @ForAll @IntRange(min = 1, max = 6) int columns, @ForAll boolean coarse) {
        var random = new SplittableRandom(seed);
        var weights = new double[rows * columns];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = coarse ? random.nextInt(3) : random.nextDouble() * 2 - 1;
        }
        int[] assigned = Assignment.maximise(weights, rows, columns);
        double total = 0;
        var used = new HashSet<Integer>();
        for (int r = 0; r < rows; r++) {
            if (assigned[r] >= 0) {
                total += weights[r * columns + assigned[r]];
                assertTrue(used.add(assigned[r]));
            }
        }
        assertEquals(Math.min(rows, columns), used.size());
        assertEquals(best(weights, rows, columns, 0, new boolean[columns], rows - Math.min(rows, columns)), total,
                1e-12);
    }

    private static double best(double[] weights, int rows, int columns, int row, boolean[] used, int mayStayFree) {
        if (row == rows) {
            return 0;
        }
        double best = mayStayFree > 0
                ? best(weights, rows, columns, row + 1, used, mayStayFree - 1)
                : Double.NEGATIVE_INFINITY;
        for (int c = 0; c < columns; c++) {
            if (!used[c]) {
                used[c] = true;
                best = Math.max(best, weights[row * columns + c]
                        + best(weights, rows, columns, row + 1, used, mayStayFree));
                used[c] = false;
            }
        }
        return best;
    }

    @Test
    void nothingToAssign() {
        assertEquals(0, Assignment.maximise(new double[0], 0, 3).length);
        assertTrue(Arrays.equals(new int[]{-1, -1}, Assignment.maximise(new double[0], 2, 0)));
        assertThrows(IllegalArgumentException.class, () -> Assignment.maximise(new double[]{Double.NaN}, 1, 1));
    }
}
