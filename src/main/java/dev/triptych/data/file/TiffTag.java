package dev.triptych.data.file;

import java.util.Locale;

/// The tags of TIFF 6.0 and its supplements that decide what a picture's bytes mean.
enum TiffTag {
    NEW_SUBFILE_TYPE(254), IMAGE_WIDTH(256), IMAGE_LENGTH(257), BITS_PER_SAMPLE(258), COMPRESSION(
            259), PHOTOMETRIC_INTERPRETATION(262), FILL_ORDER(266), STRIP_OFFSETS(273), ORIENTATION(
                    274), SAMPLES_PER_PIXEL(277), ROWS_PER_STRIP(278), STRIP_BYTE_COUNTS(279), PLANAR_CONFIGURATION(
                            284), T4_OPTIONS(292), T6_OPTIONS(293), PREDICTOR(317), COLOR_MAP(320), TILE_WIDTH(
                                    322), TILE_LENGTH(323), TILE_OFFSETS(324), TILE_BYTE_COUNTS(
                                            325), INK_SET(332), NUMBER_OF_INKS(334), DOT_RANGE(336), EXTRA_SAMPLES(
                                                    338), SAMPLE_FORMAT(339), INDEXED(364), JPEG_TABLES(347), DECODE(
                                                            433), YCBCR_COEFFICIENTS(529), YCBCR_SUB_SAMPLING(
                                                                    530), REFERENCE_BLACK_WHITE(532);

    private final int number;

    TiffTag(int number) {
        this.number = number;
    }

    int number() {
        return number;
    }

    /// `its StripOffsets (tag 273)`.
    @Override
    public String toString() {
        var text = new StringBuilder("its ");
        for (String word : name().split("_")) {
            text.append(word.charAt(0)).append(word.substring(1).toLowerCase(Locale.ROOT));
        }
        return text.append(" (tag ").append(number).append(')').toString();
    }
}
