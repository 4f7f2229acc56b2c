package dev.triptych.data.file;

/// What the samples of a TIFF file mean (PhotometricInterpretation), of the kinds that are read.
enum TiffColour {
    WHITE_IS_ZERO(0, 1), BLACK_IS_ZERO(1, 1), RGB(2, 3), PALETTE(3, 1), CMYK(5, 4), YCBCR(6, 3);

    private final int number;
    private final int channels;

    TiffColour(int number, int channels) {
        this.number = number;
        this.channels = channels;
    }

    /// Samples of a pixel, without extra ones.
    int channels() {
        return channels;
    }

    boolean grey() {
        return this == WHITE_IS_ZERO || this == BLACK_IS_ZERO;
    }

    /// The kind of a number.
    ///
    /// @throws Unsupported where it is not read, with its name
    static TiffColour of(long number) throws Unsupported {
        for (TiffColour colour : values()) {
            if (colour.number == number) {
                return colour;
            }
        }
        String name = switch ((int) number) {
            case 4 -> "a transparency mask";
            case 8 -> "CIE L*a*b*";
            case 9 -> "ICC L*a*b*";
            case 10 -> "ITU L*a*b*";
            case 32803 -> "a colour filter array, a camera's raw data";
            case 32844 -> "LogL";
            case 32845 -> "LogLuv";
            case 34892 -> "linear raw data of a camera";
            default -> "unknown";
        };
        throw new Unsupported("its colours (PhotometricInterpretation " + number + ") are " + name
                + "; grey, RGB, palettes, CMYK and YCbCr are read");
    }
}
