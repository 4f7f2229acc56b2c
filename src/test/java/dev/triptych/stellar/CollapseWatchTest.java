package dev.triptych.stellar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CollapseWatchTest {
    private static final double UNIFORM = Math.log(32);

    /// Numbers, from 1, of the logged steps that warn.
    private static List<Integer> warnings(CollapseWatch watch, int steps, String term, double loss) {
        var numbers = new ArrayList<Integer>();
        for (int i = 1; i <= steps; i++) {
            var warning = watch.see(Map.of("total", 9.0, term, loss));
            if (warning.isPresent()) {
                numbers.add(i);
                assertTrue(warning.get().contains("'" + term + "'")
                        && warning.get().contains(term.startsWith("cls") ? "2.079" : "3.466"), warning.get());
            }
        }
        return numbers;
    }

    @Test
    void tenLoggedStepsAtLnCGiveOneWarning() {
        assertEquals(List.of(10), warnings(new CollapseWatch(32, 8), 40, "clustering", UNIFORM));
        assertEquals(List.of(10), warnings(new CollapseWatch(32, 8), 40, "mask", 0.995 * UNIFORM));
    }

    @Test
    void aLossThatLeavesAndReturnsIsCountedAnew() {
        var watch = new CollapseWatch(32, 8);
        assertEquals(List.of(), warnings(watch, 9, "clustering", UNIFORM));
        assertEquals(List.of(), warnings(watch, 1, "clustering", 0.9 * UNIFORM));
        assertEquals(List.of(10), warnings(watch, 12, "clustering", UNIFORM));
    }

    @Test
    void otherLossesMayHaveAnyValue() {
        assertEquals(List.of(), warnings(new CollapseWatch(32, 8), 40, "reconstruction", UNIFORM));
        assertEquals(List.of(), warnings(new CollapseWatch(32, 8), 40, "clustering", 0.98 * UNIFORM));
    }

    @Test
    void clsHasPrototypesOfItsOwn() {
        assertEquals(List.of(10), warnings(new CollapseWatch(32, 8), 40, "cls clustering", Math.log(8)));
        assertEquals(List.of(), warnings(new CollapseWatch(32, 8), 40, "cls clustering", UNIFORM));
    }
}
