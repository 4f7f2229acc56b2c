package dev.triptych.embed;

import dev.triptych.io.AtomicFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

/// Rows as a Parquet file (format 2.4, parquet.thrift): `row`, `part`, `file`, `label` (null where there is none), then
/// a value a column: a vector is a list of float, a matrix a list of these, bits are bytes of one length. Plain and not
/// compressed, as features hardly are smaller then. Columns lie one after another in groups of rows, so that no more
/// than the names of one group are in memory.
final class ParquetRows {
    private static final byte[] MAGIC = {'P', 'A', 'R', '1'};
    private static final Sizes SIZES = new Sizes(1 << 27, 1 << 16, 1 << 20);
    // Type, FieldRepetitionType, ConvertedType, Encoding of parquet.thrift
    private static final int INT64 = 2;
    private static final int FLOAT = 4;
    private static final int BYTE_ARRAY = 6;
    private static final int FIXED_LEN_BYTE_ARRAY = 7;
    private static final int REQUIRED = 0;
    private static final int OPTIONAL = 1;
    private static final int REPEATED = 2;
    private static final int UTF8 = 0;
    private static final int LISTED = 3;
    private static final int PLAIN = 0;
    private static final int RLE = 3;

    /// How rows are cut.
    ///
    /// @param group bytes of the values of a group, if it has more than one row
    /// @param rows of a group, at most
    /// @param page bytes of a page, if it has more than one row
    record Sizes(int group, int rows, int page) {
    }

    private final RowFolder rows;
    private final List<RowValue> values;
    private final Sizes sizes;
    private final FileChannel out;
    private final int groupRows;
    private long total;

    private ParquetRows(RowFolder rows, List<RowValue> values, Sizes sizes, FileChannel out) {
        this.rows = rows;
        this.values = values;
        this.sizes = sizes;
        this.out = out;
        groupRows = Math.clamp(sizes.group() / values.stream().mapToLong(RowValue::bytes).sum(), 1, sizes.rows());
    }

    static void write(RowFolder rows, List<RowValue> values, Path file) throws IOException {
        write(rows, values, SIZES, file);
    }

    static void write(RowFolder rows, List<RowValue> values, Sizes sizes, Path file) throws IOException {
        AtomicFile.write(file, channel -> new ParquetRows(rows, values, sizes, channel).write());
    }

    /// A column of a group of rows, as it is written.
    private final class Chunk {
        private final int type;
        private final List<String> path;
        private final long begin = out.position();
        private long numbers;

        Chunk(int type, List<String> path) throws IOException {
            this.type = type;
            this.path = path;
        }

        /// The head of a page and its levels; its data come next.
        ///
        /// @param count numbers and nulls in it
        void page(int count, byte[] levels, long data) throws IOException {
            int size = Math.toIntExact(levels.length + data);
            var head = new ThriftStruct().number(1, 0).number(2, size).number(3, size).struct(5,
                    new ThriftStruct().number(1, count).number(2, PLAIN).number(3, RLE).number(4, RLE));
            put(head.end());
            put(levels);
            numbers += count;
        }

        ThriftStruct end() throws IOException {
            long bytes = out.position() - begin;
            total += bytes;
            var data = new ThriftStruct().number(1, type).numbers(2, List.of(PLAIN, RLE)).texts(3, path).number(4, 0)
                    .number(5, numbers).number(6, bytes).number(7, bytes).number(9, begin);
            return new ThriftStruct().number(2, begin).struct(3, data);
        }
    }

    private void write() throws IOException {
        put(MAGIC);
        var groups = new ArrayList<ThriftStruct>();
        try (var reader = new RowReader(rows, values)) {
            for (var lines = lines(reader); !lines.isEmpty(); lines = lines(reader)) {
                groups.add(group(lines));
            }
        }
        byte[] foot = new ThriftStruct().number(1, 2).structs(2, schema()).number(3, rows.rows()).structs(4, groups)
                .text(6, "triptych").end();
        put(foot);
        put(ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN).putInt(foot.length).array());
        put(MAGIC);
    }

    private List<RowReader.Line> lines(RowReader reader) {
        var lines = new ArrayList<RowReader.Line>();
        for (RowReader.Line line; lines.size() < groupRows && (line = reader.next()) != null;) {
            lines.add(line);
        }
        return lines;
    }

    private List<ThriftStruct> schema() {
        var all = new ArrayList<>(List.of(new ThriftStruct().text(4, "schema").number(5, 4 + values.size()),
                new ThriftStruct().number(1, INT64).number(3, REQUIRED).text(4, "row"), text(REQUIRED, "part"),
                text(REQUIRED, "file"), text(OPTIONAL, "label")));
        for (RowValue value : values) {
            if (value.value().bits()) {
                all.add(new ThriftStruct().number(1, FIXED_LEN_BYTE_ARRAY).number(2, value.bytes()).number(3, REQUIRED)
                        .text(4, value.name()));
                continue;
            }
            for (int level = 0; level < value.shape().length; level++) {
                all.add(new ThriftStruct().number(3, REQUIRED).text(4, level == 0 ? value.name() : "element")
                        .number(5, 1).number(6, LISTED).struct(10, new ThriftStruct().struct(3, new ThriftStruct())));
                all.add(new ThriftStruct().number(3, REPEATED).text(4, "list").number(5, 1));
            }
            all.add(new ThriftStruct().number(1, FLOAT).number(3, REQUIRED).text(4, "element"));
        }
        return all;
    }

    private static ThriftStruct text(int repetition, String name) {
        return new ThriftStruct().number(1, BYTE_ARRAY).number(3, repetition).text(4, name).number(6, UTF8).struct(10,
                new ThriftStruct().struct(1, new ThriftStruct()));
    }

    private ThriftStruct group(List<RowReader.Line> lines) throws IOException {
        total = 0;
        var row = new Chunk(INT64, List.of("row"));
        var numbers = ByteBuffer.allocate(lines.size() * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        lines.forEach(line -> numbers.putLong(line.row()));
        row.page(lines.size(), new byte[0], numbers.capacity());
        put(numbers.array());
        var chunks = new ArrayList<>(List.of(row.end(), texts(lines, "part", RowReader.Line::part, false),
                texts(lines, "file", RowReader.Line::file, false), texts(lines, "label", RowReader.Line::label, true)));
        for (int v = 0; v < values.size(); v++) {
            chunks.add(numbers(v, lines.getFirst().row(), lines.size()));
        }
        return new ThriftStruct().structs(1, chunks).number(2, total).number(3, (long) lines.size());
    }

    /// @param optional empty texts are null
    private ThriftStruct texts(List<RowReader.Line> lines, String name, Function<RowReader.Line, String> of,
            boolean optional) throws IOException {
        var chunk = new Chunk(BYTE_ARRAY, List.of(name));
        var data = new ByteArrayOutputStream();
        var there = new Runs();
        for (var line : lines) {
            byte[] utf8 = of.apply(line).getBytes(StandardCharsets.UTF_8);
            boolean none = optional && utf8.length == 0;
            there.add(none ? 0 : 1, 1);
            if (!none) {
                data.writeBytes(ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN).putInt(utf8.length)
                        .array());
                data.writeBytes(utf8);
            }
        }
        chunk.page(lines.size(), optional ? there.end() : new byte[0], data.size());
        put(data.toByteArray());
        return chunk.end();
    }

    private ThriftStruct numbers(int v, long first, int count) throws IOException {
        RowValue value = values.get(v);
        boolean bits = value.value().bits();
        var path = new ArrayList<>(List.of(value.name()));
        IntStream.range(0, bits ? 0 : value.shape().length).forEach(_ -> path.addAll(List.of("list", "element")));
        var chunk = new Chunk(bits ? FIXED_LEN_BYTE_ARRAY : FLOAT, path);
        int most = Math.max(1, sizes.page() / value.bytes());
        int each = bits ? 1 : Arrays.stream(value.shape()).reduce(1, Math::multiplyExact);
        for (int at = 0; at < count; at += most) {
            int n = Math.min(most, count - at);
            long data = (long) n * value.bytes();
            chunk.page(n * each, bits ? new byte[0] : levels(n, value.shape()), data);
            long from = (first + at) * value.bytes();
            for (long done = 0; done < data;) {
                done += rows.numbers(v).transferTo(from + done, data - done, out);
            }
        }
        return chunk.end();
    }

    /// Repetition levels: 0 where a picture begins, 1 where a row of its matrix does, the depth of the lists elsewhere;
    /// and definition levels, all of them that depth, for no list is empty.
    private static byte[] levels(int pictures, int[] shape) {
        int rows = shape.length == 1 ? 1 : shape[0];
        int columns = shape[shape.length - 1];
        var repetition = new Runs();
        for (int i = 0; i < pictures; i++) {
            for (int r = 0; r < rows; r++) {
                repetition.add(r == 0 ? 0 : 1, 1);
                repetition.add(shape.length, columns - 1);
            }
        }
        var definition = new Runs();
        definition.add(shape.length, pictures * rows * columns);
        var levels = new ByteArrayOutputStream();
        levels.writeBytes(repetition.end());
        levels.writeBytes(definition.end());
        return levels.toByteArray();
    }

    /// Levels as runs of equal ones, each of at most a byte, the length in bytes before them.
    private static final class Runs {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private int level;
        private int length;

        void add(int next, int count) {
            if (next != level) {
                put();
                level = next;
            }
            length += count;
        }

        private void put() {
            if (length > 0) {
                ThriftStruct.varint(bytes, (long) length << 1);
                bytes.write(level);
            }
            length = 0;
        }

        byte[] end() {
            put();
            byte[] all = bytes.toByteArray();
            return ByteBuffer.allocate(Integer.BYTES + all.length).order(ByteOrder.LITTLE_ENDIAN).putInt(all.length)
                    .put(all).array();
        }
    }

    private void put(byte[] bytes) throws IOException {
        AtomicFile.writeFully(out, ByteBuffer.wrap(bytes));
    }
}
