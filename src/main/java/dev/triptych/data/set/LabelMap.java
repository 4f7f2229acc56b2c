package dev.triptych.data.set;

import dev.triptych.data.file.ImageDecoder;
import dev.triptych.data.file.ImageException;
import dev.triptych.data.file.ImageKind;
import dev.triptych.data.file.PngSamples;
import dev.triptych.data.file.Refusal;
import java.awt.image.Raster;
import java.io.IOException;
import java.nio.file.Path;

/// Class numbers of pixels, read from a PNG file of one sample a pixel: grey levels or places in a palette, as they are
/// stored. (`BufferedImage.getRGB` would turn grey 11 into 59.)
///
/// @param ids (height x width)
record LabelMap(int width, int height, int[] ids) {
    private static final String REMEDY = "Give a PNG file whose grey levels or palette places are class numbers";
    private static final int SIZE_AT = 16;
    private static final int HEADER = 33;

    /// Reads a file within limits of pixels and bytes.
    ///
    /// @throws ImageException where it is no such file
    static LabelMap read(Path file, ImageDecoder limits, long maxPixels) {
        byte[] data = limits.read(file);
        if (ImageKind.of(data) != ImageKind.PNG || data.length < HEADER) {
            throw refused(Refusal.NOT_AN_IMAGE, file, "it is " + (ImageKind.of(data) == ImageKind.UNKNOWN
                    ? "no image"
                    : "a " + ImageKind.of(data) + " file of " + data.length + " bytes") + ", expected a PNG file");
        }
        long width = Integer.toUnsignedLong(int32(data, SIZE_AT));
        long height = Integer.toUnsignedLong(int32(data, SIZE_AT + 4));
        if (width < 1 || height < 1 || width > maxPixels || height > maxPixels || width * height > maxPixels) {
            throw refused(Refusal.TOO_MANY_PIXELS, file, "its header promises " + width + "x" + height
                    + " pixels, expected 1 to " + maxPixels);
        }
        try {
            return of(PngSamples.raster(PngSamples.only(data)), file);
        } catch (ImageException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw new ImageException(Refusal.UNDECODABLE, file, "it cannot be decoded (" + e.getMessage() + ")", REMEDY,
                    e);
        }
    }

    private static LabelMap of(Raster raster, Path file) {
        if (raster.getNumBands() != 1) {
            throw refused(Refusal.UNSUPPORTED, file, "it has " + raster.getNumBands()
                    + " samples a pixel, expected one, its class number");
        }
        return new LabelMap(raster.getWidth(), raster.getHeight(),
                raster.getSamples(0, 0, raster.getWidth(), raster.getHeight(), 0, (int[]) null));
    }

    private static ImageException refused(Refusal refusal, Path file, String reason) {
        return new ImageException(refusal, file, reason, REMEDY, null);
    }

    private static int int32(byte[] data, int at) {
        return (data[at] & 0xFF) << 24 | (data[at + 1] & 0xFF) << 16 | (data[at + 2] & 0xFF) << 8 | data[at + 3] & 0xFF;
    }
}
