package dev.triptych.data.archive;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.data.file.ImageException;
import dev.triptych.data.file.Refusal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What is read of tar archives, and what is refused.
class TarArchiveTest {
    @TempDir
    Path folder;

    private interface Filling {
        void into(TarArchiveOutputStream tar) throws IOException;
    }

    private byte[] tar(Filling filling) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var tar = new TarArchiveOutputStream(bytes, "UTF-8")) {
            tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_GNU);
            filling.into(tar);
        }
        return bytes.toByteArray();
    }

    private Archive archive(byte[] bytes, boolean packed) throws IOException {
        Path file = folder.resolve("a.tar" + (packed ? ".gz" : ""));
        try (OutputStream out = packed
                ? new GZIPOutputStream(Files.newOutputStream(file))
                : Files.newOutputStream(
                        file)) {
            out.write(bytes);
        }
        return new TarArchive(file, packed);
    }

    static List<Member> all(Archive archive) throws IOException {
        var found = new ArrayList<Member>();
        try (var members = archive.members(true)) {
            for (var member = members.next(); member != null; member = members.next()) {
                found.add(member);
            }
        }
        return found;
    }

    private static void put(TarArchiveOutputStream tar, TarArchiveEntry entry, byte[] content) throws IOException {
        entry.setSize(content.length);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
    }

    private ImageException refused(Refusal refusal, String reason, byte[] bytes) throws IOException {
        ImageException refused = null;
        for (boolean packed : new boolean[]{false, true}) {
            var archive = archive(bytes, packed);
            refused = assertThrows(ImageException.class, () -> all(archive));
            assertEquals(refusal, refused.refusal(), refused.getMessage());
            assertTrue(refused.getMessage().startsWith(archive.file().toString()), refused.getMessage());
            assertTrue(refused.getMessage().contains(reason), refused.getMessage());
        }
        return refused;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void longNamesOfBothKindsAndEveryLengthAreRead(boolean packed) throws IOException {
        var files = new LinkedHashMap<String, byte[]>();
        var random = new Random(1);
        for (int i = 0; i < 40; i++) {
            byte[] content = new byte[i * 37];
            random.nextBytes(content);
            files.put("folder/u" + "ü".repeat(i * 3) + "/" + "n".repeat(i * 7 + 1) + i, content);
        }
        for (int mode : new int[]{TarArchiveOutputStream.LONGFILE_GNU, TarArchiveOutputStream.LONGFILE_POSIX}) {
            var archive = archive(tar(tar -> {
                tar.setLongFileMode(mode);
                tar.setAddPaxHeadersForNonAsciiNames(mode == TarArchiveOutputStream.LONGFILE_POSIX);
                ArchiveWriter.write(tar, files);
            }), packed);
            var left = new LinkedHashMap<>(files);
            try (var members = archive.members(true)) {
                for (var member = members.next(); member != null; member = members.next()) {
                    byte[] content = left.remove(member.name());
                    assertNotNull(content, member.name());
                    assertArrayEquals(Arrays.copyOf(content, Math.min(5, content.length)), members.head(5));
                    assertArrayEquals(content, members.open().readAllBytes());
                    assertEquals(content.length, member.bytes());
                    if (!packed) {
                        assertArrayEquals(content, archive.open(member).readAllBytes());
                    }
                }
            }
            assertEquals(Map.of(), left);
        }
    }

    @Test
    void namesThatLeaveAreRefused() throws IOException {
        for (String name : List.of("../x.jpg", "a/../../x.jpg", "a/..", "/etc/x.jpg", "..", "C:/x.jpg", "a/..\\x.jpg",
                "..\\..\\x.jpg", "\\x.jpg")) {
            refused(Refusal.UNSAFE_NAME, "'" + name + "', which leads out",
                    tar(tar -> put(tar, new TarArchiveEntry(name,
                            true), new byte[3])));
        }
        refused(Refusal.UNSAFE_NAME, "../out/', which leads out", tar(tar -> {
            tar.putArchiveEntry(new TarArchiveEntry("../out/", true));
            tar.closeArchiveEntry();
        }));
        refused(Refusal.UNSAFE_NAME, "no text", tar(tar -> put(tar, new TarArchiveEntry("a\nb.jpg"), new byte[0])));
        refused(Refusal.UNSAFE_NAME, "expected a name", tar(tar -> put(tar, new TarArchiveEntry("./."), new byte[0])));
    }

    @Test
    void namesOfOldArchivesAreLatin() throws IOException {
        byte[] bytes = tar(tar -> put(tar, new TarArchiveEntry("caf\u00e9.jpg"), new byte[0]));
        var latin = new ByteArrayOutputStream();
        try (var tar = new TarArchiveOutputStream(latin, "ISO-8859-1")) {
            put(tar, new TarArchiveEntry("caf\u00e9.jpg"), new byte[0]);
        }
        assertEquals("caf\u00e9.jpg", all(archive(bytes, false)).getFirst().name());
        assertEquals("caf\u00e9.jpg", all(archive(latin.toByteArray(), false)).getFirst().name());
    }

    @Test
    void linksAndDevicesAreRefused() throws IOException {
        for (byte kind : new byte[]{'1', '2'}) {
            var message = refused(Refusal.ARCHIVED_LINK, "a link, 'x.jpg' to '/etc/passwd'", tar(tar -> {
                var entry = new TarArchiveEntry("x.jpg", kind);
                entry.setLinkName("/etc/passwd");
                tar.putArchiveEntry(entry);
                tar.closeArchiveEntry();
            })).getMessage();
            assertTrue(message.contains("--dereference"), message);
        }
        for (byte kind : new byte[]{'3', '4', '6', 'S', 'Z'}) {
            byte[] bytes = tar(tar -> {
                tar.putArchiveEntry(new TarArchiveEntry("x.jpg", kind));
                tar.closeArchiveEntry();
            });
            refused(Refusal.NOT_A_FILE, "'x.jpg'", bytes);
        }
    }

    @Test
    void namesGivenTwiceAreRefused() throws IOException {
        refused(Refusal.DUPLICATE_NAME, "two files named 'a/b.jpg', number 2 and number 4", tar(tar -> {
            for (String name : List.of("b.jpg", "a/b.jpg", "c.jpg", "./a//b.jpg")) {
                put(tar, new TarArchiveEntry(name), new byte[7]);
            }
        }));
    }

    /// Cut at any length, it is refused or has lost nothing but zeros.
    @Test
    void everyTruncationIsSeen() throws IOException {
        var files = new LinkedHashMap<String, byte[]>();
        for (int i = 0; i < 3; i++) {
            files.put("f" + i, new byte[300 * i + 1]);
        }
        byte[] whole = tar(tar -> ArchiveWriter.write(tar, files));
        int content = 3 * 512 + 512 + 512 + 1024; // headers and contents in blocks of 512
        for (int length = 0; length < whole.length; length += 128) {
            byte[] cut = Arrays.copyOf(whole, length);
            if (length >= content + 512) {
                assertEquals(3, all(archive(cut, false)).size(), "cut to " + length);
            } else {
                refused(Refusal.DAMAGED_ARCHIVE, "", cut);
            }
        }
        // a compressed one, cut itself
        Path file = archive(whole, true).file();
        byte[] packed = Files.readAllBytes(file);
        for (int length = 2; length < packed.length; length += 7) {
            Files.write(file, Arrays.copyOf(packed, length));
            assertThrows(ImageException.class, () -> all(new TarArchive(file, true)));
        }
    }

    @Test
    void aLengthBeyondTheFileIsRefused() throws IOException {
        byte[] bytes = tar(tar -> put(tar, new TarArchiveEntry("x.jpg"), new byte[10]));
        System.arraycopy("77777777777".getBytes(StandardCharsets.US_ASCII), 0, bytes, 124, 11);
        checkSum(bytes);
        var message = assertThrows(ImageException.class, () -> all(archive(bytes, false))).getMessage();
        assertTrue(message.contains("'x.jpg' in it should have 8589934591 bytes, and "), message);
    }

    private static void checkSum(byte[] header) {
        Arrays.fill(header, 148, 156, (byte) ' ');
        int sum = 0;
        for (int i = 0; i < 512; i++) {
            sum += header[i] & 0xFF;
        }
        System.arraycopy("%06o\0 ".formatted(sum).getBytes(StandardCharsets.US_ASCII), 0, header, 148, 8);
    }

    @Test
    void aBombIsRefusedBeforeItIsUnpacked() throws IOException {
        Path file = folder.resolve("bomb.tar.gz");
        byte[] header = tar(tar -> put(tar, new TarArchiveEntry("x.jpg"), new byte[1]));
        System.arraycopy("10000000000".getBytes(StandardCharsets.US_ASCII), 0, header, 124, 11); // a gigabyte
        checkSum(header);
        try (var out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write(header, 0, 512);
        }
        assertEquals(Refusal.UNPACKS_TOO_LARGE,
                assertThrows(ImageException.class, () -> all(new TarArchive(file, true))).refusal());
        try (var out = new GZIPOutputStream(Files.newOutputStream(file))) { // many small ones
            byte[] one = tar(tar -> put(tar, new TarArchiveEntry("x.jpg"), new byte[1 << 20]));
            for (int i = 0; i < 80; i++) {
                one[4] = (byte) ('0' + i);
                checkSum(one);
                out.write(one, 0, 512 + (1 << 20));
            }
        }
        assertEquals(Refusal.UNPACKS_TOO_LARGE,
                assertThrows(ImageException.class, () -> all(new TarArchive(file, true))).refusal());
    }

    @Test
    void anArchiveInsideAHeaderIsWatched() throws IOException {
        Path file = folder.resolve("name.tar.gz");
        try (var out = new GZIPOutputStream(Files.newOutputStream(file))) {
            byte[] header = tar(tar -> put(tar, new TarArchiveEntry("././@LongLink", (byte) 'L'), new byte[1]));
            System.arraycopy("04000000000".getBytes(StandardCharsets.US_ASCII), 0, header, 124, 11);
            checkSum(header);
            out.write(header, 0, 512);
            byte[] zeros = new byte[1 << 20];
            Arrays.fill(zeros, (byte) 'a');
            for (int i = 0; i < 200; i++) {
                out.write(zeros);
            }
        }
        var refused = assertThrows(ImageException.class, () -> all(new TarArchive(file, true)));
        assertEquals(Refusal.UNPACKS_TOO_LARGE, refused.refusal());
    }

    @Test
    void kindsAreToldByContent() throws IOException {
        byte[] tar = tar(out -> put(out, new TarArchiveEntry("x.jpg"), new byte[10]));
        assertEquals(FileStart.Kind.TAR, FileStart.kind(archive(tar, false).file()));
        assertEquals(FileStart.Kind.TAR_GZ, FileStart.kind(archive(tar, true).file()));
        assertEquals(FileStart.Kind.OTHER, FileStart.kind(archive(new byte[1024], false).file()));
        assertEquals(FileStart.Kind.OTHER, FileStart.kind(archive(new byte[]{1, 2, 3}, true).file()));
        byte[] noise = new byte[1024];
        new Random(1).nextBytes(noise);
        assertEquals(FileStart.Kind.OTHER, FileStart.kind(archive(noise, false).file()));
        assertEquals(FileStart.Kind.ZIP, FileStart.kind(ArchiveWriter.zip(folder.resolve("z"), Map.of("a",
                new byte[1]))));
    }
}
