package dev.triptych.channel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.device.HostSession;
import dev.triptych.program.Gradients;
import dev.triptych.program.Tensor;
import dev.triptych.random.CounterRandom;
import dev.triptych.random.Stream;
import dev.triptych.trial.Trial;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/// Messages and the agreement with them (BITS sections 3.1 and 3.2).
class BitAgreementTest {
    private static Trial trial(int seed) {
        return new Trial("agreement", CounterRandom.of(seed, Stream.CHECK, 9, 0));
    }

    private static float value(Trial trial, Tensor loss) {
        try (HostSession session = trial.bind()) {
            session.run(trial.program());
            return session.value(loss);
        }
    }

    @Example
    void twoViewsMakeTwoPairsAndTwelveMake22() {
        assertEquals(2, BitAgreement.pairs(2, 2));
        assertEquals(22, BitAgreement.pairs(12, 2));
    }

    @Property(tries = 30, edgeCases = EdgeCasesMode.NONE)
    void zeroLogitsCostOneBitOfLog2(
            @ForAll int seed,
            @ForAll @IntRange(min = 2, max = 12) int views,
            @ForAll @IntRange(min = 1, max = 5) int n,
            @ForAll @IntRange(min = 1, max = 9) int bits) {
        Trial trial = trial(seed);
        Tensor z = Messages.HARD.of(trial.program(), trial.fixed("T", 2, n, bits));
        Tensor s = trial.fixed("S", new float[views * n * bits], views, n, bits);
        assertEquals(Math.log(2), value(trial, BitAgreement.BCE.loss(trial.program(), s, z)), 1e-5);
    }

    @Property(tries = 30, edgeCases = EdgeCasesMode.NONE)
    void aGlobalViewSeesTheOthersMessageAndALocalOneBoth(
            @ForAll int seed,
            @ForAll @IntRange(min = 2, max = 6) int views,
            @ForAll @IntRange(min = 1, max = 4) int n,
            @ForAll @IntRange(min = 1, max = 6) int bits) {
        Trial trial = trial(seed);
        Tensor t = trial.fixed("T", 2, n, bits);
        Tensor s = trial.variable("S", views, n, bits);
        Tensor loss = BitAgreement.BCE.loss(trial.program(), s, Messages.HARD.of(trial.program(), t));
        Gradients gradients = trial.differentiate(loss);
        float[] logits = trial.values(s);
        float[] teacher = trial.values(t);
        double[] expected = new double[logits.length];
        int each = n * bits;
        double sum = 0;
        for (int q = 0; q < 2; q++) {
            for (int v = 0; v < views; v++) {
                for (int i = 0; v != q && i < each; i++) {
                    double x = logits[v * each + i];
                    double z = teacher[q * each + i] > 0 ? 1 : 0;
                    sum += Math.log1p(Math.exp(x)) - z * x;
                    expected[v * each + i] += (1 / (1 + Math.exp(-x)) - z) / ((2 * views - 2) * each);
                }
            }
        }
        try (HostSession session = trial.bind()) {
            session.run(trial.program());
            assertEquals(sum / ((2 * views - 2) * each), session.value(loss), 2e-6);
            float[] gradient = session.download(gradients.of(s));
            for (int i = 0; i < expected.length; i++) {
                assertEquals(expected[i], gradient[i], 2e-6);
                assertTrue(Math.abs(gradient[i]) <= 2f / ((2 * views - 2) * each) + 1e-6);
            }
        }
    }

    @Property(tries = 30, edgeCases = EdgeCasesMode.NONE)
    void otherSignsOfTheTeacherGiveOtherBitsExceptAtZero(
            @ForAll int seed,
            @ForAll @IntRange(min = 1, max = 20) int n) {
        Trial trial = trial(seed);
        float[] logits = trial.gaussian(n);
        for (int i = 0; i < n; i += 3) {
            logits[i] = i % 2 == 0 ? 0f : -0f;
        }
        float[] flipped = logits.clone();
        for (int i = 0; i < n; i++) {
            flipped[i] = -flipped[i];
        }
        Tensor z = Messages.HARD.of(trial.program(), trial.fixed("T", logits, n));
        Tensor other = Messages.HARD.of(trial.program(), trial.fixed("-T", flipped, n));
        try (HostSession session = trial.bind()) {
            session.run(trial.program());
            float[] bits = session.download(z);
            float[] otherBits = session.download(other);
            for (int i = 0; i < n; i++) {
                assertEquals(i % 3 == 0 ? 0f : logits[i] > 0 ? 1f : 0f, bits[i]);
                assertEquals(i % 3 == 0 ? 0f : 1f - bits[i], otherBits[i]);
            }
        }
    }

    @Example
    void softMessagesOfALowTemperatureAreHard() {
        Trial trial = trial(3);
        Tensor t = trial.fixed("T", 2, 4, 6);
        Tensor hard = Messages.HARD.of(trial.program(), t);
        Tensor soft = new Messages(1e-4f).of(trial.program(), t);
        try (HostSession session = trial.bind()) {
            session.run(trial.program());
            assertArrayEquals(session.download(hard), session.download(soft), 1e-6f);
        }
    }

    @Example
    void messagesOfALearningNetworkStopItsGradientByName() {
        Trial trial = trial(4);
        Messages.HARD.of(trial.program(), trial.variable("T", 2, 4, 6));
        assertEquals(java.util.List.of("messages"), trial.program().stopGradients());
    }

    @Example
    void theCosineOfTheMessageItselfIsPerfect() {
        Trial trial = trial(5);
        Tensor z = trial.fixed("Z", new float[]{1f, 0f, 1f, 1f, 0f, 1f}, 2, 1, 3);
        Tensor same = trial.fixed("S", new float[]{5f, -5f, 5f, 1f, -1f, 1f}, 2, 1, 3);
        // each view sees the other's message, and both messages are alike
        assertEquals(0, value(trial, BitAgreement.COSINE.loss(trial.program(), same, z)), 1e-6);
    }
}
