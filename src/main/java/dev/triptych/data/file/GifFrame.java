package dev.triptych.data.file;

import java.io.ByteArrayOutputStream;
import java.io.IOException;

/// The first frame of a GIF: where it lies on the canvas, and a file that holds nothing else. Commons Imaging needs
/// the reduced file, because it trips over later frames, comments and files without a graphic control extension.
///
/// @param canvasWidth of the canvas, or to the right edge of a frame that leaves it
/// @param canvasHeight of the canvas, or to the lower edge of such a frame
/// @param data a GIF of this frame alone, with its own graphic control extension if it has one
record GifFrame(int canvasWidth, int canvasHeight, int left, int top, int width, int height, byte[] data) {
    /// Finds the first frame.
    ///
    /// @throws IOException where the file ends before it
    static GifFrame first(byte[] data) throws IOException {
        try {
            return find(data);
        } catch (IndexOutOfBoundsException e) {
            throw new IOException("the GIF ends inside its first frame", e);
        }
    }

    private static GifFrame find(byte[] data) throws IOException {
        int at = 13 + colours(data[10]);
        var out = new ByteArrayOutputStream(data.length);
        out.write(data, 0, at);
        int control = -1;
        while (data[at] == 0x21) { // extension: label, then sub-blocks
            if ((data[at + 1] & 0xFF) == 0xF9) {
                control = at;
            }
            at = subBlocks(data, at + 2);
        }
        if (data[at] != 0x2C) {
            throw new IOException("the GIF has byte " + (data[at] & 0xFF) + " at offset " + at
                    + ", expected a frame (44)");
        }
        if (control >= 0) {
            out.write(data, control, subBlocks(data, control + 2) - control);
        }
        int image = at;
        int codes = at + 10 + colours(data[at + 9]) + 1;
        out.write(data, image, codes - image);
        int bits = data[codes - 1] + 1;
        int first = (data[codes] & 0xFF) < 2 ? 1 << bits - 1 : int16(data, codes + 1) & (1 << bits) - 1;
        if (bits < 2 || bits > 9 || first == 1 << bits - 1) {
            out.write(data, codes, subBlocks(data, codes) - codes);
        } else {
            cleared(data, codes, bits, out);
        }
        out.write(0x3B);
        int left = int16(data, image + 1);
        int top = int16(data, image + 3);
        int width = int16(data, image + 5);
        int height = int16(data, image + 7);
        return new GifFrame(Math.max(int16(data, 6), left + width), Math.max(int16(data, 8), top + height), left, top,
                width, height, out.toByteArray());
    }

    /// Sub-blocks with the code that clears the table in front, from which Commons Imaging begins and which some files
    /// leave out.
    private static void cleared(byte[] data, int codes, int bits, ByteArrayOutputStream out) {
        var joined = new ByteArrayOutputStream();
        for (int at = codes; data[at] != 0; at += 1 + (data[at] & 0xFF)) {
            joined.write(data, at + 1, data[at] & 0xFF);
        }
        int carry = 1 << bits - 1;
        byte[] in = joined.toByteArray();
        byte[] shifted = new byte[in.length + 1];
        for (int i = 0; i < shifted.length; i++) {
            carry |= i < in.length ? (in[i] & 0xFF) << bits : 0;
            shifted[i] = (byte) carry;
            carry >>= 8;
        }
        for (int from = 0; from < shifted.length; from += 255) {
            int length = Math.min(255, shifted.length - from);
            out.write(length);
            out.write(shifted, from, length);
        }
        out.write(0);
    }

    /// Bytes of the colour table that a flag byte announces.
    private static int colours(byte flags) {
        return (flags & 0x80) == 0 ? 0 : 3 << (flags & 7) + 1;
    }

    private static int subBlocks(byte[] data, int at) {
        int next = at;
        while (data[next] != 0) {
            next += 1 + (data[next] & 0xFF);
        }
        return next + 1;
    }

    private static int int16(byte[] data, int at) {
        return data[at] & 0xFF | (data[at + 1] & 0xFF) << 8;
    }
}
