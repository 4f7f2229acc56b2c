package dev.triptych.data.file;

import java.io.IOException;
import java.util.Arrays;

/// Takes the samples of a TIFF file one by one, in any order, and makes an image of them.
final class TiffCanvas {
    private final TiffLayout layout;
    private final int n;
    /// Planes of 8 bits: one of grey, three of colours, four of inks.
    private final byte[] colours;
    /// Null where nothing is transparent.
    private final byte[] alpha;
    /// The 8 bits of each sample of up to 16 bits, in colours; null for longer ones and floating-point ones.
    private final byte[] table;
    private final int paletteShift;

    TiffCanvas(TiffLayout layout) {
        this.layout = layout;
        n = layout.width() * layout.height();
        int planes = layout.colour() == TiffColour.PALETTE ? 3 : layout.colour().channels();
        colours = new byte[Math.multiplyExact(planes, n)];
        alpha = layout.alpha() < 0 ? null : new byte[n];
        paletteShift = Arrays.stream(layout.colourMap()).anyMatch(level -> level > 255) ? 8 : 0;
        table = layout.floats() || layout.bits() > 16 ? null : new byte[1 << layout.bits()];
        for (int i = 0; table != null && i < table.length; i++) {
            int level = EightBits.of(i, table.length - 1);
            table[i] = (byte) level;
        }
    }

    /// The last sample of a pixel that matters.
    int last() {
        return Math.max(layout.colour().channels() - 1, layout.alpha());
    }

    /// Sample s of a pixel, as it is stored.
    ///
    /// @throws Unsupported where it is a floating-point number outside 0 .. 1
    void put(int s, int pixel, long raw) throws Unsupported {
        if (s == layout.alpha()) {
            alpha[pixel] = eightBits(raw, false);
        } else if (layout.colour() == TiffColour.PALETTE && s == 0) {
            int entries = 1 << layout.bits();
            for (int c = 0; c < 3; c++) {
                colours[c * n + pixel] = (byte) (layout.colourMap()[c * entries + (int) raw] >> paletteShift);
            }
        } else if (s < layout.colour().channels()) {
            colours[s * n + pixel] = eightBits(raw, layout.colour() == TiffColour.WHITE_IS_ZERO);
        }
    }

    private byte eightBits(long raw, boolean inverted) throws Unsupported {
        if (table != null) {
            return (byte) (inverted ? 255 - table[(int) raw] : table[(int) raw]);
        }
        if (!layout.floats()) {
            long max = (1L << layout.bits()) - 1;
            return (byte) EightBits.of(inverted ? max - raw : raw, max);
        }
        double value = switch (layout.bits()) {
            case 16 -> Float.float16ToFloat((short) raw);
            case 32 -> Float.intBitsToFloat((int) raw);
            default -> Double.longBitsToDouble(raw);
        };
        return (byte) EightBits.of(inverted ? 1 - value : value);
    }

    /// The image, over white where it is transparent.
    RgbImage image() throws IOException {
        byte[] planes = colours.length == 3 * n ? colours : new byte[Math.multiplyExact(3, n)];
        for (int i = 0; i < n; i++) {
            int a = alpha == null ? 255 : alpha[i] & 0xFF;
            for (int c = 0; c < 3; c++) {
                int value = switch (layout.colour()) {
                    case WHITE_IS_ZERO, BLACK_IS_ZERO -> colours[i] & 0xFF;
                    case CMYK -> paper(colours[c * n + i] & 0xFF, colours[3 * n + i] & 0xFF);
                    default -> colours[c * n + i] & 0xFF;
                };
                planes[c * n + i] = layout.premultiplied()
                        ? (byte) Math.min(255, value + 255 - a)
                        : RasterSamples.over(value, a);
            }
        }
        return new RgbImage(layout.width(), layout.height(), planes);
    }

    /// What is left of the paper's white under an ink and black: (1 - ink)(1 - black).
    private static int paper(int ink, int black) {
        return (2 * (255 - ink) * (255 - black) + 255) / 510;
    }
}
