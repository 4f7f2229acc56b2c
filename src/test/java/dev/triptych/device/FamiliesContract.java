package dev.triptych.device;

import dev.triptych.check.device.KernelCase;
import dev.triptych.program.call.AttentionCalls.AttentionContext;
import dev.triptych.program.call.AttentionCalls.AttentionGradient;
import dev.triptych.program.call.AttentionCalls.AttentionProbabilities;
import dev.triptych.program.call.AttentionCalls.AttentionScoreGradient;
import dev.triptych.program.call.ElementwiseCalls.Gelu;
import dev.triptych.program.call.ElementwiseCalls.GeluGradient;
import dev.triptych.program.call.GatherCalls.GatherRows;
import dev.triptych.program.call.GatherCalls.GatherRowsGradient;
import dev.triptych.program.call.GatherCalls.Patches;
import dev.triptych.program.call.NormCalls.DivideRows;
import dev.triptych.program.call.NormCalls.DivideRowsGradient;
import dev.triptych.program.call.NormCalls.LayerNorm;
import dev.triptych.program.call.NormCalls.LayerNormGainPartial;
import dev.triptych.program.call.NormCalls.LayerNormGradient;
import dev.triptych.program.call.NormCalls.RowLengths;
import dev.triptych.program.call.NormCalls.RowMoments;
import dev.triptych.program.call.OptimizerCalls.Adamw;
import dev.triptych.program.call.OptimizerCalls.BlockSquares;
import dev.triptych.program.call.ReduceCalls.ColumnPartialSums;
import dev.triptych.program.call.ReduceCalls.CombineColumns;
import dev.triptych.program.call.SinkhornCalls.NormalizeColumns;
import dev.triptych.program.call.SinkhornCalls.NormalizeColumnsGradient;
import dev.triptych.program.call.SinkhornCalls.SinkhornStart;
import dev.triptych.program.call.SoftmaxCalls.SoftCrossEntropy;
import dev.triptych.program.call.SoftmaxCalls.SoftCrossEntropyGradient;
import dev.triptych.program.call.SoftmaxCalls.SoftmaxGradient;
import dev.triptych.program.call.SoftmaxCalls.SoftmaxRows;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/// Kernels other than matrix products. Tolerances are relative to the larger of 1 and the plain device's number.
public abstract class FamiliesContract extends KernelContract {
    @Property(tries = 15)
    void gelu(@ForAll long seed, @ForAll @IntRange(max = 40_000) int n) {
        agrees(5e-7, KernelCase.of(seed, draw -> new Gelu(draw.uniform(n, -12f, 12f), draw.output(n), n)));
        agrees(1e-6, KernelCase.of(seed,
                draw -> new GeluGradient(draw.uniform(n, -12f, 12f), draw.normal(n), draw.output(n), n)));
    }

    @Property(tries = 10)
    void rows(@ForAll long seed, @ForAll("size") int n, @ForAll @IntRange(min = 1, max = 700) int d) {
        int[] index = new Random(seed).ints(n, 0, Math.max(1, n)).toArray();
        agrees(0, KernelCase.of(seed,
                draw -> new GatherRows(draw.normal(n * d), draw.integers(index), draw.output(n * d), n, d)));
        int[] first = new int[n + 1];
        for (int i = 0; i < n; i++) {
            first[i + 1] = i * 2 / 3;
        }
        agrees(0, KernelCase.of(seed, draw -> new GatherRowsGradient(draw.normal(n * d), draw.integers(first),
                draw.integers(index), draw.output(n * d), n, d)));
    }

    @Property(tries = 10)
    void patches(@ForAll long seed, @ForAll @IntRange(min = 1, max = 9) int images,
            @ForAll @IntRange(min = 1, max = 3) int channels, @ForAll @IntRange(min = 1, max = 5) int columns,
            @ForAll @IntRange(min = 1, max = 5) int side) {
        int grid = 2 * columns;
        int n = 3 * grid;
        int[] source = new Random(seed).ints(n, 0, images * grid).toArray();
        agrees(0,
                KernelCase.of(seed,
                        draw -> new Patches(draw.normal(images * channels * grid * side * side), draw.integers(source),
                                draw.normal(channels), draw.uniform(channels, 0.2f, 0.3f),
                                draw.output(n * channels * side * side), n, channels, 2 * side, columns * side, side)));
    }

    @Property(tries = 20)
    void softmax(@ForAll long seed, @ForAll("size") int n, @ForAll("side") int d,
            @ForAll @IntRange(min = 1, max = 30) int scale) {
        agrees(2e-6, KernelCase.of(seed, draw -> new SoftmaxRows(draw.normal(n * d), draw.output(n * d), n, d, scale)));
        agrees(1e-5, KernelCase.of(seed, draw -> new SoftmaxGradient(draw.uniform(n * d, 0f, 1f), draw.normal(n * d),
                draw.output(n * d), n, d, 0.1f)));
        int[] target = new Random(seed).ints(n, 0, Math.max(1, n)).toArray();
        agrees(1e-5, KernelCase.of(seed, draw -> new SoftCrossEntropy(draw.normal(n * d), draw.uniform(n * d, 0f, 0.1f),
                draw.integers(target), draw.output(n), n, d, scale)));
        agrees(1e-5,
                KernelCase.of(seed,
                        draw -> new SoftCrossEntropyGradient(draw.normal(n * d), draw.uniform(n * d, 0f, 0.1f),
                                draw.integers(target), draw.normal(n), draw.output(n * d), n, d, 0.1f * scale)));
    }

    @Property(tries = 15)
    void layerNorm(@ForAll long seed, @ForAll("size") int n, @ForAll @IntRange(min = 1, max = 400) int d) {
        agrees(2e-6, KernelCase.of(seed, draw -> new RowMoments(draw.normal(n * d), draw.output(2 * n), n, d, 0.1f)));
        agrees(1e-6, KernelCase.of(seed, draw -> new LayerNorm(draw.normal(n * d), draw.uniform(2 * n, 0.5f, 1f),
                draw.normal(d), draw.normal(d), draw.output(n * d), n, d)));
        agrees(1e-5, KernelCase.of(seed, draw -> new LayerNormGradient(draw.normal(n * d),
                draw.uniform(2 * n, 0.5f, 1f), draw.normal(d), draw.normal(n * d), draw.output(n * d), n, d)));
        int chunks = Math.max(1, n / 5);
        agrees(1e-5, KernelCase.of(seed, draw -> new LayerNormGainPartial(draw.normal(n * d),
                draw.uniform(2 * n, 0.5f, 1f), draw.normal(n * d), draw.output(chunks * d), n, d, chunks)));
        agrees(0, KernelCase.of(seed,
                draw -> new ColumnPartialSums(draw.normal(n * d), draw.output(chunks * d), n, d, chunks)));
        agrees(0, KernelCase.of(seed, draw -> new CombineColumns(draw.normal(n * d), draw.output(d), n, d)));
    }

    @Property(tries = 15)
    void rowLengths(@ForAll long seed, @ForAll("size") int n, @ForAll @IntRange(min = 1, max = 400) int d) {
        agrees(2e-6, KernelCase.of(seed, draw -> new RowLengths(draw.normal(n * d), draw.output(n), n, d, 0.5f)));
        agrees(0, KernelCase.of(seed,
                draw -> new DivideRows(draw.normal(n * d), draw.uniform(n, 0.5f, 9f), draw.output(n * d), n, d)));
        // sums of d products in another order, divided by lengths as small as a half
        agrees(2e-5 + 2e-7 * d,
                KernelCase.of(seed, draw -> new DivideRowsGradient(draw.normal(n * d), draw.uniform(n, 0.5f, 9f),
                        draw.normal(n * d), draw.output(n * d), n, d, 1f)));
    }

    @Property(tries = 15)
    void sinkhorn(@ForAll long seed, @ForAll("side") int n, @ForAll("size") int c,
            @ForAll @IntRange(min = 1, max = 2) int power) {
        agrees(2e-6, KernelCase.of(seed, draw -> new SinkhornStart(draw.normal(n * c), draw.output(n * c), n, c, 5f)));
        agrees(2e-6, KernelCase.of(seed, draw -> new NormalizeColumns(draw.uniform(n * c, 0f, 1f), draw.output(n * c),
                n, c, 1e-6f, 0.5f * power)));
        agrees(5e-6, KernelCase.of(seed, draw -> new NormalizeColumnsGradient(draw.uniform(n * c, 0.1f, 1f),
                draw.normal(n * c), draw.output(n * c), n, c, 1e-6f, 0.5f * power)));
    }

    @Property(tries = 15)
    void adamw(@ForAll long seed, @ForAll @IntRange(max = 60) int blocks, @ForAll @IntRange(min = 1, max = 900) int n) {
        int[] block = new int[3 * blocks];
        int[] group = new int[blocks];
        for (int i = 0; i < blocks; i++) {
            block[3 * i] = i * n;
            block[3 * i + 1] = n - i % 2;
            block[3 * i + 2] = i % 2;
            group[i] = i % 3;
        }
        int all = blocks * n;
        agrees(1e-5, KernelCase.of(seed,
                draw -> new BlockSquares(draw.normal(all), draw.integers(block), draw.output(blocks), blocks)));
        agrees(1e-6,
                KernelCase.of(seed, draw -> new Adamw(draw.normal(all), draw.integers(block), draw.integers(group),
                        draw.values(1f, 0.3f, 0f), draw.values(1e-3f, 1e-4f, 0.1f, 0.05f, 2e-3f, 0f, 0.2f, 0.1f),
                        draw.normal(all), draw.uniform(all, 0f, 1f), draw.normal(all), blocks, 0.9f, 0.95f, 1e-8f)));
    }

    @Property(tries = 15)
    void attention(@ForAll long seed,
            @ForAll @Size(min = 1, max = 9) List<@IntRange(min = 1, max = 70) Integer> lengths,
            @ForAll @IntRange(min = 1, max = 3) int heads, @ForAll @IntRange(min = 1, max = 40) int size) {
        var c = new Packed(lengths, heads);
        int width = heads * size;
        float scale = (float) (1 / Math.sqrt(size));
        agrees(3e-6,
                KernelCase.of(seed,
                        draw -> new AttentionProbabilities(draw.normal(c.rows * 3 * width), draw.integers(c.sequence),
                                draw.integers(c.start), draw.integers(c.square), draw.output(c.squares), c.rows, heads,
                                width, scale)));
        agrees(1e-5,
                KernelCase.of(seed,
                        draw -> new AttentionContext(draw.normal(c.rows * 3 * width), draw.uniform(c.squares, 0f, 0.1f),
                                draw.integers(c.sequence), draw.integers(c.start), draw.integers(c.square),
                                draw.output(c.rows * width), c.rows, heads, width)));
        agrees(2e-5, KernelCase.of(seed,
                draw -> new AttentionScoreGradient(draw.normal(c.rows * 3 * width), draw.uniform(c.squares, 0f, 0.1f),
                        draw.normal(c.rows * width), draw.integers(c.sequence), draw.integers(c.start),
                        draw.integers(c.square), draw.output(c.squares), c.rows, heads, width, scale)));
        agrees(1e-5,
                KernelCase.of(seed,
                        draw -> new AttentionGradient(draw.normal(c.rows * 3 * width),
                                draw.uniform(c.squares, 0f, 0.1f), draw.uniform(c.squares, -0.1f, 0.1f),
                                draw.normal(c.rows * width), draw.integers(c.sequence), draw.integers(c.start),
                                draw.integers(c.square), draw.output(c.rows * 3 * width), c.rows, heads, width)));
    }

    /// Packed sequences of those lengths.
    private static final class Packed {
        private final int[] sequence;
        private final int[] start;
        private final int[] square;
        private final int rows;
        private final int squares;

        Packed(List<Integer> lengths, int heads) {
            rows = lengths.stream().mapToInt(Integer::intValue).sum();
            sequence = new int[rows];
            start = new int[lengths.size() + 1];
            square = new int[lengths.size() + 1];
            for (int s = 0; s < lengths.size(); s++) {
                int n = lengths.get(s);
                start[s + 1] = start[s] + n;
                square[s + 1] = square[s] + heads * n * n;
                java.util.Arrays.fill(sequence, start[s], start[s + 1], s);
            }
            squares = square[lengths.size()];
        }
    }
}
