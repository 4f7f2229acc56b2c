package dev.triptych.data.file;

/// Conversions of planar pixels between unsigned bytes and floats in [0,1].
public final class Planar {
    private Planar() {
    }

    /// x = byte / 255.
    public static void toFloats(byte[] bytes, int from, float[] out, int at, int count) {
        for (int i = 0; i < count; i++) {
            out[at + i] = (bytes[from + i] & 0xFF) * (1 / 255f);
        }
    }

    /// Turns each of `rows` rows of `width` numbers at `x[at ..]` left to right.
    public static void mirror(float[] x, int at, int rows, int width) {
        for (int row = at; row < at + rows * width; row += width) {
            for (int i = 0; i < width / 2; i++) {
                float left = x[row + i];
                x[row + i] = x[row + width - 1 - i];
                x[row + width - 1 - i] = left;
            }
        }
    }

    /// Rounded to the nearest of 0 .. 255.
    public static byte toByte(float value) {
        return (byte) Math.min(255, Math.max(0, (int) (value * 255 + 0.5f)));
    }
}
