package dev.triptych.channel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.random.CounterRandom;
import dev.triptych.random.Stream;
import dev.triptych.twin.channel.CodingRate;
import dev.triptych.twin.device.HostSession;
import dev.triptych.twin.program.Gradients;
import dev.triptych.twin.program.Tensor;
import dev.triptych.twin.trial.Trial;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.ejml.simple.SimpleMatrix;

/// What the coding rate must satisfy whatever the logits (BITS section 3.3 and 10.2), in float64.
class CodingRateTest {
    private static final double E = 0.05;

    private static CounterRandom random(int seed) {
        return CounterRandom.of(seed, Stream.CHECK, 8, 0);
    }

    private static double[] gaussian(int seed, int n) {
        CounterRandom random = random(seed);
        double[] x = new double[n];
        for (int i = 0; i < n; i++) {
            x[i] = random.gaussian();
        }
        return x;
    }

    /// R and dR/dS of logits (n, bits).
    private record Rate(double r, double[] gradient) {
        static Rate of(double[] logits, int n, int bits, boolean centred) {
            var trial = new Trial("rate", random(0));
            Tensor s = trial.variable("S", logits, 1, n, bits);
            Tensor r = trial.program().reshape(new CodingRate(E, centred, false).rates(trial.program(), s, s));
            Gradients gradients = trial.differentiate(r);
            try (HostSession session = trial.bind()) {
                session.run(trial.program());
                return new Rate(session.value(r), session.download(gradients.of(s)));
            }
        }

        static Rate of(double[] logits, int n, int bits) {
            return of(logits, n, bits, false);
        }
    }

    @Property(tries = 60, edgeCases = EdgeCasesMode.NONE)
    void liesBetweenItsBounds(
            @ForAll int seed,
            @ForAll @IntRange(min = 1, max = 12) int n,
            @ForAll @IntRange(min = 1, max = 12) int bits) {
        double alpha = CodingRate.alpha(n, bits, E);
        double r = Rate.of(gaussian(seed, n * bits), n, bits).r();
        assertTrue(r <= CodingRate.largest(n, bits, alpha) * (1 + 1e-12), () -> "R " + r + " is above its bound");
        assertTrue(r >= CodingRate.smallest(n, alpha) * (1 - 1e-12), () -> "R " + r + " is below its bound");
        assertEquals(0.5 * Math.log1p(bits / E), CodingRate.smallest(n, alpha), 1e-12);
    }

    @Property(tries = 40, edgeCases = EdgeCasesMode.NONE)
    void isThatOfEjml(
            @ForAll int seed,
            @ForAll @IntRange(min = 1, max = 14) int n,
            @ForAll @IntRange(min = 1, max = 14) int bits,
            @ForAll boolean centred) {
        double[] logits = gaussian(seed, n * bits);
        var u = new SimpleMatrix(n, bits, true, logits.clone());
        for (int i = 0; i < n; i++) {
            u.setRow(i, u.getRow(i).divide(u.getRow(i).normF()));
        }
        if (centred) {
            var ones = SimpleMatrix.filled(n, n, 1.0 / n);
            u = u.minus(ones.mult(u));
        }
        double alpha = CodingRate.alpha(n, bits, E);
        var wide = SimpleMatrix.identity(n).plus(u.mult(u.transpose()).scale(alpha));
        var tall = SimpleMatrix.identity(bits).plus(u.transpose().mult(u).scale(alpha));
        double r = Rate.of(logits, n, bits, centred).r();
        assertEquals(0.5 * Math.log(wide.determinant()), r, 1e-11 * (1 + r));
        assertEquals(0.5 * Math.log(tall.determinant()), r, 1e-11 * (1 + r));
    }

    @Property(tries = 40, edgeCases = EdgeCasesMode.NONE)
    void knowsNeitherTheLengthOfRowsNorAnyOrder(
            @ForAll int seed,
            @ForAll @IntRange(min = 1, max = 9) int n,
            @ForAll @IntRange(min = 1, max = 9) int bits,
            @ForAll @DoubleRange(min = 0.01, max = 1000) double factor) {
        double[] logits = gaussian(seed, n * bits);
        Rate before = Rate.of(logits, n, bits);
        int[] rows = random(seed + 1).permutation(n);
        int[] columns = random(seed + 2).permutation(bits);
        double[] other = new double[logits.length];
        for (int i = 0; i < other.length; i++) {
            double length = 1 + factor * (i / bits % 3);
            other[i] = length * logits[rows[i / bits] * bits + columns[i % bits]];
        }
        assertEquals(before.r(), Rate.of(other, n, bits).r(), 1e-11 * (1 + before.r()));
        for (int i = 0; i < n; i++) {
            double along = 0;
            for (int j = 0; j < bits; j++) {
                along += logits[i * bits + j] * before.gradient()[i * bits + j];
            }
            assertEquals(0, along, 1e-11, "the gradient of a row is orthogonal to it");
        }
    }

    @Property(tries = 30, edgeCases = EdgeCasesMode.NONE)
    void hasNoGradientWhereAllRowsPointTheSameWayOrTheOther(
            @ForAll int seed,
            @ForAll @IntRange(min = 1, max = 9) int n,
            @ForAll @IntRange(min = 1, max = 9) int bits) {
        double[] direction = gaussian(seed, bits);
        CounterRandom random = random(seed + 1);
        double[] logits = new double[n * bits];
        for (int i = 0; i < n; i++) {
            double length = (random.below(2) == 0 ? 1 : -1) * (0.5 + random.uniformDouble());
            for (int j = 0; j < bits; j++) {
                logits[i * bits + j] = length * direction[j];
            }
        }
        Rate rate = Rate.of(logits, n, bits);
        assertEquals(0.5 * Math.log1p(bits / E), rate.r(), 1e-11);
        assertArrayEquals(new double[n * bits], rate.gradient(), 1e-11);
    }

    @Property(tries = 20, edgeCases = EdgeCasesMode.NONE)
    void orthonormalRowsReachTheBound(
            @ForAll @IntRange(min = 1, max = 8) int n,
            @ForAll @IntRange(min = 0, max = 5) int more) {
        int bits = n + more;
        double[] logits = new double[n * bits];
        for (int i = 0; i < n; i++) {
            logits[i * bits + i] = 1 + i;
        }
        double alpha = CodingRate.alpha(n, bits, E);
        double r = Rate.of(logits, n, bits).r();
        assertEquals(0.5 * n * Math.log1p(alpha), r, 1e-11);
        assertEquals(CodingRate.largest(n, bits, alpha), r, 1e-11);
    }

    @Example
    void theSpecificationsTable() {
        assertEquals(20, CodingRate.alpha(256, 256, E), 1e-12);
        assertEquals(0.00781, CodingRate.gamma(256, 256), 5e-6);
        assertEquals(389.70, CodingRate.largest(256, 256, 20), 5e-3);
        assertEquals(0.0334, CodingRate.gamma(256, 256) * CodingRate.smallest(256, 20), 5e-5);
        assertEquals(48.71, CodingRate.largest(128, 32, CodingRate.alpha(128, 32, E)), 5e-3);
    }
}
