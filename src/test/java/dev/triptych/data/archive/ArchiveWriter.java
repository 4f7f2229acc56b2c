package dev.triptych.data.archive;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/// Writes archives by code that is not under test.
public final class ArchiveWriter {
    private ArchiveWriter() {
    }

    /// A tar archive with the pax format where a name needs it, compressed where the file's name ends in `gz`.
    ///
    /// @param files contents by name; null for a folder
    public static Path tar(Path archive, Map<String, byte[]> files) throws IOException {
        Files.createDirectories(archive.getParent());
        try (var file = Files.newOutputStream(archive);
                var out = archive.toString().endsWith("gz") ? new GZIPOutputStream(file) : file;
                var tar = new TarArchiveOutputStream(out, "UTF-8")) {
            tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
            tar.setAddPaxHeadersForNonAsciiNames(true);
            write(tar, files);
        }
        return archive;
    }

    /// Writes files as they are named.
    public static void write(TarArchiveOutputStream tar, Map<String, byte[]> files) throws IOException {
        for (var file : files.entrySet()) {
            var entry = new TarArchiveEntry(file.getKey(), true);
            entry.setSize(file.getValue() == null ? 0 : file.getValue().length);
            tar.putArchiveEntry(entry);
            if (file.getValue() != null) {
                tar.write(file.getValue());
            }
            tar.closeArchiveEntry();
        }
    }

    /// A ZIP archive, deflated, or stored where the name of the archive says so.
    ///
    /// @param files contents by name; null for a folder
    public static Path zip(Path archive, Map<String, byte[]> files) throws IOException {
        Files.createDirectories(archive.getParent());
        try (OutputStream out = Files.newOutputStream(archive); var zip = new ZipOutputStream(out)) {
            for (var file : files.entrySet()) {
                var entry = new ZipEntry(file.getKey());
                byte[] content = file.getValue() == null ? new byte[0] : file.getValue();
                if (archive.toString().contains("stored")) {
                    var crc = new CRC32();
                    crc.update(content);
                    entry.setMethod(ZipEntry.STORED);
                    entry.setSize(content.length);
                    entry.setCrc(crc.getValue());
                }
                zip.putNextEntry(entry);
                zip.write(content);
                zip.closeEntry();
            }
        }
        return archive;
    }
}
