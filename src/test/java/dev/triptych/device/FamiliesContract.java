package dev.triptych.device;

import dev.triptych.check.device.KernelCase;
import dev.triptych.kernel.Attention;
import dev.triptych.kernel.Elementwise;
import dev.triptych.kernel.Gather;
import dev.triptych.kernel.Norm;
import dev.triptych.kernel.Optimizer;
import dev.triptych.kernel.Reduce;
import dev.triptych.kernel.Sinkhorn;
import dev.triptych.kernel.Softmax;
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
        agrees(5e-7, new KernelCase(seed, Elementwise.class, "gelu").uniform(n, -12f, 12f).output(n).sizes(n));
        agrees(1e-6, new KernelCase(seed, Elementwise.class, "geluGradient").uniform(n, -12f, 12f).normal(n).output(n)
                .sizes(n));
    }

    @Property(tries = 10)
    void rows(@ForAll long seed, @ForAll("size") int n, @ForAll @IntRange(min = 1, max = 700) int d) {
        int[] index = new Random(seed).ints(n, 0, Math.max(1, n)).toArray();
        agrees(0, new KernelCase(seed, Gather.class, "gatherRows").normal(n * d).integers(index).output(n * d)
                .sizes(n, d));
        int[] first = new int[n + 1];
        for (int i = 0; i < n; i++) {
            first[i + 1] = i * 2 / 3;
        }
        agrees(0, new KernelCase(seed, Gather.class, "gatherRowsGradient").normal(n * d).integers(first)
                .integers(index).output(n * d).sizes(n, d));
    }

    @Property(tries = 10)
    void patches(@ForAll long seed, @ForAll @IntRange(min = 1, max = 9) int images,
            @ForAll @IntRange(min = 1, max = 3) int channels, @ForAll @IntRange(min = 1, max = 5) int columns,
            @ForAll @IntRange(min = 1, max = 5) int side) {
        int grid = 2 * columns;
        int n = 3 * grid;
        int[] source = new Random(seed).ints(n, 0, images * grid).toArray();
        agrees(0, new KernelCase(seed, Gather.class, "patches").normal(images * channels * grid * side * side)
                .integers(source).normal(channels).uniform(channels, 0.2f, 0.3f).output(n * channels * side * side)
                .sizes(n, channels, 2 * side, columns * side, side));
    }

    @Property(tries = 20)
    void softmax(@ForAll long seed, @ForAll("size") int n, @ForAll("side") int d,
            @ForAll @IntRange(min = 1, max = 30) int scale) {
        agrees(2e-6, new KernelCase(seed, Softmax.class, "softmaxRows").normal(n * d).output(n * d).sizes(n, d)
                .constants(scale));
        agrees(1e-5, new KernelCase(seed, Softmax.class, "softmaxGradient").uniform(n * d, 0f, 1f).normal(n * d)
                .output(n * d).sizes(n, d).constants(0.1f));
        int[] target = new Random(seed).ints(n, 0, Math.max(1, n)).toArray();
        agrees(1e-5, new KernelCase(seed, Softmax.class, "softCrossEntropy").normal(n * d).uniform(n * d, 0f, 0.1f)
                .integers(target).output(n).sizes(n, d).constants(scale));
        agrees(1e-5, new KernelCase(seed, Softmax.class, "softCrossEntropyGradient").normal(n * d)
                .uniform(n * d, 0f, 0.1f).integers(target).normal(n).output(n * d).sizes(n, d).constants(0.1f * scale));
    }

    @Property(tries = 15)
    void layerNorm(@ForAll long seed, @ForAll("size") int n, @ForAll @IntRange(min = 1, max = 400) int d) {
        agrees(2e-6, new KernelCase(seed, Norm.class, "rowMoments").normal(n * d).output(2 * n).sizes(n, d)
                .constants(0.1f));
        agrees(1e-6, new KernelCase(seed, Norm.class, "layerNorm").normal(n * d).uniform(2 * n, 0.5f, 1f).normal(d)
                .normal(d).output(n * d).sizes(n, d));
        agrees(1e-5, new KernelCase(seed, Norm.class, "layerNormGradient").normal(n * d).uniform(2 * n, 0.5f, 1f)
                .normal(d).normal(n * d).output(n * d).sizes(n, d));
        int chunks = Math.max(1, n / 5);
        agrees(1e-5, new KernelCase(seed, Norm.class, "layerNormGainPartial").normal(n * d).uniform(2 * n, 0.5f, 1f)
                .normal(n * d).output(chunks * d).sizes(n, d, chunks));
        agrees(0, new KernelCase(seed, Reduce.class, "columnPartialSums").normal(n * d).output(chunks * d).sizes(n, d,
                chunks));
        agrees(0, new KernelCase(seed, Reduce.class, "combineColumns").normal(n * d).output(d).sizes(n, d));
    }

    @Property(tries = 15)
    void rowLengths(@ForAll long seed, @ForAll("size") int n, @ForAll @IntRange(min = 1, max = 400) int d) {
        agrees(2e-6, new KernelCase(seed, Norm.class, "rowLengths").normal(n * d).output(n).sizes(n, d)
                .constants(0.5f));
        agrees(0, new KernelCase(seed, Norm.class, "divideRows").normal(n * d).uniform(n, 0.5f, 9f).output(n * d)
                .sizes(n, d));
        // sums of d products in another order, divided by lengths as small as a half
        agrees(2e-5 + 2e-7 * d,
                new KernelCase(seed, Norm.class, "divideRowsGradient").normal(n * d).uniform(n, 0.5f, 9f)
                        .normal(n * d).output(n * d).sizes(n, d).constants(1f));
    }

    @Property(tries = 15)
    void sinkhorn(@ForAll long seed, @ForAll("side") int n, @ForAll("size") int c,
            @ForAll @IntRange(min = 1, max = 2) int power) {
        agrees(2e-6, new KernelCase(seed, Sinkhorn.class, "sinkhornStart").normal(n * c).output(n * c).sizes(n, c)
                .constants(5f));
        agrees(2e-6, new KernelCase(seed, Sinkhorn.class, "normalizeColumns").uniform(n * c, 0f, 1f).output(n * c)
                .sizes(n, c).constants(1e-6f, 0.5f * power));
        agrees(5e-6, new KernelCase(seed, Sinkhorn.class, "normalizeColumnsGradient").uniform(n * c, 0.1f, 1f)
                .normal(n * c).output(n * c).sizes(n, c).constants(1e-6f, 0.5f * power));
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
        agrees(1e-5, new KernelCase(seed, Optimizer.class, "blockSquares").normal(all).integers(block).output(blocks)
                .sizes(blocks));
        agrees(1e-6, new KernelCase(seed, Optimizer.class, "adamw").normal(all).integers(block).integers(group)
                .values(1f, 0.3f, 0f).values(1e-3f, 1e-4f, 0.1f, 0.05f, 2e-3f, 0f, 0.2f, 0.1f).normal(all)
                .uniform(all, 0f, 1f).normal(all).sizes(blocks).constants(0.9f, 0.95f, 1e-8f));
    }

    @Property(tries = 15)
    void attention(@ForAll long seed,
            @ForAll @Size(min = 1, max = 9) List<@IntRange(min = 1, max = 70) Integer> lengths,
            @ForAll @IntRange(min = 1, max = 3) int heads, @ForAll @IntRange(min = 1, max = 40) int size) {
        var c = new Packed(lengths, heads);
        int width = heads * size;
        float scale = (float) (1 / Math.sqrt(size));
        agrees(3e-6, c.integers(new KernelCase(seed, Attention.class, "attentionProbabilities")
                .normal(c.rows * 3 * width)).output(c.squares).sizes(c.rows, heads, width).constants(scale));
        agrees(1e-5, c.integers(new KernelCase(seed, Attention.class, "attentionContext").normal(c.rows * 3 * width)
                .uniform(c.squares, 0f, 0.1f)).output(c.rows * width).sizes(c.rows, heads, width));
        agrees(2e-5, c.integers(new KernelCase(seed, Attention.class, "attentionScoreGradient")
                .normal(c.rows * 3 * width).uniform(c.squares, 0f, 0.1f).normal(c.rows * width)).output(c.squares)
                .sizes(c.rows, heads, width).constants(scale));
        agrees(1e-5, c.integers(new KernelCase(seed, Attention.class, "attentionGradient").normal(c.rows * 3 * width)
                .uniform(c.squares, 0f, 0.1f).uniform(c.squares, -0.1f, 0.1f).normal(c.rows * width))
                .output(c.rows * 3 * width).sizes(c.rows, heads, width));
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

        KernelCase integers(KernelCase kernelCase) {
            return kernelCase.integers(sequence).integers(start).integers(square);
        }
    }
}
