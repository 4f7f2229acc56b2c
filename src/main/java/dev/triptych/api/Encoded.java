package dev.triptych.api;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;

/// What an encoder says of one picture. Immutable; arrays are copies.
public final class Encoded {
    private final String picture;
    private final Map<String, Value> values;
    private final Map<String, ByteBuffer> rows;

    Encoded(String picture, Map<String, Value> values, Map<String, ByteBuffer> rows) {
        this.picture = picture;
        this.values = values;
        this.rows = rows;
    }

    /// The file's name.
    public String picture() {
        return picture;
    }

    /// The numbers of a value, row after row.
    ///
    /// @throws IllegalArgumentException if there is no such value, or it is bits
    public float[] numbers(String value) {
        if (find(value).bits()) {
            throw new IllegalArgumentException(
                    value + " is packed bits; expected a value of numbers. Ask bits(\"" + value
                            + "\").");
        }
        var from = rows.get(value).duplicate().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
        float[] numbers = new float[from.remaining()];
        from.get(numbers);
        return numbers;
    }

    /// Packed bits, the first in a byte's highest place, as `numpy.packbits` has them.
    ///
    /// @throws IllegalArgumentException if there is no such value, or it is numbers
    public byte[] bits(String value) {
        if (!find(value).bits()) {
            throw new IllegalArgumentException(value + " is numbers; expected a value of bits. Ask numbers(\"" + value
                    + "\").");
        }
        byte[] bits = new byte[rows.get(value).remaining()];
        rows.get(value).duplicate().get(bits);
        return bits;
    }

    private Value find(String name) {
        Value value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException("there is no value '" + name + "'; expected one of " + values.keySet()
                    + ". Name one of these.");
        }
        return value;
    }

    @Override
    public String toString() {
        return picture + " " + values.keySet();
    }
}
