package dev.triptych.data.file;

import java.io.ByteArrayOutputStream;
import java.io.IOException;

/// Strips and tiles that are JPEGs (TIFF technical note 2): each is one without tables, which are kept once. What its
/// components mean is the TIFF file's to say.
///
/// @param jpeg decodes them
record TiffJpeg(TiffDirectory directory, TiffBlocks blocks, JpegDecoder jpeg) {
    /// Decodes all and puts them together.
    ///
    /// @throws IOException where one is damaged or of another size
    RgbImage decode() throws IOException {
        var layout = blocks.layout();
        int width = layout.width();
        int height = layout.height();
        int n = width * height;
        byte[] planes = new byte[Math.multiplyExact(3, n)];
        byte[] tables = directory.bytes(TiffTag.JPEG_TABLES);
        for (int block = 0; block < layout.across() * layout.down(); block++) {
            var part = part(joined(tables, blocks.packed(block, Integer.MAX_VALUE), block), block);
            int left = block % layout.across() * layout.blockWidth();
            int top = block / layout.across() * layout.blockHeight();
            int columns = Math.min(layout.blockWidth(), width - left);
            int rows = Math.min(layout.blockHeight(), height - top);
            for (int c = 0; c < 3; c++) {
                for (int y = 0; y < rows; y++) {
                    System.arraycopy(part.planes(), (c * part.height() + y) * part.width(), planes,
                            c * n + (top + y) * width + left, columns);
                }
            }
        }
        return new RgbImage(width, height, planes);
    }

    private RgbImage part(byte[] data, int block) throws IOException {
        var layout = blocks.layout();
        String name = "its JPEG " + block;
        var header = JpegHeader.parse(data);
        boolean fits = header.width() == layout.blockWidth() && header.components() == layout.samples()
                && (header.height() == blocks.rows(block)
                        || !layout.tiled() && header.height() == layout.blockHeight());
        if (!fits) {
            throw new IOException(name + " has " + header.width() + "x" + header.height() + " pixels of "
                    + header.components() + " components, expected " + layout.blockWidth() + "x" + blocks.rows(block)
                    + " of " + layout.samples());
        }
        return jpeg.decode(JpegScans.cleaned(data), new JpegHeader(header.width(), header.height(), header.components(),
                layout.colour() == TiffColour.YCBCR));
    }

    /// Tables without their end, and the JPEG without its start.
    private static byte[] joined(byte[] tables, byte[] data, int block) throws IOException {
        if (data.length < 4 || (data[0] & 0xFF) != 0xFF || (data[1] & 0xFF) != 0xD8) {
            throw new IOException("its strip or tile " + block + " is no JPEG");
        }
        if (tables.length < 4) {
            return data;
        }
        var out = new ByteArrayOutputStream(tables.length + data.length);
        out.write(tables, 0, tables.length - 2);
        out.write(data, 2, data.length - 2);
        return out.toByteArray();
    }
}
