package dev.triptych.data.set;

import dev.triptych.io.FormatException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/// Layout of a packed set, all numbers little-endian unless noted:
///
/// | offset | content |
/// |---|---|
/// | 0 | magic `TRIPTYCH` |
/// | 8 | version (int), side (int), slots (int), flags (int, bit 0 = masks) |
/// | 24 | offset of the table (long), length of the table (int), its CRC-32C (int) |
/// | 40 | version of the decoder that made the pixels (int, 0 for none), 20 zero bytes |
/// | 64 | `slots` records: 3 * side * side pixel bytes, then side * side mask bytes where there are masks |
/// | table | (big-endian `DataOutput`) images; slot and label of each; classes; what was left out; place, part |
///
/// Slots of skipped images stay empty.
record PackedFormat(int decoder, int side, int slots, boolean masks, int[] slot, int[] label, List<String> classes,
        List<Unread> skipped, List<String> facts) {
    static final int VERSION = 2;
    static final int HEADER = 64;
    private static final byte[] MAGIC = "TRIPTYCH".getBytes(StandardCharsets.US_ASCII);
    private static final String REMEDY = "Delete it: it is packed again from the images";
    /// `writeUTF` takes 65,535 bytes, a character has at most three.
    private static final int LONGEST = 20_000;

    /// Bytes of one record.
    int record() {
        return (masks ? 4 : 3) * side * side;
    }

    /// Place of a record in the file.
    long offset(int slotNumber) {
        return HEADER + (long) slotNumber * record();
    }

    /// Writes table and header; the records are there already.
    void write(FileChannel channel) throws IOException {
        byte[] table = table();
        var header = ByteBuffer.allocate(HEADER).order(ByteOrder.LITTLE_ENDIAN).put(MAGIC).putInt(VERSION).putInt(side)
                .putInt(slots).putInt(masks ? 1 : 0).putLong(offset(slots)).putInt(table.length).putInt(crc(table))
                .putInt(decoder)
                .rewind();
        put(channel, ByteBuffer.wrap(table), offset(slots));
        put(channel, header, 0);
    }

    static void put(FileChannel channel, ByteBuffer bytes, long at) throws IOException {
        long place = at;
        while (bytes.hasRemaining()) {
            place += channel.write(bytes, place);
        }
    }

    private byte[] table() throws IOException {
        var bytes = new ByteArrayOutputStream();
        var out = new DataOutputStream(bytes);
        out.writeInt(slot.length);
        for (int i = 0; i < slot.length; i++) {
            out.writeInt(slot[i]);
            out.writeInt(label[i]);
        }
        var left = skipped.stream().flatMap(unread -> Stream.of(unread.where(), unread.kind(), unread.reason()))
                .toList();
        for (List<String> texts : List.of(classes, left, facts)) {
            out.writeInt(texts.size());
            for (String text : texts) {
                out.writeUTF(text.length() > LONGEST ? text.substring(0, LONGEST) : text);
            }
        }
        return bytes.toByteArray();
    }

    /// Reads and checks header and table.
    ///
    /// @throws FormatException where the file is of another kind, truncated or damaged
    static PackedFormat read(Path file, FileChannel channel) throws IOException {
        long size = channel.size();
        var header = get(file, channel, 0, HEADER, size);
        byte[] magic = new byte[MAGIC.length];
        header.get(magic);
        int version = header.getInt();
        if (!Arrays.equals(magic, MAGIC) || version != VERSION) {
            throw new FormatException(file, "offset 0", "it is not a packed set of version " + VERSION, REMEDY);
        }
        int side = header.getInt();
        int slots = header.getInt();
        boolean masks = (header.getInt() & 1) == 1;
        long tableAt = header.getLong();
        int length = header.getInt();
        int crc = header.getInt();
        int decoder = header.getInt();
        var empty = new PackedFormat(decoder, side, slots, masks, new int[0], new int[0], List.of(), List.of(),
                List.of());
        if (side < 1 || side > 16384 || slots < 0 || length < 0 || empty.offset(slots) != tableAt
                || tableAt + length != size) {
            throw new FormatException(file, "header", "side " + side + ", " + slots + " records and a table of "
                    + length + " bytes do not add up to the file's " + size + " bytes", REMEDY);
        }
        byte[] table = get(file, channel, tableAt, length, size).array();
        if (crc(table) != crc) {
            throw new FormatException(file, "offset " + tableAt, "the check sum of its table is wrong", REMEDY);
        }
        return parse(table, empty);
    }

    private static PackedFormat parse(byte[] table, PackedFormat empty) throws IOException {
        var in = new DataInputStream(new ByteArrayInputStream(table));
        int images = in.readInt();
        int[] slot = new int[images];
        int[] label = new int[images];
        for (int i = 0; i < images; i++) {
            slot[i] = in.readInt();
            label[i] = in.readInt();
        }
        List<List<String>> texts = new ArrayList<>();
        for (int list = 0; list < 3; list++) {
            List<String> lines = new ArrayList<>();
            for (int n = in.readInt(); n > 0; n--) {
                lines.add(in.readUTF());
            }
            texts.add(List.copyOf(lines));
        }
        var skipped = new ArrayList<Unread>();
        for (int i = 0; i < texts.get(1).size(); i += 3) {
            skipped.add(new Unread(texts.get(1).get(i), texts.get(1).get(i + 1), texts.get(1).get(i + 2)));
        }
        return new PackedFormat(empty.decoder, empty.side, empty.slots, empty.masks, slot, label, texts.get(0),
                List.copyOf(skipped), texts.get(2));
    }

    private static ByteBuffer get(Path file, FileChannel channel, long at, int length, long size) throws IOException {
        var buffer = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, at + buffer.position()) < 0) {
                throw new FormatException(file, "end of file", "it ends at byte " + size + ", expected "
                        + (at + length) + " or more", REMEDY);
            }
        }
        return buffer.flip();
    }

    private static int crc(byte[] bytes) {
        var crc = new CRC32C();
        crc.update(bytes, 0, bytes.length);
        return (int) crc.getValue();
    }
}
