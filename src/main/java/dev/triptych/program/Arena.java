package dev.triptych.program;

/// The few arrays that hold everything. A bound tensor is an arena, an offset and a shape.
public enum Arena {
    /// Trainable parameters of all components.
    PARAMETERS,
    /// Their gradients, in the parameters' layout.
    GRADIENTS,
    /// Adam's first moments, in the parameters' layout.
    FIRST_MOMENTS,
    /// Adam's second moments, in the parameters' layout.
    SECOND_MOMENTS,
    /// Exponential moving averages of parameters, in the parameters' layout.
    TEACHER,
    /// State that no gradient reaches: fixed tables and running averages.
    BUFFERS,
    /// Values in between, gradients of values in between. They live for one run of one program.
    ACTIVATIONS,
    /// Float inputs, uploaded before a run: images, step values, masks.
    INPUTS,
    /// Results that leave the device after each run: losses, norms, health figures.
    OUTPUTS,
    /// Integer constants and integers computed in between.
    INTEGERS,
    /// Integer inputs, uploaded before a run: indices, labels.
    INTEGER_INPUTS;

    /// Whether the arena holds `int` rather than `float`.
    public boolean isInteger() {
        return this == INTEGERS || this == INTEGER_INPUTS;
    }

    /// Whether the arena has the layout of the parameters.
    public boolean mirrorsParameters() {
        return this == PARAMETERS || this == GRADIENTS || this == FIRST_MOMENTS || this == SECOND_MOMENTS
                || this == TEACHER;
    }
}
