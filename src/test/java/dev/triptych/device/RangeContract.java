package dev.triptych.device;

import dev.triptych.check.device.KernelCase;
import dev.triptych.program.call.ElementwiseCalls.AddRepeated;
import dev.triptych.program.call.KoleoCalls.KoleoLoss;
import dev.triptych.program.call.LossCalls.SquaredErrorRows;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/// Kernels without an entry in any table, large enough to be shared by threads: the plain device's bits.
public abstract class RangeContract extends KernelContract {
    @Property(tries = 10)
    void repeatedTable(@ForAll long seed, @ForAll("size") int groups, @ForAll @IntRange(min = 1, max = 700) int m) {
        agrees(0, KernelCase.of(seed,
                draw -> new AddRepeated(draw.normal(groups * m), draw.normal(m), draw.output(groups * m), groups, m)));
    }

    @Property(tries = 10)
    void squaredErrors(@ForAll long seed, @ForAll("size") int n, @ForAll @IntRange(min = 1, max = 900) int d) {
        agrees(0, KernelCase.of(seed,
                draw -> new SquaredErrorRows(draw.normal(n * d), draw.normal(n * d), draw.output(n), n, d)));
    }

    @Property(tries = 10)
    void nearestTokens(@ForAll long seed, @ForAll @IntRange(min = 1, max = 60) int sets,
            @ForAll @IntRange(min = 1, max = 5) int tokens) {
        agrees(0, KernelCase.of(seed, draw -> new KoleoLoss(draw.normal(sets * tokens * 96),
                draw.integers(new int[sets * tokens]), draw.output(sets * tokens), sets * tokens, 96)));
    }
}
