package dev.triptych.embed;

import dev.triptych.io.Safetensors;
import dev.triptych.io.SafetensorsFile;
import dev.triptych.method.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.function.LongConsumer;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVRecord;

/// Codes that `embed` wrote, with the names that lie beside them: into an index, or compared one and all.
public final class EmbeddedCodes implements CodeSearch {
    private static final String BITS = "bits";

    private final Path names;
    private final byte[] codes;
    private final int bytes;
    /// Made when it is asked first.
    private CodeScan scan;

    /// Takes a row and what is written of its picture.
    @FunctionalInterface
    private interface Rows {
        void row(int row, CSVRecord line) throws IOException;
    }

    private EmbeddedCodes(Path names, byte[] codes, int bytes) {
        this.names = names;
        this.codes = codes;
        this.bytes = bytes;
    }

    /// Reads all codes of a file.
    ///
    /// @param option that names the file
    /// @param file `.safetensors` with the value `bits`; beside it `FILE.rows.csv`
    /// @throws InputException if a file is missing, or has no bits
    public static EmbeddedCodes open(String option, Path file) throws IOException {
        Path names = file.resolveSibling(file.getFileName() + ".rows.csv");
        for (Path needed : new Path[]{file, names}) {
            if (!Files.isRegularFile(needed)) {
                throw new InputException(
                        option + " " + file + ": there is no " + needed + "; expected both files that `embed "
                                + "--values bits --out NAME.safetensors` writes. Check the path.");
            }
        }
        SafetensorsFile tensors = Safetensors.read(file);
        if (!tensors.has(BITS)) {
            throw new InputException(
                    option + " " + file + " holds " + tensors.names() + "; expected the value bits. Write it "
                            + "with `embed --values bits`.");
        }
        return new EmbeddedCodes(names, tensors.bytes(BITS), tensors.shape(BITS)[1]);
    }

    /// Makes an index of all codes.
    ///
    /// @param merge whether it is to be one graph
    /// @param done told how many more codes are in
    /// @return how many there are
    /// @throws InputException if there are not as many rows as names
    public long index(Path folder, boolean merge, LongConsumer done) throws IOException {
        try (var index = new CodeIndex.Builder(folder, bytes, merge)) {
            rows((row, line) -> {
                index.add(Arrays.copyOfRange(codes, row * bytes, (row + 1) * bytes), line.get("file"),
                        line.get("label"));
                done.accept(1);
            });
            index.finish();
        }
        return size();
    }

    private int size() {
        return codes.length / bytes;
    }

    @Override
    public int bytes() {
        return bytes;
    }

    /// The nearest of all.
    @Override
    public List<Hit> search(byte[] code, int count) throws IOException {
        if (scan == null) {
            scan = new CodeScan(codes, bytes);
        }
        var near = scan.nearest(code, count);
        var found = new HashMap<Integer, Hit>();
        near.forEach(n -> found.put(n.row(), null));
        rows((row, line) -> {
            if (found.containsKey(row)) {
                found.put(row, new Hit(line.get("file"), line.get("label"), 0));
            }
        });
        return near.stream().map(n -> new Hit(found.get(n.row()).file(), found.get(n.row()).label(), n.differing()))
                .toList();
    }

    /// Goes through the lines of pictures that have a row.
    private void rows(Rows rows) throws IOException {
        try (var lines = CSVFormat.RFC4180.builder().setHeader().setSkipHeaderRecord(true).get()
                .parse(Files.newBufferedReader(names))) {
            int row = 0;
            for (var line : lines) {
                if (line.get("row").isEmpty()) {
                    continue; // refused: no row
                }
                if (row >= size() || Integer.parseInt(line.get("row")) != row) {
                    throw disagree(line.get("row"), row);
                }
                rows.row(row++, line);
            }
            if (row != size()) {
                throw disagree("no more rows", row);
            }
        }
    }

    private InputException disagree(String found, int row) {
        return new InputException(names + ": found row " + found + "; expected row " + row + " of the " + size()
                + " that the file beside it holds. Write both again with `embed`.");
    }

    @Override
    public void close() {
        // everything is in memory
    }
}
