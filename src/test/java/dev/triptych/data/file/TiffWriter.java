package dev.triptych.data.file;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.Deflater;

/// Writes TIFF files of any kind, right or wrong, for tests: tags as they are given, samples packed by the rules of
/// TIFF 6.0. Knows nothing of the reader.
final class TiffWriter {
    static final int NONE = 1;
    static final int LZW = 5;
    static final int DEFLATE = 8;
    static final int OLD_DEFLATE = 32946;
    static final int PACK_BITS = 32773;
    private static final int BYTES = 7;
    private static final int SHORT = 3;
    private static final int LONG = 4;
    private static final int RATIONAL = 5;

    /// The values of a tag as they stand in the file.
    private record Value(int type, int count, byte[] bytes) {
    }

    private final ByteOrder order;
    private final Map<Integer, Value> tags = new TreeMap<>();

    TiffWriter(ByteOrder order) {
        this.order = order;
    }

    TiffWriter shorts(int tag, long... values) {
        var out = ByteBuffer.allocate(2 * values.length).order(order);
        for (long value : values) {
            out.putShort((short) value);
        }
        return put(tag, SHORT, values.length, out);
    }

    TiffWriter longs(int tag, long... values) {
        var out = ByteBuffer.allocate(4 * values.length).order(order);
        for (long value : values) {
            out.putInt((int) value);
        }
        return put(tag, LONG, values.length, out);
    }

    /// Each value as so many thousandths.
    TiffWriter rationals(int tag, double... values) {
        var out = ByteBuffer.allocate(8 * values.length).order(order);
        for (double value : values) {
            out.putInt((int) Math.round(value * 1000)).putInt(1000);
        }
        return put(tag, RATIONAL, values.length, out);
    }

    TiffWriter bytes(int tag, byte[] values) {
        return put(tag, BYTES, values.length, ByteBuffer.wrap(values));
    }

    TiffWriter without(int tag) {
        tags.remove(tag);
        return this;
    }

    private TiffWriter put(int tag, int type, int count, ByteBuffer values) {
        tags.put(tag, new Value(type, count, values.array()));
        return this;
    }

    /// The file: header, strips or tiles, directory, longer values. Where the strips lie is written unless the tags say
    /// it.
    byte[] file(boolean tiles, byte[]... blocks) {
        var out = new ByteArrayOutputStream();
        out.writeBytes(new byte[8]);
        long[] offsets = new long[blocks.length];
        long[] counts = new long[blocks.length];
        for (int i = 0; i < blocks.length; i++) {
            offsets[i] = out.size();
            counts[i] = blocks[i].length;
            out.writeBytes(blocks[i]);
        }
        var all = new TiffWriter(order).longs(tiles ? 324 : 273, offsets).longs(tiles ? 325 : 279, counts).tags;
        if (tags.containsKey(tiles ? 324 : 273)) {
            all.clear();
        }
        all.putAll(tags);
        int directory = out.size() + out.size() % 2;
        out.writeBytes(new byte[directory - out.size()]);
        int next = directory + 2 + 12 * all.size() + 4;
        var entries = ByteBuffer.allocate(next - directory).order(order);
        var longer = new ByteArrayOutputStream();
        entries.putShort((short) all.size());
        all.forEach((tag, value) -> {
            entries.putShort((short) (int) tag).putShort((short) value.type).putInt(value.count);
            if (value.bytes.length <= 4) {
                entries.put(Arrays.copyOf(value.bytes, 4));
            } else {
                entries.putInt(next + longer.size());
                longer.writeBytes(value.bytes);
                longer.writeBytes(new byte[value.bytes.length % 2]);
            }
        });
        out.writeBytes(entries.array());
        out.writeBytes(longer.toByteArray());
        byte[] file = out.toByteArray();
        byte letter = (byte) (order == ByteOrder.LITTLE_ENDIAN ? 'I' : 'M');
        ByteBuffer.wrap(file).order(order).put(letter).put(letter).putShort((short) 42).putInt(directory);
        return file;
    }

    /// A row of samples: whole bytes in the file's order, other depths bit by bit.
    byte[] row(long[] samples, int bits) {
        byte[] row = new byte[(int) (((long) samples.length * bits + 7) / 8)];
        int size = bits / 8;
        for (int i = 0; i < samples.length; i++) {
            for (int b = 0; bits % 8 == 0 && b < size; b++) {
                int place = order == ByteOrder.LITTLE_ENDIAN ? size - 1 - b : b;
                row[i * size + place] = (byte) (samples[i] >>> 8 * (size - 1 - b));
            }
            for (int b = 0; bits % 8 != 0 && b < bits; b++) {
                int at = i * bits + b;
                row[at / 8] |= (byte) ((samples[i] >>> bits - 1 - b & 1) << 7 - at % 8);
            }
        }
        return row;
    }

    /// A row of samples less those of the pixel before (predictor 2).
    byte[] differences(long[] samples, int bits, int together) {
        long[] less = samples.clone();
        for (int i = together; i < samples.length; i++) {
            less[i] = samples[i] - samples[i - together] & -1L >>> Long.SIZE - bits;
        }
        return row(less, bits);
    }

    /// All highest bytes of a row, then all next ones, and of these each less the one before (predictor 3).
    static byte[] byteDifferences(long[] samples, int bits, int together) {
        int size = bits / 8;
        byte[] planes = new byte[samples.length * size];
        for (int i = 0; i < samples.length; i++) {
            for (int b = 0; b < size; b++) {
                planes[b * samples.length + i] = (byte) (samples[i] >>> 8 * (size - 1 - b));
            }
        }
        byte[] less = planes.clone();
        for (int i = together; i < planes.length; i++) {
            less[i] = (byte) (planes[i] - planes[i - together]);
        }
        return less;
    }

    static byte[] packed(byte[] data, int compression) {
        return switch (compression) {
            case LZW -> lzw(data);
            case DEFLATE, OLD_DEFLATE -> deflate(data);
            case PACK_BITS -> packBits(data);
            default -> data;
        };
    }

    private static byte[] deflate(byte[] data) {
        try (var deflater = new Deflater(1)) {
            deflater.setInput(data);
            deflater.finish();
            byte[] out = new byte[data.length + 64];
            return Arrays.copyOf(out, deflater.deflate(out));
        }
    }

    /// Runs of three and more as runs, the rest as it is, with the code that does nothing in front.
    private static byte[] packBits(byte[] data) {
        var out = new ByteArrayOutputStream();
        out.write(-128);
        for (int at = 0; at < data.length;) {
            int run = 1;
            while (at + run < data.length && run < 128 && data[at + run] == data[at]) {
                run++;
            }
            if (run > 2) {
                out.write(1 - run);
                out.write(data[at]);
                at += run;
                continue;
            }
            int count = Math.min(128, Math.min(5, data.length - at));
            out.write(count - 1);
            out.write(data, at, count);
            at += count;
        }
        return out.toByteArray();
    }

    private static byte[] lzw(byte[] data) {
        var out = new Bits(data.length);
        Map<Integer, Integer> table = new HashMap<>(); // code of a word and the byte behind it: code of both
        int next = 258;
        out.append(256, 9);
        int word = -1;
        for (byte b : data) {
            Integer longer = word < 0 ? Integer.valueOf(b & 0xFF) : table.get(word << 8 | b & 0xFF);
            if (longer != null) {
                word = longer;
                continue;
            }
            out.append(word, width(next));
            table.put(word << 8 | b & 0xFF, next++);
            word = b & 0xFF;
            if (next == 4094) {
                out.append(256, width(next));
                table.clear();
                next = 258;
            }
        }
        if (word >= 0) {
            out.append(word, width(next++));
        }
        out.append(257, width(next));
        return out.bytes();
    }

    /// Of the next code, once entry `next - 1` is defined: the reader, who is one entry behind, changes one entry
    /// early.
    private static int width(int next) {
        return next < 512 ? 9 : next < 1024 ? 10 : next < 2048 ? 11 : 12;
    }

    /// Codes one after the other, high bits first.
    private static final class Bits {
        private final byte[] out;
        private int size;

        Bits(int bytes) {
            out = new byte[2 * bytes + 16];
        }

        void append(int code, int width) {
            for (int b = width - 1; b >= 0; b--) {
                out[size / 8] |= (byte) ((code >> b & 1) << 7 - size % 8);
                size++;
            }
        }

        byte[] bytes() {
            return Arrays.copyOf(out, (size + 7) / 8);
        }
    }
}
