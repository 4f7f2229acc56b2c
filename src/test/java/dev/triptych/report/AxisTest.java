package dev.triptych.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Scale;
import org.junit.jupiter.api.Test;

/// Labels of axes.
class AxisTest {
    private static List<String> labels(Axis axis) {
        return axis.ticks().stream().map(Axis.Tick::label).toList();
    }

    @Test
    void labelsAreRoundAndHaveAsManyDecimals() {
        assertEquals(List.of("-1.0", "-0.5", "0", "0.5", "1.0"), labels(Axis.around(-1, 1)));
        assertEquals(List.of("200", "400", "600"), labels(Axis.steps(1, 775)));
        assertEquals(List.of("0", "2e-9", "4e-9", "6e-9", "8e-9", "10e-9"), labels(Axis.around(0, 1e-8)));
        assertEquals(List.of("0", "0.5e6", "1.0e6", "1.5e6", "2.0e6", "2.5e6"), labels(Axis.steps(0, 2_500_000)));
    }

    /// A loss that fell at once would lie on the floor; a learning rate that falls along a cosine is seen as it is.
    @Test
    void powersWhereMostValuesAreFarBelowTheLargest() {
        var axis = Axis.around(100, 1, 0.2, 0.1);
        assertTrue(axis.log());
        assertEquals(List.of("0.1", "1", "10", "100"), labels(axis));
        assertEquals(0.5, new Axis(0.1, 10, true).share(1), 1e-12);
        assertFalse(Axis.around(1e-3, 9e-4, 5e-4, 1e-6).log());
        assertFalse(Axis.around(100, 1, 0.2, 0).log(), "0 has no place there");
        assertFalse(Axis.around(-100, 1, 0.2, 0.1).log());
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void noLabelIsAMinusZeroOrTwice(@ForAll @Scale(4) @DoubleRange(min = -1, max = 1) double low,
            @ForAll @Scale(4) @DoubleRange(min = 1e-3, max = 1) double width,
            @ForAll @IntRange(min = -8, max = 8) int power) {
        double scale = Math.pow(10, power);
        var axis = Axis.around(low * scale, (low + width) * scale);
        var labels = labels(axis);
        assertTrue(labels.size() >= 2 && labels.size() <= 10, labels::toString);
        assertEquals(labels.size(), labels.stream().distinct().count(), labels::toString);
        for (Axis.Tick tick : axis.ticks()) {
            assertFalse(tick.label().matches("-0(\\.0*)?(e.*)?"), tick.label());
            assertTrue(tick.value() >= axis.from() && tick.value() <= axis.to(), labels::toString);
            assertEquals(tick.value(), Double.parseDouble(tick.label()), 1e-6 * scale, tick.label());
        }
    }

    @Test
    void singleValues() {
        assertEquals("0", Axis.number(-0.0));
        assertEquals("3.002", Axis.number(3.002));
        assertEquals("775", Axis.number(775));
        assertEquals("1.00e-06", Axis.number(1e-6));
    }
}
