package dev.triptych.embed;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hardwood.InputFile;
import dev.hardwood.reader.ParquetFileReader;
import dev.triptych.data.file.ImageException;
import dev.triptych.data.source.Entry;
import dev.triptych.data.source.Split;
import dev.triptych.io.Json;
import dev.triptych.method.EncodedValue;
import dev.triptych.method.InputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Rows with every number its own, in the files that other programs read: Parquet by Hardwood, OpenSearch's bulk lines,
/// and what `COPY` of PostgreSQL takes. `reference-checks/rows` reads them in Python.
class RowFormatsTest {
    private static final int PICTURES = 11;
    private static final int REFUSED = 4;
    private static final int BITS = 13;
    private static final List<RowValue> VALUES = List.of(
            new RowValue(new EncodedValue("cls", "", null, false), new int[]{3}, 3),
            new RowValue(new EncodedValue("sparse", "", null, false), new int[]{4, 2}, 8),
            new RowValue(new EncodedValue("bits", "", null, true), new int[]{2}, BITS),
            new RowValue(new EncodedValue("one", "", null, false), new int[]{1}, 1));
    private static final List<RowValue> VECTORS = List.of(VALUES.get(0), VALUES.get(2));
    private static final List<String> CLASSES = List.of("cat", "dog, \"big\"\t\\ ünd");

    /// Held, for its level is forgotten with it.
    private final Logger library = Logger.getLogger("dev.hardwood");

    @TempDir
    private Path folder;

    private RowFolder rows;

    @BeforeEach
    void quiet() {
        library.setLevel(Level.WARNING);
    }

    private static float number(int v, int row, int i) {
        return (v + 1) * 1000 + row * 10 + i + 0.25f;
    }

    private static boolean bit(int row, int i) {
        return (row * 31 + i * 7) % 5 < 2;
    }

    private static String file(int picture) {
        return "a\\b\t" + picture + "\".png";
    }

    private static String label(int picture) {
        return picture % 3 == 2 ? "" : CLASSES.get(picture % 3);
    }

    /// Rows of the values, in two batches.
    private RowFolder written(List<RowValue> values, float first) throws IOException {
        rows = new RowFolder(folder.resolve("rows"), values, "these");
        for (int from = 0; from < PICTURES; from += 6) {
            var batch = new ArrayList<PictureFeed.Picture>();
            var numbers = new ArrayList<Integer>();
            for (int p = from; p < Math.min(PICTURES, from + 6); p++) {
                boolean refused = p == REFUSED;
                batch.add(new PictureFeed.Picture(p < 8 ? Split.TRAIN : Split.TEST,
                        Entry.file(file(p), p % 3 == 2 ? Entry.UNLABELLED : p % 3, 1),
                        refused ? null : new byte[3],
                        refused ? new ImageException(file(p), "it is bad", "Leave it out") : null));
                if (!refused) {
                    numbers.add(p < REFUSED ? p : p - 1);
                }
            }
            rows.append(batch, CLASSES, (v, i, to) -> put(values.get(v), numbers.get(i), first, to));
        }
        return rows;
    }

    private static void put(RowValue value, int row, float first, ByteBuffer to) {
        float[] all = new float[value.numbers()];
        for (int i = 0; i < all.length; i++) {
            all[i] = value.value().bits() ? bit(row, i) ? 1 : -1 : number(VALUES.indexOf(value), row, i);
        }
        if (row == 0 && !value.value().bits()) {
            all[0] += first;
        }
        value.put(all, 0, all.length, to);
    }

    @AfterEach
    void close() throws IOException {
        if (rows != null) {
            rows.close();
        }
    }

    private static byte[] packed(int row) {
        byte[] bytes = new byte[2];
        for (int i = 0; i < BITS; i++) {
            bytes[i / 8] |= (byte) (bit(row, i) ? 1 << 7 - i % 8 : 0);
        }
        return bytes;
    }

    /// As one group, and as groups of four rows, with pages of one row to all of them.
    @Test
    void hardwoodReadsParquet() throws IOException {
        written(VALUES, 0);
        var cuts = List.of(new ParquetRows.Sizes(1 << 20, 1 << 10, 1 << 20), new ParquetRows.Sizes(1 << 20, 4, 20),
                new ParquetRows.Sizes(1, 4, 1 << 20), new ParquetRows.Sizes(1 << 20, 7, 70));
        for (var sizes : cuts) {
            Path file = folder.resolve("x.parquet");
            ParquetRows.write(rows, VALUES, sizes, file);
            try (var reader = ParquetFileReader.open(InputFile.of(file)); var in = reader.rowReader()) {
                assertEquals(PICTURES - 1, reader.getFileMetaData().numRows());
                assertEquals(sizes.group() == 1 ? 10 : (9 + sizes.rows()) / sizes.rows(),
                        reader.getFileMetaData().rowGroups().size());
                for (int row = 0; row < PICTURES - 1; row++) {
                    in.next();
                    int p = row < REFUSED ? row : row + 1;
                    assertEquals(row, in.getLong("row"));
                    assertEquals(file(p), in.getString("file"));
                    assertEquals(p < 8 ? "train" : "test", in.getString("part"));
                    if (label(p).isEmpty()) {
                        assertNull(in.getString("label"));
                    } else {
                        assertEquals(label(p), in.getString("label"));
                    }
                    assertEquals(numbers(0, row, 0, 3), in.getList("cls").floats());
                    var sparse = in.getList("sparse").lists();
                    assertEquals(4, sparse.size());
                    for (int k = 0; k < 4; k++) {
                        assertEquals(numbers(1, row, 2 * k, 2), sparse.get(k).floats());
                    }
                    assertArrayEquals(packed(row), in.getBinary("bits"));
                    assertEquals(numbers(3, row, 0, 1), in.getList("one").floats());
                }
                assertFalse(in.hasNext());
            }
        }
    }

    private static List<Float> numbers(int v, int row, int from, int count) {
        var numbers = new ArrayList<Float>();
        for (int i = 0; i < count; i++) {
            numbers.add(number(v, row, from + i));
        }
        return numbers;
    }

    /// An action, then a document, as the reference of `_bulk` has it; bytes of bits are signed.
    @Test
    void bulkLinesAreOpenSearchs() throws IOException {
        Path file = folder.resolve("x.ndjson");
        RowFormat.of(file, 2).write(written(VECTORS, 0), VECTORS, file);
        String text = Files.readString(file);
        assertTrue(text.endsWith("}\n"));
        var lines = text.lines().toList();
        assertEquals(2 * (PICTURES - 1), lines.size());
        for (int row = 0; row < PICTURES - 1; row++) {
            assertEquals("{\"index\":{\"_id\":\"" + row + "\"}}", lines.get(2 * row));
            var document = Json.read(lines.get(2 * row + 1));
            int p = row < REFUSED ? row : row + 1;
            assertEquals(file(p), document.get("file"));
            assertEquals(label(p).isEmpty() ? null : label(p), document.get("label"));
            assertEquals(numbers(0, row, 0, 3), ((List<?>) document.get("cls")).stream()
                    .map(n -> ((Number) n).floatValue()).toList());
            byte[] bits = packed(row);
            assertEquals(List.of((long) bits[0], (long) bits[1]), ((List<?>) document.get("bits")).stream()
                    .map(n -> ((Number) n).longValue()).toList());
        }
        assertTrue(lines.stream().anyMatch(line -> line.contains("\"bits\":[-")), text);
    }

    /// The text form of `COPY`: tabs between columns, `\N` for none, a backslash before what would be read otherwise.
    @Test
    void theScriptIsOneForPgvector() throws IOException {
        Path file = folder.resolve("my \"photos\".sql");
        RowFormat.of(file, 2).write(written(VECTORS, 0), VECTORS, file);
        var lines = Files.readAllLines(file);
        assertEquals(List.of("CREATE EXTENSION IF NOT EXISTS vector;", "CREATE TABLE \"my \"\"photos\"\"\" (",
                "    \"row\" bigint PRIMARY KEY,", "    \"part\" text NOT NULL,", "    \"file\" text NOT NULL,",
                "    \"label\" text,", "    \"cls\" vector(3),", "    \"bits\" bit(13)", ");",
                "COPY \"my \"\"photos\"\"\" (\"row\", \"part\", \"file\", \"label\", \"cls\", \"bits\") FROM stdin;"),
                lines.subList(0, 10));
        assertEquals("\\.", lines.getLast());
        assertEquals(10 + PICTURES - 1 + 1, lines.size());
        for (int row = 0; row < PICTURES - 1; row++) {
            int p = row < REFUSED ? row : row + 1;
            var cells = lines.get(10 + row).split("\t");
            var bits = new StringBuilder();
            for (int i = 0; i < BITS; i++) {
                bits.append(bit(row, i) ? 1 : 0);
            }
            assertEquals(List.of(Integer.toString(row), p < 8 ? "train" : "test",
                    file(p).replace("\\", "\\\\").replace("\t", "\\t"),
                    label(p).isEmpty() ? "\\N" : label(p).replace("\\", "\\\\").replace("\t", "\\t"),
                    numbers(0, row, 0, 3).toString().replace(" ", ""), bits.toString()), Arrays.asList(cells));
        }
    }

    @Test
    void whatIsNoNumberIsRefused() throws IOException {
        written(VECTORS, Float.NaN);
        for (String name : List.of("x.ndjson", "x.sql")) {
            Path file = folder.resolve(name);
            var refused = assertThrows(InputException.class, () -> RowFormat.of(file, 2).write(rows, VECTORS, file));
            assertTrue(refused.getMessage().contains("NaN"), refused::getMessage);
            assertFalse(Files.exists(file));
        }
    }
}
