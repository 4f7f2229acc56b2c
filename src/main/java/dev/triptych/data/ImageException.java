package dev.triptych.data;

/// An image file or image set that cannot be used: names the file or folder, the reason and the remedy.
public final class ImageException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /// @param file what was read
    /// @param reason value found and value expected
    /// @param remedy what the user can do
    public ImageException(Object file, String reason, String remedy) {
        this(file, reason, remedy, null);
    }

    /// As above, with the exception that revealed the fault.
    public ImageException(Object file, String reason, String remedy, Throwable cause) {
        super(file + ": " + reason + ". " + remedy, cause);
    }
}
