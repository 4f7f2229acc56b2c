package dev.triptych.device.tornado;

import dev.triptych.device.Window;
import dev.triptych.program.Launch;
import dev.triptych.program.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;

/// Runs of launches that have a version for graphics cards: models say what is computed, kernel by kernel; patterns say
/// what a card computes together. The first one that fits at a launch is taken, so longer ones stand before their
/// beginnings.
enum TaskPattern {
    /// gelu(x W^T + b).
    LINEAR_GELU(2, ProductTasks::linearGelu),
    /// residual + x W^T + b.
    LINEAR_RESIDUAL(2, ProductTasks::linearResidual),
    /// gelu'(x) (dy W).
    PRODUCT_GELU_GRADIENT(2, ProductTasks::productGeluGradient),
    /// dW = dy^T x and db = column sums of dy.
    WEIGHT_AND_BIAS_GRADIENT(3, ProductTasks::weightAndBiasGradient),
    /// Attention forward.
    ATTENTION(2, AttentionTasks::forward),
    /// The same with dropout.
    DROPPED_ATTENTION(3, AttentionTasks::droppedForward),
    /// Attention backward.
    ATTENTION_GRADIENT(2, AttentionTasks::backward),
    /// The same with dropout.
    DROPPED_ATTENTION_GRADIENT(2, AttentionTasks::droppedBackward),
    /// Moments and what is normalised by them.
    LAYER_NORM(2, NormTasks::layerNorm),
    /// The gradient of a layer norm's input, added to the one that bypasses it.
    LAYER_NORM_GRADIENT_ADDED(2, NormTasks::gradientAdded),
    /// The gradients of a layer norm's gain and shift.
    GAIN_AND_SHIFT_GRADIENT(4, NormTasks::gainAndShift),
    /// A product by itself.
    PRODUCT(1, ProductTasks::product),
    /// A row, a column, a block, or a row of attention for each group.
    ALONE(1, Versions::of);

    private final int length;
    private final BiFunction<Window, List<Launch>, Unit> fit;

    /// @param length how many launches
    /// @param fit makes the unit of so many launches if they belong together; else null
    TaskPattern(int length, Function<Window, Unit> fit) {
        this(length, (window, program) -> fit.apply(window));
    }

    /// @param fit is given all launches of the program too
    TaskPattern(int length, BiFunction<Window, List<Launch>, Unit> fit) {
        this.length = length;
        this.fit = fit;
    }

    /// The unit of the first of these launches, by the first pattern that fits.
    ///
    /// @param program all launches of their program
    /// @param mentions of it
    static Optional<Unit> of(List<Launch> launches, List<Launch> program, Map<Tensor, Integer> mentions) {
        return Stream.of(values()).filter(p -> p.length <= launches.size())
                .map(p -> p.fit.apply(new Window(launches.subList(0, p.length), mentions), program))
                .filter(Objects::nonNull)
                .findFirst();
    }
}
