package dev.triptych.data.file;

import java.io.IOException;

/// What the markers of a JPEG file say before its first scan.
///
/// @param components colour components: 1 grey, 3 colour, 4 CMYK or YCCK with Adobe's marker, stored as 255 less the
///        ink
/// @param yCbCr whether the first three components are luma and chroma, by the rules of libjpeg (JFIF; Adobe's
///        transform; component names)
public record JpegHeader(int width, int height, int components, boolean yCbCr) {
    private static final int SOI = 0xD8;
    private static final int SOS = 0xDA;
    private static final int EOI = 0xD9;

    /// Reads the markers up to the first scan: JFIF's and Adobe's may follow the frame header.
    ///
    /// @throws Unsupported where it is of a kind that is not read
    /// @throws IOException where there is no frame header
    static JpegHeader parse(byte[] data) throws IOException {
        boolean jfif = false;
        int adobe = -1;
        int frame = -1;
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
            } else if (frame < 0 && isFrame(marker) && body + 6 <= data.length) {
                frame = body;
            }
            at += 2 + Math.max(2, length);
        }
        if (frame < 0) {
            throw new IOException("the JPEG has no frame header: it is truncated");
        }
        return frame(data, frame, data[frame - 3] & 0xFF, jfif, adobe);
    }

    private static JpegHeader frame(byte[] data, int body, int marker, boolean jfif, int adobe) throws IOException {
        int components = data[body + 5] & 0xFF;
        int bits = data[body] & 0xFF;
        refuse(marker > 0xC2, "it is a JPEG of " + (marker == 0xC3
                ? "lossless"
                : marker < 0xC8
                        ? "differential"
                        : "arithmetic")
                + " coding; baseline and progressive ones are read");
        refuse(bits != 8, "it is a JPEG of " + bits + " bits a sample; those of 8 are read");
        refuse(components != 1 && components != 3 && components != 4, "the JPEG has " + components
                + " components; 1, 3 and 4 are read");
        refuse(components == 4 && adobe < 0, "it is a CMYK JPEG without Adobe's marker, which leaves open whether 0 is "
                + "no ink or all of it; those with the marker are read");
        refuse(adobe > 2 || components == 4 && adobe == 1 || components == 3 && adobe == 2, "the JPEG has " + components
                + " components and Adobe's colour transform " + adobe + ", which is not defined");
        return new JpegHeader(unsigned16(data, body + 3), unsigned16(data, body + 1), components,
                isYCbCr(data, body + 6, components, jfif, adobe));
    }

    private static void refuse(boolean found, String what) throws Unsupported {
        if (found) {
            throw new Unsupported(what);
        }
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
