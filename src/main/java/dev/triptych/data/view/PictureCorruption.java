package dev.triptych.data.view;

import dev.triptych.data.file.ImageDecoder;
import dev.triptych.data.file.RgbImage;
import dev.triptych.random.CounterRandom;
import dev.triptych.recipe.DataSection;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.IntToDoubleFunction;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/// What makes a picture worse, after Hendrycks and Dietterich, "Benchmarking neural network robustness to common
/// corruptions and perturbations", ICLR 2019, with the numbers of their released code: those of CIFAR-10-C for sides up
/// to 32 pixels, of Tiny ImageNet-C up to 64, of ImageNet-C above. For x in [0, 1]:
///
/// * noise: x + c n, n standard normal for every pixel and colour;
/// * blur: a Gaussian of deviation c pixels, cut at 4 c, edges repeated;
/// * contrast: m + c (x - m), m the mean of each colour over the picture;
/// * JPEG: written with quality c, colours of half the width and height, and read again.
///
/// The result is limited to [0, 1] and rounded to the nearest of 256 levels; theirs is rounded down, and that of
/// ImageNet-C is kept as a JPEG of quality 85 besides.
///
/// @param kind what is done
/// @param strength 1 to 5
public record PictureCorruption(DataSection.Corruption kind, int strength) {
    private static final int[] SIDES = {32, 64, Integer.MAX_VALUE};
    private static final double[][] NOISE = {
            {0.04, 0.06, 0.08, 0.09, 0.10}, {0.04, 0.08, 0.12, 0.15, 0.18}, {0.08, 0.12, 0.18, 0.26, 0.38}};
    private static final double[][] BLUR = {
            {0.4, 0.6, 0.7, 0.8, 1}, {0.5, 0.75, 1, 1.25, 1.5}, {1, 2, 3, 4, 6}};
    private static final double[][] CONTRAST = {
            {0.75, 0.5, 0.4, 0.3, 0.15}, {0.4, 0.3, 0.2, 0.1, 0.05}, {0.4, 0.3, 0.2, 0.1, 0.05}};
    private static final double[][] QUALITY = {
            {80, 65, 58, 50, 40}, {65, 58, 50, 40, 25}, {25, 18, 15, 10, 7}};
    private static final double TRUNCATE = 4;

    /// A picture made worse.
    ///
    /// @param random draws the noise
    public RgbImage of(RgbImage clean, CounterRandom random) {
        return switch (kind) {
            case NONE -> clean;
            case NOISE -> noise(clean, amount(NOISE, clean), random);
            case BLUR -> blur(clean, amount(BLUR, clean));
            case CONTRAST -> contrast(clean, amount(CONTRAST, clean));
            case JPEG -> jpeg(clean, amount(QUALITY, clean));
        };
    }

    /// c of this strength, by the short side of the picture.
    private double amount(double[][] amounts, RgbImage image) {
        int table = 0;
        while (Math.min(image.width(), image.height()) > SIDES[table]) {
            table++;
        }
        return amounts[table][strength - 1];
    }

    private static RgbImage noise(RgbImage clean, double c, CounterRandom random) {
        return made(clean, i -> level(clean, i) + 255 * c * random.gaussian());
    }

    private static RgbImage contrast(RgbImage clean, double c) {
        int pixels = clean.width() * clean.height();
        var means = new double[3];
        for (int i = 0; i < 3 * pixels; i++) {
            means[i / pixels] += (double) level(clean, i) / pixels;
        }
        return made(clean, i -> means[i / pixels] + c * (level(clean, i) - means[i / pixels]));
    }

    private static RgbImage blur(RgbImage clean, double sigma) {
        int radius = (int) (TRUNCATE * sigma + 0.5);
        var weights = new double[2 * radius + 1];
        double sum = 0;
        for (int k = -radius; k <= radius; k++) {
            weights[k + radius] = Math.exp(-0.5 * k * k / (sigma * sigma));
            sum += weights[k + radius];
        }
        for (int k = 0; k < weights.length; k++) {
            weights[k] /= sum;
        }
        int w = clean.width();
        int h = clean.height();
        var across = new double[clean.planes().length];
        for (int i = 0; i < across.length; i++) {
            int row = i - i % w;
            for (int k = -radius; k <= radius; k++) {
                across[i] += weights[k + radius] * level(clean, row + Math.clamp(i % w + k, 0, w - 1));
            }
        }
        return made(clean, i -> {
            int plane = i - i % (w * h);
            double down = 0;
            for (int k = -radius; k <= radius; k++) {
                down += weights[k + radius] * across[plane + Math.clamp(i % (w * h) / w + k, 0, h - 1) * w + i % w];
            }
            return down;
        });
    }

    /// The JDK's writer scales the tables of the standard as libjpeg does.
    private static RgbImage jpeg(RgbImage clean, double quality) {
        int w = clean.width();
        int h = clean.height();
        var picture = new BufferedImage(w, h, BufferedImage.TYPE_INT_RGB);
        for (int p = 0; p < w * h; p++) {
            picture.setRGB(p % w, p / w,
                    level(clean, p) << 16 | level(clean, p + w * h) << 8 | level(clean, p + 2 * w * h));
        }
        var writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        var bytes = new ByteArrayOutputStream();
        try (var out = new MemoryCacheImageOutputStream(bytes)) {
            var how = writer.getDefaultWriteParam();
            how.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            how.setCompressionQuality((float) quality / 100);
            writer.setOutput(out);
            writer.write(null, new IIOImage(picture, null, null), how);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // nothing but memory is written to
        } finally {
            writer.dispose();
        }
        return ImageDecoder.standard().decode(bytes.toByteArray(), "JPEG of quality " + quality);
    }

    private static int level(RgbImage image, int i) {
        return image.planes()[i] & 0xFF;
    }

    /// A picture of this size from levels, 0 to 255 and beyond, in the order of its planes.
    private static RgbImage made(RgbImage like, IntToDoubleFunction levels) {
        var planes = new byte[like.planes().length];
        for (int i = 0; i < planes.length; i++) {
            planes[i] = (byte) Math.clamp(Math.round(levels.applyAsDouble(i)), 0, 255);
        }
        return new RgbImage(like.width(), like.height(), planes);
    }
}
