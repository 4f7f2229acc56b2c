package dev.triptych.data.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/// The transparent colour (chunk tRNS) of a PNG file of 16 bits a sample, compared with all 16. (Commons Imaging
/// compares it with 8.)
///
/// @param without the file without its tRNS chunk
/// @param colour grey, or red, green and blue
record PngKey(byte[] without, int[] colour) {
    private static final int IHDR = 0x49484452;
    private static final int IDAT = 0x49444154;
    private static final int TRNS = 0x74524E53;
    private static final int FIRST = 8;
    private static final int HEADER = FIRST + 25;

    /// The colour; null where there is none, or samples are not of 16 bits.
    ///
    /// @param png the chunks that hold samples, as from [PngSamples#only]
    /// @throws IOException where the header is not the first chunk, or the colour is not of its length and place
    static PngKey of(byte[] png) throws IOException {
        var in = ByteBuffer.wrap(png);
        require(png.length > HEADER && in.getInt(FIRST) == 13 && in.getInt(FIRST + 4) == IHDR,
                "its first chunk is not an IHDR chunk of 13 bytes");
        int bits = png[FIRST + 16];
        int type = png[FIRST + 17];
        if (bits != 16 || type != 0 && type != 2) {
            return null;
        }
        int found = -1;
        boolean pixels = false;
        for (int at = HEADER; at < png.length; at += 12 + in.getInt(at)) {
            pixels |= in.getInt(at + 4) == IDAT;
            if (in.getInt(at + 4) == TRNS) {
                require(found < 0 && !pixels, "it has several tRNS chunks, or one behind its pixels");
                found = at;
            }
        }
        if (found < 0) {
            return null;
        }
        int[] colour = new int[type == 0 ? 1 : 3];
        int length = in.getInt(found);
        require(length == 2 * colour.length, "its tRNS chunk has " + length + " bytes, expected " + 2 * colour.length);
        for (int i = 0; i < colour.length; i++) {
            colour[i] = in.getChar(found + 8 + 2 * i);
        }
        byte[] without = Arrays.copyOf(png, png.length - 12 - length);
        System.arraycopy(png, found + 12 + length, without, found, without.length - found);
        return new PngKey(without, colour);
    }

    /// Makes the pixels of this colour white.
    ///
    /// @param image the picture of [#without]
    RgbImage overWhite(RgbImage image) throws IOException {
        var samples = PngSamples.raster(without);
        int w = image.width();
        int h = image.height();
        require(samples.getNumBands() == colour.length && samples.getWidth() == w && samples.getHeight() == h,
                "its samples of 16 bits are " + samples.getWidth() + "x" + samples.getHeight() + " in "
                        + samples.getNumBands() + " planes, expected " + w + "x" + h + " in " + colour.length);
        byte[] planes = image.planes().clone();
        int[] pixel = new int[colour.length];
        for (int i = 0; i < w * h; i++) {
            if (Arrays.equals(samples.getPixel(i % w, i / w, pixel), colour)) {
                planes[i] = planes[i + w * h] = planes[i + 2 * w * h] = -1;
            }
        }
        return new RgbImage(w, h, planes);
    }

    private static void require(boolean holds, String problem) throws IOException {
        if (!holds) {
            throw new IOException(problem);
        }
    }
}
