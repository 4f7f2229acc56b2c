package dev.triptych.data.file;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/// The orientation (1 to 8) that EXIF data ask for; 1 where they are damaged or do not say. Reads the first directory
/// and nothing else.
final class ExifOrientation {
    private static final int TAG = 0x0112;
    private static final int SHORT = 3;
    private static final int LONGEST = 1 << 20;
    private static final String RAW_PROFILE = "Raw profile type ";

    private ExifOrientation() {
    }

    /// Of EXIF data that begin with a TIFF header.
    static int of(byte[] tiff) {
        if (tiff.length < 14 || tiff[0] != tiff[1] || tiff[0] != 'I' && tiff[0] != 'M') {
            return 1;
        }
        var in = ByteBuffer.wrap(tiff).order(tiff[0] == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        int directory = in.getInt(4);
        if (directory < 8 || directory > tiff.length - 2) {
            return 1;
        }
        int entries = in.getChar(directory);
        for (int i = 0; i < entries; i++) {
            int at = directory + 2 + 12 * i;
            if (at > tiff.length - 12) {
                return 1;
            }
            if (in.getChar(at) == TAG) {
                int value = in.getChar(at + 2) == SHORT ? in.getChar(at + 8) : 1;
                return value >= 1 && value <= 8 ? value : 1;
            }
        }
        return 1;
    }

    /// Of a JPEG file: its first EXIF segment.
    static int ofJpeg(byte[] data) {
        for (int at = 2; at + 10 <= data.length && (data[at] & 0xFF) == 0xFF;) {
            int marker = data[at + 1] & 0xFF;
            if (marker == 0xFF) {
                at++;
                continue;
            }
            if (marker == 0xDA || marker == 0xD9) {
                return 1;
            }
            int end = at + 2 + ((data[at + 2] & 0xFF) << 8 | data[at + 3] & 0xFF);
            if (marker == 0xE1 && new String(data, at + 4, 6, StandardCharsets.ISO_8859_1).equals("Exif\0\0")) {
                return of(Arrays.copyOfRange(data, at + 10, Math.clamp(end, at + 10, data.length)));
            }
            at = Math.max(end, at + 4);
        }
        return 1;
    }

    /// Of a PNG file: its eXIf chunk, or the text chunk of old programs (`Raw profile type exif`, in hexadecimal).
    static int ofPng(byte[] data) {
        var in = ByteBuffer.wrap(data);
        for (int at = 8; at <= data.length - 12;) {
            int length = in.getInt(at);
            if (length < 0 || length > data.length - at - 12) {
                return 1;
            }
            String type = new String(data, at + 4, 4, StandardCharsets.ISO_8859_1);
            byte[] content = switch (type) {
                case "eXIf", "tEXt", "zTXt" -> Arrays.copyOfRange(data, at + 8, at + 8 + length);
                default -> new byte[0];
            };
            if (type.equals("eXIf")) {
                return of(content);
            }
            byte[] profile = type.equals("tEXt") || type.equals("zTXt")
                    ? rawProfile(content, type.equals("zTXt"))
                    : null;
            if (profile != null) {
                return of(profile);
            }
            at += length + 12;
        }
        return 1;
    }

    /// The EXIF data in a text chunk; null where it holds something else or is damaged.
    private static byte[] rawProfile(byte[] chunk, boolean compressed) {
        String start = new String(chunk, 0, Math.min(chunk.length, 80), StandardCharsets.ISO_8859_1);
        if (!start.startsWith(RAW_PROFILE + "exif\0") && !start.startsWith(RAW_PROFILE + "APP1\0")) {
            return null;
        }
        int from = RAW_PROFILE.length() + 5;
        byte[] text = compressed
                ? inflated(chunk, from + 1)
                : Arrays.copyOfRange(chunk, from, Math.min(chunk.length, LONGEST));
        String[] words = new String(text, StandardCharsets.ISO_8859_1).strip().split("\\s+", 3);
        try { // "exif", the number of bytes, the bytes
            byte[] bytes = HexFormat.of().parseHex(words.length < 3 ? "" : words[2].replaceAll("\\s", ""));
            boolean headed = bytes.length > 6 && bytes[0] == 'E' && bytes[4] == 0;
            return headed ? Arrays.copyOfRange(bytes, 6, bytes.length) : bytes;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static byte[] inflated(byte[] chunk, int from) {
        try (var inflater = new Inflater()) {
            inflater.setInput(chunk, Math.min(from, chunk.length), Math.max(0, chunk.length - from));
            byte[] out = new byte[LONGEST];
            return Arrays.copyOf(out, inflater.inflate(out));
        } catch (DataFormatException e) {
            return new byte[0];
        }
    }
}
