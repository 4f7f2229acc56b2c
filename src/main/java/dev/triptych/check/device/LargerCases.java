package dev.triptych.check.device;

import dev.triptych.kernel.Attention;
import dev.triptych.kernel.Elementwise;
import dev.triptych.kernel.Linear;
import dev.triptych.kernel.Loss;
import dev.triptych.kernel.Norm;
import dev.triptych.kernel.Optimizer;
import dev.triptych.kernel.Reduce;
import dev.triptych.kernel.Sinkhorn;
import dev.triptych.kernel.Softmax;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/// Shapes beyond the samples of operations, for kernels that devices implement in tiles, blocks and lanes: nothing,
/// one, a little more than a tile, and sides that no tile divides.
final class LargerCases {
    private static final int[][] PRODUCTS = {{1, 1, 1, 1}, {1, 33, 20, 65}, {3, 17, 129, 5}, {2, 64, 32, 64},
            {1, 2, 300, 131}, {1, 5, 0, 3}, {1, 32, 32, 32}, {1, 16, 64, 32}, {1, 32, 48, 16}, {2, 15, 31, 33}};
    private static final int[][] ROWS = {{1, 1}, {70, 300}, {3, 1025}, {257, 31}};

    private LargerCases() {
    }

    static List<KernelCase> all() {
        var cases = new ArrayList<KernelCase>();
        products(cases);
        rows(cases);
        columns(cases);
        attention(cases, 2, 7, 1, 17, 40);
        attention(cases, 3, 16, 65, 130);
        attention(cases, 1, 40, 33, 2);
        elementwise(cases);
        return cases;
    }

    private static void products(List<KernelCase> cases) {
        for (int[] s : PRODUCTS) {
            int b = s[0];
            int n = s[1];
            int k = s[2];
            int m = s[3];
            cases.add(new KernelCase(1, Linear.class, "linear").normal(n * k).normal(m * k).normal(m).output(n * m)
                    .sizes(n, k, m));
            for (String kernel : List.of("product", "productTransposed", "transposedProduct")) {
                cases.add(new KernelCase(2, Linear.class, kernel).normal(b * n * k).normal(b * k * m)
                        .output(b * n * m).sizes(b, n, k, m));
            }
        }
    }

    private static void rows(List<KernelCase> cases) {
        for (int[] s : ROWS) {
            int n = s[0];
            int d = s[1];
            int[] target = new Random(3).ints(n, 0, n).toArray();
            cases.add(new KernelCase(4, Softmax.class, "softmaxRows").normal(n * d).output(n * d).sizes(n, d)
                    .constants(3f));
            cases.add(new KernelCase(5, Softmax.class, "softmaxGradient").uniform(n * d, 0f, 1f).normal(n * d)
                    .output(n * d).sizes(n, d).constants(0.1f));
            cases.add(new KernelCase(6, Softmax.class, "softCrossEntropy").normal(n * d).uniform(n * d, 0f, 0.1f)
                    .integers(target).output(n).sizes(n, d).constants(3f));
            cases.add(new KernelCase(7, Softmax.class, "softCrossEntropyGradient").normal(n * d)
                    .uniform(n * d, 0f, 0.1f).integers(target).normal(n).output(n * d).sizes(n, d).constants(3f));
            cases.add(new KernelCase(8, Norm.class, "rowMoments").normal(n * d).output(2 * n).sizes(n, d)
                    .constants(1e-6f));
            cases.add(new KernelCase(9, Norm.class, "layerNormGradient").normal(n * d).uniform(2 * n, 0.5f, 1f)
                    .normal(d).normal(n * d).output(n * d).sizes(n, d));
            cases.add(new KernelCase(10, Norm.class, "rowLengths").normal(n * d).output(n).sizes(n, d)
                    .constants(1e-6f));
            cases.add(new KernelCase(11, Loss.class, "rowDots").normal(n * d).normal(n * d).output(n).sizes(n, d));
            cases.add(new KernelCase(12, Loss.class, "squaredErrorRows").normal(n * d).normal(n * d).output(n)
                    .sizes(n, d));
        }
    }

    private static void columns(List<KernelCase> cases) {
        for (int[] s : ROWS) {
            int n = s[0];
            int d = s[1];
            int chunks = (n + 63) / 64;
            cases.add(new KernelCase(13, Reduce.class, "columnPartialSums").normal(n * d).output(chunks * d)
                    .sizes(n, d, chunks));
            cases.add(new KernelCase(14, Norm.class, "layerNormGainPartial").normal(n * d).uniform(2 * n, 0.5f, 1f)
                    .normal(n * d).output(chunks * d).sizes(n, d, chunks));
            cases.add(new KernelCase(15, Reduce.class, "scaledSum").normal(n * d).output(1).sizes(n * d)
                    .constants(0.5f));
            cases.add(new KernelCase(16, Sinkhorn.class, "sinkhornStart").normal(n * d).output(n * d).sizes(n, d)
                    .constants(5f));
            cases.add(new KernelCase(17, Sinkhorn.class, "normalizeColumns").uniform(n * d, 0f, 1f).output(n * d)
                    .sizes(n, d).constants(1e-6f, 0.5f));
            cases.add(new KernelCase(18, Sinkhorn.class, "normalizeRows").uniform(n * d, 0f, 1f).output(n * d)
                    .sizes(n, d).constants(1e-6f));
            int blocks = 5;
            int[] block = new int[3 * blocks];
            for (int i = 0; i < blocks; i++) {
                block[3 * i] = i * n * d / blocks;
                block[3 * i + 1] = n * d / blocks;
                block[3 * i + 2] = i % 2;
            }
            cases.add(new KernelCase(19, Optimizer.class, "blockSquares").normal(n * d).integers(block)
                    .output(blocks).sizes(blocks));
        }
    }

    private static void attention(List<KernelCase> cases, int heads, int size, int... lengths) {
        int rows = Arrays.stream(lengths).sum();
        int[] sequence = new int[rows];
        int[] start = new int[lengths.length + 1];
        int[] square = new int[lengths.length + 1];
        for (int s = 0; s < lengths.length; s++) {
            start[s + 1] = start[s] + lengths[s];
            square[s + 1] = square[s] + heads * lengths[s] * lengths[s];
            Arrays.fill(sequence, start[s], start[s + 1], s);
        }
        int squares = square[lengths.length];
        int width = heads * size;
        float scale = (float) (1 / Math.sqrt(size));
        cases.add(new KernelCase(20, Attention.class, "attentionProbabilities").normal(rows * 3 * width)
                .integers(sequence).integers(start).integers(square).output(squares).sizes(rows, heads, width)
                .constants(scale));
        cases.add(new KernelCase(21, Attention.class, "attentionContext").normal(rows * 3 * width)
                .uniform(squares, 0f, 0.1f).integers(sequence).integers(start).integers(square).output(rows * width)
                .sizes(rows, heads, width));
        cases.add(new KernelCase(22, Attention.class, "attentionScoreGradient").normal(rows * 3 * width)
                .uniform(squares, 0f, 0.1f).normal(rows * width).integers(sequence).integers(start).integers(square)
                .output(squares).sizes(rows, heads, width).constants(scale));
        cases.add(new KernelCase(23, Attention.class, "attentionGradient").normal(rows * 3 * width)
                .uniform(squares, 0f, 0.1f).uniform(squares, -0.1f, 0.1f).normal(rows * width).integers(sequence)
                .integers(start).integers(square).output(rows * 3 * width).sizes(rows, heads, width));
    }

    private static void elementwise(List<KernelCase> cases) {
        for (int n : new int[]{0, 1, 1000, 12_345}) {
            cases.add(new KernelCase(24, Elementwise.class, "gelu").uniform(n, -12f, 12f).output(n).sizes(n));
            cases.add(new KernelCase(25, Elementwise.class, "geluGradient").uniform(n, -12f, 12f).normal(n).output(n)
                    .sizes(n));
            cases.add(new KernelCase(26, Elementwise.class, "copyValues").normal(n).output(n).sizes(n));
        }
    }
}
