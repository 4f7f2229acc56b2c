package dev.triptych.data;

import java.util.Locale;
import java.util.Set;

/// Image formats, told by their first bytes.
enum ImageKind {
    PNG, JPEG, GIF, BMP, PNM, TIFF, UNKNOWN;

    private static final Set<String> EXTENSIONS = Set.of("png", "jpg", "jpeg", "gif", "bmp", "pnm", "pbm", "pgm", "ppm",
            "tif", "tiff");

    static ImageKind of(byte[] data) {
        if (begins(data, 0x89, 'P', 'N', 'G', 0x0D, 0x0A, 0x1A, 0x0A)) {
            return PNG;
        }
        if (begins(data, 0xFF, 0xD8, 0xFF)) {
            return JPEG;
        }
        if (begins(data, 'G', 'I', 'F', '8')) {
            return GIF;
        }
        if (begins(data, 'B', 'M')) {
            return BMP;
        }
        if (begins(data, 'P') && data.length > 2 && data[1] >= '1' && data[1] <= '6') {
            return PNM;
        }
        return begins(data, 'I', 'I', 42, 0) || begins(data, 'M', 'M', 0, 42) ? TIFF : UNKNOWN;
    }

    /// Whether a file's name ends like an image's.
    static boolean hasImageName(String name) {
        int dot = name.lastIndexOf('.');
        return dot > 0 && EXTENSIONS.contains(name.substring(dot + 1).toLowerCase(Locale.ROOT));
    }

    private static boolean begins(byte[] data, int... bytes) {
        if (data.length < bytes.length) {
            return false;
        }
        for (int i = 0; i < bytes.length; i++) {
            if ((data[i] & 0xFF) != bytes[i]) {
                return false;
            }
        }
        return true;
    }
}
