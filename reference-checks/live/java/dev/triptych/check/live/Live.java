package dev.triptych.check.live;

import ai.djl.ndarray.NDManager;
import dev.triptych.device.HostSession;
import dev.triptych.libtorch.Outcome;
import dev.triptych.libtorch.Script;
import dev.triptych.program.Arena;
import dev.triptych.program.Program;
import dev.triptych.program.Tensor;
import dev.triptych.trial.Trial;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// One try of a row: an operation on random numbers, and what libtorch must say about the same numbers.
///
/// TorchScript knows every input, parameter and buffer by its name and with the value that it had before the run, and
/// the numbers that the row names. Names with dots are keys of the dictionary `p`.
final class Live {
    private Trial trial;
    private final List<Integer> sides;
    private final Map<String, Object> numbers = new LinkedHashMap<>();
    private final List<Claim> claims = new ArrayList<>();
    private final List<Tensor> moments = new ArrayList<>();
    private final List<Map<Tensor, Tensor>> again = new ArrayList<>();
    private Tensor weights;
    private int drawn;

    /// @param trial where inputs are declared
    /// @param sides random numbers from 1 on, for the sides of tensors
    Live(Trial trial, List<Integer> sides) {
        this.trial = trial;
        this.sides = sides;
    }

    /// The program, for its operations.
    Program program() {
        return trial.program();
    }

    /// The trial, for its draws and its state.
    Trial trial() {
        return trial;
    }

    /// A random side of a tensor.
    int side() {
        return sides.get(drawn++ % sides.size());
    }

    /// A random side of a tensor, from a smallest on.
    int side(int least) {
        return least - 1 + side();
    }

    /// A random number below a bound.
    int below(int bound) {
        return trial.random().below(bound);
    }

    /// A differentiable input of standard normal values.
    Tensor variable(String name, int... shape) {
        return trial.variable(name, shape);
    }

    /// A parameter of standard normal values.
    Tensor parameter(String name, int... shape) {
        return trial.parameter(name, shape);
    }

    /// An input without gradient, of standard normal values.
    Tensor fixed(String name, int... shape) {
        return trial.fixed(name, shape);
    }

    /// An input without gradient, of 0 and 1 at random.
    Tensor bits(String name, int... shape) {
        Tensor tensor = program().input(name, shape);
        float[] bits = new float[tensor.count()];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = below(2);
        }
        return trial.upload(tensor, bits);
    }

    /// Random integers below a bound.
    Tensor labels(String name, int count, int bound) {
        int[] labels = new int[count];
        for (int i = 0; i < count; i++) {
            labels[i] = below(bound);
        }
        return trial.labels(name, labels);
    }

    /// A number that TorchScript knows by this name.
    float number(String name, double value) {
        numbers.put(name, value);
        return (float) value;
    }

    /// A whole number that TorchScript knows by this name.
    int count(String name, int value) {
        numbers.put(name, (long) value);
        return value;
    }

    /// Whole numbers that TorchScript knows by this name, as a tensor.
    int[] counts(String name, int... values) {
        numbers.put(name, Arrays.stream(values).asLongStream().toArray());
        return values;
    }

    /// Gives a parameter a moment, which TorchScript knows as `p["first_moments.NAME"]` or `p["second_moments.NAME"]`.
    void moments(Tensor parameter, Arena arena, float[] values) {
        moments.add(trial.upload(trial.state().mirror(parameter, arena), values));
    }

    /// Runs the program once more after those before, with inputs that have the values of others.
    void again(Map<Tensor, Tensor> inputs) {
        again.add(inputs);
    }

    /// Values and the gradients of all inputs must agree.
    void agrees(Tensor y, String torch) {
        if (y.size() == 1) {
            trial.differentiate(y);
        } else {
            trial.differentiate(trial.weigh(y));
            weights = program().inputs().get("weight of " + y.name());
        }
        claims.add(new Claim(y, torch, Claim.Kind.GRADIENTS, null));
    }

    /// The loss of a whole trial, and the gradients of all parameters and inputs, must agree.
    ///
    /// @param whole a trial that is differentiated already
    /// @param torch the loss and the margin of its closest decision: two numbers. Its tensors are keys of `p`, the
    ///        numbers that the row names are keys of `s`
    void objective(Trial whole, String torch) {
        trial = whole;
        claims.add(new Claim(whole.gradients().loss(), torch, Claim.Kind.OBJECTIVE, null));
    }

    /// Values must agree.
    void values(Tensor y, String torch) {
        claims.add(new Claim(y, torch, Claim.Kind.VALUES, null));
    }

    /// Integers must agree exactly, but for those whose margin is within rounding.
    ///
    /// @param torch integers
    /// @param margin how far each is from being another, in as many numbers
    void decides(Tensor y, String torch, String margin) {
        claims.add(new Claim(y, torch, Claim.Kind.DECISIONS, margin));
    }

    /// Runs both.
    Outcome run() {
        if (claims.isEmpty()) {
            throw new IllegalStateException("The row compares nothing with libtorch");
        }
        try (HostSession session = trial.bind(); NDManager manager = Script.manager().newSubManager()) {
            var arguments = new Arguments(manager);
            tensors().forEach(tensor -> arguments.add(tensor, session));
            numbers.forEach(arguments::add);
            double[] weight = weights == null ? new double[]{1} : Comparison.download(session, weights);
            session.run(program());
            for (Map<Tensor, Tensor> inputs : again) {
                inputs.forEach((input, other) -> session.upload(input, trial.values(other)));
                session.run(program());
            }
            var comparison = new Comparison(trial, session, arguments, manager.create(weight));
            Outcome outcome = new Outcome(1, 0, 0, 0, Double.NaN, "");
            for (Claim claim : claims) {
                outcome = outcome.plus(comparison.of(claim));
            }
            return outcome;
        }
    }

    /// Everything that TorchScript may name, but for the numbers.
    private List<Tensor> tensors() {
        var tensors = new ArrayList<>(program().inputs().values());
        tensors.addAll(program().state().parameters().values());
        tensors.addAll(program().state().buffers().values());
        tensors.addAll(program().state().teachers().values());
        tensors.addAll(moments);
        return tensors;
    }
}
