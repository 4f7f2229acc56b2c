package dev.triptych.embed;

import dev.triptych.method.EncodedValue;
import java.nio.ByteBuffer;
import java.util.Arrays;

/// One value of a row: how the numbers of a picture become bytes of a file.
///
/// @param value of an evaluation
/// @param shape of one picture: (d) for a vector, (rows, d) for a matrix; (bytes) of packed bits
/// @param numbers of a picture in the program's tensor
record RowValue(EncodedValue value, int[] shape, int numbers) {
    static RowValue of(EncodedValue value, int batch) {
        int[] shape = value.tensor().shape();
        int rows = value.tensor().rows() / batch;
        int columns = value.tensor().columns();
        if (value.bits()) {
            return new RowValue(value, new int[]{(rows * columns + Byte.SIZE - 1) / Byte.SIZE}, rows * columns);
        }
        return new RowValue(value, rows == 1 && shape.length < 3 ? new int[]{columns} : new int[]{rows, columns},
                rows * columns);
    }

    String name() {
        return value.name();
    }

    /// Bytes of a picture in a file: floats, or bits, the first in a byte's highest place as in numpy's packbits.
    int bytes() {
        return Arrays.stream(shape).reduce(1, Math::multiplyExact) * (value.bits() ? 1 : Float.BYTES);
    }

    /// Appends a picture's numbers.
    void put(float[] all, int at, int count, ByteBuffer to) {
        if (!value.bits()) {
            for (int i = 0; i < count; i++) {
                to.putFloat(all[at + i]);
            }
            return;
        }
        for (int i = 0; i < count; i += Byte.SIZE) {
            int packed = 0;
            for (int b = 0; b < Byte.SIZE && i + b < count; b++) {
                packed |= all[at + i + b] > 0 ? 1 << Byte.SIZE - 1 - b : 0;
            }
            to.put((byte) packed);
        }
    }
}
