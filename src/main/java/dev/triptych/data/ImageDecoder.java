package dev.triptych.data;

import java.awt.Dimension;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.commons.imaging.AbstractImageParser;
import org.apache.commons.imaging.ImageInfo;
import org.apache.commons.imaging.ImagingParameters;
import org.apache.commons.imaging.bytesource.ByteSource;
import org.apache.commons.imaging.formats.bmp.BmpImageParser;
import org.apache.commons.imaging.formats.gif.GifImageParser;
import org.apache.commons.imaging.formats.jpeg.JpegImageMetadata;
import org.apache.commons.imaging.formats.jpeg.JpegImageParser;
import org.apache.commons.imaging.formats.png.PngImageParser;
import org.apache.commons.imaging.formats.pnm.PnmImageParser;
import org.apache.commons.imaging.formats.tiff.TiffImageMetadata;
import org.apache.commons.imaging.formats.tiff.TiffImageParser;
import org.apache.commons.imaging.formats.tiff.constants.TiffTagConstants;

/// Decodes image files to 8-bit RGB: PNG, BMP, GIF, PNM and TIFF by Apache Commons Imaging, JPEG by a [JpegDecoder].
///
/// * The format is told by the first bytes, not by the name.
/// * The size that the header promises is checked before anything is decoded.
/// * Samples are taken as stored: no gamma, no colour profile; grey is repeated, 16 bits keep their high byte.
/// * Transparent pixels are laid over white. Of a GIF the first frame is shown on its canvas, of a TIFF the first page.
/// * EXIF orientation is applied (JPEG, PNG, TIFF); an EXIF block that cannot be read counts as none.
/// * CMYK files are refused by name.
///
/// Every failure is an [ImageException] that names the file, the reason and a remedy. Thread-safe.
public final class ImageDecoder {
    /// Pixels of the largest image that is decoded where nothing else is said.
    public static final long MAX_PIXELS = 1L << 26;
    private static final long MAX_BYTES = 1L << 30;
    private static final String REPLACE = "Replace or remove the file, or skip bad files with data.skip-bad=true";

    private final long maxPixels;
    private final JpegDecoder jpeg;

    /// A decoder that refuses images of more than `maxPixels`.
    public ImageDecoder(long maxPixels, JpegDecoder jpeg) {
        this.maxPixels = maxPixels;
        this.jpeg = jpeg;
    }

    /// The default: [#MAX_PIXELS] and [JpegDecoder#raster()].
    public static ImageDecoder standard() {
        return new ImageDecoder(MAX_PIXELS, JpegDecoder.raster());
    }

    /// What this decoder does differently from another, as text.
    String settings() {
        return jpeg.name() + " " + maxPixels;
    }

    /// Reads and decodes a file of at most 1 GiB.
    public RgbImage decode(Path file) {
        try {
            long bytes = Files.size(file);
            if (bytes > MAX_BYTES) {
                throw new ImageException(file, "it has " + bytes + " bytes, at most " + MAX_BYTES + " are read",
                        REPLACE);
            }
            return decode(Files.readAllBytes(file), file);
        } catch (IOException e) {
            throw new ImageException(file, "it cannot be read (" + reason(e) + ")", REPLACE, e);
        }
    }

    /// Decodes the content of a file; `file` is the name for error messages.
    public RgbImage decode(byte[] data, Object file) {
        try {
            return switch (ImageKind.of(data)) {
                case PNG -> png(data, file);
                case GIF -> gif(data, file);
                case BMP -> bmp(data, file);
                case PNM -> plain(new PnmImageParser(), data, file);
                case TIFF -> tiff(data, file);
                case JPEG -> jpeg(data, file);
                case UNKNOWN -> throw new ImageException(file, "it is none of PNG, JPEG, GIF, BMP, PNM, TIFF", REPLACE);
            };
        } catch (ImageException e) {
            throw e;
        } catch (IOException | RuntimeException e) { // decoders answer damage with any unchecked exception
            throw new ImageException(file, "it cannot be decoded (" + reason(e) + ")", REPLACE, e);
        }
    }

    private RgbImage png(byte[] data, Object file) throws IOException {
        byte[] samples = PngSamples.only(data);
        var image = plain(new PngImageParser(), samples, file);
        int orientation = 1;
        if (samples.length != data.length) {
            try {
                orientation = orientation(new PngImageParser().getExifMetadata(ByteSource.array(data), null));
            } catch (IOException | RuntimeException e) {
                orientation = 1;
            }
        }
        return image.oriented(orientation);
    }

    private RgbImage tiff(byte[] data, Object file) throws IOException {
        var parser = new TiffImageParser();
        var source = ByteSource.array(data);
        checkSize(parser.getImageSize(source, parser.getDefaultParameters()), file);
        var info = parser.getImageInfo(source, parser.getDefaultParameters());
        if (info.getColorType() == ImageInfo.ColorType.CMYK) {
            throw cmyk(file, "TIFF");
        }
        var image = RasterSamples.toRgb(decode(parser, source));
        return parser.getMetadata(source, parser.getDefaultParameters()) instanceof TiffImageMetadata metadata
                ? image.oriented(orientation(metadata))
                : image;
    }

    private RgbImage gif(byte[] data, Object file) throws IOException {
        var frame = GifFrame.first(data);
        checkSize(new Dimension(frame.width(), frame.height()), file);
        checkSize(new Dimension(frame.canvasWidth(), frame.canvasHeight()), file);
        return RasterSamples.onCanvas(decode(new GifImageParser(), ByteSource.array(frame.data())), frame.left(),
                frame.top(), frame.canvasWidth(), frame.canvasHeight());
    }

    /// Rows of a BMP run upwards, unless its height is negative; Commons Imaging knows only the first kind.
    private RgbImage bmp(byte[] data, Object file) throws IOException {
        boolean down = data.length > 26 && data[14] >= 40 && data[25] < 0;
        if (!down) {
            return plain(new BmpImageParser(), data, file);
        }
        byte[] upwards = data.clone();
        var header = ByteBuffer.wrap(upwards).order(ByteOrder.LITTLE_ENDIAN);
        header.putInt(22, -header.getInt(22));
        return plain(new BmpImageParser(), upwards, file).oriented(4);
    }

    private RgbImage jpeg(byte[] data, Object file) throws IOException {
        var header = JpegHeader.parse(data, file);
        checkSize(new Dimension(header.width(), header.height()), file);
        if (header.components() == 4) {
            throw cmyk(file, "JPEG");
        }
        if (header.components() != 1 && header.components() != 3) {
            throw new ImageException(file, "the JPEG has " + header.components() + " components, expected 1 or 3",
                    REPLACE);
        }
        var image = jpeg.decode(data, header);
        int orientation = 1;
        if (header.exif()) {
            try {
                orientation = new JpegImageParser().getMetadata(ByteSource.array(data),
                        null) instanceof JpegImageMetadata metadata ? orientation(metadata.getExif()) : 1;
            } catch (IOException | RuntimeException e) {
                orientation = 1;
            }
        }
        return image.oriented(orientation);
    }

    private <P extends ImagingParameters<P>> RgbImage plain(AbstractImageParser<P> parser, byte[] data, Object file)
            throws IOException {
        var source = ByteSource.array(data);
        checkSize(parser.getImageSize(source, parser.getDefaultParameters()), file);
        return RasterSamples.toRgb(decode(parser, source));
    }

    private static <P extends ImagingParameters<P>> BufferedImage decode(AbstractImageParser<P> parser,
            ByteSource source) throws IOException {
        P parameters = parser.getDefaultParameters();
        parameters.setBufferedImageFactory(RasterSamples.PACKED);
        return parser.getBufferedImage(source, parameters);
    }

    private void checkSize(Dimension size, Object file) {
        if (size == null || size.width < 1 || size.height < 1) {
            throw new ImageException(file, "its header gives a size of "
                    + (size == null ? "nothing" : size.width + "x" + size.height) + " pixels", REPLACE);
        }
        if ((long) size.width * size.height > maxPixels) {
            throw new ImageException(file, "its header promises " + size.width + "x" + size.height
                    + " pixels, at most " + maxPixels + " are decoded", "Scale it down, or skip bad files");
        }
    }

    private static int orientation(TiffImageMetadata metadata) throws IOException {
        var field = metadata == null ? null : metadata.findField(TiffTagConstants.TIFF_TAG_ORIENTATION);
        return field == null ? 1 : field.getIntValue();
    }

    private static ImageException cmyk(Object file, String format) {
        return new ImageException(file, "it is a CMYK " + format + ", whose colours cannot be shown without a profile",
                "Convert it to RGB, or skip bad files with data.skip-bad=true");
    }

    private static String reason(Exception e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }
}
