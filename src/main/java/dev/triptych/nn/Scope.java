package dev.triptych.nn;

import dev.triptych.program.Initializer;
import dev.triptych.program.State;
import dev.triptych.program.Tensor;

/// Where a component registers its parameters: a state and a prefix of names. The scope of a teacher gives, for the
/// same names, the moving averages of parameters that a student registered before.
///
/// @param state that holds the parameters
/// @param prefix of all names, empty or ending in a dot
/// @param teacher whether moving averages are given
public record Scope(State state, String prefix, boolean teacher) {
    /// The scope at the root of a state.
    public static Scope of(State state) {
        return new Scope(state, "", false);
    }

    /// The scope of a part.
    public Scope in(String part) {
        return new Scope(state, prefix + part + ".", teacher);
    }

    /// The same names among the teacher's averages.
    public Scope asTeacher() {
        return new Scope(state, prefix, true);
    }

    /// A parameter, or its average.
    public Tensor parameter(String name, Initializer initializer, int... shape) {
        String full = prefix + name;
        return teacher ? state.teacher(full) : state.parameter(full, initializer, shape);
    }

    /// State without gradient; student and teacher share it.
    public Tensor buffer(String name, float[] values, int... shape) {
        String full = prefix + name;
        Tensor known = state.buffers().get(full);
        return known != null ? known : state.buffer(full, values, shape);
    }
}
