package dev.triptych.io;

/// Number formats of safetensors that are read and written, all little-endian.
public enum Dtype {
    /// IEEE double.
    F64(8),
    /// IEEE single.
    F32(4),
    /// Signed 64 bits.
    I64(8),
    /// Signed 32 bits.
    I32(4),
    /// Unsigned byte, 0 to 255.
    U8(1),
    /// One byte, 0 or 1.
    BOOL(1);

    private final int bytes;

    Dtype(int bytes) {
        this.bytes = bytes;
    }

    /// Bytes of one number.
    public int bytes() {
        return bytes;
    }
}
