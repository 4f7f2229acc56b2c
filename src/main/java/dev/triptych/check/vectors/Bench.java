package dev.triptych.check.vectors;

import dev.triptych.device.HostSession;
import dev.triptych.device.plain.PlainDevice;
import dev.triptych.io.vectors.Comparison;
import dev.triptych.program.Call;
import dev.triptych.program.Gradients;
import dev.triptych.program.Program;
import dev.triptych.program.State;
import dev.triptych.program.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/// A small program that is fed from a case: tensors of the case become its parameters and inputs, and its results are
/// given to the comparison once it has run.
final class Bench {
    private record Result(Tensor value, UnaryOperator<float[]> layout) {
    }

    private record Dot(Tensor y, double[] upstream) {
    }

    private final Comparison data;
    private final State state = new State();
    private final Program program = new Program("check", state);
    private final Map<Tensor, float[]> values = new LinkedHashMap<>();
    private final Map<Tensor, int[]> integers = new LinkedHashMap<>();
    private final Map<String, Tensor> leaves = new LinkedHashMap<>();
    private final Map<String, Result> results = new LinkedHashMap<>();
    private final Map<Tensor, Dot> dots = new LinkedHashMap<>();
    private final Map<Tensor, List<Tensor>> sums = new LinkedHashMap<>();
    private final Map<String, Tensor> losses = new LinkedHashMap<>();
    private HostSession session;

    Bench(Comparison data) {
        this.data = data;
    }

    Program program() {
        return program;
    }

    State state() {
        return state;
    }

    /// A parameter with the numbers of a stored tensor, under its own shape or another of the same size.
    Tensor parameter(String name, int... shape) {
        Tensor t = state.parameter(name, (v, random) -> {
        }, shape.length == 0 ? data.shape(name) : shape);
        values.put(t, AxisOrder.narrow(data.doubles(name)));
        leaves.put(name, t);
        return t;
    }

    /// An input with a gradient.
    Tensor input(String name, int... shape) {
        Tensor t = program.differentiableInput(name, shape.length == 0 ? data.shape(name) : shape);
        values.put(t, AxisOrder.narrow(data.doubles(name)));
        leaves.put(name, t);
        return t;
    }

    /// An input without gradient.
    Tensor given(String name, int... shape) {
        return number(name, AxisOrder.narrow(data.doubles(name)), shape.length == 0 ? data.shape(name) : shape);
    }

    /// An input without gradient that the case does not store.
    Tensor number(String name, float[] numbers, int... shape) {
        Tensor t = program.input(name, shape);
        values.put(t, numbers);
        return t;
    }

    /// An integer input, flattened.
    Tensor integers(String name) {
        int[] numbers = data.integers(name);
        Tensor t = program.integerInput(name, numbers.length);
        integers.put(t, numbers);
        return t;
    }

    /// Links a tensor that a component registered with a stored one: its numbers go in, its gradient is given.
    void adopt(String name, Tensor tensor) {
        start(tensor, name);
        leaves.put(name, tensor);
    }

    /// First values of a tensor of the state, such as a teacher's.
    void start(Tensor tensor, String name) {
        values.put(tensor, AxisOrder.narrow(data.doubles(name)));
    }

    /// First values of a tensor of the state, given as numbers.
    void start(Tensor tensor, float[] numbers) {
        values.put(tensor, numbers);
    }

    /// x W^T + b with the parameters `prefix.weight` (out, in) and `prefix.bias`, zero where none is stored.
    Tensor linear(Tensor x, String prefix) {
        int out = data.shape(prefix + ".weight")[0];
        int in = x.columns();
        Tensor weight = parameter(prefix + ".weight", out, in);
        Tensor bias = data.has(prefix + ".bias")
                ? parameter(prefix + ".bias")
                : program.constant("zero", new float[out], out);
        return program.linear(x, weight, bias);
    }

    /// sum(upstream * y), the scalar that most units differentiate. It belongs to the check and not to the unit, and
    /// may cancel to almost nothing, so its value is summed in double from y: see `value`.
    Tensor dot(Tensor y, String upstream) {
        Tensor loss = program.scaledSum(program.rowDots(y, given(upstream, y.shape())), 1f);
        program.keep(y);
        dots.put(loss, new Dot(y, data.doubles(upstream)));
        return loss;
    }

    /// a + b, and so its value.
    Tensor sum(Tensor a, Tensor b) {
        Tensor total = program.add(a, b);
        sums.put(total, List.of(a, b));
        return total;
    }

    /// The value of a scalar after the run.
    double value(Tensor loss) {
        if (sums.containsKey(loss)) {
            return sums.get(loss).stream().mapToDouble(this::value).sum();
        }
        Dot dot = dots.get(loss);
        if (dot == null) {
            return session.value(loss);
        }
        float[] y = session.download(dot.y());
        double sum = 0;
        for (int i = 0; i < y.length; i++) {
            sum += dot.upstream()[i] * y[i];
        }
        return sum;
    }

    /// Gives a result to the comparison after the run.
    void give(String name, Tensor value) {
        give(name, value, x -> x);
    }

    /// Gives a result in another layout.
    void give(String name, Tensor value, UnaryOperator<float[]> layout) {
        program.keep(value);
        results.put(name, new Result(value, layout));
    }

    /// Differentiates a scalar and gives the gradients `prefix + name` of all inputs and parameters.
    Gradients gradients(Tensor loss, String prefix) {
        Gradients gradients = program.gradient(loss);
        leaves.forEach((name, leaf) -> {
            Tensor g = gradients.of(leaf);
            if (g != null && data.has(prefix + name)) {
                give(prefix + name, g);
            }
        });
        return gradients;
    }

    /// Differentiates `losses.name`, gives it and the gradients `grads.*`.
    void differentiate(String name, Tensor loss) {
        loss("losses." + name, loss);
        gradients(loss, "grads.");
    }

    /// Gives a scalar to the comparison after the run.
    void loss(String name, Tensor loss) {
        program.keep(loss);
        losses.put(name, loss);
    }

    /// The first call of a kernel.
    <C extends Call> C call(Class<C> kernel) {
        return program.calls(kernel).getFirst();
    }

    /// Binds on first use.
    private HostSession session() {
        if (session == null) {
            session = new PlainDevice(false).bind(state, program);
            values.forEach(session::upload);
            integers.forEach(session::upload);
        }
        return session;
    }

    /// Replaces the numbers of an input for the next run.
    void upload(Tensor tensor, float[] numbers) {
        session().upload(tensor, numbers);
    }

    /// Notes what a program computes for a case.
    static void computes(Comparison data, Program program) {
        program.launches().forEach(launch -> data.computes(List.of(launch.operation(), launch.section())));
    }

    /// Runs the program and gives all results.
    void run() {
        computes(data, program);
        session().run(program);
        results.forEach((name, result) -> data.give(name, result.layout().apply(session.download(result.value()))));
        losses.forEach((name, loss) -> data.give(name, value(loss)));
    }

    /// Numbers after the run.
    float[] numbers(Tensor tensor) {
        return session.download(tensor);
    }

    /// Integers after the run.
    int[] whole(Tensor tensor) {
        return session.downloadIntegers(tensor);
    }
}
