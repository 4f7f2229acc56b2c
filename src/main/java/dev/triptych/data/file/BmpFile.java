package dev.triptych.data.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// A Windows or OS/2 bitmap: palettes of 1 to 8 bits, 16, 24 and 32 bits with or without masks, run lengths of 4 and 8
/// bits, rows upwards or downwards. (Commons Imaging reads no OS/2 files and gives wrong pixels for runs of 4 bits and
/// for 16 bits; `docs/reliability.md` has the comparison.)
///
/// Samples of n bits become 8 by v 255 / (2^n - 1). Alpha counts only where a mask gives it and some pixel has it.
/// Pixels that the runs leave out before they end have colour 0 of the palette; an index beyond the palette is black.
final class BmpFile {
    private static final int CORE = 12;
    private static final int RGB = 0;
    private static final int RLE8 = 1;
    private static final int RLE4 = 2;
    private static final int BITFIELDS = 3;
    private static final int ALPHA_BITFIELDS = 6;

    private final ByteBuffer in;
    private final int headerSize;
    private final int width;
    private final int signedHeight;
    private final int bits;
    private final int compression;

    /// Reads the header; its size is to be checked before [#decode].
    ///
    /// @throws IOException where there is none
    BmpFile(byte[] data) throws IOException {
        in = ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
        require(data.length >= 26, "it has " + data.length + " bytes, a BMP at least 26");
        headerSize = in.getInt(14);
        boolean core = headerSize == CORE;
        require(core || headerSize >= 16 && headerSize <= 1024 && data.length >= 34,
                "its header has " + headerSize + " bytes");
        width = core ? in.getChar(18) : in.getInt(18);
        signedHeight = core ? in.getChar(20) : in.getInt(22);
        bits = in.getChar(core ? 24 : 28);
        compression = core || headerSize < 20 ? RGB : in.getInt(30);
    }

    int width() {
        return width;
    }

    /// Rows; never negative, as the header's number may be.
    int height() {
        return signedHeight == Integer.MIN_VALUE ? Integer.MAX_VALUE : Math.abs(signedHeight);
    }

    /// What of this file is not read, in words; null where all is.
    String unsupported() {
        boolean known = switch (bits) {
            case 1, 2, 24 -> compression == RGB;
            case 4 -> compression == RGB || compression == RLE4;
            case 8 -> compression == RGB || compression == RLE8;
            case 16, 32 -> compression == RGB || compression == BITFIELDS && headerSize != 64
                    || compression == ALPHA_BITFIELDS;
            default -> false;
        };
        return known ? null : "it is a BMP of " + bits + " bits a pixel and compression " + compression;
    }

    /// Decodes the pixels.
    ///
    /// @throws IOException where the file ends before them
    RgbImage decode() throws IOException {
        int n = Math.multiplyExact(width, height());
        int[] argb = new int[n];
        int start = in.getInt(10);
        require(start >= 14 && start <= in.capacity(), "its pixels begin at byte " + start + " of " + in.capacity());
        if (bits > 8) {
            masked(argb, start);
        } else {
            int[] palette = palette(start);
            byte[] index = new byte[n];
            if (compression == RGB) {
                indices(index, start);
            } else {
                runs(index, start);
            }
            for (int i = 0; i < n; i++) {
                int colour = index[i] & 0xFF;
                argb[i] = 0xFF000000 | (colour < palette.length ? palette[colour] : 0);
            }
        }
        return RasterSamples.planes(argb, width, height());
    }

    private int[] palette(int start) {
        int entry = headerSize == CORE ? 3 : 4;
        int at = 14 + headerSize;
        long used = headerSize >= 36 ? Integer.toUnsignedLong(in.getInt(46)) : 0;
        long room = ((start > at ? Math.min(start, in.capacity()) : in.capacity()) - at) / entry;
        long count = Math.min(used == 0 ? 1L << bits : Math.min(used, 1L << bits), Math.max(0, room));
        int[] palette = new int[(int) count];
        for (int i = 0; i < count; i++) {
            int from = at + i * entry;
            palette[i] = in.get(from) & 0xFF | (in.get(from + 1) & 0xFF) << 8 | (in.get(from + 2) & 0xFF) << 16;
        }
        return palette;
    }

    /// First byte of a row, counted from the top.
    private int row(int y, int start) throws IOException {
        long stride = ((long) width * bits + 31) / 32 * 4;
        long place = start + stride * (signedHeight < 0 ? y : height() - 1L - y);
        long needed = ((long) width * bits + 7) / 8;
        require(place + needed <= in.capacity(), "it ends at byte " + in.capacity() + ", its pixels at "
                + (start + stride * height()));
        return (int) place;
    }

    private void indices(byte[] index, int start) throws IOException {
        int perByte = 8 / bits;
        int mask = (1 << bits) - 1;
        for (int y = 0; y < height(); y++) {
            int from = row(y, start);
            for (int x = 0; x < width; x++) {
                int shift = 8 - bits * (x % perByte + 1);
                index[y * width + x] = (byte) (in.get(from + x / perByte) >> shift & mask);
            }
        }
    }

    /// Pairs of bytes: a run (count, colours), or 0 and a command: 0 end of row, 1 end, 2 move, else so many as they
    /// are, padded to 16 bits. What leaves its row is cut off. The end may be missing where the last row is full.
    private void runs(byte[] index, int start) throws IOException {
        int at = start;
        int x = 0;
        int y = 0;
        while (y < height() && at + 2 <= in.capacity()) {
            int first = in.get(at++) & 0xFF;
            int second = in.get(at++) & 0xFF;
            if (first > 0) {
                for (int i = 0; i < first; i++) {
                    put(index, x++, y, bits == 8 ? second : i % 2 == 0 ? second >> 4 : second & 15);
                }
            } else if (second == 0) {
                x = 0;
                y++;
            } else if (second == 1) {
                return;
            } else if (second == 2) {
                require(at + 2 <= in.capacity(), "it ends inside a run");
                x += in.get(at++) & 0xFF;
                y += in.get(at++) & 0xFF;
            } else {
                int bytes = (second * bits + 7) / 8;
                require(at + bytes <= in.capacity(), "it ends inside a run");
                for (int i = 0; i < second; i++) {
                    int value = in.get(at + i * bits / 8) & 0xFF;
                    put(index, x++, y, bits == 8 ? value : i % 2 == 0 ? value >> 4 : value & 15);
                }
                at += bytes + bytes % 2;
            }
        }
        require(y >= height() || y == height() - 1 && x >= width, "its runs end in row " + y + " of " + height()
                + " at byte " + in.capacity() + " without an end: it is truncated");
    }

    private void put(byte[] index, int x, int y, int value) {
        if (x < width && y < height()) {
            index[(signedHeight < 0 ? y : height() - 1 - y) * width + x] = (byte) value;
        }
    }

    private void masked(int[] argb, int start) throws IOException {
        int[] masks = masks();
        int bytes = bits / 8;
        boolean anyAlpha = false;
        for (int y = 0; y < height(); y++) {
            int from = row(y, start);
            for (int x = 0; x < width; x++) {
                int at = from + x * bytes;
                int value = switch (bytes) {
                    case 2 -> in.getChar(at);
                    case 3 -> in.getChar(at) | (in.get(at + 2) & 0xFF) << 16;
                    default -> in.getInt(at);
                };
                int alpha = masks[3] == 0 ? 255 : sample(value, masks[3]);
                anyAlpha |= alpha > 0;
                argb[y * width + x] = alpha << 24 | sample(value, masks[0]) << 16 | sample(value, masks[1]) << 8
                        | sample(value, masks[2]);
            }
        }
        if (!anyAlpha) {
            for (int i = 0; i < argb.length; i++) {
                argb[i] |= 0xFF000000;
            }
        }
    }

    private int[] masks() throws IOException {
        if (compression == RGB) {
            return bits == 16 ? new int[]{0x7C00, 0x3E0, 0x1F, 0} : new int[]{0xFF0000, 0xFF00, 0xFF, 0};
        }
        boolean alpha = compression == ALPHA_BITFIELDS || headerSize >= 56;
        require(in.capacity() >= (alpha ? 70 : 66), "it ends inside its masks");
        int[] masks = {in.getInt(54), in.getInt(58), in.getInt(62), alpha ? in.getInt(66) : 0};
        for (int mask : masks) {
            long bitsInRow = Integer.toUnsignedLong(mask) >>> Integer.numberOfTrailingZeros(mask);
            require(mask == 0 || (bitsInRow & bitsInRow + 1) == 0, "its mask " + Integer.toHexString(mask)
                    + " has a gap");
        }
        return masks;
    }

    private static int sample(int value, int mask) {
        if (mask == 0) {
            return 0;
        }
        int shift = Integer.numberOfTrailingZeros(mask);
        long max = Integer.toUnsignedLong(mask) >>> shift;
        long v = Integer.toUnsignedLong(value & mask) >>> shift;
        return (int) ((2 * v * 255 + max) / (2 * max));
    }

    private static void require(boolean holds, String problem) throws IOException {
        if (!holds) {
            throw new IOException(problem);
        }
    }
}
