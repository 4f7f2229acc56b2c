package dev.triptych.data.file;

import java.io.IOException;

/// A Netpbm picture: P1 to P6, text or bytes, any maxval of 1 to 65535, comments, text with or without a last newline.
/// Of several pictures in one file the first. (Commons Imaging takes the low byte of samples above 255, and wants
/// blanks between the digits of P1, which the format leaves out.)
final class PnmFile {
    private static final int LONGEST = 65_535;

    private final byte[] in;
    private final int kind;
    private int at = 2;
    private final int width;
    private final int height;
    private final int max;

    /// Reads the header; its size is to be checked before [#decode].
    ///
    /// @throws IOException where it is damaged
    PnmFile(byte[] data) throws IOException {
        in = data;
        kind = data[1] - '0';
        width = number("width");
        height = number("height");
        max = bitmap() ? 1 : number("maxval");
        require(max >= 1 && max <= LONGEST, "its maxval is " + max + ", expected 1 to " + LONGEST);
    }

    int width() {
        return width;
    }

    int height() {
        return height;
    }

    private boolean bitmap() {
        return kind == 1 || kind == 4;
    }

    /// Decodes the pixels.
    ///
    /// @throws IOException where the file ends before them, or a sample is beyond maxval
    RgbImage decode() throws IOException {
        int channels = kind == 3 || kind == 6 ? 3 : 1;
        int n = Math.multiplyExact(width, height);
        if (kind > 3) {
            long needed = height * (kind == 4 ? (width + 7L) / 8 : (long) width * channels * (max > 255 ? 2 : 1));
            locatePixels(needed);
        }
        byte[] planes = new byte[Math.multiplyExact(3, n)];
        for (int i = 0; i < n; i++) {
            for (int c = 0; c < channels; c++) {
                planes[c * n + i] = (byte) EightBits.of(sample(i), max);
            }
        }
        for (int c = channels; c < 3; c++) {
            System.arraycopy(planes, 0, planes, c * n, n);
        }
        return new RgbImage(width, height, planes);
    }

    /// Exactly one white space lies before the bytes.
    private void locatePixels(long needed) throws IOException {
        require(at < in.length && white(in[at]), "no white space follows its header");
        boolean twoEnds = in[at] == '\r' && at + 1 < in.length && in[at + 1] == '\n';
        at++;
        require(needed <= in.length - at, "its pixels take " + needed + " bytes, " + (in.length - at) + " follow");
        require(!twoEnds || needed != in.length - at - 1, "its header ends in CR and LF, expected one of them: where "
                + "its pixels begin is not certain");
    }

    private int sample(int pixel) throws IOException {
        int value = switch (kind) {
            case 1 -> 1 - bit();
            case 2, 3 -> number("sample");
            case 4 -> {
                int x = pixel % width;
                int row = at + pixel / width * ((width + 7) / 8);
                yield 1 - (in[row + x / 8] >> 7 - x % 8 & 1);
            }
            default -> max > 255 ? (in[at++] & 0xFF) << 8 | in[at++] & 0xFF : in[at++] & 0xFF;
        };
        if (value > max) {
            throw new IOException("a sample is " + value + ", its maxval " + max);
        }
        return value;
    }

    /// A digit of a text bitmap, with or without white space before it.
    private int bit() throws IOException {
        skip();
        require(at < in.length, "it ends inside its pixels");
        int digit = in[at++] - '0';
        if (digit != 0 && digit != 1) {
            throw new IOException("byte " + (at - 1) + " is " + (in[at - 1] & 0xFF) + ", expected 0 or 1");
        }
        return digit;
    }

    private int number(String what) throws IOException {
        int before = at;
        skip();
        if (at == before || at == in.length) {
            throw new IOException(at == in.length
                    ? "it ends before a " + what
                    : "no white space lies before byte " + at + ", where a " + what + " was expected");
        }
        int from = at;
        long value = 0;
        while (at < in.length && in[at] >= '0' && in[at] <= '9') {
            value = Math.min(Integer.MAX_VALUE, 10 * value + in[at++] - '0');
        }
        if (at == from || at < in.length && !white(in[at]) && in[at] != '#') {
            throw new IOException("byte " + at + " is " + (in[at] & 0xFF) + ", expected a digit of a " + what);
        }
        return (int) value;
    }

    /// Past white space and comments, which reach to the end of their line.
    private void skip() {
        while (at < in.length && (white(in[at]) || in[at] == '#')) {
            if (in[at] == '#') {
                while (at < in.length && in[at] != '\n' && in[at] != '\r') {
                    at++;
                }
            } else {
                at++;
            }
        }
    }

    static boolean white(byte b) {
        return b == ' ' || b >= '\t' && b <= '\r';
    }

    private static void require(boolean holds, String problem) throws IOException {
        if (!holds) {
            throw new IOException(problem);
        }
    }
}
