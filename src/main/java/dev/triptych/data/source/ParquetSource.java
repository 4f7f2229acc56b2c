package dev.triptych.data.source;

import dev.triptych.data.archive.ParquetTable;
import dev.triptych.data.file.ImageException;
import dev.triptych.data.file.Refusal;
import dev.triptych.recipe.DataSection.Labels;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Parquet files with the bytes of image files, as Hugging Face's `datasets` writes them: a column of pictures, and one
/// of labels, whose names the file may have. Rows come in order; none is found again without those before it.
public final class ParquetSource implements Source {
    private static final int MOST_CLASSES = 1 << 20;

    private final PictureFiles files;
    private final Map<Split, List<ParquetTable>> parts = new HashMap<>();
    private final Map<Split, Survey> surveys = new HashMap<>();
    private final List<String> classes;
    /// What is stored to what it is: the number of a class that has a name, else whatever stands there.
    private final Map<String, Integer> numbers = new HashMap<>();

    /// Reads what the files say of themselves, and the labels to learn from.
    ///
    /// @throws ImageException where they are damaged or do not belong together
    ParquetSource(PictureFiles files, SourceOptions options) throws IOException {
        this.files = files;
        for (var part : Split.values()) {
            var tables = new ArrayList<ParquetTable>();
            for (Path file : files.of(part)) {
                tables.add(ParquetTable.of(file));
            }
            parts.put(part, tables);
        }
        var train = parts.get(Split.TRAIN);
        boolean labelled = options.labels() != Labels.NONE && train.getFirst().label() != null;
        requireAlike(labelled);
        var named = train.getFirst().names();
        if (!labelled) {
            classes = List.of();
        } else if (named.isEmpty()) {
            classes = ArchiveLayout.sorted(counted(train).keySet());
            classes.forEach(name -> numbers.put(name, numbers.size()));
        } else {
            classes = named;
            for (int c = 0; c < named.size(); c++) {
                numbers.put(Integer.toString(c), c);
            }
        }
        if (new HashSet<>(classes).size() < classes.size()) {
            throw new ImageException(files.place(), "two of its " + classes.size() + " classes have one name",
                    "Write it again with names that differ");
        }
    }

    private void requireAlike(boolean labelled) {
        var first = parts.get(Split.TRAIN).getFirst();
        for (var part : parts.values()) {
            for (var table : part) {
                if (labelled && (!first.names().equals(table.names()) || table.label() == null)) {
                    throw new ImageException(table.file(), "it has "
                            + (table.label() == null ? "no labels" : table.names().size() + " named classes")
                            + ", " + first.file().getFileName() + " has " + first.names().size() + " named classes in "
                            + first.label(), "Give files of one set; or use no labels: data.labels=none");
                }
            }
        }
    }

    /// How many rows have each label.
    private static TreeMap<String, Long> counted(List<ParquetTable> tables) throws IOException {
        var counts = new TreeMap<String, Long>();
        for (var table : tables) {
            try (var rows = table.rows(false)) {
                for (long row = 0; rows.next(); row++) {
                    String label = rows.label();
                    if (label == null) {
                        throw noLabel(table, row, "none");
                    }
                    counts.merge(label, 1L, Long::sum);
                    if (counts.size() > MOST_CLASSES) {
                        throw noLabel(table, row, "the " + counts.size() + "th different one, " + label);
                    }
                }
            }
        }
        return counts;
    }

    private static ImageException noLabel(ParquetTable table, long row, String found) {
        return new ImageException(table.file(), "row " + row + " has in the column " + table.label() + " " + found
                + ", expected the label of a class", "Use no labels: data.labels=none; or another part, with labels");
    }

    @Override
    public String kind() {
        int n = files.train().size() + files.test().size();
        return (n == 1 ? "a Parquet file" : n + " Parquet files") + (classes.isEmpty() ? " without labels" : "");
    }

    @Override
    public String origin() {
        return files.origin();
    }

    @Override
    public List<String> classes() {
        return classes;
    }

    @Override
    public boolean hasTest() {
        return !files.test().isEmpty();
    }

    @Override
    public synchronized Survey survey(Split part) throws IOException {
        var known = surveys.get(part);
        if (known == null) {
            long[] perClass = new long[classes.size()];
            long pictures = parts.get(part).stream().mapToLong(ParquetTable::rows).sum();
            if (!classes.isEmpty()) {
                for (var label : counted(parts.get(part)).entrySet()) {
                    perClass[number(parts.get(part).getFirst(), label.getKey())] += label.getValue();
                }
                pictures = Arrays.stream(perClass).sum();
            }
            if (pictures == 0) {
                throw new ImageException(files.place(), "it has no rows", "Give files with pictures");
            }
            known = new Survey(pictures, perClass, new TreeMap<>());
            surveys.put(part, known);
        }
        return known;
    }

    private int number(ParquetTable table, String label) {
        var number = label == null ? null : numbers.get(label);
        if (number == null) {
            throw new ImageException(table.file(), "its column " + table.label() + " holds " + label + ", expected "
                    + (table.names().isEmpty()
                            ? "one of " + ArchiveLayout.some(classes)
                            : "0 to " + (classes.size() - 1) + ", its named classes"),
                    "Use no labels: data.labels=none; or another part, with labels");
        }
        return number;
    }

    @Override
    public Walk walk(Split part) {
        return new Rows(parts.get(part));
    }

    private final class Rows implements Walk {
        private final List<ParquetTable> tables;
        private int next;
        private long row;
        private ParquetTable table;
        private ParquetTable.Rows rows;
        private byte[] content;
        private Entry current;

        Rows(List<ParquetTable> tables) {
            this.tables = tables;
        }

        @Override
        public Entry next() throws IOException {
            content = null;
            while (rows == null || !rows.next()) {
                close();
                if (next == tables.size()) {
                    return null;
                }
                table = tables.get(next++);
                rows = table.rows(true);
                row = 0;
            }
            content = rows.picture();
            int label = classes.isEmpty() ? Entry.UNLABELLED : number(table, rows.label());
            current = new Entry(files.name(table.file()) + "#" + row, label, content == null ? -1 : content.length, 0,
                    null);
            row++;
            return current;
        }

        @Override
        public InputStream open() {
            if (content == null) {
                throw new ImageException(Refusal.EMPTY, where(current), "its bytes are not in the file",
                        "Write it again with the pictures embedded, or skip it with data.skip-bad=true", null);
            }
            return new ByteArrayInputStream(content);
        }

        @Override
        public void close() throws IOException {
            if (rows != null) {
                rows.close();
                rows = null;
            }
        }
    }

    @Override
    public boolean reopens() {
        return false;
    }

    @Override
    public InputStream open(Entry entry) {
        throw new UnsupportedOperationException(origin() + " is Parquet: it is read in sequence alone");
    }

    @Override
    public String fingerprint(Split part) throws IOException {
        return files.fingerprint(files.of(part)) + "\n" + classes.isEmpty();
    }

    @Override
    public List<String> remarks() {
        var remarks = new ArrayList<>(files.remarks());
        var first = parts.get(Split.TRAIN).getFirst();
        remarks.add("Pictures are those of the column " + first.image()
                + (classes.isEmpty() ? ", without labels." : ", labels those of " + first.label() + "."));
        return remarks;
    }
}
