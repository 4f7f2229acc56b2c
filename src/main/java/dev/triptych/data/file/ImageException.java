package dev.triptych.data.file;

/// An image file or image set that cannot be used: names the file or folder, the reason and the remedy.
public final class ImageException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Refusal refusal;
    private final String reason;

    /// An image set that cannot be used.
    ///
    /// @param file what was read
    /// @param reason value found and value expected
    /// @param remedy what the user can do
    public ImageException(Object file, String reason, String remedy) {
        this(Refusal.UNUSABLE_SET, file, reason, remedy, null);
    }

    /// A file that is not decoded.
    ///
    /// @param refusal why, by name
    /// @param cause the exception that revealed the fault; may be null
    public ImageException(Refusal refusal, Object file, String reason, String remedy, Throwable cause) {
        super(file + ": " + reason + ". " + remedy, cause);
        this.refusal = refusal;
        this.reason = reason;
    }

    /// Why, by name.
    public Refusal refusal() {
        return refusal;
    }

    /// Value found and value expected, without file and remedy.
    public String reason() {
        return reason;
    }
}
