package dev.triptych.alignment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.device.HostSession;
import dev.triptych.nn.Scope;
import dev.triptych.program.Program;
import dev.triptych.program.Tensor;
import dev.triptych.random.CounterRandom;
import dev.triptych.random.Stream;
import dev.triptych.trial.Trial;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.FloatRange;
import net.jqwik.api.constraints.IntRange;

/// What targets, matches and spread must satisfy whatever the tokens: STELLAR Eq. 5 to 11.
class AlignmentPropertiesTest {
    private static Trial trial(int seed) {
        return new Trial("alignment", CounterRandom.of(seed, Stream.CHECK, 6, 0));
    }

    @Property(tries = 40, edgeCases = EdgeCasesMode.NONE)
    void theLossDoesNotKnowTheOrderOfTargetSlots(
            @ForAll int seed,
            @ForAll @IntRange(min = 1, max = 3) int images,
            @ForAll @IntRange(min = 1, max = 3) int views,
            @ForAll @IntRange(min = 1, max = 6) int k) {
        int d = 5;
        int c = 4;
        Trial trial = trial(seed);
        Program p = trial.program();
        Tensor pred = trial.fixed("pred", images * views, k, d);
        Tensor target = trial.fixed("target", images, k, d);
        Tensor q = trial.fixed("q", trial.uniform(images * k * c, 0, 1), images * k, c);
        var matches = new TokenMatching(true, 0.1f, 5).apply(p, pred, target);
        Tensor logits = trial.fixed("logits", images * views * k, c);
        Tensor loss = p.mean(p.softCrossEntropy(logits, q, matches.rows(), 1 / 0.12f));
        try (HostSession session = trial.bind()) {
            session.run(p);
            float before = session.value(loss);
            int[] rows = session.downloadIntegers(matches.rows());
            float[] plan = session.download(matches.plan());

            int[] origin = new int[images * k];
            float[] targets = new float[images * k * d];
            float[] assignments = new float[images * k * c];
            for (int b = 0; b < images; b++) {
                int[] order = trial.random().permutation(k);
                for (int i = 0; i < k; i++) {
                    int from = b * k + order[i];
                    int to = b * k + i;
                    origin[to] = from;
                    System.arraycopy(trial.values(target), from * d, targets, to * d, d);
                    System.arraycopy(trial.values(q), from * c, assignments, to * c, c);
                }
            }
            session.upload(target, targets);
            session.upload(q, assignments);
            session.run(p);
            int[] permuted = session.downloadIntegers(matches.rows());
            boolean same = true;
            double expected = 0;
            for (int i = 0; i < rows.length; i++) {
                assertEquals(i / k / views, rows[i] / k, "A token of one image is matched with another image's");
                int other = origin[permuted[i]];
                if (other != rows[i]) {
                    // Columns sum to one: a token that is the nearest of two targets has all of both, a tie.
                    assertEquals(plan[i * k + rows[i] % k], plan[i * k + other % k], 1e-5f);
                    same = false;
                }
                expected += crossEntropy(trial.values(logits), i, trial.values(q), other, c) / rows.length;
            }
            // whatever token a tie gave: the loss is that of the tokens found, with the assignments they took along
            assertEquals(expected, session.value(loss), 1e-5 * expected);
            assertTrue(!same || Math.abs(before - expected) < 1e-5 * expected);
        }
    }

    /// -sum_c q_c log softmax(logits / 0.12)_c of row i, and row j of q.
    private static double crossEntropy(float[] logits, int i, float[] q, int j, int c) {
        double sum = 0;
        double largest = Double.NEGATIVE_INFINITY;
        for (int a = 0; a < c; a++) {
            largest = Math.max(largest, logits[i * c + a] / 0.12);
        }
        for (int a = 0; a < c; a++) {
            sum += Math.exp(logits[i * c + a] / 0.12 - largest);
        }
        double loss = 0;
        for (int a = 0; a < c; a++) {
            loss -= q[j * c + a] * (logits[i * c + a] / 0.12 - largest - Math.log(sum));
        }
        return loss;
    }

    @Property(tries = 40, edgeCases = EdgeCasesMode.NONE)
    void tokensFindThemselves(
            @ForAll int seed,
            @ForAll @IntRange(min = 1, max = 3) int images,
            @ForAll @IntRange(min = 1, max = 6) int k) {
        Trial trial = trial(seed);
        Tensor tokens = trial.fixed("tokens", images, k, 8);
        var matches = new TokenMatching(true, 0.1f, 5).apply(trial.program(), tokens, tokens);
        try (HostSession session = trial.bind()) {
            session.run(trial.program());
            assertArrayEquals(TokenMatching.repeated(images, 1, k), session.downloadIntegers(matches.rows()));
        }
    }

    @Property(tries = 40, edgeCases = EdgeCasesMode.NONE)
    void sinkhornBalancesPrototypesAfterManyIterations(
            @ForAll int seed,
            @ForAll @IntRange(min = 1, max = 12) int n,
            @ForAll @IntRange(min = 1, max = 8) int c) {
        Trial trial = trial(seed);
        Tensor q = new SinkhornTargets(0.5f, 300, 1f).assign(trial.program(), trial.fixed("logits", n, c));
        try (HostSession session = trial.bind()) {
            session.run(trial.program());
            float[] values = session.download(q);
            assertRowsSumToOne(values, n, c);
            for (int j = 0; j < c; j++) {
                double sum = 0;
                for (int i = 0; i < n; i++) {
                    sum += values[i * c + j];
                }
                assertEquals((double) n / c, sum, 1e-3 * n / c);
            }
        }
    }

    /// Up to the 1e-8 in the row normalisation, which a token far from all prototypes feels; hence the small logits.
    @Property(tries = 40, edgeCases = EdgeCasesMode.NONE)
    void targetsOfTheRecipeSumToOnePerToken(
            @ForAll int seed,
            @ForAll @IntRange(min = 1, max = 12) int n,
            @ForAll @IntRange(min = 1, max = 8) int c,
            @ForAll @FloatRange(min = 0f, max = 1f) float power) {
        Trial trial = trial(seed);
        Tensor logits = trial.fixed("logits", trial.uniform(n * c, -0.2, 0.2), n, c);
        Tensor q = new SinkhornTargets(0.06f, 3, power).assign(trial.program(), logits);
        try (HostSession session = trial.bind()) {
            session.run(trial.program());
            assertRowsSumToOne(session.download(q), n, c);
        }
    }

    private static void assertRowsSumToOne(float[] q, int n, int c) {
        for (int i = 0; i < n; i++) {
            double sum = 0;
            for (int j = 0; j < c; j++) {
                assertTrue(q[i * c + j] >= 0f);
                sum += q[i * c + j];
            }
            assertEquals(1, sum, 1e-5);
        }
    }

    @Property(tries = 40, edgeCases = EdgeCasesMode.NONE)
    void koleoKnowsDirectionsOnlyAndNoOrder(
            @ForAll int seed,
            @ForAll @IntRange(min = 2, max = 6) int k) {
        int d = 5;
        Trial trial = trial(seed);
        Tensor tokens = trial.fixed("tokens", 2, k, d);
        Tensor loss = KoleoLoss.of(trial.program(), tokens);
        try (HostSession session = trial.bind()) {
            session.run(trial.program());
            float before = session.value(loss);
            float[] changed = new float[2 * k * d];
            for (int b = 0; b < 2; b++) {
                int[] order = trial.random().permutation(k);
                for (int i = 0; i < k; i++) {
                    float length = 0.5f + trial.random().uniform();
                    for (int j = 0; j < d; j++) {
                        changed[(b * k + i) * d + j] = length * trial.values(tokens)[(b * k + order[i]) * d + j];
                    }
                }
            }
            session.upload(tokens, changed);
            session.run(trial.program());
            assertEquals(before, session.value(loss), 1e-4);
        }
    }

    @Property(tries = 20, edgeCases = EdgeCasesMode.NONE)
    void aLinearHeadWithoutBiasKnowsDirectionsOnly(
            @ForAll int seed,
            @ForAll @FloatRange(min = 0.1f, max = 9f) float a) {
        Trial trial = trial(seed);
        var head = new PrototypeHead(Scope.of(trial.state()), 6, new PrototypeHead.Settings(1, 7, 4, 5));
        trial.upload(trial.state().parameter("predictor.0.bias"), new float[4]);
        Tensor x = trial.fixed("x", 3, 6);
        Tensor logits = head.logits(trial.program(), x);
        try (HostSession session = trial.bind()) {
            session.run(trial.program());
            float[] before = session.download(logits);
            float[] scaled = trial.values(x);
            for (int i = 0; i < scaled.length; i++) {
                scaled[i] *= a;
            }
            session.upload(x, scaled);
            session.run(trial.program());
            assertArrayEquals(before, session.download(logits), 1e-4f);
        }
    }
}
