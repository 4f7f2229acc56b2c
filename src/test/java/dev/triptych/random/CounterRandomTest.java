package dev.triptych.random;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class CounterRandomTest {
    @Test
    void firstWordsAreTheBlockOfTheAddress() {
        int[] block = new int[4];
        Philox.block(0, 7, 5, Stream.MASK.number() << 24 | 3, 0x33221100, 0x77665544, block);
        var random = CounterRandom.of(0x7766554433221100L, Stream.MASK, 3L << 32 | 5, 7);
        for (int word : block) {
            assertEquals(word, random.nextInt());
        }
        Philox.block(1, 7, 5, Stream.MASK.number() << 24 | 3, 0x33221100, 0x77665544, block);
        assertEquals(block[0], random.nextInt());
    }

    @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
    void addressesAreIndependent(@ForAll long seed, @ForAll @LongRange(max = 1L << 50) long step, @ForAll int sample) {
        long here = CounterRandom.of(seed, Stream.CROP, step, sample).nextLong();
        assertEquals(here, CounterRandom.of(seed, Stream.CROP, step, sample).nextLong());
        assertNotEquals(here, CounterRandom.of(seed + 1, Stream.CROP, step, sample).nextLong());
        assertNotEquals(here, CounterRandom.of(seed, Stream.COLOUR, step, sample).nextLong());
        assertNotEquals(here, CounterRandom.of(seed, Stream.CROP, step + 1, sample).nextLong());
        assertNotEquals(here, CounterRandom.of(seed, Stream.CROP, step, sample + 1).nextLong());
    }

    @Test
    void streamNumbersAreDistinctAndFixed() {
        Set<Integer> numbers = new HashSet<>();
        for (Stream stream : Stream.values()) {
            assertTrue(numbers.add(stream.number()) && stream.number() >= 0 && stream.number() < 256);
            assertEquals(stream.ordinal(), stream.number(), "streams are appended, never moved");
        }
        assertEquals(6, Stream.MASK.number());
        assertEquals(17, Stream.GENERATE.number());
    }

    @Test
    void momentsOfTheDistributions() {
        var random = CounterRandom.of(1, Stream.CHECK, 0, 0);
        int n = 200_000;
        double uniform = 0;
        double gauss = 0;
        double gauss2 = 0;
        double gauss4 = 0;
        for (int i = 0; i < n; i++) {
            float u = random.uniform();
            assertTrue(u >= 0 && u < 1);
            uniform += u;
            double g = random.gaussian();
            gauss += g;
            gauss2 += g * g;
            gauss4 += g * g * g * g;
        }
        assertEquals(0.5, uniform / n, 0.003);
        assertEquals(0, gauss / n, 0.01);
        assertEquals(1, gauss2 / n, 0.015);
        assertEquals(3, gauss4 / n, 0.15);
    }

    @Property(tries = 100)
    void ranges(@ForAll long seed, @ForAll @IntRange(min = 1) int n) {
        var random = CounterRandom.of(seed, Stream.CHECK, 0, 0);
        int k = random.below(n);
        assertTrue(k >= 0 && k < n);
        float u = random.uniform(-2f, 3f);
        assertTrue(u >= -2 && u < 3);
        assertEquals(0.25f, random.uniform(0.25f, 0.25f));
        double t = random.truncatedGaussian(0.02, 0.03);
        assertTrue(Math.abs(t) <= 0.03);
        double d = random.uniformDouble();
        assertTrue(d >= 0 && d < 1);
    }

    @Test
    void belowIsUnbiasedWhereTheModuloWouldNotBe() {
        var random = CounterRandom.of(3, Stream.CHECK, 0, 0);
        int n = 3 << 29; // with a plain modulo the lower half would be drawn twice as often
        int low = 0;
        for (int i = 0; i < 30_000; i++) {
            low += random.below(n) < n / 3 ? 1 : 0;
        }
        assertEquals(10_000, low, 300);
    }

    @Property(tries = 100)
    void permutationHoldsEveryNumberOnce(@ForAll long seed, @ForAll @IntRange(max = 300) int n) {
        int[] order = CounterRandom.of(seed, Stream.ORDER, 2, 0).permutation(n);
        Arrays.sort(order);
        for (int i = 0; i < n; i++) {
            assertEquals(i, order[i]);
        }
    }

    @Test
    void permutationsOfThreeAreEquallyLikely() {
        int[] count = new int[27];
        for (int i = 0; i < 12_000; i++) {
            int[] p = CounterRandom.of(9, Stream.ORDER, i, 0).permutation(3);
            count[p[0] * 9 + p[1] * 3 + p[2]]++;
        }
        for (int c : count) {
            assertTrue(c == 0 || Math.abs(c - 2000) < 200);
        }
    }

    @Test
    void badArgumentsAreNamed() {
        var random = CounterRandom.of(0, Stream.CHECK, 0, 0);
        assertThrows(IllegalArgumentException.class, () -> random.below(0));
        assertThrows(IllegalArgumentException.class, () -> random.truncatedGaussian(1, 0));
        assertThrows(IllegalArgumentException.class, () -> CounterRandom.of(0, Stream.CHECK, -1, 0));
    }
}
