package dev.triptych.data.file;

import java.io.IOException;
import java.util.Arrays;

/// YCbCr samples of a TIFF file (TIFF 6.0, chapter "YCbCr Images"): for each rectangle of `across` x `down` pixels so
/// many luma samples, row by row, then one Cb and one Cr, which stand for all its pixels.
///
/// @param coefficients shares of red, green and blue in luma
/// @param black codes of no luma, and of no chroma twice
/// @param white codes of full luma, and of full chroma twice
record TiffChroma(int across, int down, double[] coefficients, double[] black, double[] white) {
    private static final double[] REC_601 = {0.299, 0.587, 0.114};
    private static final double[] FULL = {0, 255, 128, 255, 128, 255};

    static TiffChroma of(TiffDirectory directory, TiffCompression compression, int samples, boolean planar)
            throws IOException {
        TiffLayout.refuse(planar || samples != 3, "it has YCbCr " + (planar ? "in planes" : "with extra samples")
                + "; YCbCr with its samples together and no others is read");
        double[] shares = orDefault(directory, TiffTag.YCBCR_COEFFICIENTS, REC_601);
        double[] levels = orDefault(directory, TiffTag.REFERENCE_BLACK_WHITE, FULL);
        if (compression == TiffCompression.JPEG) {
            boolean usual = Arrays.equals(levels, FULL);
            for (int i = 0; i < 3; i++) {
                usual &= Math.abs(shares[i] - REC_601[i]) < 1e-6;
            }
            TiffLayout.refuse(!usual, "it holds JPEGs of other YCbCr than " + Arrays.toString(REC_601) + " and "
                    + Arrays.toString(FULL) + ", which is read");
        }
        long[] factors = directory.has(TiffTag.YCBCR_SUB_SAMPLING)
                ? directory.integers(TiffTag.YCBCR_SUB_SAMPLING)
                : new long[]{2, 2};
        if (factors.length != 2 || !known(factors[0]) || !known(factors[1])) {
            throw new IOException(TiffTag.YCBCR_SUB_SAMPLING + " is " + Arrays.toString(factors)
                    + ", expected two of 1, 2, 4");
        }
        double[] black = {levels[0], levels[2], levels[4]};
        double[] white = {levels[1], levels[3], levels[5]};
        for (int i = 0; i < 3; i++) {
            if (!(shares[i] > 0 && shares[i] < 1) || !(white[i] - black[i] >= 1)) {
                throw new IOException("its YCbCr has coefficients " + Arrays.toString(shares) + " and levels "
                        + Arrays.toString(levels));
            }
        }
        return new TiffChroma((int) factors[0], (int) factors[1], shares, black, white);
    }

    private static boolean known(long factor) {
        return factor == 1 || factor == 2 || factor == 4;
    }

    private static double[] orDefault(TiffDirectory directory, TiffTag tag, double[] otherwise) throws IOException {
        double[] values = directory.has(tag) ? directory.numbers(tag) : otherwise;
        if (values.length != otherwise.length) {
            throw new IOException(tag + " has " + values.length + " values, expected " + otherwise.length);
        }
        return values;
    }

    /// Bytes of a strip or tile.
    long bytes(int width, int rows) {
        return ((width + across - 1L) / across) * ((rows + down - 1L) / down) * (across * down + 2L);
    }

    /// Red, green and blue of a pixel as 0xRRGGBB.
    int rgb(int luma, int cb, int cr) {
        double y = (luma - black[0]) * 255 / (white[0] - black[0]);
        double b = (cb - black[1]) * 127 / (white[1] - black[1]);
        double r = (cr - black[2]) * 127 / (white[2] - black[2]);
        double red = r * (2 - 2 * coefficients[0]) + y;
        double blue = b * (2 - 2 * coefficients[2]) + y;
        double green = (y - coefficients[0] * red - coefficients[2] * blue) / coefficients[1];
        return level(red) << 16 | level(green) << 8 | level(blue);
    }

    private static int level(double value) {
        return (int) Math.clamp(Math.floor(value + 0.5), 0, 255);
    }
}
