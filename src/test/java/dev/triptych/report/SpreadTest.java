package dev.triptych.report;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Mean, deviation and t-test, beside numbers of SciPy 1.x (`2 * stats.t.sf(abs(t), dof)`, `ttest_1samp`).
class SpreadTest {
    @ParameterizedTest
    @CsvSource({"0.5,1,0.704832764699133", "2,2,0.183503419072274", "-3.1,3,0.0532955446143361",
            "1.2,4,0.296351393312353", "2.5,5,0.0544900993423763", "4,9,0.00311042831038585"})
    void studentIsScipys(double t, int dof, double p) {
        assertEquals(p, Spread.student(t, dof), 1e-12);
    }

    @Test
    void severalValuesHaveAMeanADeviationAndAChance() {
        var spread = Spread.of(1.5, 2.5, 0.7);
        assertEquals(1.56666666666667, spread.mean(), 1e-12);
        assertEquals(0.901849950564579, spread.deviation(), 1e-12);
        assertEquals(0.0949816505567032, spread.chance(), 1e-12);
        assertEquals("1.567 ± 0.902", spread.text());
        assertEquals("41.20", Spread.of(41.2).text(), "one value has no spread");
        assertTrue(Double.isNaN(Spread.of(41.2).chance()));
        assertEquals("–", Spread.of().text());
        assertTrue(Double.isNaN(Spread.of(0, 0).chance()), "nothing differs");
        assertEquals(0, Spread.of(2, 2).chance());
    }

    @Test
    void curvesOfSeedsBecomeOneWithABand() {
        var series = SweepReport.together("arm", List.of(
                List.of(new double[]{0, 1}, new double[]{4, 3}, new double[]{8, 9}),
                List.of(new double[]{0, 2}, new double[]{6, 7})));
        assertEquals(2, series.points().size(), "as far as all go");
        assertArrayEquals(new double[]{5, 5}, series.points().get(1));
        assertArrayEquals(new double[]{5, 3, 7}, series.band().get(1));
        assertTrue(new Chart("c", List.of(series), List.of()).html().contains("<polygon class=\"s0\""));
        assertTrue(SweepReport.together("arm", List.of(List.of(new double[]{0, 1}))).band().isEmpty());
    }
}
