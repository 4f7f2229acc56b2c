package dev.triptych.program;

/// What the families of operations need from a program: new tensors, and appending launches.
public interface Recording {
    /// A new value in between.
    Tensor activation(String name, boolean differentiable, int... shape);

    /// New integers in between (arg-max, matches).
    Tensor integerActivation(String name, int... shape);

    /// Fixed integers, known when the program is built.
    Tensor constant(String name, int... values);

    /// Fixed numbers, known when the program is built.
    Tensor constant(String name, float[] values, int... shape);

    /// Begins an operation with that output; launches and the adjoint follow on the result.
    Operation operation(String name, Tensor output, Tensor... inputs);

    /// A new differentiable output, if any input is, of an operation.
    default Tensor result(String name, Tensor[] inputs, int... shape) {
        boolean differentiable = false;
        for (Tensor input : inputs) {
            differentiable |= input.differentiable();
        }
        return activation(name, differentiable, shape);
    }

    /// Checks a shape, naming the operation and the tensor.
    static void expect(String operation, Tensor tensor, int... shape) {
        if (!java.util.Arrays.equals(tensor.shape(), shape)) {
            throw new IllegalArgumentException(
                    operation + ": " + tensor + " given where shape " + Tensor.text(shape) + " is needed");
        }
    }

    /// Number of chunks in which the sum over n rows is cut: a function of n alone, so that results do not depend on
    /// threads.
    static int chunks(int n) {
        return Math.max(1, Math.min(64, (n + 31) / 32));
    }
}
