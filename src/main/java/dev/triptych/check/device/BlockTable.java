package dev.triptych.check.device;

import dev.triptych.program.Arena;
import dev.triptych.program.Gradients;
import dev.triptych.program.Packing;
import dev.triptych.program.Program;
import dev.triptych.program.Tensor;
import dev.triptych.random.CounterRandom;
import dev.triptych.random.Stream;
import dev.triptych.trial.Trial;
import java.util.ArrayList;
import java.util.Arrays;
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
        for (int[] s : new int[][]{{70, 9, 64}, {200, 35, 130}}) {
            products(trials, s[0], s[1], s[2]);
        }
        // rows in parts
        add(trials, "linear (1100, 72) to 129", t -> linear(t, "1", t.variable("x", 1100, 72), 129));
        for (int[] s : new int[][]{{70, 24}, {5, 130}, {1, 1}, {300, 64}}) {
            String sizes = "(" + s[0] + ", " + s[1] + ")";
            add(trials, "layer norm " + sizes, t -> norm(t, t.variable("x", s[0], s[1])));
            add(trials, "residual, layer norm " + sizes, t -> {
                Tensor x = t.variable("x", s[0], s[1]);
                return t.program().add(x, norm(t, x));
            });
        }
        // sequences of one row, of a tile and around it, of several; heads of eight channels and of the most
        attention(trials, 2, 16, 1, 33, 5, 70, 32, 31, 1);
        attention(trials, 3, 192, 65, 65, 17);
        attention(trials, 1, 24, 2, 2);
        attention(trials, 1, 40, 130);
        return List.copyOf(trials);
    }

    private static Tensor norm(Trial t, Tensor x) {
        return t.program().layerNorm(x, t.parameter("gain", x.columns()), t.parameter("shift", x.columns()), 1e-5f);
    }

    private static void attention(List<Trial> trials, int heads, int width, int... lengths) {
        int rows = Arrays.stream(lengths).sum();
        String sizes = heads + " heads of " + width / heads + " channels over " + Arrays.toString(lengths);
        Function<Trial, Packing> packing = t -> Packing.of(t.program(), heads, lengths);
        add(trials, "attention, " + sizes,
                t -> t.program().attention(t.variable("qkv", rows, 3 * width), packing.apply(t)));
        addForward(trials, "attention, " + sizes,
                t -> t.program().attention(t.variable("qkv", rows, 3 * width), packing.apply(t)));
        add(trials, "attention with dropout, " + sizes,
                t -> t.program().droppedAttention(t.variable("qkv", rows, 3 * width), packing.apply(t),
                        t.upload(t.program().integerInput("key", 1), 12345), 0.3f));
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
