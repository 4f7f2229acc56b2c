package dev.triptych.teacher;

import dev.triptych.program.Program;
import dev.triptych.program.State;
import dev.triptych.program.Tensor;

/// An exponential moving average of parameters: teacher = m teacher + (1 - m) student, before a training step (STELLAR
/// specification section 4.7) or after it (BITS section 5). The momentum m is the input `momentum`.
public final class EmaTeacher {
    private EmaTeacher() {
    }

    /// Appends the update of every parameter that a component has asked the teacher's average of.
    ///
    /// @param source where the specification describes it, for the section of the program
    /// @return the input `momentum` (1)
    public static Tensor update(Program p, String source) {
        State state = p.state();
        Tensor momentum = p.input("momentum", 1);
        try (var _ = p.section("EMA teacher (" + source + ")")) {
            p.emaUpdate(state.teachers().keySet().stream().map(state::parameter).toList(), momentum);
        }
        return momentum;
    }
}
