package dev.triptych.recipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/// The formulas of the schedules, typed a second time.
class SchedulesTest {
    private static final double TINY = 1e-16;

    @Test
    void linspaceRisesWithBothEndsIncluded() {
        double[] rise = {0, 1e-4, 2e-4, 3e-4, 4e-4, 5e-4};
        for (int t = 0; t < 12; t++) {
            double expected = t < 6 ? rise[t] : 5e-5 + 0.5 * (5e-4 - 5e-5) * (1 + Math.cos(Math.PI * (t - 6) / 6.0));
            assertEquals(expected, Schedules.linspaceWarmup(t, 6, 12, 5e-4, 5e-5), TINY);
        }
        assertEquals(0, Schedules.linspaceWarmup(0, 1, 4, 1, 0));
    }

    @Test
    void fractionRisesWithoutItsEnd() {
        for (int t = 0; t < 12; t++) {
            double expected = t < 6
                    ? 5e-4 * t / 6
                    : 5e-5 + 0.5 * (5e-4 - 5e-5) * (1 + Math.cos(Math.PI * (t - 6) / 6.0));
            assertEquals(expected, Schedules.fractionWarmup(t, 6, 12, 5e-4, 5e-5), TINY);
        }
    }

    @Test
    void weightDecayAndMomentumFollowHalfACosine() {
        for (int t = 0; t < 12; t++) {
            double c = 0.5 * (1 + Math.cos(Math.PI * t / 12.0));
            assertEquals(0.4 + (0.04 - 0.4) * c, Schedules.cosine(0.04, 0.4, t, 12), 1e-15);
            assertEquals(1 + (0.996 - 1) * c, Schedules.cosine(0.996, 1, t, 12), 1e-15);
        }
    }

    @Test
    void epochFormsUseFractionalEpochs() {
        for (int step = 0; step < 30; step++) {
            double e = step / 3.0;
            double rate = e < 4 ? 1e-3 * e / 4 : 1e-3 * 0.5 * (1 + Math.cos(Math.PI * (e - 4) / 6));
            assertEquals(rate, Schedules.epochRate(e, 4, 10, 1e-3, 0), TINY);
            double momentum = 1 - (1 - 0.996) * 0.5 * (1 + Math.cos(Math.PI * Math.floor(e) / 10));
            assertEquals(momentum, Schedules.epochMomentum(e, 10, 0.996), 1e-15);
        }
    }

    @Test
    void epochStartsOfAHundredEpochRun() {
        assertEquals(5e-4, Schedules.epochRate(10, 10, 100, 5e-4, 5e-5), TINY);
        assertEquals(5e-5 + 2.25e-4 * (1 + Math.cos(Math.PI * 40 / 90)), Schedules.epochRate(50, 10, 100, 5e-4, 5e-5),
                TINY);
        assertEquals(0.22, Schedules.cosine(0.04, 0.4, 50, 100), 1e-15);
        assertEquals(0.998, Schedules.cosine(0.996, 1, 50, 100), 1e-15);
    }

    @Test
    void warmupMayBeEverything() {
        assertEquals(0.75, Schedules.fractionWarmup(3, 4, 4, 1, 0.1), TINY);
        assertEquals(0.1, Schedules.fractionWarmup(4, 4, 4, 1, 0.1), TINY);
        assertThrows(IllegalArgumentException.class, () -> Schedules.fractionWarmup(0, 5, 4, 1, 0));
        assertThrows(IllegalArgumentException.class, () -> Schedules.fractionWarmup(-1, 0, 4, 1, 0));
        assertThrows(IllegalArgumentException.class, () -> Schedules.cosine(1, 0, 5, 4));
    }

    @Property
    void ratesRiseThenFallBetweenTheirBounds(@ForAll @IntRange(min = 1, max = 200) int steps,
            @ForAll @IntRange(max = 200) int warmup) {
        int w = Math.min(warmup, steps);
        double last = -1;
        for (int t = 0; t <= w && t < steps; t++) {
            double rate = Schedules.fractionWarmup(t, w, steps, 1, 0.01);
            assertTrue(rate >= last && rate <= 1);
            last = rate;
        }
        for (int t = w; t <= steps; t++) {
            double rate = Schedules.fractionWarmup(t, w, steps, 1, 0.01);
            assertTrue(t == w || rate <= last);
            assertTrue(rate >= 0.01 - 1e-15);
            last = rate;
        }
    }
}
