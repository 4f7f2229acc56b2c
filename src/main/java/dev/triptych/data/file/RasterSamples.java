package dev.triptych.data.file;

import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.DirectColorModel;
import java.io.IOException;
import java.util.Arrays;
import org.apache.commons.imaging.common.BufferedImageFactory;

/// Takes the samples of decoded images as they are. `BufferedImage.getRGB` and `setRGB` convert grey images through
/// linear light (raw 11 becomes 59), so decoders are given packed RGB images to write into, grey ones too, and their
/// integers are read from the raster.
final class RasterSamples {
    /// Makes every image packed ARGB, which `setRGB` stores unchanged.
    static final BufferedImageFactory PACKED = new BufferedImageFactory() {
        @Override
        public BufferedImage getColorBufferedImage(int width, int height, boolean hasAlpha) {
            return new BufferedImage(width, height, BufferedImage.TYPE_INT_ARGB);
        }

        @Override
        public BufferedImage getGrayscaleBufferedImage(int width, int height, boolean hasAlpha) {
            return new BufferedImage(width, height, BufferedImage.TYPE_INT_ARGB);
        }
    };

    private RasterSamples() {
    }

    /// Planes of a packed image; transparent pixels are laid over white, in the stored (sRGB) numbers.
    static RgbImage toRgb(BufferedImage image) throws IOException {
        int w = image.getWidth();
        int h = image.getHeight();
        return onCanvas(image, 0, 0, w, h);
    }

    /// As [#toRgb], with the image placed on a white canvas and cut where it leaves it.
    static RgbImage onCanvas(BufferedImage image, int left, int top, int width, int height) throws IOException {
        if (!(image.getColorModel() instanceof DirectColorModel model)
                || image.getRaster().getTransferType() != DataBuffer.TYPE_INT || model.getRedMask() != 0xFF0000
                || model.getGreenMask() != 0xFF00 || model.getBlueMask() != 0xFF || model.isAlphaPremultiplied()) {
            throw new IOException("the decoder delivered samples of another kind than packed RGB: "
                    + image.getColorModel());
        }
        int n = width * height;
        byte[] planes = new byte[3 * n];
        Arrays.fill(planes, (byte) 255);
        int columns = Math.min(image.getWidth(), width - left);
        int[] row = new int[image.getWidth()];
        for (int y = 0; y < Math.min(image.getHeight(), height - top); y++) {
            image.getRaster().getDataElements(0, y, image.getWidth(), 1, row);
            for (int x = 0; x < columns; x++) {
                int alpha = model.hasAlpha() ? row[x] >>> 24 : 255;
                int to = (top + y) * width + left + x;
                planes[to] = over(row[x] >> 16 & 0xFF, alpha);
                planes[to + n] = over(row[x] >> 8 & 0xFF, alpha);
                planes[to + 2 * n] = over(row[x] & 0xFF, alpha);
            }
        }
        return new RgbImage(width, height, planes);
    }

    /// Planes of packed ARGB; transparent pixels are laid over white.
    static RgbImage planes(int[] argb, int width, int height) {
        int n = width * height;
        byte[] planes = new byte[3 * n];
        for (int i = 0; i < n; i++) {
            int alpha = argb[i] >>> 24;
            planes[i] = over(argb[i] >> 16 & 0xFF, alpha);
            planes[i + n] = over(argb[i] >> 8 & 0xFF, alpha);
            planes[i + 2 * n] = over(argb[i] & 0xFF, alpha);
        }
        return new RgbImage(width, height, planes);
    }

    /// A value over white.
    static byte over(int value, int alpha) {
        return (byte) (alpha == 255 ? value : (value * alpha + 255 * (255 - alpha) + 127) / 255);
    }
}
