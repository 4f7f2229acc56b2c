package dev.triptych.cli;

/// What a user asked for and cannot have: the message names the thing, the value found, the value expected, the remedy.
final class InputException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    InputException(String message) {
        super(message);
    }

    InputException(String message, Throwable cause) {
        super(message, cause);
    }
}
