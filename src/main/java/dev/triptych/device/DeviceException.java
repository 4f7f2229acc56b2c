package dev.triptych.device;

/// A device cannot do what is asked of it: a kernel does not compile there, its memory is too small, it is not there.
/// The message names what failed and the remedy.
public final class DeviceException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /// @param message what failed, and the remedy
    public DeviceException(String message) {
        super(message);
    }

    /// @param message what failed, and the remedy
    /// @param cause what the device's driver said
    public DeviceException(String message, Throwable cause) {
        super(message, cause);
    }
}
