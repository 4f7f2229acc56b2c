package dev.triptych.program;

import dev.triptych.random.CounterRandom;

/// Draws the initial values of a parameter.
@FunctionalInterface
public interface Initializer {
    /// Fills the values.
    void fill(float[] values, CounterRandom random);
}
