package dev.triptych.io;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/// An open safetensors file. Data stay on disk (memory-mapped) until a tensor is asked for; each call copies.
///
/// Conversions between number formats are exact or rounded as a Java cast does, except that integers are only taken
/// from floating point where they are whole. Every F16 and BF16 number is a float, subnormal ones and infinities
/// included; a NaN stays one.
public final class SafetensorsFile {
    private static final ValueLayout.OfFloat F32 = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfDouble F64 = ValueLayout.JAVA_DOUBLE_UNALIGNED
            .withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt I32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong I64 = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private static final ValueLayout.OfShort B16 = ValueLayout.JAVA_SHORT_UNALIGNED
            .withOrder(ByteOrder.LITTLE_ENDIAN);

    private final Path file;
    private final SafetensorsHeader header;
    private final MemorySegment data;

    SafetensorsFile(Path file, SafetensorsHeader header, MemorySegment data) {
        this.file = file;
        this.header = header;
        this.data = data;
    }

    /// The file that was opened.
    public Path path() {
        return file;
    }

    /// Names of the tensors, in the order of the header.
    public Set<String> names() {
        return header.slots().keySet();
    }

    /// Whether there is a tensor of this name.
    public boolean has(String name) {
        return header.slots().containsKey(name);
    }

    /// The string pairs of `__metadata__`; empty where there are none.
    public Map<String, String> metadata() {
        return header.metadata();
    }

    /// Sizes, outermost first; empty for a scalar.
    public int[] shape(String name) {
        return slot(name).shape().clone();
    }

    /// Number format in the file.
    public Dtype dtype(String name) {
        return slot(name).dtype();
    }

    /// The numbers as float; BOOL gives 0 and 1.
    public float[] floats(String name) {
        var slot = slot(name);
        var part = part(slot);
        float[] out = new float[length(name, slot)];
        switch (slot.dtype()) {
            case F32 -> MemorySegment.copy(part, F32, 0, out, 0, out.length);
            case F64 -> fill(out.length, i -> out[i] = (float) part.getAtIndex(F64, i));
            case F16, BF16 -> fill(out.length, i -> out[i] = widened(slot.dtype(), part.getAtIndex(B16, i)));
            case I64 -> fill(out.length, i -> out[i] = part.getAtIndex(I64, i));
            case I32 -> fill(out.length, i -> out[i] = part.getAtIndex(I32, i));
            case U8, BOOL -> fill(out.length, i -> out[i] = unsigned(name, slot, part, i));
        }
        return out;
    }

    /// The numbers as double; BOOL gives 0 and 1.
    public double[] doubles(String name) {
        var slot = slot(name);
        var part = part(slot);
        double[] out = new double[length(name, slot)];
        switch (slot.dtype()) {
            case F64 -> MemorySegment.copy(part, F64, 0, out, 0, out.length);
            case F32 -> fill(out.length, i -> out[i] = part.getAtIndex(F32, i));
            case F16, BF16 -> fill(out.length, i -> out[i] = widened(slot.dtype(), part.getAtIndex(B16, i)));
            case I64 -> fill(out.length, i -> out[i] = part.getAtIndex(I64, i));
            case I32 -> fill(out.length, i -> out[i] = part.getAtIndex(I32, i));
            case U8, BOOL -> fill(out.length, i -> out[i] = unsigned(name, slot, part, i));
        }
        return out;
    }

    /// The numbers as long.
    ///
    /// @throws FormatException where a floating-point number is not whole
    public long[] longs(String name) {
        var slot = slot(name);
        var part = part(slot);
        long[] out = new long[length(name, slot)];
        switch (slot.dtype()) {
            case I64 -> MemorySegment.copy(part, I64, 0, out, 0, out.length);
            case I32 -> fill(out.length, i -> out[i] = part.getAtIndex(I32, i));
            case U8, BOOL -> fill(out.length, i -> out[i] = unsigned(name, slot, part, i));
            case F64 -> fill(out.length, i -> out[i] = whole(name, part.getAtIndex(F64, i), i));
            case F32 -> fill(out.length, i -> out[i] = whole(name, part.getAtIndex(F32, i), i));
            case F16, BF16 -> fill(out.length,
                    i -> out[i] = whole(name, widened(slot.dtype(), part.getAtIndex(B16, i)), i));
        }
        return out;
    }

    /// The numbers as int.
    ///
    /// @throws FormatException where a number is not whole or not an int
    public int[] ints(String name) {
        long[] wide = longs(name);
        int[] out = new int[wide.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = (int) wide[i];
            if (out[i] != wide[i]) {
                throw new FormatException(file, "tensor '" + name + "'", "number " + i + " is " + wide[i]
                        + ", expected a 32-bit integer", "Read it with longs()");
            }
        }
        return out;
    }

    /// The numbers of a tensor of U8, as they lie.
    ///
    /// @throws FormatException where it is one of other numbers
    public byte[] bytes(String name) {
        var slot = slot(name);
        if (slot.dtype() != Dtype.U8) {
            throw new FormatException(file, "tensor '" + name + "'", "its numbers are " + slot.dtype()
                    + ", expected U8", "Check that the file is what is meant");
        }
        byte[] out = new byte[length(name, slot)];
        MemorySegment.copy(part(slot), ValueLayout.JAVA_BYTE, 0, out, 0, out.length);
        return out;
    }

    private interface Put {
        void at(int i);
    }

    private static void fill(int n, Put put) {
        for (int i = 0; i < n; i++) {
            put.at(i);
        }
    }

    private static float widened(Dtype dtype, short bits) {
        return dtype == Dtype.F16 ? Float.float16ToFloat(bits) : Float.intBitsToFloat(bits << 16);
    }

    private int unsigned(String name, SafetensorsHeader.Slot slot, MemorySegment part, int i) {
        int value = part.get(ValueLayout.JAVA_BYTE, i) & 0xFF;
        if (slot.dtype() == Dtype.BOOL && value > 1) {
            throw new FormatException(file, "tensor '" + name + "'", "BOOL number " + i + " is " + value
                    + ", expected 0 or 1", "The file is damaged: write it again");
        }
        return value;
    }

    private long whole(String name, double value, int i) {
        long whole = (long) value;
        if (whole != value) {
            throw new FormatException(file, "tensor '" + name + "'", "number " + i + " is " + value
                    + ", expected a whole number", "Read it with doubles()");
        }
        return whole;
    }

    private SafetensorsHeader.Slot slot(String name) {
        var slot = header.slots().get(name);
        if (slot == null) {
            throw new FormatException(file, "tensor '" + name + "'", "there is none of this name among "
                    + header.slots().size(), "Check that the file belongs to this model");
        }
        return slot;
    }

    private MemorySegment part(SafetensorsHeader.Slot slot) {
        return data.asSlice(slot.begin(), slot.end() - slot.begin());
    }

    private int length(String name, SafetensorsHeader.Slot slot) {
        if (slot.count() > Integer.MAX_VALUE - 8) {
            throw new FormatException(file, "tensor '" + name + "'", "it has " + slot.count()
                    + " numbers, a Java array at most " + (Integer.MAX_VALUE - 8), "Split the tensor");
        }
        return (int) slot.count();
    }
}
