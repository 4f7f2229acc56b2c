package dev.triptych.check.live;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.triptych.check.Trial;
import dev.triptych.device.HostSession;
import dev.triptych.libtorch.Outcome;
import dev.triptych.libtorch.Script;
import dev.triptych.program.Arena;
import dev.triptych.program.Program;
import dev.triptych.program.Tensor;
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
    /// What must agree.
    ///
    /// @param ours our tensor
    /// @param torch the same in TorchScript
    /// @param kind of agreement
    /// @param margin of decisions, in TorchScript
    private record Claim(Tensor ours, String torch, Kind kind, String margin) {
    }

    private enum Kind {
        /// Values.
        VALUES,
        /// Values, and the gradients of all inputs.
        GRADIENTS,
        /// The same of a whole loss, unless it hangs on a decision that rounding may turn over.
        OBJECTIVE,
        /// Integers, unless rounding may turn them over.
        DECISIONS
    }

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
        claims.add(new Claim(y, torch, Kind.GRADIENTS, null));
    }

    /// The loss of a whole trial, and the gradients of all parameters and inputs, must agree.
    ///
    /// @param whole a trial that is differentiated already
    /// @param torch the loss and the margin of its closest decision: two numbers. Its tensors are keys of `p`, the
    ///        numbers that the row names are keys of `s`
    void objective(Trial whole, String torch) {
        trial = whole;
        claims.add(new Claim(whole.gradients().loss(), torch, Kind.OBJECTIVE, null));
    }

    /// Values must agree.
    void values(Tensor y, String torch) {
        claims.add(new Claim(y, torch, Kind.VALUES, null));
    }

    /// Integers must agree exactly, but for those whose margin is within rounding.
    ///
    /// @param torch integers
    /// @param margin how far each is from being another, in as many numbers
    void decides(Tensor y, String torch, String margin) {
        claims.add(new Claim(y, torch, Kind.DECISIONS, margin));
    }

    /// Runs both.
    Outcome run() {
        if (claims.isEmpty()) {
            throw new IllegalStateException("The row compares nothing with libtorch");
        }
        try (HostSession session = trial.bind(); NDManager manager = Script.manager().newSubManager()) {
            Map<String, NDArray> before = before(session, manager);
            double[] weight = weights == null ? new double[]{1} : download(session, weights);
            session.run(program());
            for (Map<Tensor, Tensor> inputs : again) {
                inputs.forEach((input, other) -> session.upload(input, trial.values(other)));
                session.run(program());
            }
            Outcome outcome = new Outcome(1, 0, 0, 0, Double.NaN, "");
            for (Claim claim : claims) {
                outcome = outcome.plus(compare(claim, session, before, manager.create(weight)));
            }
            return outcome;
        }
    }

    private Outcome compare(Claim claim, HostSession session, Map<String, NDArray> before, NDArray weight) {
        return switch (claim.kind()) {
            case VALUES -> values(claim.ours(), session, Numbers.of(run(claim.torch(), arguments(before))));
            case DECISIONS -> decisions(claim, session, before);
            case GRADIENTS -> gradients(claim, session, before, weight, arguments(before));
            case OBJECTIVE -> gradients(claim, session, before, weight, dictionaries(before));
        };
    }

    private static Outcome values(Tensor tensor, HostSession session, double[] theirs) {
        double[] ours = download(session, tensor);
        return outcome(ours.length, Outcome.difference(tensor.name(), ours, theirs, scale(theirs)), null);
    }

    private static Outcome decisions(Claim claim, HostSession session, Map<String, NDArray> before) {
        double[] ours = download(session, claim.ours());
        double[] theirs = Numbers.of(run(claim.torch(), arguments(before)));
        double[] margin = Numbers.of(run(claim.margin(), arguments(before)));
        long undecided = 0;
        for (int i = 0; i < ours.length; i++) {
            if (margin[i] < Numbers.MARGIN) {
                ours[i] = theirs[i];
                undecided++;
            }
        }
        var wrong = Outcome.difference(claim.ours().name(), ours, theirs, 1);
        return new Outcome(0, ours.length - undecided, undecided, wrong.error(), Double.NaN, wrong.where());
    }

    private Outcome gradients(Claim claim, HostSession session, Map<String, NDArray> before, NDArray weight,
            Arguments arguments) {
        List<Tensor> subjects = trial.subjects();
        double[] theirs;
        try (var collector = Script.engine().newGradientCollector()) {
            subjects.forEach(s -> before.get(s.name()).setRequiresGradient(true));
            NDArray y = run(claim.torch(), arguments);
            if (claim.kind() == Kind.OBJECTIVE) {
                if (y.getDouble(1) < Numbers.MARGIN) {
                    return new Outcome(0, 0, 1, 0, Double.NaN, "");
                }
                y = y.get("0:1");
            }
            theirs = Numbers.of(y);
            collector.backward(y.flatten().mul(weight.toType(Numbers.TYPE, false)).sum());
        }
        Outcome outcome = values(claim.ours(), session, theirs);
        var gradients = new LinkedHashMap<Tensor, double[]>();
        subjects.forEach(s -> gradients.put(s, gradient(before.get(s.name()))));
        double largest = gradients.values().stream().mapToDouble(Live::scale).reduce(1, Math::max);
        for (Tensor s : subjects) {
            Tensor slot = trial.gradients().of(s);
            double[] ours = slot == null ? new double[s.count()] : download(session, slot);
            outcome = outcome.plus(outcome(ours.length, new Outcome.Difference(0, ""),
                    Outcome.difference("gradient of " + s.name(), ours, gradients.get(s), largest)));
        }
        return outcome;
    }

    private static Outcome outcome(long numbers, Outcome.Difference value, Outcome.Difference gradient) {
        return new Outcome(0, numbers, 0, value.error(), gradient == null ? Double.NaN : gradient.error(),
                gradient == null ? value.where() : gradient.where());
    }

    /// What differences of numbers like these are relative to: the largest, but not less than 1.
    private static double scale(double[] theirs) {
        return Arrays.stream(theirs).map(Math::abs).reduce(1, Math::max);
    }

    private static double[] gradient(NDArray x) {
        NDArray gradient = x.getGradient();
        return gradient == null ? new double[(int) x.size()] : Numbers.of(gradient);
    }

    private static double[] download(HostSession session, Tensor tensor) {
        if (tensor.arena().isInteger()) {
            return Arrays.stream(session.downloadIntegers(tensor)).asDoubleStream().toArray();
        }
        float[] values = session.download(tensor);
        double[] wide = new double[values.length];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = values[i];
        }
        return wide;
    }

    /// Everything that TorchScript may name, before the run.
    private Map<String, NDArray> before(HostSession session, NDManager manager) {
        var arrays = new LinkedHashMap<String, NDArray>();
        var tensors = new ArrayList<>(program().inputs().values());
        tensors.addAll(program().state().parameters().values());
        tensors.addAll(program().state().buffers().values());
        tensors.addAll(program().state().teachers().values());
        tensors.addAll(moments);
        for (Tensor tensor : tensors) {
            var shape = new Shape(Arrays.stream(tensor.shape()).asLongStream().toArray());
            arrays.put(tensor.name(), tensor.arena().isInteger()
                    ? manager.create(Arrays.stream(session.downloadIntegers(tensor)).asLongStream().toArray(), shape)
                    : manager.create(session.download(tensor), shape));
        }
        numbers.forEach((name, value) -> arrays.put(name, switch (value) {
            case Double number -> manager.create(number.doubleValue());
            case Long whole -> manager.create(whole.longValue());
            case long[] list -> manager.create(list);
            default -> throw new IllegalStateException(name + " is " + value);
        }));
        return arrays;
    }

    /// What TorchScript is called with.
    private record Arguments(String signature, NDList values) {
    }

    /// All that it may name: names with dots are keys of `p`.
    private static Arguments arguments(Map<String, NDArray> before) {
        var signature = new ArrayList<String>();
        var values = new NDList();
        var keyed = new NDList();
        before.forEach((name, array) -> {
            if (name.matches("\\w+")) {
                array.setName(name);
                values.add(array);
                signature.add(name + ": Tensor");
            } else if (name.matches("[\\w.]+")) {
                array.setName("p." + name);
                keyed.add(array);
            }
        });
        if (!keyed.isEmpty()) {
            signature.add("p: Dict[str, Tensor]");
        }
        values.addAll(keyed);
        return new Arguments(String.join(", ", signature), values);
    }

    /// Tensors as keys of `p`, the numbers of the row as keys of `s`.
    private Arguments dictionaries(Map<String, NDArray> before) {
        var tensors = new NDList();
        var settings = new NDList();
        before.forEach((name, array) -> {
            boolean setting = numbers.containsKey(name);
            array.setName((setting ? "s." : "p.") + name);
            (setting ? settings : tensors).add(array);
        });
        tensors.addAll(settings);
        return new Arguments("p: Dict[str, Tensor], s: Dict[str, Tensor]", tensors);
    }

    private static NDArray run(String torch, Arguments arguments) {
        return Script.of(arguments.signature(), torch).run(arguments.values()).head();
    }
}
