package dev.triptych.data.archive;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.data.file.ImageException;
import dev.triptych.data.file.Refusal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.commons.compress.archivers.zip.Zip64Mode;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// What is read of ZIP archives, beside Commons Compress, and what is refused.
class ZipArchiveTest {
    @TempDir
    Path folder;

    private Path write(byte[] bytes) throws IOException {
        return Files.write(folder.resolve("a.zip"), bytes);
    }

    private byte[] zip(Map<String, byte[]> files) throws IOException {
        return Files.readAllBytes(ArchiveWriter.zip(folder.resolve("written.zip"), files));
    }

    private ImageException refused(Refusal refusal, String reason, byte[] bytes) throws IOException {
        Path file = write(bytes);
        var refused = assertThrows(ImageException.class, () -> TarArchiveTest.all(new ZipArchive(file)));
        assertEquals(refusal, refused.refusal(), refused.getMessage());
        assertTrue(refused.getMessage().startsWith(file.toString()), refused.getMessage());
        assertTrue(refused.getMessage().contains(reason), refused.getMessage());
        return refused;
    }

    private static int find(byte[] bytes, int signature, int from) {
        var buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        for (int at = from; at < bytes.length - 3; at++) {
            if (buffer.getInt(at) == signature) {
                return at;
            }
        }
        throw new AssertionError("no " + Integer.toHexString(signature));
    }

    /// The archive with a number changed in the first record of its directory.
    private static byte[] patched(byte[] zip, int offset, int bytes, long value) {
        byte[] changed = zip.clone();
        int at = find(zip, 0x02014B50, 0) + offset;
        for (int b = 0; b < bytes; b++) {
            changed[at + b] = (byte) (value >> 8 * b);
        }
        return changed;
    }

    @ParameterizedTest
    @EnumSource(Zip64Mode.class)
    void filesAreThoseOfCommonsCompress(Zip64Mode wide) throws IOException {
        var random = new Random(2);
        Path file = folder.resolve("wide.zip");
        try (var zip = new ZipArchiveOutputStream(file.toFile())) {
            zip.setUseZip64(wide);
            zip.setComment("PK\5\6 is no end");
            for (int i = 0; i < 30; i++) {
                byte[] content = new byte[i * 411];
                random.nextBytes(content);
                Arrays.fill(content, 0, content.length / 2, (byte) i);
                var entry = new ZipArchiveEntry("häuser/" + i + ".png");
                entry.setMethod(i % 3 == 0 ? ZipEntry.STORED : ZipEntry.DEFLATED);
                var crc = new java.util.zip.CRC32();
                crc.update(content);
                entry.setSize(content.length);
                entry.setCrc(crc.getValue());
                entry.setComment("c".repeat(i));
                zip.putArchiveEntry(entry);
                zip.write(content);
                zip.closeArchiveEntry();
            }
        }
        var archive = new ZipArchive(file);
        try (var other = ZipFile.builder().setPath(file).get(); var members = archive.members(true)) {
            var theirs = other.getEntries();
            for (var member = members.next(); member != null; member = members.next()) {
                var entry = theirs.nextElement();
                assertEquals(entry.getName(), member.name());
                assertEquals(entry.getSize(), member.bytes());
                byte[] content = other.getInputStream(entry).readAllBytes();
                assertArrayEquals(content, archive.open(member).readAllBytes());
                assertArrayEquals(Arrays.copyOf(content, Math.min(3, content.length)), members.head(3));
                var in = archive.open(member);
                in.skip(content.length / 2); // skipped bytes belong to the check sum, too
                in.readAllBytes();
            }
            assertTrue(!theirs.hasMoreElements());
        }
    }

    /// More files than 16 bits count.
    @Test
    void manyFilesAreListed() throws IOException {
        Path file = folder.resolve("many.zip");
        try (var zip = new ZipOutputStream(Files.newOutputStream(file))) {
            for (int i = 0; i < 66_000; i++) {
                zip.putNextEntry(new ZipEntry(Integer.toString(i)));
                zip.closeEntry();
            }
        }
        assertEquals(66_000, TarArchiveTest.all(new ZipArchive(file)).size());
    }

    @Test
    void oldNamesAreThoseOfDos() throws IOException {
        Path file = folder.resolve("old.zip");
        try (var zip = new ZipOutputStream(Files.newOutputStream(file), Charset.forName("IBM437"))) {
            zip.putNextEntry(new ZipEntry("Gr\u00f6\u00dfe.jpg"));
            zip.closeEntry();
        }
        assertEquals("Gr\u00f6\u00dfe.jpg", TarArchiveTest.all(new ZipArchive(file)).getFirst().name());
    }

    @Test
    void namesThatLeaveAndNamesGivenTwiceAreRefused() throws IOException {
        for (String name : List.of("../x.jpg", "a/../../x.jpg", "/etc/x.jpg", "C:/x.jpg", "..\\x.jpg", "../out/")) {
            refused(Refusal.UNSAFE_NAME, "'" + name + "', which leads out", zip(Map.of(name, new byte[0])));
        }
        var two = new LinkedHashMap<String, byte[]>();
        two.put("a.jpg", new byte[5]);
        two.put("b.jpg", new byte[5]);
        byte[] zip = zip(two);
        byte[] twice = patched(zip, 46, 1, 'b');
        refused(Refusal.DUPLICATE_NAME, "two files named 'b.jpg', number 1 and number 2", twice);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "8  | 2 | 0x809      | UNSUPPORTED       | 'a.jpg' in it is encrypted",
            "10 | 2 | 93         | UNSUPPORTED       | compressed by method 93",
            "38 | 4 | 0xA1FF0000 | ARCHIVED_LINK     | a link, 'a.jpg'",
            "42 | 4 | 0xFFFFFFFE | DAMAGED_ARCHIVE   | overlaps",
            "20 | 4 | 0x7FFFFFFF | DAMAGED_ARCHIVE   | overlaps",
            "42 | 4 | 0xFFFFFFFF | DAMAGED_ARCHIVE   | overlaps",
            "10 | 2 | 0          | DAMAGED_ARCHIVE   | is stored in",
            "24 | 4 | 0x7FFFFFFF | UNPACKS_TOO_LARGE | unpack to 2147483647",
            "28 | 2 | 0xFFFF     | DAMAGED_ARCHIVE   | ends in the middle of a record",
            "28 | 2 | 4          | DAMAGED_ARCHIVE   | directory"})
    void wrongRecordsAreRefused(int offset, int bytes, String value, Refusal refusal, String reason)
            throws IOException {
        byte[] zip = patched(zip(Map.of("a.jpg", new byte[500])), 4, 2, 3 << 8 | 20); // made by Unix
        refused(refusal, reason, patched(zip, offset, bytes, Long.decode(value)));
    }

    /// Ten names for one content that ten others have, too: what zip bombs are made of.
    @Test
    void filesThatShareBytesAreRefused() throws IOException {
        var files = new LinkedHashMap<String, byte[]>();
        byte[] noise = new byte[1000];
        new Random(3).nextBytes(noise);
        files.put("a.jpg", noise);
        files.put("b.jpg", new byte[0]);
        byte[] zip = zip(files);
        int first = find(zip, 0x02014B50, 0);
        int second = find(zip, 0x02014B50, first + 1);
        System.arraycopy(zip, first + 16, zip, second + 16, 12); // check sum and lengths
        System.arraycopy(zip, first + 42, zip, second + 42, 4); // and the place
        refused(Refusal.DAMAGED_ARCHIVE, "overlaps other files", zip);
    }

    /// What only reading shows: wrong lengths, a wrong check sum, another local header.
    @Test
    void wrongContentsAreRefusedWhenTheyAreRead() throws IOException {
        byte[] zip = zip(Map.of("a.jpg", new byte[500]));
        for (var wrong : List.of(patched(zip, 24, 4, 499), patched(zip, 24, 4, 501), patched(zip, 16, 4, 7))) {
            var archive = new ZipArchive(write(wrong));
            var member = TarArchiveTest.all(archive).getFirst();
            assertThrows(IOException.class, () -> {
                try (var in = archive.open(member)) {
                    in.readAllBytes();
                }
            });
        }
        byte[] other = zip.clone();
        other[30] = 'b';
        var archive = new ZipArchive(write(other));
        var member = TarArchiveTest.all(archive).getFirst();
        assertTrue(assertThrows(ImageException.class, () -> archive.open(member)).getMessage()
                .contains("'a.jpg' does not lie where its directory has it"));
    }

    @Test
    void everyTruncationIsRefused() throws IOException {
        byte[] zip = zip(Map.of("a.jpg", new byte[500], "b.jpg", new byte[]{1, 2, 3}));
        for (int length = 0; length < zip.length; length++) {
            Path file = write(Arrays.copyOf(zip, length));
            assertThrows(ImageException.class, () -> TarArchiveTest.all(new ZipArchive(file)), () -> "cut");
        }
    }

    /// A directory that is not where the end has it: something lies before, or a part is missing.
    @Test
    void aMisplacedDirectoryIsRefused() throws IOException {
        byte[] zip = zip(Map.of("a.jpg", new byte[500]));
        var longer = new ByteArrayOutputStream();
        longer.write(new byte[9]);
        longer.write(zip);
        refused(Refusal.DAMAGED_ARCHIVE, "its directory of 1 files should lie at", longer.toByteArray());
        refused(Refusal.DAMAGED_ARCHIVE, "should lie at", Arrays.copyOfRange(zip, 9, zip.length));
        int end = find(zip, 0x06054B50, 0);
        byte[] volumes = zip.clone();
        volumes[end + 4] = 1;
        refused(Refusal.DAMAGED_ARCHIVE, "volume 1 of several", volumes);
        byte[] fewer = zip.clone();
        fewer[end + 10] = 0;
        refused(Refusal.DAMAGED_ARCHIVE, "more than the 0 files", fewer);
    }
}
