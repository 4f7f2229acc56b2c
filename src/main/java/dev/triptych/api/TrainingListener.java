package dev.triptych.api;

import java.util.Map;

/// Is told how far a training is. Called by the thread that trains.
@FunctionalInterface
public interface TrainingListener {
    /// The state after a step that the recipe logs.
    ///
    /// @param stage its name
    /// @param step steps done
    /// @param steps of the whole training
    /// @param losses terms by name, the total first
    record Step(String stage, long step, long steps, Map<String, Double> losses) {
    }

    /// A step is done.
    ///
    /// @return whether to go on; false ends the training with a checkpoint
    boolean step(Step step);

    /// Something worth knowing, such as a warning.
    default void remark(String text) {
    }
}
