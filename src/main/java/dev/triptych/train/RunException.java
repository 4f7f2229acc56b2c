package dev.triptych.train;

/// A run folder that cannot be used as asked. The message names the folder or file, what was found, what was expected,
/// and the remedy.
public final class RunException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    /// @param message the complete message
    public RunException(String message) {
        super(message);
    }
}
