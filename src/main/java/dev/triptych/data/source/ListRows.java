package dev.triptych.data.source;

import dev.triptych.data.file.ImageException;
import dev.triptych.data.file.Refusal;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.stream.StreamSupport;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/// The rows of a list of pictures, one after another: lines of a text file (empty ones and those that begin with # do
/// not count), or records of a CSV or TSV file, whose first may name the columns.
final class ListRows implements AutoCloseable {
    private static final List<String> FILE = List.of("file", "filename", "file_name", "path", "filepath", "image",
            "image_path", "img");
    private static final List<String> LABEL = List.of("label", "class", "category", "label_name", "class_name",
            "target");

    private final Path list;
    private final BufferedReader reader;
    private final Iterator<CSVRecord> records;
    private int fileColumn;
    private int labelColumn = 1;
    private List<String> header = List.of();
    private Row first;
    private long line;

    /// @param label null where there is none
    record Row(String file, String label, long line) {
    }

    ListRows(Path list) throws IOException {
        this.list = list;
        String name = list.getFileName().toString().toLowerCase(Locale.ROOT);
        reader = new BufferedReader(new InputStreamReader(Files.newInputStream(list),
                StandardCharsets.UTF_8.newDecoder()));
        try {
            reader.mark(1);
            if (reader.read() != 0xFEFF) { // the mark with which some programs begin UTF-8
                reader.reset();
            }
            records = name.endsWith(".csv") || name.endsWith(".tsv")
                    ? CSVParser.parse(reader, (name.endsWith(".tsv") ? CSVFormat.TDF : CSVFormat.DEFAULT).builder()
                            .setIgnoreEmptyLines(true).setIgnoreSurroundingSpaces(true).get()).iterator()
                    : null;
            first = read();
            if (first != null && records != null && isHeader()) {
                first = read();
            }
        } catch (IOException e) {
            reader.close();
            throw refused(e);
        } catch (RuntimeException e) {
            reader.close();
            throw e;
        }
    }

    /// Whether the first record names the columns; finds them.
    private boolean isHeader() {
        var names = header.stream().map(cell -> cell.toLowerCase(Locale.ROOT)).toList();
        int file = column(names, FILE);
        if (file < 0 || Files.exists(list.resolveSibling(header.get(file)))) {
            return false;
        }
        fileColumn = file;
        labelColumn = column(names, LABEL);
        return true;
    }

    private static int column(List<String> names, List<String> wanted) {
        return wanted.stream().mapToInt(names::indexOf).filter(i -> i >= 0).findFirst().orElse(-1);
    }

    /// The next row; null behind the last.
    Row next() throws IOException {
        var row = first == null ? read() : first;
        first = null;
        return row;
    }

    private Row read() throws IOException {
        try {
            return records == null ? readLine() : readRecord();
        } catch (UncheckedIOException e) {
            throw refused(e.getCause());
        } catch (IOException e) {
            throw refused(e);
        }
    }

    private ImageException refused(IOException e) {
        return new ImageException(Refusal.UNREADABLE, list, e instanceof CharacterCodingException
                ? "it is not text in UTF-8"
                : "it cannot be read (" + e.getMessage() + ")", "Write a list in UTF-8: a path a line, or CSV", e);
    }

    private Row readLine() throws IOException {
        for (String text = reader.readLine(); text != null; text = reader.readLine()) {
            line++;
            if (!text.isBlank() && !text.startsWith("#")) {
                return new Row(text.strip(), null, line);
            }
        }
        return null;
    }

    private Row readRecord() {
        if (!records.hasNext()) {
            return null;
        }
        var record = records.next();
        if (line == 0) {
            header = StreamSupport.stream(record.spliterator(), false).toList();
        }
        line = record.getRecordNumber();
        if (fileColumn >= record.size() || record.get(fileColumn).isEmpty()) {
            throw new ImageException(list, "row " + line + " names no file: " + record.toList(),
                    "Expected file,label in each row, or a first row that names the columns");
        }
        return new Row(record.get(fileColumn),
                labelColumn < 0 || labelColumn >= record.size() ? null : record.get(labelColumn), line);
    }

    /// Whether rows may have labels.
    boolean labelled() {
        return records != null && labelColumn >= 0;
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }
}
