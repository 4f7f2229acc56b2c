package dev.triptych.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.program.RowIndex;
import dev.triptych.random.CounterRandom;
import dev.triptych.random.Stream;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.FloatRange;
import net.jqwik.api.constraints.IntRange;

/// What kernels must satisfy for every input: the invariants of the specifications, and adjoints as transposes.
class KernelPropertiesTest {
    private static CounterRandom random(int seed) {
        return CounterRandom.of(seed, Stream.CHECK, 0, 0);
    }

    private static float[] gaussian(CounterRandom random, int n) {
        float[] numbers = new float[n];
        for (int i = 0; i < n; i++) {
            numbers[i] = (float) random.gaussian();
        }
        return numbers;
    }

    private static double dot(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (double) a[i] * b[i];
        }
        return sum;
    }

    private static double sum(float[] x, int from, int count, int stride) {
        double sum = 0;
        for (int i = 0; i < count; i++) {
            sum += x[from + i * stride];
        }
        return sum;
    }

    @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
    void rowsOfASoftmaxSumToOne(@ForAll int seed, @ForAll @IntRange(min = 1, max = 9) int n,
            @ForAll @IntRange(min = 1, max = 70) int d, @ForAll @FloatRange(min = 0.1f, max = 50f) float scale) {
        float[] y = new float[n * d];
        Softmax.softmaxRows(gaussian(random(seed), n * d), 0, y, 0, n, d, scale);
        for (int r = 0; r < n; r++) {
            assertEquals(1, sum(y, r * d, d, 1), 1e-5);
        }
        for (float v : y) {
            assertTrue(v >= 0f && v <= 1f);
        }
    }

    @Property(tries = 50, edgeCases = EdgeCasesMode.NONE)
    void sinkhornBalancesPrototypes(@ForAll int seed, @ForAll @IntRange(min = 1, max = 6) int c,
            @ForAll @IntRange(min = 1, max = 4) int times) {
        int n = c * times;
        float[] m = new float[n * c];
        Sinkhorn.sinkhornStart(gaussian(random(seed), n * c), 0, m, 0, n, c, 2f);
        for (int i = 0; i < 300; i++) {
            Sinkhorn.normalizeColumns(m, 0, m, 0, n, c, 1e-8f, 1f);
            Sinkhorn.normalizeRows(m, 0, m, 0, n, c, 1e-8f);
        }
        for (int r = 0; r < n; r++) {
            assertEquals(1, sum(m, r * c, c, 1), 1e-4);
        }
        for (int j = 0; j < c; j++) {
            assertEquals(times, sum(m, j, n, c), 1e-2 * times);
        }
    }

    @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
    void aCommonPermutationOfTokensPermutesTheirMatches(@ForAll int seed,
            @ForAll @IntRange(min = 1, max = 7) int tokens,
            @ForAll @IntRange(min = 1, max = 3) int views) {
        var random = random(seed);
        int d = 4;
        float[] pred = gaussian(random, views * tokens * d);
        float[] target = gaussian(random, tokens * d);
        int[] order = random.permutation(tokens);
        float[] plan = plan(pred, target, tokens, d, views);
        int[] rows = match(plan, tokens, views);
        int[] permuted = match(plan(permute(pred, order, views, d), permute(target, order, 1, d), tokens, d, views),
                tokens, views);
        for (int v = 0; v < views; v++) {
            for (int j = 0; j < tokens; j++) {
                int i = v * tokens + order[j];
                int other = order[permuted[v * tokens + j]];
                // Columns sum to one: a token that is the nearest of two targets has all of both, a tie.
                float best = plan[i * tokens + rows[i]];
                if (best - plan[i * tokens + other] > 1e-5f * best) {
                    assertEquals(rows[i], other);
                }
            }
        }
    }

    private static float[] permute(float[] x, int[] order, int sets, int d) {
        float[] y = new float[x.length];
        for (int i = 0; i < sets * order.length; i++) {
            int from = i / order.length * order.length + order[i % order.length];
            System.arraycopy(x, from * d, y, i * d, d);
        }
        return y;
    }

    private static float[] plan(float[] pred, float[] target, int tokens, int d, int views) {
        float[] cost = new float[views * tokens * tokens];
        float[] u = new float[views * tokens];
        float[] v = new float[views * tokens];
        float[] plan = new float[cost.length];
        Sinkhorn.transportCost(pred, 0, target, 0, cost, 0, views, tokens, d, views);
        for (int i = 0; i < 5; i++) {
            Sinkhorn.transportRows(cost, 0, v, 0, u, 0, views, tokens, 0.5f);
            Sinkhorn.transportColumns(cost, 0, u, 0, v, 0, views, tokens, 0.5f);
        }
        Sinkhorn.transportPlan(cost, 0, u, 0, v, 0, plan, 0, views, tokens, 0.5f);
        return plan;
    }

    private static int[] match(float[] plan, int tokens, int views) {
        int[] rows = new int[views * tokens];
        Sinkhorn.matchedRows(plan, 0, rows, 0, views, tokens, views);
        return rows;
    }

    @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
    void noTokenIsItsOwnNearest(@ForAll int seed, @ForAll @IntRange(min = 1, max = 4) int sets,
            @ForAll @IntRange(min = 2, max = 8) int tokens, @ForAll @IntRange(min = 1, max = 5) int d) {
        int[] nearest = new int[sets * tokens];
        Koleo.koleoNearest(gaussian(random(seed), sets * tokens * d), 0, nearest, 0, sets, tokens, d);
        for (int i = 0; i < nearest.length; i++) {
            assertNotEquals(i, nearest[i]);
            assertEquals(i / tokens, nearest[i] / tokens);
        }
    }

    @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
    void rowsOfAttentionSumToOne(@ForAll int seed, @ForAll @IntRange(min = 1, max = 3) int heads,
            @ForAll @IntRange(min = 1, max = 6) int first, @ForAll @IntRange(min = 1, max = 6) int second) {
        int rows = first + second;
        int width = 4 * heads;
        int[] sequence = new int[rows];
        for (int r = first; r < rows; r++) {
            sequence[r] = 1;
        }
        int[] square = {0, heads * first * first};
        float[] p = new float[heads * (first * first + second * second)];
        Attention.attentionProbabilities(gaussian(random(seed), rows * 3 * width), 0, sequence, 0,
                new int[]{0, first, rows}, 0, square, 0, p, 0, rows, heads, width, 0.5f);
        for (int i = 0; i < heads * first; i++) {
            assertEquals(1, sum(p, i * first, first, 1), 1e-5);
        }
        for (int i = 0; i < heads * second; i++) {
            assertEquals(1, sum(p, square[1] + i * second, second, 1), 1e-5);
        }
    }

    @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
    void theAdjointOfGatheringIsItsTranspose(@ForAll int seed, @ForAll @IntRange(min = 1, max = 9) int sources,
            @ForAll @IntRange(min = 1, max = 12) int count, @ForAll @IntRange(min = 1, max = 5) int d) {
        var random = random(seed);
        int[] rows = new int[count];
        for (int i = 0; i < count; i++) {
            rows[i] = random.below(sources);
        }
        int[][] inverse = RowIndex.invert(rows, sources);
        float[] x = gaussian(random, sources * d);
        float[] y = gaussian(random, count * d);
        float[] ax = new float[count * d];
        float[] aty = new float[sources * d];
        Gather.gatherRows(x, 0, rows, 0, ax, 0, count, d);
        Gather.gatherRowsGradient(y, 0, inverse[0], 0, inverse[1], 0, aty, 0, sources, d);
        assertEquals(dot(ax, y), dot(x, aty), 1e-4);
    }

    @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
    void theAdjointsOfConvolutionAreItsTransposes(@ForAll int seed, @ForAll @IntRange(min = 1, max = 4) int k,
            @ForAll @IntRange(min = 1, max = 3) int stride, @ForAll @IntRange(max = 2) int pad,
            @ForAll @IntRange(min = 4, max = 8) int h, @ForAll @IntRange(min = 4, max = 7) int w) {
        var random = random(seed);
        int oh = (h + 2 * pad - k) / stride + 1;
        int ow = (w + 2 * pad - k) / stride + 1;
        float[] x = gaussian(random, 2 * 3 * h * w);
        float[] weight = gaussian(random, 2 * 3 * k * k);
        float[] y = gaussian(random, 2 * 2 * oh * ow);
        float[] ax = new float[y.length];
        float[] aty = new float[x.length];
        float[] dw = new float[weight.length];
        Convolution.convolve(x, 0, weight, 0, ax, 0, 2, 3, h, w, 2, oh, ow, k, stride, pad);
        Convolution.convolveInputGradient(y, 0, weight, 0, aty, 0, 2, 3, h, w, 2, oh, ow, k, stride, pad);
        Convolution.convolveWeightGradient(x, 0, y, 0, dw, 0, 2, 3, h, w, 2, oh, ow, k, stride, pad);
        double scale = Math.sqrt(dot(ax, ax) * dot(y, y)) + 1;
        assertEquals(dot(ax, y), dot(x, aty), 1e-5 * scale);
        assertEquals(dot(ax, y), dot(weight, dw), 1e-5 * scale);
    }

    @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
    void theMovingAverageOfEqualsIsTheSame(@ForAll int seed, @ForAll @FloatRange(min = 0f, max = 1f) float momentum) {
        float[] student = gaussian(random(seed), 17);
        float[] teacher = student.clone();
        Optimizer.emaUpdate(student, 0, new float[]{momentum}, 0, teacher, 0, 17);
        assertArrayEquals(student, teacher, 1e-6f);
        float[] other = gaussian(random(seed + 1), 17);
        float[] before = other.clone();
        Optimizer.emaUpdate(student, 0, new float[]{1f}, 0, other, 0, 17);
        assertArrayEquals(before, other);
        Optimizer.emaUpdate(student, 0, new float[]{0f}, 0, other, 0, 17);
        assertArrayEquals(student, other);
    }
}
