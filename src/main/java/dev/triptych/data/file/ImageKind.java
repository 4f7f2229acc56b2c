package dev.triptych.data.file;

import java.util.Locale;
import java.util.Set;

/// Image formats, told by their first bytes.
public enum ImageKind {
    PNG, JPEG, GIF, BMP, PNM, TIFF,
    /// Known, not read.
    WEBP, ICO, PSD, JPEG2000, AVIF, HEIF, SVG, PDF, UNKNOWN;

    private static final Set<String> EXTENSIONS = Set.of("png", "jpg", "jpeg", "gif", "bmp", "pnm", "pbm", "pgm", "ppm",
            "tif", "tiff");

    /// The kind of a file by its first bytes.
    public static ImageKind of(byte[] data) {
        if (begins(data, 0x89, 'P', 'N', 'G', 0x0D, 0x0A, 0x1A, 0x0A)) {
            return PNG;
        }
        if (begins(data, 0xFF, 0xD8)) {
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
        return begins(data, 'I', 'I', 42, 0) || begins(data, 'M', 'M', 0, 42) ? TIFF : notRead(data);
    }

    private static ImageKind notRead(byte[] data) {
        if (begins(data, 'R', 'I', 'F', 'F') && at(data, 8, "WEBP")) {
            return WEBP;
        }
        if (begins(data, 0, 0, 1, 0) || begins(data, 0, 0, 2, 0)) {
            return ICO;
        }
        if (at(data, 0, "8BPS")) {
            return PSD;
        }
        if (at(data, 4, "jP  ") || begins(data, 0xFF, 0x4F, 0xFF, 0x51)) {
            return JPEG2000;
        }
        if (at(data, 4, "ftypavi")) {
            return AVIF;
        }
        if (at(data, 4, "ftyphei") || at(data, 4, "ftypmif1")) {
            return HEIF;
        }
        return at(data, 0, "<svg") ? SVG : at(data, 0, "%PDF") ? PDF : UNKNOWN;
    }

    private static boolean at(byte[] data, int place, String text) {
        for (int i = 0; i < text.length(); i++) {
            if (place + i >= data.length || data[place + i] != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /// Whether a file's name ends like an image's.
    public static boolean hasImageName(String name) {
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
