package dev.triptych.check.device;

import dev.triptych.trial.Trial;
import dev.triptych.program.Arena;
import dev.triptych.program.Gradients;
import dev.triptych.program.Program;
import dev.triptych.program.Tensor;
import dev.triptych.random.CounterRandom;
import dev.triptych.random.Stream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// Small programs of several operations with their adjoints, at sizes that devices carry out by tiles and patterns:
/// what is computed together is compared with what is computed kernel by kernel.
public final class BlockTable {
    private BlockTable() {
    }

    /// All of them, each new.
    public static List<Trial> trials() {
        var trials = new ArrayList<Trial>();
        for (int[] s : new int[][]{{70, 9, 64}, {200, 35, 130}, {1100, 72, 129}}) {
            products(trials, s[0], s[1], s[2]);
        }
        return List.copyOf(trials);
    }

    /// n rows of k numbers through layers to m.
    private static void products(List<Trial> trials, int n, int k, int m) {
        String sizes = "(" + n + ", " + k + ") to " + m;
        add(trials, "linear " + sizes, t -> linear(t, "1", t.variable("x", n, k), m));
        add(trials, "linear, gelu, linear " + sizes,
                t -> linear(t, "2", t.program().gelu(linear(t, "1", t.variable("x", n, k), m)), 64));
        addForward(trials, "linear, gelu, linear " + sizes,
                t -> linear(t, "2", t.program().gelu(linear(t, "1", t.variable("x", n, k), m)), 64));
        add(trials, "residual, linear " + sizes,
                t -> t.program().add(t.variable("r", n, m), linear(t, "1", t.variable("x", n, k), m)));
        add(trials, "linear, residual " + sizes,
                t -> t.program().add(linear(t, "1", t.variable("x", n, k), m), t.variable("r", n, m)));
        add(trials, "two products of " + sizes, t -> t.program().product(t.variable("a", 2, n, k),
                t.variable("c", 2, k, m)));
    }

    private static Tensor linear(Trial t, String name, Tensor x, int out) {
        return t.program().linear(x, t.parameter("w" + name, out, x.columns()), t.parameter("b" + name, out));
    }

    private static void add(List<Trial> trials, String name, Function<Trial, Tensor> build) {
        var trial = new Trial(name, CounterRandom.of(1, Stream.CHECK, 0, trials.size()));
        Program program = trial.program();
        Tensor y = build.apply(trial);
        program.keep(y);
        Gradients gradients = trial.differentiate(trial.weigh(y));
        trial.subjects().stream().map(gradients::of).filter(t -> t.arena() == Arena.ACTIVATIONS).forEach(program::keep);
        trials.add(trial);
    }

    /// Without adjoints, which need values in between that are otherwise never stored.
    private static void addForward(List<Trial> trials, String name, Function<Trial, Tensor> build) {
        var trial = new Trial(name + ", forward", CounterRandom.of(1, Stream.CHECK, 0, trials.size()));
        trial.program().keep(build.apply(trial));
        trials.add(trial);
    }
}
