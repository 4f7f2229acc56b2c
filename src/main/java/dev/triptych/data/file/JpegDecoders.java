package dev.triptych.data.file;

import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.MemoryCacheImageInputStream;
import org.apache.commons.imaging.bytesource.ByteSource;
import org.apache.commons.imaging.formats.jpeg.JpegImageParser;

/// The two decoders behind [JpegDecoder].
enum JpegDecoders implements JpegDecoder {
    RASTER {
        @Override
        public RgbImage decode(byte[] data, JpegHeader header) throws IOException {
            return decodeRaster(data, header);
        }
    },
    PURE_JAVA {
        @Override
        public RgbImage decode(byte[] data, JpegHeader header) throws IOException {
            return RasterSamples.toRgb(new JpegImageParser().getBufferedImage(ByteSource.array(data), null));
        }
    };

    /// What libjpeg says of bytes behind the last of the picture's, less up to 8 that it has read ahead.
    private static final Pattern SURPLUS = Pattern
            .compile("Corrupt JPEG data: (\\d+) extraneous bytes before marker 0xd9");
    /// So many fill a word of up to 128 bits; more are codes that belong to the picture, lost count of after damage.
    private static final int PADDING = 16;

    private static RgbImage decodeRaster(byte[] data, JpegHeader header) throws IOException {
        ImageReader reader = ofThisJava();
        List<String> warnings = new ArrayList<>();
        reader.addIIOReadWarningListener((source, warning) -> warnings.add(warning));
        try (var in = new MemoryCacheImageInputStream(new ByteArrayInputStream(data))) {
            reader.setInput(in, true, true);
            Raster raster = reader.readRaster(0, null);
            for (String warning : warnings) {
                if (!padding(warning) || JpegScans.restarts(data)) { // it looks for a lost restart marker up to the end
                    throw new IOException("part of its picture is missing or damaged: " + warning);
                }
            }
            return fromRaster(raster, header);
        } finally {
            reader.dispose();
        }
    }

    private static boolean padding(String warning) {
        var surplus = SURPLUS.matcher(warning);
        return surplus.matches() && Long.parseLong(surplus.group(1)) <= PADDING;
    }

    /// The JDK's own decoder, whatever other plug-ins the class path has.
    private static ImageReader ofThisJava() throws IOException {
        var readers = ImageIO.getImageReadersByFormatName("jpeg");
        while (readers.hasNext()) {
            ImageReader reader = readers.next();
            if (reader.getClass().getModule() == ImageIO.class.getModule()) {
                return reader;
            }
        }
        throw new IOException("this Java has no JPEG decoder (module java.desktop)");
    }

    private static RgbImage fromRaster(Raster raster, JpegHeader header) throws IOException {
        int w = raster.getWidth();
        int h = raster.getHeight();
        int bands = raster.getNumBands();
        if (bands != header.components()) {
            throw new IOException("decoded " + bands + " bands, its header promises " + header.components());
        }
        int n = w * h;
        byte[] planes = new byte[3 * n];
        int[] row = new int[w * bands];
        for (int y = 0; y < h; y++) {
            raster.getPixels(raster.getMinX(), raster.getMinY() + y, w, 1, row);
            for (int x = 0; x < w; x++) {
                int to = y * w + x;
                if (bands == 1) {
                    planes[to] = planes[to + n] = planes[to + 2 * n] = (byte) row[x];
                    continue;
                }
                int at = bands * x;
                if (header.yCbCr()) {
                    int luma = row[at];
                    int cb = row[at + 1] - 128;
                    int cr = row[at + 2] - 128;
                    row[at] = clamp(luma + (91881 * cr + 32768 >> 16));
                    row[at + 1] = clamp(luma + (-22554 * cb - 46802 * cr + 32768 >> 16));
                    row[at + 2] = clamp(luma + (116130 * cb + 32768 >> 16));
                }
                if (header.yCbCr() && bands == 4) { // YCCK holds the complement of CMY
                    for (int c = 0; c < 3; c++) {
                        row[at + c] = 255 - row[at + c];
                    }
                }
                for (int c = 0; c < 3; c++) {
                    planes[to + c * n] = (byte) (bands == 3 ? row[at + c] : paper(row[at + c], row[at + 3]));
                }
            }
        }
        return new RgbImage(w, h, planes);
    }

    /// What is left of the paper's white under an ink and black: (1 - ink)(1 - black), as Pillow has it.
    ///
    /// @param ink 255 less the ink
    /// @param black 255 less the black
    private static int paper(int ink, int black) {
        return (2 * ink * black + 255) / 510;
    }

    private static int clamp(int value) {
        return Math.max(0, Math.min(255, value));
    }
}
