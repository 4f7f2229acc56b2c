package dev.triptych.embed;

import dev.triptych.io.AtomicFile;
import dev.triptych.method.InputException;
import java.io.IOException;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Rows as databases for vectors load them in bulk: vectors, and bits that are compared by how many differ.
final class BulkRows {
    private static final Pattern CONTROL = Pattern.compile("[\\x00-\\x1f\"\\\\]");

    /// Writes a row.
    @FunctionalInterface
    private interface RowText {
        void write(Writer out, RowReader.Line line, RowReader reader) throws IOException;
    }

    private BulkRows() {
    }

    private static void write(RowFolder rows, List<RowValue> values, Path file, String before, RowText row,
            String after) throws IOException {
        AtomicFile.write(file, channel -> {
            var out = Channels.newWriter(channel, StandardCharsets.UTF_8);
            out.write(before);
            try (var reader = new RowReader(rows, values)) {
                for (var line = reader.next(); line != null; line = reader.next()) {
                    row.write(out, line, reader);
                }
            }
            out.write(after);
            out.flush();
        });
    }

    /// The body of OpenSearch's `_bulk`: a line that says what is done, then a document; bits are signed bytes, as its
    /// `knn_vector` of `data_type: binary` takes them.
    static void json(RowFolder rows, List<RowValue> values, Path file) throws IOException {
        write(rows, values, file, "", (out, line, reader) -> {
            out.write("{\"index\":{\"_id\":\"" + line.row() + "\"}}\n{\"part\":" + quoted(line.part()) + ",\"file\":"
                    + quoted(line.file()) + (line.label().isEmpty() ? "" : ",\"label\":" + quoted(line.label())));
            for (int v = 0; v < values.size(); v++) {
                var numbers = reader.numbers(v);
                out.write(",\"" + values.get(v).name() + "\":[");
                for (String comma = ""; numbers.hasRemaining(); comma = ",") {
                    out.write(comma);
                    out.write(values.get(v).value().bits()
                            ? Byte.toString(numbers.get())
                            : finite(line, values.get(v), numbers.getFloat()));
                }
                out.write(']');
            }
            out.write("}\n");
        }, "");
    }

    private static String quoted(String text) {
        return '"'
                + CONTROL.matcher(text).replaceAll(found -> String.format("\\\\u%04x", (int) found.group().charAt(0)))
                + '"';
    }

    /// A script for `psql` with pgvector: a table named as the file, and its rows as `COPY` takes them, as `pg_dump`
    /// writes it.
    static void sql(RowFolder rows, List<RowValue> values, Path file) throws IOException {
        String name = file.getFileName().toString();
        String table = '"' + name.substring(0, name.lastIndexOf('.')).replace("\"", "\"\"") + '"';
        String columns = values.stream().map(value -> '"' + value.name() + '"').collect(Collectors.joining(", "));
        String types = values.stream()
                .map(value -> ",\n    \"" + value.name() + (value.value().bits() ? "\" bit(" : "\" vector(")
                        + value.numbers() + ")")
                .collect(Collectors.joining());
        String before = "CREATE EXTENSION IF NOT EXISTS vector;\nCREATE TABLE " + table
                + " (\n    \"row\" bigint PRIMARY KEY,\n    \"part\" text NOT NULL,\n    \"file\" text NOT NULL,\n"
                + "    \"label\" text" + types + "\n);\nCOPY " + table + " (\"row\", \"part\", \"file\", \"label\", "
                + columns + ") FROM stdin;\n";
        write(rows, values, file, before, (out, line, reader) -> {
            out.write(line.row() + "\t" + escaped(line.part()) + "\t" + escaped(line.file()) + "\t"
                    + (line.label().isEmpty() ? "\\N" : escaped(line.label())));
            for (int v = 0; v < values.size(); v++) {
                var numbers = reader.numbers(v);
                out.write('\t');
                if (values.get(v).value().bits()) {
                    out.write(bits(numbers, values.get(v).numbers()));
                    continue;
                }
                for (String mark = "["; numbers.hasRemaining(); mark = ",") {
                    out.write(mark);
                    out.write(finite(line, values.get(v), numbers.getFloat()));
                }
                out.write(']');
            }
            out.write('\n');
        }, "\\.\n");
    }

    private static String escaped(String text) {
        return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r");
    }

    private static String bits(ByteBuffer packed, int count) {
        var text = new StringBuilder();
        for (int b = 0; b < count; b++) {
            text.append(packed.get(b / Byte.SIZE) >> Byte.SIZE - 1 - b % Byte.SIZE & 1);
        }
        return text.toString();
    }

    /// A number as both read it.
    ///
    /// @throws InputException where it is none
    private static String finite(RowReader.Line line, RowValue value, float number) {
        if (!Float.isFinite(number)) {
            throw new InputException(line.file() + ": a number of " + value.name() + " is " + number
                    + "; expected finite ones, neither database takes others. Look at the run, or choose another "
                    + "format.");
        }
        return Float.toString(number);
    }
}
