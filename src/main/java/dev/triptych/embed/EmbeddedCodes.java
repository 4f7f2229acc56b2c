package dev.triptych.embed;

import dev.triptych.io.Safetensors;
import dev.triptych.io.SafetensorsFile;
import dev.triptych.method.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.LongConsumer;
import org.apache.commons.csv.CSVFormat;

/// Codes that `embed` wrote, into an index.
public final class EmbeddedCodes {
    private static final String BITS = "bits";

    private EmbeddedCodes() {
    }

    /// Makes an index of a file's bits and of the names beside them.
    ///
    /// @param file `.safetensors` with the value `bits`; beside it `FILE.rows.csv`
    /// @param done told how many more codes are in
    /// @return how many there are
    /// @throws InputException if the file has no bits, or not as many rows as names
    public static long index(Path file, Path folder, LongConsumer done) throws IOException {
        Path names = file.resolveSibling(file.getFileName() + ".rows.csv");
        for (Path needed : new Path[]{file, names}) {
            if (!Files.isRegularFile(needed)) {
                throw new InputException(
                        "--in " + file + ": there is no " + needed + "; expected both files that `embed "
                                + "--values bits --out NAME.safetensors` writes. Check the path.");
            }
        }
        SafetensorsFile tensors = Safetensors.read(file);
        if (!tensors.has(BITS)) {
            throw new InputException(
                    "--in " + file + " holds " + tensors.names() + "; expected the value bits. Write it "
                            + "with `embed --values bits`.");
        }
        int rows = tensors.shape(BITS)[0];
        int bytes = tensors.shape(BITS)[1];
        int[] all = tensors.ints(BITS);
        try (var index = new CodeIndex.Builder(folder, bytes);
                var lines = CSVFormat.RFC4180.builder().setHeader().setSkipHeaderRecord(true).get()
                        .parse(Files.newBufferedReader(names))) {
            int row = 0;
            for (var line : lines) {
                if (line.get("row").isEmpty()) {
                    continue; // refused: no row
                }
                if (row >= rows || Integer.parseInt(line.get("row")) != row) {
                    throw disagree(names, line.get("row"), row, rows);
                }
                byte[] code = new byte[bytes];
                for (int b = 0; b < bytes; b++) {
                    code[b] = (byte) all[row * bytes + b];
                }
                index.add(code, line.get("file"), line.get("label"));
                done.accept(1);
                row++;
            }
            if (row != rows) {
                throw disagree(names, "no more rows", row, rows);
            }
            index.finish();
        }
        return rows;
    }

    private static InputException disagree(Path names, String found, int row, int rows) {
        return new InputException(names + ": found row " + found + "; expected row " + row + " of the " + rows
                + " that the file beside it holds. Write both again with `embed`.");
    }
}
