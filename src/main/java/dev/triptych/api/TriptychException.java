package dev.triptych.api;

/// Something that was given does not fit: a folder, a picture, a recipe, a name. The message names the thing, the value
/// found, the value expected and the remedy, in the words of the command line.
public final class TriptychException extends RuntimeException {
    private static final long serialVersionUID = 1;

    TriptychException(RuntimeException cause) {
        super(cause.getMessage(), cause);
    }
}
