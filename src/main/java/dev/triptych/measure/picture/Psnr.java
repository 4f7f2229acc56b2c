package dev.triptych.measure.picture;

import java.util.Arrays;

/// Peak signal-to-noise ratio of reconstructions of images on [0, 1].
///
/// PSNR = 10 log10(1 / MSE) in dB, MSE over all pixels and channels of **one** image; the figure of a set is the mean
/// of the images' PSNR (not the PSNR of the mean MSE). Reconstructions are clamped to [0, 1] first, as they are when
/// shown; targets are taken as they are. An MSE below 1e-10 counts as 1e-10, so an exact copy has 100 dB.
public final class Psnr {
    private static final double SMALLEST_MSE = 1e-10;

    private Psnr() {
    }

    /// The protocol in words, for a report.
    public static String protocol() {
        return "mean over images of 10 log10(1 / MSE), pixels in [0, 1], reconstruction clamped";
    }

    /// PSNR in dB of one mean squared error.
    public static double ofMse(double mse) {
        if (!(mse >= 0)) {
            throw new IllegalArgumentException("mean squared error " + mse + ": expected a number from 0");
        }
        return -10 * Math.log10(Math.max(mse, SMALLEST_MSE));
    }

    /// PSNR in dB of each image.
    ///
    /// @param target images on [0, 1], (images x numbers)
    /// @param reconstruction the same shape
    /// @param images number of images
    /// @param numbers pixels x channels of one image
    /// @return (images)
    public static double[] perImage(float[] target, float[] reconstruction, int images, int numbers) {
        long size = (long) images * numbers;
        if (images < 1 || numbers < 1 || target.length < size || reconstruction.length < size) {
            throw new IllegalArgumentException("PSNR of " + images + " images of " + numbers + " numbers from arrays"
                    + " of " + target.length + " and " + reconstruction.length + ": expected at least " + size
                    + " each");
        }
        var psnr = new double[images];
        for (int i = 0; i < images; i++) {
            double sum = 0;
            for (int p = i * numbers; p < (i + 1) * numbers; p++) {
                double error = Math.clamp(reconstruction[p], 0f, 1f) - (double) target[p];
                sum += error * error;
            }
            psnr[i] = ofMse(sum / numbers);
        }
        return psnr;
    }

    /// Sum of [#perImage].
    public static double sum(float[] target, float[] reconstruction, int images, int numbers) {
        return Arrays.stream(perImage(target, reconstruction, images, numbers)).sum();
    }

    /// Mean of [#perImage].
    public static double mean(float[] target, float[] reconstruction, int images, int numbers) {
        return sum(target, reconstruction, images, numbers) / images;
    }
}
