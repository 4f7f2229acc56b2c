package dev.triptych.data.file;

/// Samples of any depth as 8 bits, one rule for all formats:
///
/// * whole bytes (8, 16, 24, 32 bits) keep their high byte, as libpng and Pillow cut 16 bits;
/// * any other largest value m (fewer bits, odd depths, a PNM's maxval) becomes v 255 / m, rounded, halves upwards;
/// * floats of 0 .. 1 become v 255, rounded, halves upwards.
final class EightBits {
    private EightBits() {
    }

    /// The 8 bits of a sample.
    ///
    /// @param value 0 .. max
    /// @param max 1 .. 2^32 - 1
    static int of(long value, long max) {
        int bits = Long.SIZE - Long.numberOfLeadingZeros(max);
        boolean wholeBytes = bits % 8 == 0 && max == (1L << bits) - 1;
        return (int) (wholeBytes ? value >> bits - 8 : (2 * value * 255 + max) / (2 * max));
    }

    /// The 8 bits of a float.
    ///
    /// @throws Unsupported where it is not in 0 .. 1
    static int of(double value) throws Unsupported {
        if (!(value >= 0 && value <= 1)) {
            throw new Unsupported(
                    "one of its floating-point samples is " + value + "; only samples of 0 to 1 are read");
        }
        return (int) (value * 255 + 0.5);
    }
}
