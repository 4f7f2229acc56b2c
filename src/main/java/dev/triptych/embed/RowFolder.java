package dev.triptych.embed;

import dev.triptych.io.AtomicFile;
import dev.triptych.method.InputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/// Rows as they come, in a folder beside the file that they become: the numbers of each value in `NAME.raw`, one line a
/// picture in `rows.csv`, and what they are made of in `made-of.txt`. A batch counts once its lines are written, so
/// that what a kill leaves can be gone on with.
final class RowFolder implements AutoCloseable {
    private static final String MADE_OF = "made-of.txt";
    private static final String ROWS = "rows.csv";
    private static final String HEAD = "row,part,file,label,refused\n";

    private final Path path;
    private final List<RowValue> values;
    private final List<FileChannel> numbers = new ArrayList<>();
    private final FileChannel lines;
    private long pictures;
    private long rows;

    /// Begins, or goes on with what is there.
    ///
    /// @param madeOf changes whenever other rows would come out
    /// @throws InputException where what is there was made of something else
    RowFolder(Path path, List<RowValue> values, String madeOf) throws IOException {
        this.path = path;
        this.values = values;
        Path made = path.resolve(MADE_OF);
        if (Files.exists(path)) {
            String before = Files.exists(made) ? Files.readString(made) : "";
            if (!before.equals(madeOf)) {
                throw new InputException(path + ": rows of an unfinished `embed` lie here, made of\n" + before
                        + "\nnow it would be\n" + madeOf + "\nRemove the folder to begin anew.");
            }
        }
        Files.createDirectories(path);
        if (!Files.exists(made)) {
            AtomicFile.write(made, madeOf.getBytes(StandardCharsets.UTF_8));
        }
        lines = open(ROWS);
        countLines();
        for (RowValue value : values) {
            var channel = open(value.name() + ".raw");
            numbers.add(channel);
            if (channel.size() < rows * value.bytes()) {
                throw new InputException(path + ": " + value.name() + ".raw is shorter than its " + rows
                        + " rows; expected what `embed` left. Remove the folder to begin anew.");
            }
            channel.truncate(rows * value.bytes()).position(rows * value.bytes());
        }
    }

    private FileChannel open(String name) throws IOException {
        return FileChannel.open(path.resolve(name), StandardOpenOption.CREATE, StandardOpenOption.READ,
                StandardOpenOption.WRITE);
    }

    /// Counts whole lines; a line that a kill cut is taken away.
    private void countLines() throws IOException {
        if (lines.size() == 0) {
            AtomicFile.writeFully(lines, ByteBuffer.wrap(HEAD.getBytes(StandardCharsets.UTF_8)));
            return;
        }
        var buffer = ByteBuffer.allocate(1 << 16);
        long end = 0;
        long at = 0;
        long found = -1;
        boolean first = true;
        boolean row = false;
        for (lines.position(0); lines.read(buffer.clear()) > 0;) {
            buffer.flip();
            while (buffer.hasRemaining()) {
                byte b = buffer.get();
                at++;
                if (first) {
                    row = b != ',';
                    first = false;
                }
                if (b == '\n') {
                    found++;
                    rows += found > 0 && row ? 1 : 0;
                    end = at;
                    first = true;
                }
            }
        }
        pictures = Math.max(0, found);
        lines.truncate(end).position(end);
    }

    /// Pictures that are done, refused ones included.
    long pictures() {
        return pictures;
    }

    /// Rows that are written.
    long rows() {
        return rows;
    }

    /// Appends a batch.
    ///
    /// @param row what each value is for a picture, in the order of the batch; not asked for refused ones
    void append(List<PictureFeed.Picture> batch, List<String> classes, RowBytes row) throws IOException {
        var text = new StringBuilder();
        var buffers = values.stream()
                .map(value -> ByteBuffer.allocate(Math.multiplyExact(batch.size(), value.bytes()))
                        .order(ByteOrder.LITTLE_ENDIAN))
                .toList();
        int read = 0;
        for (var picture : batch) {
            boolean refused = picture.pixels() == null;
            if (!refused) {
                for (int v = 0; v < values.size(); v++) {
                    row.put(v, read, buffers.get(v));
                }
                text.append(rows + read);
                read++;
            }
            int label = picture.entry().label();
            text.append(',').append(Csv.text(picture.split().name().toLowerCase(Locale.ROOT))).append(',')
                    .append(Csv.text(picture.entry().name())).append(',')
                    .append(label < 0 ? "" : Csv.text(classes.get(label))).append(',')
                    .append(refused ? Csv.text(picture.refusal().getMessage()) : "").append('\n');
        }
        for (int v = 0; v < values.size(); v++) {
            AtomicFile.writeFully(numbers.get(v), buffers.get(v).flip());
        }
        AtomicFile.writeFully(lines, ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.UTF_8)));
        rows += read;
        pictures += batch.size();
    }

    /// The bytes of one value of one row.
    @FunctionalInterface
    interface RowBytes {
        /// Puts value `v` of the picture `i` that was read.
        void put(int v, int i, ByteBuffer to);
    }

    /// The numbers of a value, all rows.
    FileChannel numbers(int v) {
        return numbers.get(v);
    }

    /// The lines, one a picture.
    Path lines() {
        return path.resolve(ROWS);
    }

    /// Removes the folder; everything is where it belongs.
    void remove() throws IOException {
        close();
        try (Stream<Path> files = Files.list(path)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(path);
    }

    @Override
    public void close() throws IOException {
        for (var channel : numbers) {
            channel.close();
        }
        lines.close();
    }
}
