package dev.triptych.data.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/// The first directory of a TIFF file, read strictly: every value that is asked for lies in the file and has a type
/// that fits, no tag comes twice.
final class TiffDirectory {
    private static final int ENTRY = 12;
    private static final int BYTE = 1;
    private static final int SHORT = 3;
    private static final int LONG = 4;
    private static final int RATIONAL = 5;
    private static final int UNDEFINED = 7;
    private static final int SIGNED_RATIONAL = 10;
    private static final int FLOAT = 11;
    private static final int DOUBLE = 12;
    private static final int IFD = 13;
    /// Bytes of a value by its type.
    private static final int[] SIZES = {0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4};

    private final ByteBuffer in;
    /// Place of the entry by the number of its tag.
    private final Map<Integer, Integer> entries = new HashMap<>();

    /// @throws IOException where the header or the directory is damaged
    TiffDirectory(byte[] data) throws IOException {
        in = ByteBuffer.wrap(data).order(data[0] == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        require(data.length >= 8, "it has " + data.length + " bytes, a TIFF at least 8");
        long start = Integer.toUnsignedLong(in.getInt(4));
        require(start >= 8 && start + 2 <= data.length, "its directory begins at byte " + start + " of " + data.length);
        int count = in.getChar((int) start);
        require(start + 2 + (long) count * ENTRY <= data.length, "its directory of " + count + " entries at byte "
                + start + " does not fit into its " + data.length + " bytes");
        for (int i = 0; i < count; i++) {
            int at = (int) start + 2 + i * ENTRY;
            int tag = in.getChar(at);
            require(entries.put(tag, at) == null, "its directory has tag " + tag + " twice");
        }
    }

    ByteOrder order() {
        return in.order();
    }

    boolean has(TiffTag tag) {
        return entries.containsKey(tag.number());
    }

    /// How many values a tag has; 0 where it is absent.
    long count(TiffTag tag) {
        Integer at = entries.get(tag.number());
        return at == null ? 0 : Integer.toUnsignedLong(in.getInt(at + 4));
    }

    /// The only value of a tag, or a default where the tag is absent.
    long integer(TiffTag tag, long otherwise) throws IOException {
        if (!has(tag)) {
            return otherwise;
        }
        require(count(tag) == 1, tag + " has " + count(tag) + " values, expected one");
        return integers(tag)[0];
    }

    /// The only value of a tag that must be there.
    long integer(TiffTag tag) throws IOException {
        require(has(tag), tag + " is missing");
        return integer(tag, 0);
    }

    /// A value for each of `n`: a tag may give one for all.
    long[] each(TiffTag tag, int n, long otherwise) throws IOException {
        long[] values = has(tag) ? integers(tag) : new long[]{otherwise};
        if (values.length == 1) {
            long[] all = new long[n];
            Arrays.fill(all, values[0]);
            return all;
        }
        require(values.length == n, tag + " has " + values.length + " values for " + n + " samples a pixel");
        return values;
    }

    /// All values of a tag; none where it is absent.
    long[] integers(TiffTag tag) throws IOException {
        int type = type(tag);
        int at = place(tag);
        long[] values = new long[(int) count(tag)];
        for (int i = 0; i < values.length; i++) {
            values[i] = switch (type) {
                case BYTE -> in.get(at + i) & 0xFF;
                case SHORT -> in.getChar(at + 2 * i);
                case LONG, IFD -> Integer.toUnsignedLong(in.getInt(at + 4 * i));
                default -> throw new IOException(tag + " has values of type " + type + ", expected whole numbers");
            };
        }
        return values;
    }

    /// All values of a tag, fractions too; none where it is absent.
    double[] numbers(TiffTag tag) throws IOException {
        int type = type(tag);
        int at = place(tag);
        if (type < RATIONAL || type == UNDEFINED || type == IFD) {
            return Arrays.stream(integers(tag)).asDoubleStream().toArray();
        }
        double[] values = new double[(int) count(tag)];
        for (int i = 0; i < values.length; i++) {
            values[i] = switch (type) {
                case RATIONAL -> (double) Integer.toUnsignedLong(in.getInt(at + 8 * i))
                        / Integer.toUnsignedLong(in.getInt(at + 8 * i + 4));
                case SIGNED_RATIONAL -> (double) in.getInt(at + 8 * i) / in.getInt(at + 8 * i + 4);
                case FLOAT -> in.getFloat(at + 4 * i);
                case DOUBLE -> in.getDouble(at + 8 * i);
                default -> throw new IOException(tag + " has values of type " + type + ", expected numbers");
            };
        }
        return values;
    }

    /// The bytes of a tag; none where it is absent.
    byte[] bytes(TiffTag tag) throws IOException {
        int type = type(tag);
        require(type == 0 || type == BYTE || type == UNDEFINED, tag + " has values of type " + type
                + ", expected bytes");
        byte[] bytes = new byte[(int) count(tag)];
        in.get(place(tag), bytes);
        return bytes;
    }

    /// Bytes of the file, which the file must have.
    byte[] bytes(long from, long count, String what) throws IOException {
        require(from + count <= in.capacity(), what + " takes bytes " + from + " to " + (from + count) + " of "
                + in.capacity() + ": it is truncated");
        byte[] bytes = new byte[(int) count];
        in.get((int) from, bytes);
        return bytes;
    }

    /// 0 where the tag is absent.
    private int type(TiffTag tag) {
        Integer at = entries.get(tag.number());
        return at == null ? 0 : in.getChar(at + 2);
    }

    /// Where the values of a tag begin.
    private int place(TiffTag tag) throws IOException {
        Integer at = entries.get(tag.number());
        if (at == null) {
            return 0;
        }
        int type = type(tag);
        require(type > 0 && type < SIZES.length, tag + " has values of the unknown type " + type);
        long size = count(tag) * SIZES[type];
        long place = size <= 4 ? at + 8 : Integer.toUnsignedLong(in.getInt(at + 8));
        require(place + size <= in.capacity(), tag + " has " + count(tag) + " values at byte " + place
                + ", behind the end of its " + in.capacity() + " bytes");
        return (int) place;
    }

    private static void require(boolean holds, String problem) throws IOException {
        if (!holds) {
            throw new IOException(problem);
        }
    }
}
