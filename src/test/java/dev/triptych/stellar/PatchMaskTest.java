package dev.triptych.stellar;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.random.CounterRandom;
import dev.triptych.random.Stream;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class PatchMaskTest {
    /// First row of the authors' golden case `stellar/u_mask_gaussian`.
    private static final double[] NOISE = {0.0341082, 0.28674023, 0.77291494, 0.17492703, 0.75536987, 0.60825063,
            0.19872715, 0.43341553, 0.40484194, 0.77854953, 0.18648345, 0.5944402, 0.44701777, 0.34195774, 0.97004246,
            0.08703752};

    @Test
    void agreesWithTheAuthors() {
        int[] ids = new int[4];
        PatchMask.gaussian(NOISE, 4, 4, 2, 3, 0.32014426, true, 4, ids, 0);
        assertArrayEquals(new int[]{15, 10, 13, 6}, ids);
        PatchMask.gaussian(NOISE, 4, 4, 2, 3, 0.32014426, false, 4, ids, 0);
        assertArrayEquals(new int[]{0, 15, 3, 10}, ids);
    }

    @Test
    void keepsAsManyAsTheAuthorsDo() {
        assertEquals(39, PatchMask.kept(196, 0.8));
        assertEquals(49, PatchMask.kept(196, 0.75));
        assertEquals(51, PatchMask.kept(256, 0.8));
        assertEquals(16, PatchMask.kept(64, 0.75));
        assertEquals(3, PatchMask.kept(20, 0.8)); // 20 * (1 - 0.8) is just below 4 in double
        assertThrows(IllegalArgumentException.class, () -> PatchMask.kept(64, 1));
        assertThrows(IllegalArgumentException.class, () -> PatchMask.kept(4, 0.8));
    }

    @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
    void selectionIsAStableSort(@ForAll long seed, @ForAll @IntRange(min = 1, max = 80) int n,
            @ForAll @IntRange(min = 1, max = 80) int most) {
        var random = CounterRandom.of(seed, Stream.CHECK, 0, 0);
        double[] noise = new double[n];
        Arrays.setAll(noise, i -> random.below(10));
        int keep = Math.min(n, most);
        int[] ids = new int[keep + 2];
        PatchMask.select(noise, keep, ids, 1);
        int[] expected = IntStream.range(0, n).boxed().sorted(Comparator.comparingDouble(i -> noise[i])).limit(keep)
                .mapToInt(i -> i).toArray();
        assertArrayEquals(expected, Arrays.copyOfRange(ids, 1, keep + 1));
    }

    @Property(tries = 60, edgeCases = EdgeCasesMode.NONE)
    void everyKindKeepsDistinctPatches(@ForAll MaskKind kind, @ForAll @IntRange(max = 1000) int sample) {
        int[] ids = new int[16];
        PatchMask.draw(CounterRandom.of(1, Stream.MASK, 0, sample), kind, 8, 8, 16, ids, 0);
        assertEquals(16, Arrays.stream(ids).filter(i -> i >= 0 && i < 64).distinct().count());
    }

    @Test
    void focalMasksAreMoreCompactAndBlocksAreWhole() {
        assertTrue(spread(MaskKind.GAUSSIAN) < 0.95 * spread(MaskKind.UNIFORM));
        int[] ids = new int[16];
        PatchMask.block(new double[64], 8, 3, 2, 4, true, 16, ids, 0);
        double[] ones = new double[64];
        Arrays.fill(ones, 1);
        PatchMask.block(ones, 8, 3, 2, 4, true, 16, ids, 0);
        for (int id : ids) {
            assertTrue(id % 8 >= 3 && id % 8 < 7 && id / 8 >= 2 && id / 8 < 6);
        }
    }

    private static double spread(MaskKind kind) {
        int[] ids = new int[16];
        double sum = 0;
        for (int s = 0; s < 200; s++) {
            PatchMask.draw(CounterRandom.of(1, Stream.MASK, 0, s), kind, 8, 8, 16, ids, 0);
            double mean = Arrays.stream(ids).map(i -> i % 8).average().orElseThrow();
            sum += Arrays.stream(ids).mapToDouble(i -> Math.pow(i % 8 - mean, 2)).sum();
        }
        return sum;
    }
}
