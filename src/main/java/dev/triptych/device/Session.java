package dev.triptych.device;

import dev.triptych.program.Program;
import dev.triptych.program.State;
import dev.triptych.program.Tensor;

/// A set of programs with memory. Not for use by several threads at once.
public interface Session extends AutoCloseable {
    /// Runs all launches of a program.
    void run(Program program);

    /// Copies numbers into a tensor.
    ///
    /// @throws IllegalArgumentException if the length is not the tensor's, or the tensor holds integers
    void upload(Tensor tensor, float[] values);

    /// Copies integers into a tensor.
    void upload(Tensor tensor, int[] values);

    /// A copy of a tensor's numbers.
    float[] download(Tensor tensor);

    /// A copy of a tensor's integers.
    int[] downloadIntegers(Tensor tensor);

    /// The single number of a tensor.
    default float value(Tensor tensor) {
        return download(tensor)[0];
    }

    /// Draws all parameters of a state and copies them in; each parameter's draw depends on the seed and its name
    /// alone. A teacher begins equal to its student.
    default void initialize(State state, long seed) {
        state.parameters().forEach((name, tensor) -> upload(tensor, state.draw(name, seed)));
        copyToTeacher(state);
    }

    /// Sets every moving average to its student's value.
    default void copyToTeacher(State state) {
        state.teachers().forEach((name, tensor) -> upload(tensor, download(state.parameter(name))));
    }

    /// Runs a program again launch by launch and names the first one whose output holds a number that is not finite:
    /// operation, section and tensor; null if there is none.
    String firstNonFinite(Program program);

    /// What was made of the programs, and what has been done so far.
    Figures figures();

    /// Bytes of all arenas.
    long bytes();

    @Override
    void close();
}
