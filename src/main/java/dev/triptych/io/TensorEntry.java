package dev.triptych.io;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.function.Supplier;

/// One tensor to be written: name, row-major numbers and shape (`{}` is a scalar). The array is not copied; it may be a
/// part of a longer one (an arena) that begins at an offset.
public final class TensorEntry {
    private static final ValueLayout.OfFloat F32 = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfDouble F64 = ValueLayout.JAVA_DOUBLE_UNALIGNED
            .withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt I32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong I64 = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final String name;
    private final int[] shape;
    private final Dtype dtype;
    private final Object array;
    private final int offset;
    private final int count;

    private TensorEntry(String name, int[] shape, Dtype dtype, Object array, int length, int offset) {
        this.name = name;
        this.shape = shape.clone();
        this.dtype = dtype;
        this.array = array;
        this.offset = offset;
        long product = 1;
        for (int size : shape) {
            if (size < 0) {
                throw new IllegalArgumentException("tensor " + name + " has a size of " + size
                        + " in its shape, expected 0 or more");
            }
            product = Math.multiplyExact(product, size);
        }
        if (offset < 0 || product > (long) length - offset) {
            throw new IllegalArgumentException("tensor " + name + " of " + product + " numbers does not fit into "
                    + length + " numbers from offset " + offset + ": give a shape that matches the array");
        }
        this.count = (int) product;
    }

    /// F32; the array holds exactly the tensor.
    public static TensorEntry of(String name, int[] shape, float[] values) {
        return new TensorEntry(name, shape, Dtype.F32, values, values.length, 0).exactly(values.length);
    }

    /// F32, from `offset` of a longer array.
    public static TensorEntry of(String name, int[] shape, float[] values, int offset) {
        return new TensorEntry(name, shape, Dtype.F32, values, values.length, offset);
    }

    /// F32, from an array that is asked for when it is written and then forgotten: a file may be larger than the
    /// memory.
    ///
    /// @param values gives exactly the tensor's numbers, the same each time
    public static TensorEntry later(String name, int[] shape, Supplier<float[]> values) {
        return new TensorEntry(name, shape, Dtype.F32, values, Integer.MAX_VALUE, 0);
    }

    /// F64; the array holds exactly the tensor.
    public static TensorEntry of(String name, int[] shape, double[] values) {
        return new TensorEntry(name, shape, Dtype.F64, values, values.length, 0).exactly(values.length);
    }

    /// F64, from `offset` of a longer array.
    public static TensorEntry of(String name, int[] shape, double[] values, int offset) {
        return new TensorEntry(name, shape, Dtype.F64, values, values.length, offset);
    }

    /// I32; the array holds exactly the tensor.
    public static TensorEntry of(String name, int[] shape, int[] values) {
        return new TensorEntry(name, shape, Dtype.I32, values, values.length, 0).exactly(values.length);
    }

    /// I32, from `offset` of a longer array.
    public static TensorEntry of(String name, int[] shape, int[] values, int offset) {
        return new TensorEntry(name, shape, Dtype.I32, values, values.length, offset);
    }

    /// I64; the array holds exactly the tensor.
    public static TensorEntry of(String name, int[] shape, long[] values) {
        return new TensorEntry(name, shape, Dtype.I64, values, values.length, 0).exactly(values.length);
    }

    /// U8; bytes are unsigned.
    public static TensorEntry of(String name, int[] shape, byte[] values) {
        return new TensorEntry(name, shape, Dtype.U8, values, values.length, 0).exactly(values.length);
    }

    /// BOOL.
    public static TensorEntry of(String name, int[] shape, boolean[] values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (values[i] ? 1 : 0);
        }
        return new TensorEntry(name, shape, Dtype.BOOL, bytes, bytes.length, 0).exactly(bytes.length);
    }

    private TensorEntry exactly(int length) {
        if (count != length) {
            throw new IllegalArgumentException("tensor " + name + " has " + length + " numbers, its shape " + count
                    + ": give a shape that matches the array");
        }
        return this;
    }

    /// The same with its numbers at hand.
    TensorEntry loaded() {
        return array instanceof Supplier<?> supplier ? of(name, shape, (float[]) supplier.get()) : this;
    }

    /// Name of the tensor.
    public String name() {
        return name;
    }

    /// Sizes, outermost first.
    public int[] shape() {
        return shape.clone();
    }

    /// Number format.
    public Dtype dtype() {
        return dtype;
    }

    /// Bytes of the data.
    long byteSize() {
        return (long) count * dtype.bytes();
    }

    /// How many numbers.
    int count() {
        return count;
    }

    /// Copies numbers `from` .. `from + n - 1` to the start of `target`, little-endian.
    void copyTo(MemorySegment target, int from, int n) {
        switch (array) {
            case float[] x -> MemorySegment.copy(x, offset + from, target, F32, 0, n);
            case double[] x -> MemorySegment.copy(x, offset + from, target, F64, 0, n);
            case int[] x -> MemorySegment.copy(x, offset + from, target, I32, 0, n);
            case long[] x -> MemorySegment.copy(x, offset + from, target, I64, 0, n);
            case byte[] x -> MemorySegment.copy(x, offset + from, target, ValueLayout.JAVA_BYTE, 0, n);
            default -> throw new AssertionError(array.getClass());
        }
    }
}
