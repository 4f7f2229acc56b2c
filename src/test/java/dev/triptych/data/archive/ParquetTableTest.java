package dev.triptych.data.archive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.data.file.ImageException;
import dev.triptych.data.file.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Parquet files whose damage only reading shows.
class ParquetTableTest {
    @TempDir
    Path folder;

    /// The length of the first page is beyond its column: Hardwood would ask for nothing over and over.
    @Test
    @Timeout(60)
    void aPageThatGoesOnBehindItsColumnIsRefused() throws IOException {
        byte[] file = Files.readAllBytes(Path.of("src/test/resources/parquet/plain.parquet"));
        assertEquals(0x15, file[4]); // compact Thrift: kind of page, then both lengths
        assertEquals(0x15, file[6]);
        file[9] = 0x7E; // the second of them
        Path damaged = Files.write(folder.resolve("a.parquet"), file);
        var table = ParquetTable.of(damaged);
        var refused = assertThrows(ImageException.class, () -> {
            try (var rows = table.rows(true)) {
                while (rows.next()) {
                    rows.label();
                }
            }
        });
        assertEquals(Refusal.DAMAGED_ARCHIVE, refused.refusal());
        assertTrue(refused.getMessage().startsWith(damaged.toString()), refused.getMessage());
    }
}
