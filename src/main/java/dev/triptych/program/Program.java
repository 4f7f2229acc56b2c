package dev.triptych.program;

import dev.triptych.program.call.ElementwiseCalls.CopyValues;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/// A straight list of kernel launches on arrays of fixed shape: built once for a model and a batch shape, run every
/// step.
///
/// A model writes its forward equations by calling operations (the methods of the interfaces that this class
/// implements); each appends its launches and returns its output. `gradient(loss)` appends the adjoints.
public final class Program
        implements
            LinearOperations,
            ElementwiseOperations,
            NormOperations,
            TokenOperations,
            DropoutOperations,
            CodeOperations,
            LossOperations,
            AssignmentOperations,
            ChannelOperations,
            ConvolutionOperations,
            QuantisationOperations,
            UpdateOperations {
    private final String name;
    private final State state;
    private final List<Launch> launches = new ArrayList<>();
    private final List<Operation> tape = new ArrayList<>();
    private final Map<String, Tensor> inputs = new LinkedHashMap<>();
    private final Map<String, Tensor> outputs = new LinkedHashMap<>();
    private final Map<Tensor, int[]> integerConstants = new LinkedHashMap<>();
    private final Map<Tensor, float[]> constants = new LinkedHashMap<>();
    private final List<String> stopGradients = new ArrayList<>();
    private final List<Launch> pinned = new ArrayList<>();
    private final List<Tensor> kept = new ArrayList<>();
    private final Map<Tensor, Tensor> differentiated = new IdentityHashMap<>();
    private String section = "";
    private boolean whole;

    /// An empty program over a state.
    public Program(String name, State state) {
        this.name = name;
        this.state = state;
    }

    /// A float input, uploaded before a run.
    public Tensor input(String inputName, int... shape) {
        return register(inputName, new Tensor(inputName, Arena.INPUTS, -1, false, shape));
    }

    /// A float input whose gradient is wanted.
    public Tensor differentiableInput(String inputName, int... shape) {
        return register(inputName, new Tensor(inputName, Arena.INPUTS, -1, true, shape));
    }

    /// An integer input, uploaded before a run.
    public Tensor integerInput(String inputName, int... shape) {
        return register(inputName, new Tensor(inputName, Arena.INTEGER_INPUTS, -1, false, shape));
    }

    private Tensor register(String inputName, Tensor tensor) {
        if (inputs.putIfAbsent(inputName, tensor) != null) {
            throw new IllegalArgumentException("Program " + name + ": input '" + inputName + "' is declared twice");
        }
        return tensor;
    }

    /// Names a result that leaves the device after each run.
    public Tensor output(String outputName, Tensor value) {
        var tensor = new Tensor(outputName, Arena.OUTPUTS, -1, false, value.shape());
        if (outputs.putIfAbsent(outputName, tensor) != null) {
            throw new IllegalArgumentException("Program " + name + ": output '" + outputName + "' is declared twice");
        }
        append(new Launch(new CopyValues(value, tensor, value.count()), step("output"), 0));
        return tensor;
    }

    /// The same numbers, as a constant to differentiation. The name says which of the method's stop-gradients it is.
    public Tensor stopGradient(String stopName, Tensor x) {
        if (!x.differentiable()) {
            return x;
        }
        stopGradients.add(stopName);
        Tensor y = activation("stop." + stopName, false, x.shape());
        var copy = new Launch(new CopyValues(x, y, x.count()), step("stop-gradient"), 0);
        append(copy);
        pinned.add(copy);
        return y;
    }

    /// Keeps a value in between readable after the run: its memory is not given to later tensors.
    public void keep(Tensor tensor) {
        kept.add(tensor.root());
    }

    /// Has every row made to the end, those as well that nobody reads: for checks that compare all values in between.
    /// Said before the model is built.
    public Program makingAll() {
        whole = true;
        return this;
    }

    /// Whether rows that nobody reads are made all the same.
    public boolean whole() {
        return whole;
    }

    /// A part of the specification, while it is open.
    @FunctionalInterface
    public interface Section extends AutoCloseable {
        /// Goes back to the part around it.
        @Override
        void close();
    }

    /// Says where in the specification the operations belong that are recorded until it is closed. Adjoints stand under
    /// the section of their operation.
    public Section section(String title) {
        String around = section;
        section = title;
        return () -> section = around;
    }

    /// What operations give that belong to one section.
    public <T> T section(String title, Supplier<T> operations) {
        try (var _ = section(title)) {
            return operations.get();
        }
    }

    /// Appends the adjoints of all operations that lead to a scalar loss.
    public Gradients gradient(Tensor loss) {
        if (loss.size() != 1) {
            throw new IllegalArgumentException("The loss must be one number, not " + loss);
        }
        return new Gradients(this, loss, tape);
    }

    @Override
    public Tensor activation(String tensorName, boolean differentiable, int... shape) {
        return new Tensor(tensorName, Arena.ACTIVATIONS, -1, differentiable, shape);
    }

    @Override
    public Tensor integerActivation(String tensorName, int... shape) {
        return new Tensor(tensorName, Arena.INTEGERS, -1, false, shape);
    }

    @Override
    public Tensor constant(String tensorName, int... values) {
        var tensor = new Tensor(tensorName, Arena.INTEGERS, -1, false, values.length);
        integerConstants.put(tensor, values.clone());
        return tensor;
    }

    @Override
    public Tensor constant(String tensorName, float[] values, int... shape) {
        var tensor = new Tensor(tensorName, Arena.ACTIVATIONS, -1, false, shape);
        if (tensor.size() != values.length) {
            throw new IllegalArgumentException("Constant " + tensor + " is given " + values.length + " values");
        }
        constants.put(tensor, values.clone());
        return tensor;
    }

    @Override
    public Operation operation(String operationName, Tensor output, Tensor... operationInputs) {
        var operation = new Operation(this, operationName, output, List.of(operationInputs));
        tape.add(operation);
        return operation;
    }

    void append(Launch launch) {
        launches.add(launch);
    }

    private Step step(String operation) {
        return new Step(operation, section, Origin.here());
    }

    /// Notes that dx is a gradient of x, or a part of it.
    void differentiated(Tensor x, Tensor dx) {
        differentiated.put(dx, x);
    }

    /// The tensor whose gradient a tensor is, or is a part of; null for others.
    public Tensor differentiated(Tensor dx) {
        return differentiated.get(dx);
    }

    /// The name: `train`, `evaluate`, ...
    public String name() {
        return name;
    }

    /// The state that it shares with its method's other programs.
    @Override
    public State state() {
        return state;
    }

    /// All launches, in order.
    public List<Launch> launches() {
        return Collections.unmodifiableList(launches);
    }

    /// The calls of one kernel, in order.
    public <C extends Call> List<C> calls(Class<C> kernel) {
        return launches.stream().map(Launch::call).filter(kernel::isInstance).map(kernel::cast).toList();
    }

    /// Launches whose outputs finite differences hold fixed: the copies of named stop-gradients.
    public List<Launch> pinned() {
        return Collections.unmodifiableList(pinned);
    }

    /// Inputs by name.
    public Map<String, Tensor> inputs() {
        return Collections.unmodifiableMap(inputs);
    }

    /// Outputs by name.
    public Map<String, Tensor> outputs() {
        return Collections.unmodifiableMap(outputs);
    }

    /// Integer constants with their values.
    public Map<Tensor, int[]> integerConstants() {
        return Collections.unmodifiableMap(integerConstants);
    }

    /// Float constants with their values.
    public Map<Tensor, float[]> constants() {
        return Collections.unmodifiableMap(constants);
    }

    /// Names of the stop-gradients, in order.
    public List<String> stopGradients() {
        return Collections.unmodifiableList(stopGradients);
    }

    /// Tensors whose memory is not reused.
    public List<Tensor> kept() {
        return Collections.unmodifiableList(kept);
    }

    String section() {
        return section;
    }

    /// Floating-point operations of one run.
    public long flops() {
        return launches.stream().mapToLong(Launch::flops).sum();
    }
}
