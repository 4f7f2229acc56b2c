package dev.triptych.data.file;

import java.io.IOException;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.apache.commons.imaging.formats.tiff.itu_t4.T4AndT6Compression;

/// How the bytes of a TIFF file's strips and tiles are packed, of the kinds that are read. What is unpacked is as long
/// as was asked for, or an error: no reader here fills up what is missing. (Commons Imaging's Deflate does, its
/// PackBits refuses the code that does nothing, and its LZW takes codes that were never defined.)
enum TiffCompression {
    NONE(1), CCITT_RLE(2), CCITT_T4(3), CCITT_T6(4), LZW(5), JPEG(7), DEFLATE(8), OLD_DEFLATE(32946), PACK_BITS(32773);

    private static final int T4_TWO_DIMENSIONS = 1;
    private static final int T4_FILL = 4;

    private final int number;

    TiffCompression(int number) {
        this.number = number;
    }

    boolean ccitt() {
        return this == CCITT_RLE || this == CCITT_T4 || this == CCITT_T6;
    }

    /// Whether a predictor may come before it: TIFF 6.0 defines one for LZW, supplement 2 for Deflate.
    boolean predicts() {
        return this == LZW || this == DEFLATE || this == OLD_DEFLATE;
    }

    /// The kind of a number.
    ///
    /// @throws Unsupported where it is not read, with its name
    static TiffCompression of(long number) throws Unsupported {
        for (TiffCompression compression : values()) {
            if (compression.number == number) {
                return compression;
            }
        }
        String name = switch ((int) number) {
            case 6 -> "JPEG in its old form, which was withdrawn";
            case 32766 -> "NeXT";
            case 32771 -> "CCITT RLE in words";
            case 32809 -> "ThunderScan";
            case 34661 -> "JBIG";
            case 34676, 34677 -> "SGI Log";
            case 34712 -> "JPEG 2000";
            case 34887 -> "LERC";
            case 34925 -> "LZMA";
            case 50000 -> "Zstandard";
            case 50001 -> "WebP";
            case 50002, 52546 -> "JPEG XL";
            default -> "unknown";
        };
        throw new Unsupported("its compression (" + number + ") is " + name
                + "; none, PackBits, LZW, Deflate, CCITT and JPEG are read");
    }

    /// Unpacks a strip or tile.
    ///
    /// @param length bytes that it must give
    /// @param columns of the strip, for the CCITT codes
    /// @param rows of the strip, for the CCITT codes
    /// @param options of the CCITT codes
    /// @throws IOException where it is damaged or gives fewer bytes
    byte[] unpack(byte[] packed, int length, int columns, int rows, int options) throws IOException {
        byte[] out = switch (this) {
            case NONE -> packed;
            case PACK_BITS -> packBits(packed, length);
            case LZW -> lzw(packed, length);
            case DEFLATE, OLD_DEFLATE -> deflate(packed, length);
            case CCITT_RLE -> T4AndT6Compression.decompressModifiedHuffman(packed, columns, rows);
            case CCITT_T4 -> (options & T4_TWO_DIMENSIONS) == 0
                    ? T4AndT6Compression.decompressT4_1D(packed, columns, rows, (options & T4_FILL) != 0)
                    : T4AndT6Compression.decompressT4_2D(packed, columns, rows, (options & T4_FILL) != 0);
            case CCITT_T6 -> T4AndT6Compression.decompressT6(packed, columns, rows);
            case JPEG -> throw new IllegalStateException("a JPEG is decoded elsewhere");
        };
        if (out.length < length) {
            throw new IOException("one of its strips or tiles holds " + out.length + " bytes, expected " + length
                    + ": it is truncated or damaged");
        }
        return out;
    }

    /// n in 0 .. 127: the next n + 1 bytes as they are; n in -127 .. -1: the next byte 1 - n times; -128: nothing.
    private static byte[] packBits(byte[] in, int length) {
        byte[] out = new byte[length];
        int at = 0;
        int done = 0;
        while (done < length && at + 1 < in.length) {
            int n = in[at++];
            if (n >= 0) {
                int count = Math.min(n + 1, Math.min(length - done, in.length - at));
                System.arraycopy(in, at, out, done, count);
                at += n + 1;
                done += count;
            } else if (n != -128) {
                int count = Math.min(1 - n, length - done);
                Arrays.fill(out, done, done + count, in[at++]);
                done += count;
            }
        }
        return done == length ? out : Arrays.copyOf(out, done);
    }

    private static byte[] deflate(byte[] in, int length) throws IOException {
        byte[] out = new byte[length];
        try (var inflater = new Inflater()) {
            inflater.setInput(in);
            int done = 0;
            while (done < length) {
                int count = inflater.inflate(out, done, length - done);
                if (count == 0) {
                    return Arrays.copyOf(out, done);
                }
                done += count;
            }
            return out;
        } catch (DataFormatException e) {
            throw new IOException("its Deflate data are damaged (" + e.getMessage() + ")", e);
        }
    }

    /// TIFF 6.0, chapter "LZW Compression": codes of 9 to 12 bits, high bits first, each width one code earlier than it
    /// would have to be; 256 clears the table, 257 ends. A code adds the string of the code before it and its own first
    /// byte: these stand in what was written already, so an entry is a place and a length there.
    private static byte[] lzw(byte[] in, int length) throws IOException {
        if (in.length > 1 && in[0] == 0 && (in[1] & 1) == 1) {
            throw new Unsupported("its LZW has low bits first, as before TIFF 6.0; high bits first are read");
        }
        byte[] out = new byte[length];
        int[] place = new int[1 << 12];
        int[] size = new int[1 << 12];
        int done = 0;
        int next = 258;
        int width = 9;
        int lastSize = 0;
        for (long bit = 0; done < length && bit + width <= 8L * in.length;) {
            int code = bits(in, bit, width);
            bit += width;
            if (code == 257) {
                break;
            }
            if (code == 256) {
                next = 258;
                width = 9;
                lastSize = 0;
                continue;
            }
            if (lastSize > 0 && next < place.length) {
                place[next] = done - lastSize;
                size[next] = lastSize + 1;
                next++;
                if (next + 1 == 1 << width && width < 12) {
                    width++;
                }
            }
            if (code >= next) {
                throw new IOException("its LZW data have code " + code + ", the last defined is " + (next - 1));
            }
            lastSize = code < 256 ? 1 : size[code];
            if (code < 256) {
                out[done++] = (byte) code;
                continue;
            }
            for (int i = 0; i < lastSize && done < length; i++) {
                out[done++] = out[place[code] + i];
            }
        }
        return done == length ? out : Arrays.copyOf(out, done);
    }

    private static int bits(byte[] in, long bit, int width) {
        int value = 0;
        for (int i = 0; i < 3; i++) {
            int at = (int) (bit >> 3) + i;
            value = value << 8 | (at < in.length ? in[at] & 0xFF : 0);
        }
        return value >> 24 - (int) (bit & 7) - width & (1 << width) - 1;
    }
}
