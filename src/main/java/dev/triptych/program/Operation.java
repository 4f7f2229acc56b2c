package dev.triptych.program;

import java.util.List;

/// An operation being recorded: its forward launches, then its adjoint. The adjoint is given the gradient of the output
/// and says, for every input, which launches write that input's gradient.
public final class Operation {
    /// Appends the launches that carry the gradient of an operation's output to its inputs.
    @FunctionalInterface
    public interface Adjoint {
        /// @param dy the gradient of the output
        /// @param to where gradients of inputs go
        void apply(Tensor dy, Gradients.Flow to);
    }

    private final Program program;
    private final Step step;
    private final Tensor output;
    private final List<Tensor> inputs;
    private Adjoint adjoint;

    Operation(Program program, String name, Tensor output, List<Tensor> inputs) {
        this.program = program;
        this.step = new Step(name, program.section(), Origin.here());
        this.output = output;
        this.inputs = inputs;
    }

    /// Appends a forward launch.
    public Operation launch(long flops, Call call) {
        program.append(new Launch(call, step, flops));
        return this;
    }

    /// Gives the adjoint and returns the output.
    public Tensor adjoint(Adjoint rule) {
        this.adjoint = rule;
        return output;
    }

    /// Returns the output of an operation through which no gradient flows.
    public Tensor withoutAdjoint() {
        if (output.differentiable()) {
            throw new IllegalStateException(
                    "Operation " + step.operation() + " has no adjoint: stop the gradient of its inputs by name first");
        }
        return output;
    }

    /// What its forward launches belong to.
    Step step() {
        return step;
    }

    Tensor output() {
        return output;
    }

    List<Tensor> inputs() {
        return inputs;
    }

    Adjoint adjoint() {
        return adjoint;
    }
}
