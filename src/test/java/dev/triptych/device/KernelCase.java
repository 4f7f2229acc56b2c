package dev.triptych.device;

import dev.triptych.program.Kernel;
import dev.triptych.program.Program;
import dev.triptych.program.State;
import dev.triptych.program.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// One kernel with arguments drawn at random: a program of one launch, run on any device. Arguments are given in the
/// kernel's order.
public final class KernelCase {
    private final State state = new State();
    private final Program program;
    private final Kernel kernel;
    private final Random random;
    private final List<Object> arguments = new ArrayList<>();
    private final List<Tensor> tensors = new ArrayList<>();

    /// A case of a kernel of that family.
    public KernelCase(long seed, Class<?> family, String kernel) {
        this.kernel = Kernel.of(family, kernel);
        this.program = new Program(kernel, state);
        this.random = new Random(seed);
    }

    /// Normal numbers with mean 0 and variance 1.
    public KernelCase normal(int n) {
        return numbers(n, () -> (float) random.nextGaussian());
    }

    /// Uniform numbers between bounds.
    public KernelCase uniform(int n, float low, float high) {
        return numbers(n, () -> low + (high - low) * random.nextFloat());
    }

    private KernelCase numbers(int n, java.util.function.Supplier<Float> draw) {
        float[] values = new float[n];
        for (int i = 0; i < n; i++) {
            values[i] = draw.get();
        }
        return values(values);
    }

    /// These numbers.
    public KernelCase values(float... values) {
        return tensor(program.constant("x" + tensors.size(), values, values.length));
    }

    /// These integers.
    public KernelCase integers(int... values) {
        arguments.add(program.constant("i" + arguments.size(), values));
        return this;
    }

    /// Room for n numbers; what lies there before the run must not matter.
    public KernelCase output(int n) {
        return normal(n);
    }

    /// Sizes.
    public KernelCase sizes(int... sizes) {
        for (int size : sizes) {
            arguments.add(size);
        }
        return this;
    }

    /// Constants.
    public KernelCase constants(float... constants) {
        for (float constant : constants) {
            arguments.add(constant);
        }
        return this;
    }

    private KernelCase tensor(Tensor tensor) {
        tensors.add(tensor);
        arguments.add(tensor);
        return this;
    }

    /// Runs twice on a device and returns all float arrays afterwards, inputs included.
    public List<float[]> run(Device device) {
        if (program.launches().isEmpty()) {
            program.operation("case", tensors.getLast()).launch(0, kernel, arguments.toArray());
        }
        try (Session session = device.bind(state, program)) {
            session.run(program);
            session.run(program);
            return tensors.stream().map(session::download).toList();
        }
    }

    @Override
    public String toString() {
        return kernel + " " + arguments;
    }
}
