package dev.triptych.embed;

import dev.triptych.io.AtomicFile;
import dev.triptych.io.Json;
import dev.triptych.method.InputException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// The files that rows become. None needs the rows in memory.
public enum RowFormat {
    /// numpy's own format, version 1.0: one value.
    NPY {
        @Override
        void write(RowFolder rows, List<RowValue> values, Path file) throws IOException {
            RowValue value = values.getFirst();
            String shape = rows.rows() + ", " + Arrays.stream(value.shape()).mapToObj(Integer::toString)
                    .collect(Collectors.joining(", "));
            String text = "{'descr': '" + (value.value().bits() ? "|u1" : "<f4")
                    + "', 'fortran_order': False, 'shape': ("
                    + shape + "), }";
            // magic, version and length take 10 bytes; the data begin at a multiple of 64
            int length = (10 + text.length() + 1 + 63) / 64 * 64 - 10;
            var head = ByteBuffer.allocate(10 + length).order(ByteOrder.LITTLE_ENDIAN).put((byte) 0x93)
                    .put("NUMPY".getBytes(StandardCharsets.US_ASCII)).put((byte) 1).put((byte) 0)
                    .putShort((short) length)
                    .put((text + " ".repeat(length - 1 - text.length()) + "\n").getBytes(StandardCharsets.US_ASCII));
            AtomicFile.write(file, channel -> {
                AtomicFile.writeFully(channel, head.flip());
                copy(rows.numbers(0), channel);
            });
        }
    },
    /// safetensors: any number of values.
    SAFETENSORS {
        @Override
        void write(RowFolder rows, List<RowValue> values, Path file) throws IOException {
            var order = new ArrayList<Integer>();
            for (int pass = 0; pass < 2; pass++) { // floats before bytes, so that each lies at its natural alignment
                for (int v = 0; v < values.size(); v++) {
                    if (values.get(v).value().bits() == (pass == 1)) {
                        order.add(v);
                    }
                }
            }
            var header = new LinkedHashMap<String, Object>();
            long begin = 0;
            for (int v : order) {
                RowValue value = values.get(v);
                long end = begin + rows.rows() * value.bytes();
                var shape = new ArrayList<Long>(List.of(rows.rows()));
                Arrays.stream(value.shape()).forEach(side -> shape.add((long) side));
                var entry = new LinkedHashMap<String, Object>();
                entry.put("dtype", value.value().bits() ? "U8" : "F32");
                entry.put("shape", shape);
                entry.put("data_offsets", List.of(begin, end));
                header.put(value.name(), entry);
                begin = end;
            }
            byte[] text = Json.write(header, false).getBytes(StandardCharsets.UTF_8);
            byte[] padded = Arrays.copyOf(text, (text.length + 7) / 8 * 8);
            Arrays.fill(padded, text.length, padded.length, (byte) ' ');
            AtomicFile.write(file, channel -> {
                AtomicFile.writeFully(channel,
                        ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(padded.length).flip());
                AtomicFile.writeFully(channel, ByteBuffer.wrap(padded));
                for (int v : order) {
                    copy(rows.numbers(v), channel);
                }
            });
        }
    },
    /// Comma-separated values: one value; file, label, and a column a number.
    CSV {
        @Override
        void write(RowFolder rows, List<RowValue> values, Path file) throws IOException {
            RowValue value = values.getFirst();
            int numbers = Arrays.stream(value.shape()).reduce(1, Math::multiplyExact);
            AtomicFile.write(file, channel -> {
                var buffer = ByteBuffer.allocate(value.bytes()).order(ByteOrder.LITTLE_ENDIAN);
                var from = rows.numbers(0).position(0);
                var out = Channels.newWriter(channel, StandardCharsets.UTF_8);
                out.write("row,part,file,label");
                for (int i = 0; i < numbers; i++) {
                    out.write("," + value.name() + "_" + i);
                }
                out.write('\n');
                try (BufferedReader lines = Files.newBufferedReader(rows.lines())) {
                    lines.readLine();
                    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                        if (line.startsWith(",")) {
                            continue; // refused: no row
                        }
                        fill(from, buffer.clear());
                        out.write(line, 0, line.length() - 1); // without the empty cell of the reason
                        for (int i = 0; i < numbers; i++) {
                            out.write(value.value().bits()
                                    ? "," + (buffer.get(i) & 0xFF)
                                    : "," + buffer.getFloat(i * Float.BYTES));
                        }
                        out.write('\n');
                    }
                }
                out.flush();
            });
        }
    };

    /// The format that a file's name asks for.
    ///
    /// @param values how many it is to hold
    /// @throws InputException where none is known, or it holds but one
    public static RowFormat of(Path file, int values) {
        String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
        for (RowFormat format : values()) {
            if (name.endsWith("." + format.name().toLowerCase(Locale.ROOT))) {
                if (values > 1 && format != SAFETENSORS) {
                    throw new InputException("--out " + file + " holds one value, --values names " + values
                            + "; expected one, or a file that ends in .safetensors. Change either.");
                }
                return format;
            }
        }
        throw new InputException(
                "--out " + file + ": its name does not say what it is to be; expected one that ends in "
                        + ".npy, .safetensors or .csv. Choose another name.");
    }

    abstract void write(RowFolder rows, List<RowValue> values, Path file) throws IOException;

    private static void copy(FileChannel from, FileChannel to) throws IOException {
        long size = from.size();
        for (long at = 0; at < size;) {
            at += from.transferTo(at, size - at, to);
        }
    }

    private static void fill(FileChannel from, ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            if (from.read(buffer) < 0) {
                throw new IOException("the rows end too early");
            }
        }
    }
}
