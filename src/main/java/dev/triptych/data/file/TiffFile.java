package dev.triptych.data.file;

import java.io.IOException;
import java.nio.ByteOrder;

/// The first picture of a TIFF file, read by code of our own: [TiffLayout] says what is read, `docs/pictures.md` how it
/// compares with the libraries at hand, of which none reads all of that right.
///
/// Samples become 8 bits by [EightBits]; a palette's 16 bits keep their high byte, unless none of them is above 255,
/// which old programs wrote; CMYK becomes RGB as (1 - C)(1 - K) and so on, without a profile; alpha is laid over white;
/// extra samples that are no alpha are left out. YCbCr takes the chroma of a rectangle for each of its pixels.
final class TiffFile {
    private final TiffDirectory directory;
    private final int width;
    private final int height;

    /// Reads the directory; its size is to be checked before anything else.
    ///
    /// @throws IOException where it is damaged
    TiffFile(byte[] data) throws IOException {
        directory = new TiffDirectory(data);
        width = (int) Math.min(Integer.MAX_VALUE, directory.integer(TiffTag.IMAGE_WIDTH));
        height = (int) Math.min(Integer.MAX_VALUE, directory.integer(TiffTag.IMAGE_LENGTH));
    }

    int width() {
        return width;
    }

    int height() {
        return height;
    }

    /// As EXIF has it; 1 where the file does not say.
    int orientation() throws IOException {
        return (int) directory.integer(TiffTag.ORIENTATION, 1);
    }

    /// How the picture is laid out; the size of its strips or tiles is to be checked before [#decode].
    ///
    /// @throws Unsupported where it is of a kind that is not read
    /// @throws IOException where it contradicts itself
    TiffLayout layout() throws IOException {
        return TiffLayout.of(directory, width, height);
    }

    /// Decodes the pixels, upright as they are stored.
    ///
    /// @param jpeg decodes strips and tiles that are JPEGs
    /// @throws IOException where it is damaged
    RgbImage decode(TiffLayout layout, JpegDecoder jpeg) throws IOException {
        var blocks = new TiffBlocks(directory, layout);
        if (layout.compression() == TiffCompression.JPEG) {
            return new TiffJpeg(directory, blocks, jpeg).decode();
        }
        var canvas = new TiffCanvas(layout);
        int grid = layout.across() * layout.down();
        for (int block = 0; block < grid * (layout.planar() ? layout.samples() : 1); block++) {
            int first = block / grid;
            if (first > canvas.last()) {
                break;
            }
            byte[] rows = blocks.unpacked(block);
            int left = block % layout.across() * layout.blockWidth();
            int top = block % grid / layout.across() * layout.blockHeight();
            if (layout.chroma() != null) {
                chroma(rows, layout, left, top, canvas);
                continue;
            }
            for (int y = 0; y < Math.min(blocks.rows(block), height - top); y++) {
                long bit = y * layout.rowBytes() * 8;
                for (int x = 0; x < Math.min(layout.blockWidth(), width - left); x++) {
                    for (int s = first; s < first + layout.together(); s++) {
                        canvas.put(s, (top + y) * width + left + x, sample(rows, bit, layout));
                        bit += layout.bits();
                    }
                }
            }
        }
        return canvas.image();
    }

    /// Samples of whole bytes follow the file's order of bytes, others lie bit by bit, high bits first.
    private static long sample(byte[] in, long bit, TiffLayout layout) {
        int bits = layout.bits();
        int at = (int) (bit >> 3);
        long value = 0;
        if (bits % 8 == 0) {
            boolean little = layout.order() == ByteOrder.LITTLE_ENDIAN;
            for (int b = 0; b < bits / 8; b++) {
                value = value << 8 | in[at + (little ? bits / 8 - 1 - b : b)] & 0xFF;
            }
            return value;
        }
        int end = (int) (bit + bits - 1 >> 3);
        for (int i = at; i <= end; i++) {
            value = value << 8 | in[i] & 0xFF;
        }
        return value >> 8 * (end + 1) - (bit + bits) & (1L << bits) - 1;
    }

    private void chroma(byte[] rows, TiffLayout layout, int left, int top, TiffCanvas canvas) throws IOException {
        var chroma = layout.chroma();
        int columns = (layout.blockWidth() + chroma.across() - 1) / chroma.across();
        int luma = chroma.across() * chroma.down();
        for (int y = 0; y < Math.min(layout.blockHeight(), height - top); y++) {
            for (int x = 0; x < Math.min(layout.blockWidth(), width - left); x++) {
                int unit = (y / chroma.down() * columns + x / chroma.across()) * (luma + 2);
                int within = y % chroma.down() * chroma.across() + x % chroma.across();
                int rgb = chroma.rgb(rows[unit + within] & 0xFF, rows[unit + luma] & 0xFF,
                        rows[unit + luma + 1] & 0xFF);
                int pixel = (top + y) * width + left + x;
                for (int c = 0; c < 3; c++) {
                    canvas.put(c, pixel, rgb >> 16 - 8 * c & 0xFF);
                }
            }
        }
    }
}
