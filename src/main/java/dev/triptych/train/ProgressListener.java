package dev.triptych.train;

/// Is told how far a training is.
public interface ProgressListener {
    /// The first step is about to run.
    ///
    /// @param stage its stage
    /// @param step steps done before
    /// @param steps of the whole run
    default void begin(String stage, long step, long steps) {
    }

    /// The state after a step that is logged.
    void update(Progress.Status status);

    /// A checkpoint was written.
    default void saved() {
    }

    /// Something worth knowing, such as a warning.
    void message(String text);
}
