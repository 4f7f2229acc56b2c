package dev.triptych.export;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/// A message of Protocol Buffers, field by field, in the wire format (protobuf.dev, "Encoding"): a key of field number
/// and wire type, then a varint, four bytes, or a length and bytes. Repeated fields are written again and again.
final class ProtocolMessage {
    private static final int VARINT = 0;
    private static final int BYTES = 2;
    private static final int FOUR_BYTES = 5;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    /// A whole number or an enum's.
    ProtocolMessage whole(int field, long value) {
        key(field, VARINT);
        varint(value);
        return this;
    }

    /// A float.
    ProtocolMessage real(int field, float value) {
        key(field, FOUR_BYTES);
        int bits = Float.floatToIntBits(value);
        for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
            out.write(bits >> shift);
        }
        return this;
    }

    /// Text, in UTF-8.
    ProtocolMessage text(int field, String value) {
        return bytes(field, value.getBytes(StandardCharsets.UTF_8));
    }

    /// A message in this one.
    ProtocolMessage message(int field, ProtocolMessage value) {
        key(field, BYTES);
        varint(value.out.size());
        out.writeBytes(value.toBytes());
        return this;
    }

    /// Bytes as they are.
    ProtocolMessage bytes(int field, byte[] value) {
        key(field, BYTES);
        varint(value.length);
        out.writeBytes(value);
        return this;
    }

    byte[] toBytes() {
        return out.toByteArray();
    }

    private void key(int field, int wireType) {
        varint((long) field << 3 | wireType);
    }

    /// Seven bits a byte, the lowest first; the highest bit says that more follow.
    private void varint(long value) {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            out.write((int) (rest & 0x7F | 0x80));
            rest >>>= 7;
        }
        out.write((int) rest);
    }
}
