package dev.triptych.embed;

import dev.triptych.io.AtomicFile;
import dev.triptych.io.Dtype;
import dev.triptych.io.Safetensors;
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
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/// The files that rows become. None needs the rows in memory.
public enum RowFormat {
    /// numpy's own format, version 1.0: one value.
    NPY(false, true) {
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
    SAFETENSORS(true, true) {
        @Override
        void write(RowFolder rows, List<RowValue> values, Path file) throws IOException {
            var tensors = new ArrayList<Safetensors.Streamed>();
            for (int v = 0; v < values.size(); v++) {
                RowValue value = values.get(v);
                var numbers = rows.numbers(v);
                long[] shape = LongStream.concat(LongStream.of(rows.rows()),
                        Arrays.stream(value.shape()).asLongStream()).toArray();
                tensors.add(new Safetensors.Streamed(value.name(), value.value().bits() ? Dtype.U8 : Dtype.F32, shape,
                        channel -> copy(numbers, channel)));
            }
            Safetensors.stream(file, tensors);
        }
    },
    /// Comma-separated values: one value; file, label, and a column a number.
    CSV(false, true) {
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
                        RowReader.fill(from, buffer.clear());
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
    },
    /// Parquet: any number of values.
    PARQUET(true, true) {
        @Override
        void write(RowFolder rows, List<RowValue> values, Path file) throws IOException {
            ParquetRows.write(rows, values, file);
        }
    },
    /// OpenSearch's bulk format: any number of vectors and bits.
    NDJSON(true, false) {
        @Override
        void write(RowFolder rows, List<RowValue> values, Path file) throws IOException {
            BulkRows.json(rows, values, file);
        }
    },
    /// A table for pgvector: any number of vectors and bits.
    SQL(true, false) {
        @Override
        void write(RowFolder rows, List<RowValue> values, Path file) throws IOException {
            BulkRows.sql(rows, values, file);
        }
    };

    private final boolean many;
    private final boolean matrices;

    RowFormat(boolean many, boolean matrices) {
        this.many = many;
        this.matrices = matrices;
    }

    /// The format that a file's name asks for.
    ///
    /// @param values how many it is to hold
    /// @throws InputException where none is known, or it holds but one
    public static RowFormat of(Path file, int values) {
        String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
        for (RowFormat format : values()) {
            if (name.endsWith("." + format.name().toLowerCase(Locale.ROOT))) {
                if (values > 1 && !format.many) {
                    throw new InputException("--out " + file + " holds one value, --values names " + values
                            + "; expected one, or a file that ends in .safetensors or .parquet. Change either.");
                }
                return format;
            }
        }
        throw new InputException(
                "--out " + file + ": its name does not say what it is to be; expected one that ends in "
                        + ".npy, .safetensors, .csv, .parquet, .ndjson or .sql. Choose another name.");
    }

    /// Refuses a matrix where there is no place for one.
    void require(Path file, List<RowValue> values) {
        for (RowValue value : values) {
            if (!matrices && value.shape().length > 1) {
                throw new InputException("--out " + file + " holds vectors and bits; " + value.name() + " is "
                        + value.shape()[0] + " vectors a picture. Leave it out of --values, or choose another format.");
            }
        }
    }

    abstract void write(RowFolder rows, List<RowValue> values, Path file) throws IOException;

    private static void copy(FileChannel from, FileChannel to) throws IOException {
        long size = from.size();
        for (long at = 0; at < size;) {
            at += from.transferTo(at, size - at, to);
        }
    }
}
