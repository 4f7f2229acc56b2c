package dev.triptych.embed;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// A struct in Thrift's compact protocol, as far as Parquet's metadata need it. Fields come in rising order.
final class ThriftStruct {
    private static final int I32 = 5;
    private static final int I64 = 6;
    private static final int BINARY = 8;
    private static final int LIST = 9;
    private static final int STRUCT = 12;
    /// Longer lists have their length behind the first byte.
    private static final int SHORT = 15;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private int last;

    ThriftStruct number(int field, int value) {
        head(field, I32);
        varint(bytes, zigzag(value));
        return this;
    }

    ThriftStruct number(int field, long value) {
        head(field, I64);
        varint(bytes, zigzag(value));
        return this;
    }

    ThriftStruct text(int field, String value) {
        head(field, BINARY);
        text(bytes, value);
        return this;
    }

    ThriftStruct struct(int field, ThriftStruct value) {
        head(field, STRUCT);
        bytes.writeBytes(value.end());
        return this;
    }

    ThriftStruct numbers(int field, List<Integer> values) {
        list(field, I32, values.size());
        values.forEach(value -> varint(bytes, zigzag(value)));
        return this;
    }

    ThriftStruct texts(int field, List<String> values) {
        list(field, BINARY, values.size());
        values.forEach(value -> text(bytes, value));
        return this;
    }

    ThriftStruct structs(int field, List<ThriftStruct> values) {
        list(field, STRUCT, values.size());
        values.forEach(value -> bytes.writeBytes(value.end()));
        return this;
    }

    /// The whole struct; nothing is added to it any more.
    byte[] end() {
        bytes.write(0);
        return bytes.toByteArray();
    }

    private void head(int field, int type) {
        bytes.write(field - last << 4 | type);
        last = field;
    }

    private void list(int field, int type, int size) {
        head(field, LIST);
        if (size < SHORT) {
            bytes.write(size << 4 | type);
        } else {
            bytes.write(SHORT << 4 | type);
            varint(bytes, size);
        }
    }

    private static void text(ByteArrayOutputStream to, String value) {
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        varint(to, utf8.length);
        to.writeBytes(utf8);
    }

    private static long zigzag(long value) {
        return value << 1 ^ value >> Long.SIZE - 1;
    }

    /// Seven bits a byte, the lowest first; all but the last byte have the highest bit set.
    static void varint(ByteArrayOutputStream to, long value) {
        long rest = value;
        for (; (rest & ~0x7FL) != 0; rest = rest >> 7 & 0x1FFFFFFFFFFFFFFL) {
            to.write((int) (rest & 0x7F | 0x80));
        }
        to.write((int) rest);
    }
}
