package dev.triptych.bench.jmh;

import dev.triptych.nn.Init;
import dev.triptych.program.Call;
import dev.triptych.program.Launch;
import dev.triptych.program.Packing;
import dev.triptych.program.Program;
import dev.triptych.program.State;
import dev.triptych.program.Tensor;
import dev.triptych.program.UpdateOperations.AdamW;
import dev.triptych.program.call.AttentionCalls.AttentionContext;
import dev.triptych.program.call.AttentionCalls.AttentionGradient;
import dev.triptych.program.call.AttentionCalls.AttentionProbabilities;
import dev.triptych.program.call.AttentionCalls.AttentionScoreGradient;
import dev.triptych.program.call.ConvolutionCalls.Convolve;
import dev.triptych.program.call.ConvolutionCalls.ConvolveInputGradient;
import dev.triptych.program.call.ConvolutionCalls.ConvolveWeightGradient;
import dev.triptych.program.call.ElementwiseCalls.Gelu;
import dev.triptych.program.call.ElementwiseCalls.GeluGradient;
import dev.triptych.program.call.ElementwiseCalls.WeightedAdd;
import dev.triptych.program.call.LinearCalls.Linear;
import dev.triptych.program.call.LinearCalls.Product;
import dev.triptych.program.call.LinearCalls.TransposedProduct;
import dev.triptych.program.call.NormCalls.DivideRows;
import dev.triptych.program.call.NormCalls.LayerNorm;
import dev.triptych.program.call.NormCalls.LayerNormGradient;
import dev.triptych.program.call.OptimizerCalls.Adamw;
import dev.triptych.program.call.OptimizerCalls.EmaUpdate;
import dev.triptych.program.call.ReduceCalls.ColumnPartialSums;
import dev.triptych.program.call.SoftmaxCalls.SoftmaxGradient;
import dev.triptych.program.call.SoftmaxCalls.SoftmaxRows;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;

/// The kernels that are measured, each at the sizes that it has in the step of `triptych bench step` with its own
/// sizes: n = 128 x 65 rows of width 192, three heads, hidden width 768.
public enum KernelCase {
    /// Projections of queries, keys and values.
    LINEAR_QKV(Linear.class, "2 n in out", (p, s) -> linear(p, s, 192, 576)),
    /// Projection of the heads.
    LINEAR_PROJ(Linear.class, "2 n in out", (p, s) -> linear(p, s, 192, 192)),
    /// First layer of the MLP.
    LINEAR_FC1(Linear.class, "2 n in out", (p, s) -> linear(p, s, 192, 768)),
    /// Second layer of the MLP.
    LINEAR_FC2(Linear.class, "2 n in out", (p, s) -> linear(p, s, 768, 192)),
    /// dX = dY W of the first layer of the MLP.
    LINEAR_FC1_DX(Product.class, "2 n in out", (p, s) -> linear(p, s, 192, 768)),
    /// dW = dY^T X of the first layer of the MLP.
    LINEAR_FC1_DW(TransposedProduct.class, "2 n in out", (p, s) -> linear(p, s, 192, 768)),
    /// db of the first layer of the MLP.
    COLUMN_SUMS(ColumnPartialSums.class, "4 (n d)", (p, s) -> linear(p, s, 192, 768)),
    /// softmax(q k^T / sqrt(d_head)).
    ATTENTION_PROBABILITIES(AttentionProbabilities.class, "2 batch t^2 d", (p, s) -> attention(p)),
    /// Probabilities times v.
    ATTENTION_CONTEXT(AttentionContext.class, "2 batch t^2 d", (p, s) -> attention(p)),
    /// Gradient of the scores.
    ATTENTION_SCORES_GRADIENT(AttentionScoreGradient.class, "2 batch t^2 d", (p, s) -> attention(p)),
    /// Gradients of q, k and v.
    ATTENTION_GRADIENT(AttentionGradient.class, "6 batch t^2 d", (p, s) -> attention(p)),
    /// Layer norm.
    LAYER_NORM(LayerNorm.class, "4 (x + y + moments)", (p, s) -> layerNorm(p, s)),
    /// Its gradient for x.
    LAYER_NORM_GRADIENT(LayerNormGradient.class, "4 (x + dy + dx + moments)", (p, s) -> layerNorm(p, s)),
    /// Exact GELU of the hidden width.
    GELU(Gelu.class, "4 (x + y)", (p, s) -> p.gelu(input(p, "x", Sizes.ROWS, 768))),
    /// Its gradient.
    GELU_GRADIENT(GeluGradient.class, "4 (x + dy + dx)", (p, s) -> p.gelu(input(p, "x", Sizes.ROWS, 768))),
    /// Softmax over rows.
    SOFTMAX(SoftmaxRows.class, "4 (x + y)", (p, s) -> p.softmax(input(p, "x", Sizes.ROWS, 192), 1f)),
    /// Its gradient.
    SOFTMAX_GRADIENT(SoftmaxGradient.class, "4 (y + dy + dx)", (p, s) -> p.softmax(input(p, "x", Sizes.ROWS, 192), 1f)),
    /// Rows brought to length 1.
    NORMALIZE_LENGTH(DivideRows.class, "4 (x + y)",
            (p, s) -> p.normalizeLength(input(p, "x", Sizes.ROWS, 192), 1e-6f)),
    /// Residual: the sum of two tensors.
    ADD(WeightedAdd.class, "4 (a + b + y)",
            (p, s) -> p.add(input(p, "a", Sizes.ROWS, 192), input(p, "b", Sizes.ROWS, 192))),
    /// AdamW on five million numbers.
    ADAMW(Adamw.class, "4 (g + m + v + p)", KernelCase::adamw),
    /// Moving average of five million numbers.
    EMA(EmaUpdate.class, "4 (p + teacher)", KernelCase::ema),
    /// 3 x 3 convolution of 64 channels at 16 x 16.
    CONVOLUTION(Convolve.class, "2 y in k^2", (p, s) -> convolution(p, s)),
    /// Its gradient for the input.
    CONVOLUTION_DX(ConvolveInputGradient.class, "2 y in k^2", (p, s) -> convolution(p, s)),
    /// Its gradient for the weights.
    CONVOLUTION_DW(ConvolveWeightGradient.class, "2 y in k^2", (p, s) -> convolution(p, s));

    private static final class Sizes {
        static final int BATCH = 128;
        static final int TOKENS = 65;
        static final int ROWS = BATCH * TOKENS;
        static final int WIDTH = 192;
        static final int HEADS = 3;
        static final int NUMBERS = 5 << 20;
    }

    private final Class<? extends Call> kernel;
    private final String formula;
    private final BiFunction<Program, State, Tensor> build;

    KernelCase(Class<? extends Call> kernel, String formula, BiFunction<Program, State, Tensor> build) {
        this.kernel = kernel;
        this.formula = formula;
        this.build = build;
    }

    /// What GFLOP/s or GB/s count.
    public String formula() {
        return formula;
    }

    /// Whether the rate is in bytes: the kernel moves more than it computes.
    public boolean isMemory() {
        return formula.startsWith("4");
    }

    /// A program that holds the kernel, with its adjoints.
    public Program program() {
        var state = new State();
        var program = new Program(name(), state);
        Tensor y = build.apply(program, state);
        if (y != null) {
            program.gradient(program.mean(y));
        }
        return program;
    }

    /// The launch that is measured.
    ///
    /// @throws IllegalStateException if the program has none of this kernel
    public Launch launch(Program program) {
        return program.launches().stream().filter(l -> kernel.isInstance(l.call())).findFirst()
                .orElseThrow(() -> new IllegalStateException(name() + ": no " + kernel.getSimpleName() + " among "
                        + program.launches().stream().map(l -> l.kernel().name()).distinct().toList()
                        + ". Mend the table of cases."));
    }

    /// Cases whose names match.
    public static KernelCase[] matching(String regex) {
        return Arrays.stream(values()).filter(c -> c.name().matches("(?i)" + regex)).toArray(KernelCase[]::new);
    }

    private static Tensor input(Program p, String name, int... shape) {
        return p.differentiableInput(name, shape);
    }

    private static Tensor linear(Program p, State state, int in, int out) {
        return p.linear(input(p, "x", Sizes.ROWS, in), state.parameter("w", Init.normal(0.05), out, in),
                state.parameter("b", Init.normal(0.05), out));
    }

    private static Tensor attention(Program p) {
        int[] lengths = new int[Sizes.BATCH];
        Arrays.fill(lengths, Sizes.TOKENS);
        return p.attention(input(p, "qkv", Sizes.ROWS, 3 * Sizes.WIDTH), Packing.of(p, Sizes.HEADS, lengths));
    }

    private static Tensor layerNorm(Program p, State state) {
        return p.layerNorm(input(p, "x", Sizes.ROWS, Sizes.WIDTH),
                state.parameter("gain", Init.constant(1f), Sizes.WIDTH),
                state.parameter("shift", Init.constant(0f), Sizes.WIDTH), 1e-6f);
    }

    private static Tensor adamw(Program p, State state) {
        Tensor w = state.parameter("w", Init.normal(0.05), Sizes.NUMBERS);
        var gradients = p.gradient(p.mean(w));
        p.adamw(new AdamW(0.9, 0.999, 1e-8f, 0f, false), gradients, p.input("rates", 1, 4));
        return null;
    }

    private static Tensor ema(Program p, State state) {
        Tensor w = state.parameter("w", Init.normal(0.05), Sizes.NUMBERS);
        state.teacher("w");
        p.emaUpdate(List.of(w), p.input("momentum", 1));
        return null;
    }

    private static Tensor convolution(Program p, State state) {
        return p.convolve(input(p, "x", Sizes.BATCH, 64, 16, 16), state.parameter("w", Init.normal(0.05), 64, 64, 3, 3),
                1, 1);
    }
}
