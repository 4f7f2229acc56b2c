package dev.triptych.data.file;

import java.util.Locale;
import java.util.Set;

/// Image formats, told by their first bytes.
public enum ImageKind {
    PNG, JPEG, GIF, BMP, PNM, TIFF, WEBP,
    /// Known, not read.
    BIGTIFF, PAM, PFM, ICO, PSD, JPEG2000, JPEG_XL, AVIF, HEIF, SVG, PDF, UNKNOWN;

    /// The kinds that are read, for messages.
    public static final String READ = "PNG, JPEG, GIF, BMP, PNM, TIFF and WebP";
    private static final Set<String> EXTENSIONS = Set.of("png", "jpg", "jpeg", "jpe", "jfif", "gif", "bmp", "dib",
            "pnm",
            "pbm", "pgm", "ppm", "tif", "tiff", "webp");

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
        if (begins(data, 'P') && data.length > 2 && data[1] >= '1' && data[1] <= '6'
                && (PnmFile.white(data[2]) || data[2] == '#')) {
            return PNM;
        }
        if (begins(data, 'R', 'I', 'F', 'F') && at(data, 8, "WEBP")) {
            return WEBP;
        }
        return begins(data, 'I', 'I', 42, 0) || begins(data, 'M', 'M', 0, 42) ? TIFF : notRead(data);
    }

    /// Whether it is decoded here.
    public boolean isRead() {
        return ordinal() <= WEBP.ordinal();
    }

    /// Its name for people: `BigTIFF`.
    public String title() {
        return switch (this) {
            case WEBP -> "WebP";
            case BIGTIFF -> "BigTIFF";
            case JPEG2000 -> "JPEG 2000";
            case JPEG_XL -> "JPEG XL";
            default -> name();
        };
    }

    private static ImageKind notRead(byte[] data) {
        if (begins(data, 'I', 'I', 43, 0) || begins(data, 'M', 'M', 0, 43)) {
            return BIGTIFF;
        }
        if (at(data, 0, "P7\n")) {
            return PAM;
        }
        if (at(data, 0, "PF\n") || at(data, 0, "Pf\n")) {
            return PFM;
        }
        if (begins(data, 0xFF, 0x0A) || at(data, 4, "JXL ")) {
            return JPEG_XL;
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
