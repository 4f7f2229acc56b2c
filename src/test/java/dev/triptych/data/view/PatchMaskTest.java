package dev.triptych.data.view;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.random.CounterRandom;
import dev.triptych.random.Stream;
import java.util.Arrays;
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
        assertArrayEquals(new int[]{15, 10, 13, 6}, first(PatchMask.focused(NOISE, 4, 4, 2, 3, 0.32014426)));
        assertArrayEquals(new int[]{0, 15, 3, 10}, first(NOISE));
    }

    private static int[] first(double[] keys) {
        return Arrays.copyOf(PatchMask.ranking(keys), 4);
    }

    @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
    void theRankingIsAStableSort(@ForAll long seed, @ForAll @IntRange(min = 1, max = 80) int n) {
        var random = CounterRandom.of(seed, Stream.CHECK, 0, 0);
        double[] noise = new double[n];
        Arrays.setAll(noise, i -> random.below(10));
        int[] ranking = PatchMask.ranking(noise);
        int[] places = PatchMask.places(ranking);
        for (int i = 0; i < n; i++) {
            assertEquals(i, ranking[places[i]]);
            int next = i + 1 < n ? i + 1 : i;
            double step = noise[ranking[next]] - noise[ranking[i]];
            assertTrue(step > 0 || step == 0 && ranking[next] >= ranking[i]);
        }
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
        double[] ones = new double[64];
        Arrays.fill(ones, 1);
        int[] ids = Arrays.copyOf(PatchMask.ranking(PatchMask.blocked(ones, 8, 2, 3, 4)), 16);
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
