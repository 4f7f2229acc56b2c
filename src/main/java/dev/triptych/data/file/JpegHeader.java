package dev.triptych.data.file;

import java.io.ByteArrayOutputStream;

/// What the markers of a JPEG file say before its first scan.
///
/// @param components colour components: 1 grey, 3 colour, 4 CMYK or YCCK
/// @param yCbCr whether the first three components are luma and chroma, by the rules of libjpeg (JFIF; Adobe's
///        transform; component names)
/// @param inverted whether four components are stored as 255 less the ink, as Adobe's programs do
public record JpegHeader(int width, int height, int components, boolean yCbCr, boolean inverted) {
    private static final int SOI = 0xD8;
    private static final int SOS = 0xDA;
    private static final int EOI = 0xD9;

    /// Reads the markers.
    ///
    /// @throws ImageException where there is no frame header
    static JpegHeader parse(byte[] data, Object file) {
        boolean jfif = false;
        int adobe = -1;
        int at = 2;
        while (at + 4 <= data.length) {
            if ((data[at] & 0xFF) != 0xFF) {
                at++; // bytes between segments are skipped, as libjpeg does
                continue;
            }
            int marker = data[at + 1] & 0xFF;
            if (marker == 0xFF || marker == 0 || marker == 1 || marker >= 0xD0 && marker <= SOI) {
                at += marker == 0xFF ? 1 : 2;
                continue;
            }
            if (marker == SOS || marker == EOI) {
                break;
            }
            int length = unsigned16(data, at + 2);
            int body = at + 4;
            if (marker == 0xE0 && starts(data, body, "JFIF")) {
                jfif = true;
            } else if (marker == 0xEE && starts(data, body, "Adobe") && body + 12 <= data.length) {
                adobe = data[body + 11] & 0xFF;
            } else if (isFrame(marker) && body + 6 <= data.length) {
                int components = data[body + 5] & 0xFF;
                if (marker > 0xC2) {
                    throw new ImageException(Refusal.UNSUPPORTED, file, "it is a JPEG of "
                            + (marker == 0xC3 ? "lossless" : marker < 0xC8 ? "differential" : "arithmetic")
                            + " coding; expected a baseline or progressive one", "Convert it", null);
                }
                return new JpegHeader(unsigned16(data, body + 3), unsigned16(data, body + 1), components,
                        isYCbCr(data, body + 6, components, jfif, adobe), adobe >= 0);
            }
            at += 2 + Math.max(2, length);
        }
        throw new ImageException(Refusal.UNDECODABLE, file, "the JPEG has no frame header",
                "It is truncated: replace or remove it", null);
    }

    /// The file without the segments that do not matter to its samples (EXIF, colour profiles, comments): a broken
    /// profile makes the JDK refuse an image that is fine.
    static byte[] withoutExtras(byte[] data) {
        var out = new ByteArrayOutputStream(data.length);
        out.write(data, 0, 2);
        int at = 2;
        while (at + 4 <= data.length && (data[at] & 0xFF) == 0xFF) {
            int marker = data[at + 1] & 0xFF;
            int end = at + 2 + unsigned16(data, at + 2);
            if (marker < 0xC0 || marker == 0xFF || marker >= 0xD0 && marker <= SOS || end > data.length) {
                break; // the scan begins, or something unusual: the rest stays as it is
            }
            boolean extra = marker >= 0xE1 && marker <= 0xEF && marker != 0xEE || marker == 0xFE;
            if (!extra) {
                out.write(data, at, end - at);
            }
            at = end;
        }
        out.write(data, at, data.length - at);
        return out.toByteArray();
    }

    private static boolean isFrame(int marker) {
        return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
    }

    private static boolean isYCbCr(byte[] data, int at, int components, boolean jfif, int adobe) {
        if (components == 4) {
            return adobe == 2;
        }
        if (components != 3 || jfif) {
            return components == 3;
        }
        if (adobe >= 0) {
            return adobe != 0;
        }
        return at + 7 > data.length || !(data[at] == 'R' && data[at + 3] == 'G' && data[at + 6] == 'B');
    }

    private static boolean starts(byte[] data, int at, String text) {
        for (int i = 0; i < text.length(); i++) {
            if (at + i >= data.length || data[at + i] != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private static int unsigned16(byte[] data, int at) {
        return (data[at] & 0xFF) << 8 | data[at + 1] & 0xFF;
    }
}
