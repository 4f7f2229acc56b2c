package dev.triptych.trial;

import dev.triptych.program.Program;
import dev.triptych.program.Tensor;

/// One way of calling an operation.
public sealed interface Sample {
    /// What is special about it: shapes, settings.
    String name();

    /// Builds the inputs of an operation from random numbers, calls it, and returns its output.
    @FunctionalInterface
    interface Build {
        /// @param trial where inputs are declared
        /// @param p its program, which holds the operations
        Tensor on(Trial trial, Program p);
    }

    /// Values that a tensor must have after the run.
    ///
    /// @param actual the tensor: an output, a parameter, integers
    /// @param values computed by a formula of its own from the inputs' values
    record Expected(Tensor actual, double... values) {
    }

    /// Builds the inputs of an operation, calls it, and says what must come out.
    @FunctionalInterface
    interface Formula {
        /// @param trial where inputs are declared
        /// @param p its program, which holds the operations
        Expected on(Trial trial, Program p);
    }

    /// A call whose gradients are compared with finite differences, with respect to every differentiable input.
    ///
    /// @param name what is special about it
    /// @param build returns the output, which must be differentiable
    record Gradient(String name, Build build) implements Sample {
    }

    /// A call whose values are compared with a formula.
    ///
    /// @param name what is special about it
    /// @param formula returns the output and what it must be
    record Values(String name, Formula formula) implements Sample {
    }

    /// A call that must be refused.
    ///
    /// @param name what is wrong about it
    /// @param message a part of the error's message
    /// @param build the call
    record Refused(String name, String message, Build build) implements Sample {
    }
}
