package dev.triptych.device;

import dev.triptych.check.device.KernelCase;
import dev.triptych.kernel.Elementwise;
import dev.triptych.kernel.Koleo;
import dev.triptych.kernel.Loss;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/// Kernels without an entry in any table, large enough to be shared by threads: the plain device's bits.
public abstract class RangeContract extends KernelContract {
    @Property(tries = 10)
    void repeatedTable(@ForAll long seed, @ForAll("size") int groups, @ForAll @IntRange(min = 1, max = 700) int m) {
        agrees(0, new KernelCase(seed, Elementwise.class, "addRepeated").normal(groups * m).normal(m)
                .output(groups * m).sizes(groups, m));
    }

    @Property(tries = 10)
    void squaredErrors(@ForAll long seed, @ForAll("size") int n, @ForAll @IntRange(min = 1, max = 900) int d) {
        agrees(0, new KernelCase(seed, Loss.class, "squaredErrorRows").normal(n * d).normal(n * d).output(n).sizes(n,
                d));
    }

    @Property(tries = 10)
    void nearestTokens(@ForAll long seed, @ForAll @IntRange(min = 1, max = 60) int sets,
            @ForAll @IntRange(min = 1, max = 5) int tokens) {
        agrees(0, new KernelCase(seed, Koleo.class, "koleoLoss").normal(sets * tokens * 96)
                .integers(new int[sets * tokens]).output(sets * tokens).sizes(sets * tokens, 96));
    }
}
