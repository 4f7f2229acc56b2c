package dev.triptych.trial;

import dev.triptych.device.Device;
import dev.triptych.device.HostSession;
import dev.triptych.device.Session;
import dev.triptych.device.plain.PlainDevice;
import dev.triptych.program.Arena;
import dev.triptych.program.Gradients;
import dev.triptych.program.Program;
import dev.triptych.program.State;
import dev.triptych.program.Tensor;
import dev.triptych.random.CounterRandom;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A program under test together with the values of its inputs.
///
/// An operation or a component is built on an empty trial; a method brings the program that it trains with (`around`).
/// Parameters without values of their own are drawn by their initializer and then moved a little, so that biases of
/// zero and gains of one hide no error.
public final class Trial {
    private static final double NOISE = 0.05;
    private static final double LIVELINESS = 0.3;

    private final Program program;
    private final CounterRandom random;
    private final Map<Tensor, float[]> values = new LinkedHashMap<>();
    private final Map<Tensor, int[]> integers = new LinkedHashMap<>();
    private Gradients gradients;

    /// An empty trial.
    public Trial(String name, CounterRandom random) {
        this(new Program(name, new State()), null, random);
    }

    private Trial(Program program, Gradients gradients, CounterRandom random) {
        this.program = program;
        this.gradients = gradients;
        this.random = random;
    }

    /// A trial of a finished program; its inputs are still to be given by `upload`.
    public static Trial around(Program program, Gradients gradients, CounterRandom random) {
        return new Trial(program, gradients, random);
    }

    /// The program, for its operations.
    public Program program() {
        return program;
    }

    /// The state of the program.
    public State state() {
        return program.state();
    }

    /// The source of all values.
    public CounterRandom random() {
        return random;
    }

    /// A differentiable input of given values.
    public Tensor variable(String name, float[] numbers, int... shape) {
        return upload(program.differentiableInput(name, shape), numbers);
    }

    /// A differentiable input of standard normal values.
    public Tensor variable(String name, int... shape) {
        Tensor tensor = program.differentiableInput(name, shape);
        return upload(tensor, gaussian(tensor.count()));
    }

    /// A parameter of given values.
    public Tensor parameter(String name, float[] numbers, int... shape) {
        return upload(state().parameter(name, (into, draw) -> {
        }, shape), numbers);
    }

    /// A parameter of standard normal values.
    public Tensor parameter(String name, int... shape) {
        Tensor tensor = state().parameter(name, (into, draw) -> {
        }, shape);
        return upload(tensor, gaussian(tensor.count()));
    }

    /// An input without gradient, of given values.
    public Tensor fixed(String name, float[] numbers, int... shape) {
        return upload(program.input(name, shape), numbers);
    }

    /// An input without gradient, of standard normal values.
    public Tensor fixed(String name, int... shape) {
        Tensor tensor = program.input(name, shape);
        return upload(tensor, gaussian(tensor.count()));
    }

    /// An integer input.
    public Tensor labels(String name, int... numbers) {
        Tensor tensor = program.integerInput(name, numbers.length);
        upload(tensor, numbers);
        return tensor;
    }

    /// Gives a tensor the values that it has before the program runs, and returns it.
    public Tensor upload(Tensor tensor, float[] numbers) {
        values.put(tensor, numbers.clone());
        return tensor;
    }

    /// Gives an integer tensor the values that it has before the program runs, and returns it.
    public Tensor upload(Tensor tensor, int... numbers) {
        integers.put(tensor, numbers.clone());
        return tensor;
    }

    /// The values that were given to a tensor.
    public float[] values(Tensor tensor) {
        return values.get(tensor).clone();
    }

    /// The integers that were given to a tensor.
    public int[] integers(Tensor tensor) {
        return integers.get(tensor).clone();
    }

    /// Standard normal numbers.
    public float[] gaussian(int n) {
        float[] numbers = new float[n];
        for (int i = 0; i < n; i++) {
            numbers[i] = (float) random.gaussian();
        }
        return numbers;
    }

    /// Numbers between two bounds.
    public float[] uniform(int n, double low, double high) {
        float[] numbers = new float[n];
        for (int i = 0; i < n; i++) {
            numbers[i] = (float) (low + (high - low) * random.uniformDouble());
        }
        return numbers;
    }

    /// The sum of all numbers of y, each with a random weight: a scalar whose gradient reaches every number of y.
    public Tensor weigh(Tensor y) {
        int n = y.count();
        return program.scaledSum(program.rowDots(program.reshape(y, 1, n), fixed("weight of " + y.name(), 1, n)), 1f);
    }

    /// Gives every parameter its first draw plus normal noise of 0.3, and every teacher's average the student's value
    /// plus a third of that. At their first values, attention is uniform and many gradients vanish: errors would hide.
    public void enliven() {
        for (Tensor parameter : state().parameters().values()) {
            float[] lively = plus(state().draw(parameter.name(), 1), LIVELINESS);
            upload(parameter, lively);
            Tensor teacher = state().teachers().get(parameter.name());
            if (teacher != null) {
                upload(teacher, plus(lively, LIVELINESS / 3));
            }
        }
    }

    private float[] plus(float[] numbers, double deviation) {
        float[] sum = gaussian(numbers.length);
        for (int i = 0; i < sum.length; i++) {
            sum[i] = (float) (numbers[i] + deviation * sum[i]);
        }
        return sum;
    }

    /// A choice of `kept` out of `all` for each of a number of rows, one after another.
    public int[] choices(int rows, int kept, int all) {
        int[] chosen = new int[rows * kept];
        for (int row = 0; row < rows; row++) {
            System.arraycopy(random.permutation(all), 0, chosen, row * kept, kept);
        }
        return chosen;
    }

    /// Appends the adjoints of a scalar loss.
    public Gradients differentiate(Tensor loss) {
        gradients = program.gradient(loss);
        return gradients;
    }

    /// The gradients of the loss.
    ///
    /// @throws IllegalStateException if the program has not been differentiated
    public Gradients gradients() {
        if (gradients == null) {
            throw new IllegalStateException("Trial of program '" + program.name() + "' has no loss yet");
        }
        return gradients;
    }

    /// All tensors whose gradient is worth a check: differentiable inputs, and parameters.
    public List<Tensor> subjects() {
        var subjects = new ArrayList<Tensor>();
        program.inputs().values().stream().filter(Tensor::differentiable).forEach(subjects::add);
        subjects.addAll(state().parameters().values());
        return subjects;
    }

    /// The program with memory on the plain device, every value in between readable, all values uploaded.
    ///
    /// @throws IllegalStateException if an input has no values
    public HostSession bind() {
        HostSession session = new PlainDevice(false).bind(state(), program);
        fill(session);
        return session;
    }

    /// The program with memory on another device, all values uploaded; parameters must have been given theirs.
    ///
    /// @throws IllegalStateException if an input has no values
    public Session bind(Device device) {
        Session session = device.bind(state(), program);
        fill(session);
        return session;
    }

    private void fill(Session session) {
        state().parameters().forEach((name, tensor) -> session.upload(tensor, start(name, tensor)));
        boolean teacher = program.launches().stream().flatMap(l -> l.tensors().stream())
                .anyMatch(t -> t.arena() == Arena.TEACHER);
        if (teacher) {
            state().teachers().forEach((name, tensor) -> session.upload(tensor, start(name, tensor)));
        }
        program.inputs().forEach((name, tensor) -> {
            if (!values.containsKey(tensor) && !integers.containsKey(tensor)) {
                throw new IllegalStateException(
                        "Trial of program '" + program.name() + "': input " + tensor + " has no values: upload them");
            }
        });
        values.forEach(session::upload);
        integers.forEach(session::upload);
    }

    private float[] start(String name, Tensor tensor) {
        float[] given = values.get(tensor);
        if (given != null) {
            return given;
        }
        float[] drawn = state().draw(name, 1);
        for (int i = 0; i < drawn.length; i++) {
            drawn[i] += (float) (NOISE * random.gaussian());
        }
        return drawn;
    }
}
