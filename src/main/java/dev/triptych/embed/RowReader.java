package dev.triptych.embed;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/// Goes through rows once, as they lie in their folder: what is written of a picture, and its numbers if they are asked
/// for. Pictures that were refused have none.
final class RowReader implements AutoCloseable {
    /// What is written of a picture.
    ///
    /// @param label empty where it has none
    record Line(long row, String part, String file, String label) {
    }

    private final RowFolder rows;
    private final CSVParser parser;
    private final Iterator<CSVRecord> lines;
    private final List<ByteBuffer> buffers = new ArrayList<>();

    RowReader(RowFolder rows, List<RowValue> values) throws IOException {
        this.rows = rows;
        parser = CSVFormat.RFC4180.builder().setHeader().setSkipHeaderRecord(true).get()
                .parse(Files.newBufferedReader(rows.lines()));
        lines = parser.iterator();
        for (int v = 0; v < values.size(); v++) {
            rows.numbers(v).position(0);
            buffers.add(ByteBuffer.allocate(values.get(v).bytes()).order(ByteOrder.LITTLE_ENDIAN));
        }
    }

    /// The next row; null behind the last.
    Line next() {
        while (lines.hasNext()) {
            var line = lines.next();
            if (!line.get("row").isEmpty()) {
                return new Line(Long.parseLong(line.get("row")), line.get("part"), line.get("file"),
                        line.get("label"));
            }
        }
        return null;
    }

    /// The numbers of a value of the row: asked for once for each row, from the first on.
    ByteBuffer numbers(int v) throws IOException {
        var buffer = buffers.get(v).clear();
        fill(rows.numbers(v), buffer);
        return buffer.flip();
    }

    /// Reads until the buffer is full.
    static void fill(FileChannel from, ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            if (from.read(buffer) < 0) {
                throw new IOException("the rows end too early");
            }
        }
    }

    @Override
    public void close() throws IOException {
        parser.close();
    }
}
