package dev.triptych.train;

/// Is told how far a training is.
public interface ProgressListener {
    /// The state after a step that is logged.
    void update(Progress.Status status);

    /// Something worth knowing, such as a warning.
    void message(String text);
}
