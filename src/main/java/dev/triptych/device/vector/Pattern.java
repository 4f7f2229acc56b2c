package dev.triptych.device.vector;

import dev.triptych.device.Window;
import dev.triptych.program.Arenas;
import dev.triptych.program.Launch;
import dev.triptych.program.Program;
import dev.triptych.program.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// Runs of launches that one implementation carries out: models say what is computed, kernel by kernel; patterns say
/// what is computed together. The first one that fits at a launch is taken, so longer ones stand before their
/// beginnings.
///
/// Every implementation gives each number that somebody reads, by the same formulas in the same order for every number
/// of threads; what nobody reads is not written.
enum Pattern {
    /// gelu(x W^T + b).
    LINEAR_GELU(2, LinearFusions::linearGelu),
    /// residual + x W^T + b.
    LINEAR_RESIDUAL(2, LinearFusions::linearResidual),
    /// gelu'(x) (dy W).
    PRODUCT_GELU_GRADIENT(2, LinearFusions::productGeluGradient),
    /// dW = dy^T x and db = column sums of dy.
    WEIGHT_AND_BIAS_GRADIENT(3, LinearFusions::weightAndBiasGradient),
    /// Probabilities and what is read by them.
    ATTENTION(2, AttentionKernels::forward),
    /// Gradients of the scores and of what they are made of.
    ATTENTION_GRADIENT(2, AttentionKernels::backward),
    /// The same where probabilities were dropped.
    DROPPED_ATTENTION_GRADIENT(2, AttentionKernels::droppedBackward),
    /// Moments and what is normalised by them.
    LAYER_NORM(2, NormFusions::layerNorm),
    /// All three gradients of a layer norm, that of x added to the gradient that bypasses the layer.
    LAYER_NORM_GRADIENT_RESIDUAL(6, NormFusions::gradientWithResidual),
    /// All three gradients of a layer norm.
    LAYER_NORM_GRADIENT(5, NormFusions::gradientAlone);

    /// The implementation of a run of launches.
    @FunctionalInterface
    interface Fusion {
        /// Binds it; what it returns is run every step and allocates nothing.
        Runnable bind(Arenas arenas, WorkerPool pool);
    }

    private final int length;
    private final Function<Window, Fusion> fit;

    /// @param length how many launches
    /// @param fit the implementation of so many launches if they belong together: the kernels in that order, the same
    ///     numbers, sizes that pay, and nobody else who reads what is then not written; else null
    Pattern(int length, Function<Window, Fusion> fit) {
        this.length = length;
        this.fit = fit;
    }

    /// The implementation, if the first of these launches fit.
    private Fusion at(List<Launch> launches, Map<Tensor, Integer> mentions) {
        return length > launches.size() ? null : fit.apply(new Window(launches.subList(0, length), mentions));
    }

    /// The first pattern that fits at the first of these launches.
    ///
    /// @param mentions of their program
    static Optional<Pattern> of(List<Launch> launches, Map<Tensor, Integer> mentions) {
        return Arrays.stream(values()).filter(p -> p.at(launches, mentions) != null).findFirst();
    }

    /// Cuts a program's launches into groups, each of which fits a pattern or is one launch.
    static List<List<Launch>> groups(Program program) {
        List<Launch> launches = program.launches();
        Map<Tensor, Integer> mentions = Window.mentions(program);
        var groups = new ArrayList<List<Launch>>();
        int at = 0;
        while (at < launches.size()) {
            int length = of(launches.subList(at, launches.size()), mentions).map(p -> p.length).orElse(1);
            groups.add(List.copyOf(launches.subList(at, at + length)));
            at += length;
        }
        return groups;
    }

    /// Binds a group of several launches.
    ///
    /// @param mentions of the group's program
    static Runnable bind(List<Launch> group, Map<Tensor, Integer> mentions, Arenas arenas, WorkerPool pool) {
        return of(group, mentions).filter(p -> p.length == group.size()).map(p -> p.at(group, mentions))
                .orElseThrow(() -> new IllegalStateException(
                        "No pattern for " + group.stream().map(Launch::kernel).toList()))
                .bind(arenas, pool);
    }
}
