package dev.triptych.measure.code;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.measure.code.CodeDivergence.Of;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class CodeDivergenceTest {
    private static CodeGrids grids(int... ids) {
        return CodeGrids.unlabelled(2, 4, ids);
    }

    @Test
    void neighboursAreCounted() {
        var one = grids(0, 1, 2, 3, 3, 3, 0, 1);
        assertArrayEquals(new long[]{0, 0, 1, 1, 2, 3, 3, 3}, CodeDivergence.words(one, Of.UNIGRAMS));
        assertArrayEquals(new long[]{1, 1, 11, 15}, CodeDivergence.words(one, Of.HORIZONTAL_BIGRAMS));
        assertArrayEquals(new long[]{2, 7, 12, 13}, CodeDivergence.words(one, Of.VERTICAL_BIGRAMS));
    }

    /// Of (1, 0) and (1/2, 1/2): 3/4 log2(4/3).
    @Test
    void knownValues() {
        assertEquals(0.75 * Math.log(4 / 3.0) / Math.log(2), between(grids(0, 0, 0, 0), grids(0, 1, 0, 1)), 1e-12);
        assertEquals(1, between(grids(0, 0, 1, 1), grids(2, 3, 2, 3)), 1e-12);
        assertEquals(0, between(grids(0, 1, 2, 2), grids(2, 0, 1, 2, 0, 2, 2, 1)), 1e-12);
        assertTrue(CodeDivergence.between(grids(0, 1, 2, 2), grids(2, 0, 1, 2), Of.HORIZONTAL_BIGRAMS) > 0.9,
                "the same codes with other neighbours");
        assertTrue(Double.isNaN(CodeDivergence.between(new long[0], new long[]{1})));
    }

    private static double between(CodeGrids one, CodeGrids other) {
        return CodeDivergence.between(one, other, Of.UNIGRAMS);
    }

    @Property(tries = 50, edgeCases = EdgeCasesMode.NONE)
    void boundedSymmetricAndBlindToOrder(@ForAll long seed) {
        var one = CodeProbeTest.random(seed, 13, 3, 7);
        var other = CodeProbeTest.random(seed + 1, 29, 3, 7);
        for (var of : Of.values()) {
            double d = CodeDivergence.between(one, other, of);
            assertTrue(d >= 0 && d <= 1 + 1e-12, of + ": " + d);
            assertEquals(d, CodeDivergence.between(other, one, of), 1e-12);
            assertEquals(0, CodeDivergence.between(one, one.select(new int[]{12, 3, 4, 5, 6, 7, 8, 9, 10, 11, 2, 1, 0}),
                    of), 1e-12);
        }
    }
}
