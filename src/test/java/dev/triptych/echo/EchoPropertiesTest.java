package dev.triptych.echo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.device.HostSession;
import dev.triptych.program.CodeOperations.Candidates;
import dev.triptych.program.Tensor;
import dev.triptych.random.CounterRandom;
import dev.triptych.random.Stream;
import dev.triptych.trial.Trial;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Scale;

/// Invariants of echoes, windows and both losses over latents.
class EchoPropertiesTest {
    private static Trial trial(long seed) {
        return new Trial("echo", CounterRandom.of(seed, Stream.CHECK, 0, 0));
    }

    @Property(tries = 100)
    void anEchoIsNeverTheArgMaxAndAlwaysAmongTheNext(@ForAll long seed, @ForAll @IntRange(min = 2, max = 40) int codes,
            @ForAll @IntRange(min = 1, max = 39) int wanted, @ForAll boolean rounded) {
        int k = Math.min(wanted, codes - 1);
        Trial t = trial(seed);
        float[] numbers = t.gaussian(20 * codes);
        for (int i = 0; rounded && i < numbers.length; i++) {
            numbers[i] = Math.round(numbers[i]);
        }
        Tensor logits = t.fixed("logits", numbers, 20, codes);
        var echo = new EchoSampling(new Candidates(k, true, false)).draw(t.program(), logits,
                t.fixed("u", t.uniform(20, 0, 0.9999999), 20));
        try (HostSession session = t.bind()) {
            session.run(t.program());
            int[] drawn = session.downloadIntegers(echo.codes());
            float[] p = session.download(echo.probabilities());
            for (int r = 0; r < 20; r++) {
                float own = numbers[r * codes + drawn[r]];
                int before = 0;
                double sum = 0;
                for (int c = 0; c < codes; c++) {
                    float other = numbers[r * codes + c];
                    before += other > own || other == own && c < drawn[r] ? 1 : 0;
                }
                for (int j = 0; j < k; j++) {
                    sum += p[r * k + j];
                }
                assertTrue(before >= 1 && before <= k, "rank " + before + " of k = " + k);
                assertEquals(1, sum, 1e-5);
            }
        }
    }

    @Property(tries = 300)
    void aWindowIsASquareInsideTheGrid(@ForAll @IntRange(min = 2, max = 20) int grid,
            @ForAll @DoubleRange(min = 0, max = 0.999999) @Scale(6) double s,
            @ForAll @DoubleRange(min = 0, max = 0.999999) @Scale(6) double x,
            @ForAll @DoubleRange(min = 0, max = 0.999999) @Scale(6) double y) {
        var window = SquareWindow.of(grid, s, x, y);
        assertTrue(window.side() >= grid / 2 && window.side() <= grid);
        assertTrue(window.x() >= 0 && window.x() + window.side() <= grid);
        assertTrue(window.y() >= 0 && window.y() + window.side() <= grid);
        int inside = 0;
        for (int cell = 0; cell < grid * grid; cell++) {
            inside += window.contains(cell, grid) ? 1 : 0;
        }
        assertEquals(window.side() * window.side(), inside);
    }

    @Property(tries = 30)
    void uniformityLiesBetweenItsBounds(@ForAll long seed, @ForAll @IntRange(min = 1, max = 12) int n,
            @ForAll @IntRange(min = 1, max = 12) int d) {
        Trial t = trial(seed);
        double uniformity = value(t, Uniformity.of(t.program(), t.fixed("z", n, d)));
        assertTrue(uniformity >= Math.max(1.0 / n, 1.0 / d) - 1e-5 && uniformity <= 1 + 1e-5, () -> "" + uniformity);
    }

    @Example
    void uniformityOfEqualAndOfOrthonormalLatents() {
        Trial same = trial(1);
        assertEquals(1, value(same, Uniformity.of(same.program(),
                same.fixed("z", new float[]{1f, 2f, 2f, 4f, 0.5f, 1f}, 3, 2))), 1e-6);
        Trial orthonormal = trial(1);
        assertEquals(1.0 / 3, value(orthonormal, Uniformity.of(orthonormal.program(), identity(orthonormal, 3))), 1e-6);
    }

    @Property(tries = 20)
    void contrastOfOrthonormalPairs(@ForAll @IntRange(min = 1, max = 9) int n,
            @ForAll EchoContrast.Direction direction) {
        Trial t = trial(1);
        Tensor z = identity(t, n);
        double expected = Math.log(1 + (n - 1) * Math.exp(-1 / 0.3));
        assertEquals(expected, value(t, new EchoContrast(0.3f, direction).of(t.program(), z, z).loss()), 1e-5);
    }

    @Example
    void contrastOfStrangersIsNearLnB() {
        Trial t = trial(3);
        double loss = value(t, new EchoContrast(0.3f, EchoContrast.Direction.ECHOES)
                .of(t.program(), t.fixed("z", 64, 128), t.fixed("p", 64, 128)).loss());
        assertEquals(Math.log(64), loss, 0.2);
    }

    private static Tensor identity(Trial t, int n) {
        float[] unit = new float[n * n];
        for (int i = 0; i < n; i++) {
            unit[i * n + i] = 1f;
        }
        return t.fixed("identity", unit, n, n);
    }

    private static double value(Trial t, Tensor scalar) {
        try (HostSession session = t.bind()) {
            session.run(t.program());
            return session.value(scalar);
        }
    }
}
