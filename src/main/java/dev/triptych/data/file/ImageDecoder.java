package dev.triptych.data.file;

import java.awt.Dimension;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.commons.imaging.AbstractImageParser;
import org.apache.commons.imaging.ImagingParameters;
import org.apache.commons.imaging.bytesource.ByteSource;
import org.apache.commons.imaging.formats.gif.GifImageParser;
import org.apache.commons.imaging.formats.png.PngImageParser;

/// Decodes image files to 8-bit RGB: PNG and GIF by Apache Commons Imaging, JPEG by a [JpegDecoder], WebP by
/// image-webp-decoder behind [WebpFile], TIFF, PNM and BMP by [TiffFile], [PnmFile] and [BmpFile].
///
/// * The format is told by the first bytes, not by the name.
/// * The size that the header promises is checked before anything is decoded.
/// * Samples are taken as stored: no gamma, no colour profile; grey is repeated, other depths than 8 bits become 8 by
///   [EightBits].
/// * Transparent pixels are laid over white. Of a GIF or WebP the first frame is shown on its canvas, which of a GIF
///   grows to hold it, of a TIFF the first page.
/// * EXIF orientation is applied (JPEG, PNG, TIFF, WebP); an EXIF block that cannot be read counts as none.
/// * CMYK and YCCK become RGB as (1 - C)(1 - K) and so on, without a profile.
/// * What is damaged or incomplete is refused, and so is every variant that is not known to be read right.
///
/// Every failure, a lack of memory among them, is an [ImageException] that names the file, the reason and a remedy.
/// Thread-safe. [LimitedDecoder] adds a limit of time. `docs/pictures.md` lists what is read.
public final class ImageDecoder {
    /// Of what is made of files: sets packed by another version are packed anew. To be raised with every change of any
    /// picture's pixels.
    public static final int VERSION = 3;
    /// Pixels of the largest image that is decoded where nothing else is said.
    public static final long MAX_PIXELS = 1L << 26;
    /// Bytes of the longest file that is read where nothing else is said.
    public static final long MAX_BYTES = 1L << 30;
    /// Bytes of memory for a pixel while it is decoded: packed, in planes, and in planes that were turned.
    private static final int BYTES_PER_PIXEL = 4 + 3 + 3;
    private static final String REPLACE = "Replace or remove the file, or skip bad files with data.skip-bad=true";
    private static final String CONVERT = "Convert it, for example to PNG, or skip bad files with data.skip-bad=true";
    private static final String MEMORY = "Give it more memory (TRIPTYCH_HEAP=4g), scale the image down, or skip "
            + "bad files";

    private final long maxPixels;
    private final long maxBytes;
    private final JpegDecoder jpeg;

    /// A decoder that refuses images of more than `maxPixels`, and files of more than [#MAX_BYTES].
    public ImageDecoder(long maxPixels, JpegDecoder jpeg) {
        this(maxPixels, MAX_BYTES, jpeg);
    }

    /// A decoder that refuses images of more than `maxPixels` and files of more than `maxBytes`.
    public ImageDecoder(long maxPixels, long maxBytes, JpegDecoder jpeg) {
        this.maxPixels = maxPixels;
        this.maxBytes = Math.min(maxBytes, MAX_BYTES);
        this.jpeg = jpeg;
    }

    /// The default: [#MAX_PIXELS] and [JpegDecoder#raster()].
    public static ImageDecoder standard() {
        return new ImageDecoder(MAX_PIXELS, JpegDecoder.raster());
    }

    /// What this decoder does differently from another, as text.
    public String settings() {
        return jpeg.name() + " " + maxPixels;
    }

    /// Reads and decodes a file.
    public RgbImage decode(Path file) {
        return decode(read(file), file);
    }

    /// The bytes of a file, within the limit.
    public byte[] read(Path file) {
        try {
            if (!Files.isRegularFile(file)) {
                throw Files.exists(file)
                        ? refused(Refusal.NOT_A_FILE, file, "it is a folder, a pipe or a device, not a file")
                        : refused(Refusal.UNREADABLE, file, "there is no such file");
            }
            requireLength(Files.size(file), file);
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new ImageException(Refusal.UNREADABLE, file, "it cannot be read (" + reason(e) + ")", REPLACE, e);
        } catch (OutOfMemoryError e) {
            throw new ImageException(Refusal.TOO_LITTLE_MEMORY, file, memory("reading it"), MEMORY, e);
        }
    }

    /// The bytes of an opened file, within the limit; closes it.
    ///
    /// @param file the name for error messages
    public byte[] read(InputStream in, Object file) {
        try (in) {
            byte[] data = in.readNBytes((int) Math.min(maxBytes + 1, Integer.MAX_VALUE - 16));
            if (data.length > maxBytes) {
                throw refused(Refusal.TOO_MANY_BYTES, file,
                        "it has more than the " + maxBytes + " bytes that are read");
            }
            return data;
        } catch (IOException e) {
            throw new ImageException(Refusal.UNREADABLE, file, "it cannot be read (" + reason(e) + ")", REPLACE, e);
        } catch (OutOfMemoryError e) {
            throw new ImageException(Refusal.TOO_LITTLE_MEMORY, file, memory("reading it"), MEMORY, e);
        }
    }

    /// Refuses a file that is too long before it is read.
    ///
    /// @param bytes its length; -1 where it is not known
    public void requireLength(long bytes, Object file) {
        if (bytes > maxBytes) {
            throw refused(Refusal.TOO_MANY_BYTES, file, "it has " + bytes + " bytes, at most " + maxBytes
                    + " are read");
        }
    }

    /// Decodes the content of a file; `file` is the name for error messages.
    public RgbImage decode(byte[] data, Object file) {
        if (data.length == 0) {
            throw refused(Refusal.EMPTY, file, "it is empty");
        }
        try {
            var kind = ImageKind.of(data);
            return switch (kind) {
                case PNG -> png(data, file);
                case GIF -> gif(data, file);
                case BMP -> bmp(data, file);
                case PNM -> pnm(data, file);
                case TIFF -> tiff(data, file);
                case JPEG -> jpeg(data, file);
                case WEBP -> webp(data, file);
                case UNKNOWN -> throw refused(Refusal.NOT_AN_IMAGE, file, "it is none of " + ImageKind.READ);
                default -> throw refused(Refusal.OTHER_FORMAT, file, "it is a " + kind.title() + " file, and only "
                        + ImageKind.READ + " are read");
            };
        } catch (ImageException e) {
            throw e;
        } catch (Unsupported e) {
            throw new ImageException(Refusal.UNSUPPORTED, file, e.getMessage(), CONVERT, e);
        } catch (IOException | RuntimeException | StackOverflowError e) {
            // decoders answer damage with any unchecked exception
            throw new ImageException(Refusal.UNDECODABLE, file, "it cannot be decoded (" + reason(e) + ")", REPLACE, e);
        } catch (OutOfMemoryError e) {
            throw new ImageException(Refusal.TOO_LITTLE_MEMORY, file, memory("decoding it"), MEMORY, e);
        }
    }

    private static ImageException refused(Refusal refusal, Object file, String reason) {
        return new ImageException(refusal, file, reason, REPLACE, null);
    }

    private static String memory(String what) {
        return what + " takes more than the " + (Runtime.getRuntime().maxMemory() >> 20) + " MiB of this Java";
    }

    private RgbImage png(byte[] data, Object file) throws IOException {
        byte[] samples = PngSamples.only(data);
        var key = PngKey.of(samples);
        var image = key == null
                ? plain(new PngImageParser(), samples, file)
                : key.overWhite(plain(new PngImageParser(), key.without(), file));
        return image.oriented(samples.length == data.length ? 1 : ExifOrientation.ofPng(data));
    }

    private RgbImage tiff(byte[] data, Object file) throws IOException {
        var tiff = new TiffFile(data);
        checkSize(new Dimension(tiff.width(), tiff.height()), file);
        var layout = tiff.layout();
        checkSize(new Dimension(layout.blockWidth(), layout.blockHeight()), file);
        return tiff.decode(layout, jpeg).oriented(tiff.orientation());
    }

    private RgbImage pnm(byte[] data, Object file) throws IOException {
        var pnm = new PnmFile(data);
        checkSize(new Dimension(pnm.width(), pnm.height()), file);
        return pnm.decode();
    }

    private RgbImage webp(byte[] data, Object file) throws IOException {
        var webp = new WebpFile(data);
        checkSize(new Dimension(webp.width(), webp.height()), file);
        return webp.decode().oriented(webp.orientation());
    }

    private RgbImage gif(byte[] data, Object file) throws IOException {
        var frame = GifFrame.first(data);
        checkSize(new Dimension(frame.width(), frame.height()), file);
        checkSize(new Dimension(frame.canvasWidth(), frame.canvasHeight()), file);
        return RasterSamples.onCanvas(decode(new GifImageParser(), ByteSource.array(frame.data())), frame.left(),
                frame.top(), frame.canvasWidth(), frame.canvasHeight());
    }

    private RgbImage bmp(byte[] data, Object file) throws IOException {
        var bmp = new BmpFile(data);
        if (bmp.unsupported() != null) {
            throw new Unsupported(bmp.unsupported());
        }
        checkSize(new Dimension(bmp.width(), bmp.height()), file);
        return bmp.decode();
    }

    private RgbImage jpeg(byte[] data, Object file) throws IOException {
        var header = JpegHeader.parse(data);
        checkSize(new Dimension(header.width(), header.height()), file);
        return jpeg.decode(JpegScans.cleaned(data), header).oriented(ExifOrientation.ofJpeg(data));
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
            throw refused(Refusal.NO_PIXELS, file, "its header gives a size of "
                    + (size == null ? "nothing" : size.width + "x" + size.height) + " pixels");
        }
        long pixels = (long) size.width * size.height;
        if (pixels > maxPixels) {
            throw new ImageException(Refusal.TOO_MANY_PIXELS, file, "its header promises " + size.width + "x"
                    + size.height + " pixels, at most " + maxPixels + " are decoded",
                    "Scale it down, or skip bad files", null);
        }
        if (pixels * BYTES_PER_PIXEL > Runtime.getRuntime().maxMemory()) {
            throw new ImageException(Refusal.TOO_LITTLE_MEMORY, file, "its header promises " + size.width + "x"
                    + size.height + " pixels, and " + memory("decoding them"), MEMORY, null);
        }
    }

    private static String reason(Throwable e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }
}
