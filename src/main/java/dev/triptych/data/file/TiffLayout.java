package dev.triptych.data.file;

import java.io.IOException;
import java.nio.ByteOrder;
import java.util.Arrays;

/// Where the samples of a TIFF file's first picture lie and what they mean. Reads everything that decides about it and
/// lets through only what `TiffTableTest` proves; the rest is [Unsupported], by name.
///
/// @param bits of a sample
/// @param floats whether samples are floating-point numbers of 0 to 1 instead of unsigned ones
/// @param samples of a pixel, extra ones too
/// @param alpha which of them is alpha; -1 where none is
/// @param premultiplied whether the colours were multiplied with it already
/// @param planar whether each sample has strips or tiles of its own
/// @param predictor 1 none, 2 differences of samples, 3 differences of bytes of floating-point numbers
/// @param lowBitsFirst whether the bits of a byte are to be reversed
/// @param options of the CCITT codes
/// @param tiled whether it has tiles, all of one size, instead of strips, the last of which may be shorter
/// @param blockWidth columns of a strip or tile
/// @param blockHeight rows of a strip or tile
/// @param offsets of each strip or tile in the file, row by row, sample by sample where they are planar
/// @param counts of their bytes; empty where nothing is packed and the file does not say
/// @param colourMap reds, greens and blues of a palette, 16 bits each; empty without
/// @param chroma of YCbCr; null for other colours
record TiffLayout(int width, int height, TiffColour colour, TiffCompression compression, ByteOrder order, int bits,
        boolean floats, int samples, int alpha, boolean premultiplied, boolean planar, int predictor,
        boolean lowBitsFirst, int options, boolean tiled, int blockWidth, int blockHeight, long[] offsets,
        long[] counts, long[] colourMap, TiffChroma chroma) {
    private static final int FEW = 8;
    private static final long UNSIGNED = 1;
    private static final long FLOATS = 3;
    private static final long UNDEFINED = 4;
    private static final long ALL_ROWS = 0xFFFFFFFFL;

    /// @throws Unsupported where it is of a kind that is not read
    /// @throws IOException where it contradicts itself
    static TiffLayout of(TiffDirectory directory, int width, int height) throws IOException {
        long subfile = directory.integer(TiffTag.NEW_SUBFILE_TYPE, 0);
        refuse((subfile & 5) != 0, "its first picture is " + ((subfile & 1) != 0
                ? "a reduced copy of another one"
                : "a transparency mask") + " (NewSubfileType " + subfile + "); a first picture that stands for itself "
                + "is read");
        for (TiffTag tag : new TiffTag[]{TiffTag.INDEXED, TiffTag.DECODE}) {
            refuse(directory.has(tag), tag + " changes what its samples mean; files without it are read");
        }
        var colour = TiffColour.of(directory.integer(TiffTag.PHOTOMETRIC_INTERPRETATION));
        var compression = TiffCompression.of(directory.integer(TiffTag.COMPRESSION, 1));
        int samples = whole(directory, TiffTag.SAMPLES_PER_PIXEL, 1, 1, 0xFFFF);
        int bits = same(directory, TiffTag.BITS_PER_SAMPLE, samples, 1);
        int format = same(directory, TiffTag.SAMPLE_FORMAT, samples, UNSIGNED);
        checkDepth(colour, bits, format);
        int alpha = alpha(directory, colour, samples);
        boolean planar = samples > 1 && whole(directory, TiffTag.PLANAR_CONFIGURATION, 1, 1, 2) == 2;
        int predictor = whole(directory, TiffTag.PREDICTOR, 1, 1, 3);
        checkPredictor(predictor, compression, colour, bits, format);
        refuse(predictor == 3 && directory.order() == ByteOrder.BIG_ENDIAN,
                "it has predictor 3 and begins with MM: TIFF's supplement 3 puts the highest bytes first there, "
                        + "libtiff the lowest; files that begin with II are read");
        boolean lowBitsFirst = whole(directory, TiffTag.FILL_ORDER, 1, 1, 2) == 2;
        refuse(lowBitsFirst && compression == TiffCompression.JPEG,
                "the bits of its bytes are reversed (FillOrder 2) and "
                        + "it holds JPEGs; JPEGs without that are read");
        int options = compression == TiffCompression.CCITT_T4
                ? whole(directory, TiffTag.T4_OPTIONS, 0, 0, 7)
                : compression == TiffCompression.CCITT_T6 ? whole(directory, TiffTag.T6_OPTIONS, 0, 0, 7) : 0;
        checkCompression(compression, colour, bits, samples, planar, options);
        checkColour(directory, colour, bits);
        var chroma = colour == TiffColour.YCBCR ? TiffChroma.of(directory, compression, samples, planar) : null;
        boolean tiles = directory.has(TiffTag.TILE_OFFSETS);
        if (tiles && directory.has(TiffTag.STRIP_OFFSETS)) {
            throw new IOException("it has strips and tiles, expected either");
        }
        int blockWidth = tiles ? whole(directory, TiffTag.TILE_WIDTH, 0, 1, Integer.MAX_VALUE) : width;
        int blockHeight = tiles
                ? whole(directory, TiffTag.TILE_LENGTH, 0, 1, Integer.MAX_VALUE)
                : (int) Math.min(height, directory.integer(TiffTag.ROWS_PER_STRIP, ALL_ROWS));
        if (blockHeight < 1) {
            throw new IOException(TiffTag.ROWS_PER_STRIP + " is 0");
        }
        long[] offsets = directory.integers(tiles ? TiffTag.TILE_OFFSETS : TiffTag.STRIP_OFFSETS);
        long[] counts = directory.integers(tiles ? TiffTag.TILE_BYTE_COUNTS : TiffTag.STRIP_BYTE_COUNTS);
        var layout = new TiffLayout(width, height, colour, compression, directory.order(), bits, format == FLOATS,
                samples, alpha, alpha >= 0 && isPremultiplied(directory, colour, alpha), planar, predictor,
                lowBitsFirst, options, tiles, blockWidth, blockHeight, offsets, counts,
                colour == TiffColour.PALETTE ? colourMap(directory, bits) : new long[0], chroma);
        layout.checkBlocks();
        return layout;
    }

    int across() {
        return (width + blockWidth - 1) / blockWidth;
    }

    int down() {
        return (height + blockHeight - 1) / blockHeight;
    }

    /// Samples of a pixel in one strip or tile.
    int together() {
        return planar ? 1 : samples;
    }

    /// Bytes of a row of a strip or tile, unpacked.
    long rowBytes() {
        return ((long) blockWidth * together() * bits + 7) / 8;
    }

    private void checkBlocks() throws IOException {
        long blocks = (long) across() * down() * (planar ? samples : 1);
        boolean known = counts.length >= blocks || counts.length == 0 && compression == TiffCompression.NONE;
        if (offsets.length < blocks || !known) {
            throw new IOException("it has " + offsets.length + " strips or tiles and the lengths of " + counts.length
                    + ", expected " + blocks);
        }
        long bytes = chroma == null ? rowBytes() * blockHeight : chroma.bytes(blockWidth, blockHeight);
        if (bytes > Integer.MAX_VALUE - 64) {
            throw new IOException("one strip or tile of it takes " + bytes + " bytes, at most "
                    + (Integer.MAX_VALUE - 64) + " are read");
        }
    }

    private static void checkDepth(TiffColour colour, int bits, int format) throws Unsupported {
        refuse(format == 2, "its samples are signed, which leaves open what is black and white; unsigned ones and "
                + "floating-point ones of 0 to 1 are read");
        refuse(format == 5 || format == 6, "its samples are complex numbers; unsigned ones and floating-point ones of "
                + "0 to 1 are read");
        boolean floats = format == FLOATS;
        refuse(!floats && format != UNSIGNED && format != UNDEFINED, "its SampleFormat is " + format
                + "; 1, 3 and 4 are read");
        boolean fits = switch (colour) {
            case WHITE_IS_ZERO, BLACK_IS_ZERO, RGB -> floats
                    ? bits == 16 || bits == 32 || bits == 64
                    : bits >= 1 && bits <= 32;
            case PALETTE -> !floats && bits >= 1 && bits <= 16;
            case CMYK -> !floats && (bits == 8 || bits == 16);
            case YCBCR -> !floats && bits == 8;
        };
        refuse(!fits, "it has " + bits + " bits a sample" + (floats ? ", floating-point," : "") + " for " + colour
                + "; read are for grey and RGB 1 to 32 (floating-point 16, 32, 64), palettes 1 to 16, CMYK 8 and 16, "
                + "YCbCr 8");
    }

    private static int alpha(TiffDirectory directory, TiffColour colour, int samples) throws IOException {
        int extra = samples - colour.channels();
        if (extra < 0) {
            throw new IOException("it has " + samples + " samples a pixel, " + colour + " takes " + colour.channels());
        }
        long[] kinds = directory.integers(TiffTag.EXTRA_SAMPLES);
        refuse(extra > 0 && kinds.length == 0, "it has " + samples + " samples a pixel for " + colour
                + " and does not say (ExtraSamples) what the last ones are; files that do are read");
        if (kinds.length != extra) {
            throw new IOException("it describes " + kinds.length + " extra samples and has " + extra);
        }
        int alpha = -1;
        for (int i = 0; i < extra; i++) {
            if (kinds[i] > 2 || kinds[i] > 0 && alpha >= 0) {
                throw new Unsupported(kinds[i] > 2
                        ? "its ExtraSamples are " + few(kinds) + "; 0 to 2 are read"
                        : "it has two samples of alpha; one is read");
            }
            alpha = kinds[i] > 0 ? colour.channels() + i : alpha;
        }
        return alpha;
    }

    private static boolean isPremultiplied(TiffDirectory directory, TiffColour colour, int alpha) throws IOException {
        return directory.integers(TiffTag.EXTRA_SAMPLES)[alpha - colour.channels()] == 1;
    }

    private static void checkPredictor(int predictor, TiffCompression compression, TiffColour colour, int bits,
            int format) throws Unsupported {
        if (predictor == 1) {
            return;
        }
        refuse(!compression.predicts(), "it has a predictor (" + predictor + ") with compression " + compression
                + ", where none is defined; with LZW and Deflate one is read");
        refuse(colour == TiffColour.YCBCR, "it has a predictor with YCbCr; YCbCr without one is read");
        boolean fits = predictor == 2
                ? bits == 8 || bits == 16 || bits == 32 || bits == 64
                : format == FLOATS;
        refuse(!fits, "it has predictor " + predictor + " with " + bits + " bits a sample of format " + format
                + "; 2 is read with 8, 16, 32 and 64 bits, 3 with floating-point samples");
    }

    private static void checkCompression(TiffCompression compression, TiffColour colour, int bits, int samples,
            boolean planar, int options) throws Unsupported {
        refuse(compression.ccitt() && (!colour.grey() || bits != 1 || samples != 1), "it is packed by "
                + compression + " and has " + samples + " samples of " + bits + " bits for " + colour
                + "; black and white with one of one bit is read");
        refuse((options & 2) != 0, "its " + compression + " has stretches that are not packed; files without are read");
        refuse(compression == TiffCompression.JPEG && (bits != 8 || planar || samples != colour.channels()
                || colour == TiffColour.WHITE_IS_ZERO || colour == TiffColour.PALETTE || colour == TiffColour.CMYK),
                "it holds JPEGs of " + samples + " samples of " + bits + " bits for " + colour + (planar
                        ? ", planar"
                        : "") + "; grey, RGB and YCbCr of 8 bits together, without extra samples, are read");
    }

    private static void checkColour(TiffDirectory directory, TiffColour colour, int bits) throws IOException {
        double most = Math.pow(2, bits) - 1;
        double[] black = directory.numbers(TiffTag.REFERENCE_BLACK_WHITE);
        refuse(colour == TiffColour.RGB && black.length > 0
                && !Arrays.equals(black, new double[]{0, most, 0, most, 0, most}),
                TiffTag.REFERENCE_BLACK_WHITE + " is "
                        + Arrays.toString(black) + "; RGB from 0 to " + (long) most + " is read");
        if (colour == TiffColour.CMYK) {
            double[] range = directory.numbers(TiffTag.DOT_RANGE);
            for (int i = 0; i < range.length; i++) {
                if (range[i] != (i % 2 == 0 ? 0 : most)) {
                    throw new Unsupported(TiffTag.DOT_RANGE + " is " + Arrays.toString(range) + "; inks from 0 to "
                            + (long) most + " are read");
                }
            }
            refuse(directory.integer(TiffTag.INK_SET, 1) != 1 || directory.integer(TiffTag.NUMBER_OF_INKS, 4) != 4,
                    "its inks are not cyan, magenta, yellow and black, which are read");
        }
    }

    private static long[] colourMap(TiffDirectory directory, int bits) throws IOException {
        long[] map = directory.integers(TiffTag.COLOR_MAP);
        if (map.length != 3 << bits) {
            throw new IOException("its palette has " + map.length + " numbers, expected " + (3 << bits) + " for "
                    + bits + " bits");
        }
        return map;
    }

    private static int whole(TiffDirectory directory, TiffTag tag, long otherwise, int least, int most)
            throws IOException {
        long value = directory.integer(tag, otherwise);
        if (value < least || value > most) {
            throw new IOException(tag + " is " + value + ", expected " + least + " to " + most);
        }
        return (int) value;
    }

    private static int same(TiffDirectory directory, TiffTag tag, int n, long otherwise) throws IOException {
        long[] values = directory.each(tag, n, otherwise);
        if (Arrays.stream(values).anyMatch(value -> value != values[0])) {
            throw new Unsupported(tag + " is " + few(values) + "; samples that are all alike are read");
        }
        return (int) Math.min(values[0], Integer.MAX_VALUE);
    }

    private static String few(long[] values) {
        return values.length <= FEW
                ? Arrays.toString(values)
                : Arrays.toString(Arrays.copyOf(values, FEW)).replace("]", ", ...]");
    }

    static void refuse(boolean found, String what) throws Unsupported {
        if (found) {
            throw new Unsupported(what);
        }
    }
}
