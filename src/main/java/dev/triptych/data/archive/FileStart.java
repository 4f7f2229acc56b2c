package dev.triptych.data.archive;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarUtils;

/// Tells by its first bytes what a file of pictures is.
public final class FileStart {
    private static final int LENGTH = 512;

    /// Kinds of files that hold pictures.
    public enum Kind {
        ZIP, TAR, TAR_GZ, PARQUET, IDX, OTHER
    }

    private FileStart() {
    }

    /// The first 512 bytes.
    static byte[] of(Path file) throws IOException {
        try (var in = Files.newInputStream(file)) {
            return in.readNBytes(LENGTH);
        }
    }

    static boolean isGzip(byte[] start) {
        return start.length > 2 && (start[0] & 0xFF) == 0x1F && (start[1] & 0xFF) == 0x8B;
    }

    /// What a file is.
    public static Kind kind(Path file) throws IOException {
        byte[] start = of(file);
        if (isGzip(start)) {
            try (var in = new GZIPInputStream(Files.newInputStream(file))) {
                byte[] inner = in.readNBytes(LENGTH);
                return isTar(inner) ? Kind.TAR_GZ : isIdx(inner) ? Kind.IDX : Kind.OTHER;
            } catch (IOException e) {
                return Kind.OTHER;
            }
        }
        if (begins(start, 'P', 'K', 3, 4) || begins(start, 'P', 'K', 5, 6)) {
            return Kind.ZIP;
        }
        if (begins(start, 'P', 'A', 'R', '1')) {
            return Kind.PARQUET;
        }
        return isIdx(start) ? Kind.IDX : isTar(start) ? Kind.TAR : Kind.OTHER;
    }

    private static boolean isIdx(byte[] start) {
        return begins(start, 0, 0, 8, 1) || begins(start, 0, 0, 8, 3);
    }

    /// A header whose check sum is right; old archives have no other mark.
    private static boolean isTar(byte[] start) {
        try {
            return start.length == LENGTH && start[0] != 0 && TarUtils.verifyCheckSum(start);
        } catch (IllegalArgumentException e) {
            return false; // what stands there is no number
        }
    }

    private static boolean begins(byte[] data, int... bytes) {
        for (int i = 0; i < bytes.length; i++) {
            if (i >= data.length || data[i] != (byte) bytes[i]) {
                return false;
            }
        }
        return true;
    }
}
