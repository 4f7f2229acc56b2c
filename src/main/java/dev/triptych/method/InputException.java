package dev.triptych.method;

/// Input of a command that does not fit: the message names the thing, the value found, the value expected and the
/// remedy.
public final class InputException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /// @param message complete
    public InputException(String message) {
        super(message);
    }

    /// @param message complete
    /// @param cause what it was found by
    public InputException(String message, Throwable cause) {
        super(message, cause);
    }
}
