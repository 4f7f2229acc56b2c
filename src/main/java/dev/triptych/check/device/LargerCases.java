package dev.triptych.check.device;

import dev.triptych.program.Call;
import dev.triptych.program.Tensor;
import dev.triptych.program.call.AttentionCalls.AttentionContext;
import dev.triptych.program.call.AttentionCalls.AttentionGradient;
import dev.triptych.program.call.AttentionCalls.AttentionProbabilities;
import dev.triptych.program.call.AttentionCalls.AttentionScoreGradient;
import dev.triptych.program.call.ElementwiseCalls.CopyValues;
import dev.triptych.program.call.ElementwiseCalls.Gelu;
import dev.triptych.program.call.ElementwiseCalls.GeluGradient;
import dev.triptych.program.call.LinearCalls.Linear;
import dev.triptych.program.call.LinearCalls.Product;
import dev.triptych.program.call.LinearCalls.ProductTransposed;
import dev.triptych.program.call.LinearCalls.TransposedProduct;
import dev.triptych.program.call.LossCalls.RowDots;
import dev.triptych.program.call.LossCalls.SquaredErrorRows;
import dev.triptych.program.call.NormCalls.LayerNormGainPartial;
import dev.triptych.program.call.NormCalls.LayerNormGradient;
import dev.triptych.program.call.NormCalls.RowLengths;
import dev.triptych.program.call.NormCalls.RowMoments;
import dev.triptych.program.call.OptimizerCalls.BlockSquares;
import dev.triptych.program.call.ReduceCalls.ColumnPartialSums;
import dev.triptych.program.call.ReduceCalls.ScaledSum;
import dev.triptych.program.call.SinkhornCalls.NormalizeColumns;
import dev.triptych.program.call.SinkhornCalls.NormalizeRows;
import dev.triptych.program.call.SinkhornCalls.SinkhornStart;
import dev.triptych.program.call.SoftmaxCalls.SoftCrossEntropy;
import dev.triptych.program.call.SoftmaxCalls.SoftCrossEntropyGradient;
import dev.triptych.program.call.SoftmaxCalls.SoftmaxGradient;
import dev.triptych.program.call.SoftmaxCalls.SoftmaxRows;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/// Shapes beyond the samples of operations, for kernels that devices implement in tiles, blocks and lanes: nothing,
/// one, a little more than a tile, and sides that no tile divides.
final class LargerCases {
    private static final int[][] PRODUCTS = {{1, 1, 1, 1}, {1, 33, 20, 65}, {3, 17, 129, 5}, {2, 64, 32, 64},
            {1, 2, 300, 131}, {1, 5, 0, 3}, {1, 32, 32, 32}, {1, 16, 64, 32}, {1, 32, 48, 16}, {2, 15, 31, 33},
            {1, 130, 8, 200}, {2, 64, 21, 131}, {1, 65, 1100, 70}};
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
            cases.add(KernelCase.of(1, draw -> new Linear(draw.normal(n * k), draw.normal(m * k), draw.normal(m),
                    draw.output(n * m), n, k, m)));
            for (Batched kernel : List.<Batched>of(Product::new, ProductTransposed::new, TransposedProduct::new)) {
                cases.add(KernelCase.of(2, draw -> kernel.call(draw.normal(b * n * k), draw.normal(b * k * m),
                        draw.output(b * n * m), b, n, k, m)));
            }
        }
    }

    /// One of the three products of batches.
    @FunctionalInterface
    private interface Batched {
        Call call(Tensor a, Tensor c, Tensor y, int b, int n, int k, int m);
    }

    private static void rows(List<KernelCase> cases) {
        for (int[] s : ROWS) {
            int n = s[0];
            int d = s[1];
            int[] target = new Random(3).ints(n, 0, n).toArray();
            cases.add(KernelCase.of(4, draw -> new SoftmaxRows(draw.normal(n * d), draw.output(n * d), n, d, 3f)));
            cases.add(KernelCase.of(5, draw -> new SoftmaxGradient(draw.uniform(n * d, 0f, 1f), draw.normal(n * d),
                    draw.output(n * d), n, d, 0.1f)));
            cases.add(KernelCase.of(6, draw -> new SoftCrossEntropy(draw.normal(n * d), draw.uniform(n * d, 0f, 0.1f),
                    draw.integers(target), draw.output(n), n, d, 3f)));
            cases.add(KernelCase.of(7,
                    draw -> new SoftCrossEntropyGradient(draw.normal(n * d), draw.uniform(n * d, 0f, 0.1f),
                            draw.integers(target), draw.normal(n), draw.output(n * d), n, d, 3f)));
            cases.add(KernelCase.of(8, draw -> new RowMoments(draw.normal(n * d), draw.output(2 * n), n, d, 1e-6f)));
            cases.add(KernelCase.of(9, draw -> new LayerNormGradient(draw.normal(n * d), draw.uniform(2 * n, 0.5f, 1f),
                    draw.normal(d), draw.normal(n * d), draw.output(n * d), n, d)));
            cases.add(KernelCase.of(10, draw -> new RowLengths(draw.normal(n * d), draw.output(n), n, d, 1e-6f)));
            cases.add(KernelCase.of(11,
                    draw -> new RowDots(draw.normal(n * d), draw.normal(n * d), draw.output(n), n, d)));
            cases.add(KernelCase.of(12,
                    draw -> new SquaredErrorRows(draw.normal(n * d), draw.normal(n * d), draw.output(n), n, d)));
        }
    }

    private static void columns(List<KernelCase> cases) {
        for (int[] s : ROWS) {
            int n = s[0];
            int d = s[1];
            int chunks = (n + 63) / 64;
            cases.add(KernelCase.of(13,
                    draw -> new ColumnPartialSums(draw.normal(n * d), draw.output(chunks * d), n, d, chunks)));
            cases.add(KernelCase.of(14, draw -> new LayerNormGainPartial(draw.normal(n * d),
                    draw.uniform(2 * n, 0.5f, 1f), draw.normal(n * d), draw.output(chunks * d), n, d, chunks)));
            cases.add(KernelCase.of(15, draw -> new ScaledSum(draw.normal(n * d), draw.output(1), n * d, 0.5f)));
            cases.add(KernelCase.of(16, draw -> new SinkhornStart(draw.normal(n * d), draw.output(n * d), n, d, 5f)));
            cases.add(KernelCase.of(17,
                    draw -> new NormalizeColumns(draw.uniform(n * d, 0f, 1f), draw.output(n * d), n, d, 1e-6f, 0.5f)));
            cases.add(KernelCase.of(18,
                    draw -> new NormalizeRows(draw.uniform(n * d, 0f, 1f), draw.output(n * d), n, d, 1e-6f)));
            int blocks = 5;
            int[] block = new int[3 * blocks];
            for (int i = 0; i < blocks; i++) {
                block[3 * i] = i * n * d / blocks;
                block[3 * i + 1] = n * d / blocks;
                block[3 * i + 2] = i % 2;
            }
            cases.add(KernelCase.of(19,
                    draw -> new BlockSquares(draw.normal(n * d), draw.integers(block), draw.output(blocks), blocks)));
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
        cases.add(KernelCase.of(20,
                draw -> new AttentionProbabilities(draw.normal(rows * 3 * width), draw.integers(sequence),
                        draw.integers(start), draw.integers(square), draw.output(squares), rows, heads, width, scale)));
        cases.add(KernelCase.of(21,
                draw -> new AttentionContext(draw.normal(rows * 3 * width), draw.uniform(squares, 0f, 0.1f),
                        draw.integers(sequence), draw.integers(start), draw.integers(square), draw.output(rows * width),
                        rows, heads, width)));
        cases.add(KernelCase.of(22,
                draw -> new AttentionScoreGradient(draw.normal(rows * 3 * width), draw.uniform(squares, 0f, 0.1f),
                        draw.normal(rows * width), draw.integers(sequence), draw.integers(start), draw.integers(square),
                        draw.output(squares), rows, heads, width, scale)));
        cases.add(KernelCase.of(23,
                draw -> new AttentionGradient(draw.normal(rows * 3 * width), draw.uniform(squares, 0f, 0.1f),
                        draw.uniform(squares, -0.1f, 0.1f), draw.normal(rows * width), draw.integers(sequence),
                        draw.integers(start), draw.integers(square), draw.output(rows * 3 * width), rows, heads,
                        width)));
    }

    private static void elementwise(List<KernelCase> cases) {
        for (int n : new int[]{0, 1, 1000, 12_345}) {
            cases.add(KernelCase.of(24, draw -> new Gelu(draw.uniform(n, -12f, 12f), draw.output(n), n)));
            cases.add(KernelCase.of(25,
                    draw -> new GeluGradient(draw.uniform(n, -12f, 12f), draw.normal(n), draw.output(n), n)));
            cases.add(KernelCase.of(26, draw -> new CopyValues(draw.normal(n), draw.output(n), n)));
        }
    }
}
