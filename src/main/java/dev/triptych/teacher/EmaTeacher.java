package dev.triptych.teacher;

import dev.triptych.program.Program;
import dev.triptych.program.State;
import dev.triptych.program.Tensor;

/// An exponential moving average of parameters (STELLAR specification section 4.7): teacher = m teacher + (1 - m)
/// student, at the start of each training step. The momentum m is the input `momentum`.
public final class EmaTeacher {
    private EmaTeacher() {
    }

    /// Appends the update of every parameter that a component has asked the teacher's average of.
    public static void update(Program p) {
        State state = p.state();
        p.section("EMA teacher (STELLAR section 4.7)");
        Tensor momentum = p.input("momentum", 1);
        p.emaUpdate(state.teachers().keySet().stream().map(state::parameter).toList(), momentum);
    }
}
