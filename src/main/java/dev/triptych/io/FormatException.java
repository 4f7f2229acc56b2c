package dev.triptych.io;

import java.nio.file.Path;

/// A file that is not what its format demands: says which file, where in it, what was found and expected, and the
/// remedy.
public final class FormatException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /// @param file what was read
    /// @param where offset, tensor or record
    /// @param problem value found and value expected
    /// @param remedy what the user can do
    public FormatException(Path file, String where, String problem, String remedy) {
        super(message(file, where, problem, remedy));
    }

    /// As above, with the exception that revealed the fault.
    public FormatException(Path file, String where, String problem, String remedy, Throwable cause) {
        super(message(file, where, problem, remedy), cause);
    }

    private static String message(Path file, String where, String problem, String remedy) {
        return file + ": " + where + ": " + problem + ". " + remedy;
    }
}
