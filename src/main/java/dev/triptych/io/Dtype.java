package dev.triptych.io;

/// Number formats of safetensors, all little-endian. All are read, all but F16 and BF16 are written.
public enum Dtype {
    /// IEEE double.
    F64(8),
    /// IEEE single.
    F32(4),
    /// IEEE half: 5 bits of exponent, 10 of fraction.
    F16(2),
    /// The upper half of an IEEE single: 8 bits of exponent, 7 of fraction.
    BF16(2),
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
