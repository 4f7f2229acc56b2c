package dev.triptych.sheet;

import java.util.Arrays;

/// A small picture, one cell of a [Sheet].
///
/// @param height in pixels
/// @param width in pixels
/// @param rgb 0xRRGGBB, (height x width), row-major
public record Cell(int height, int width, int[] rgb) {
    private static final int[] DISTINCT = {0xe6194b, 0x4363d8, 0x3cb44b, 0xffe119, 0xf58231, 0x911eb4, 0x46f0f0,
            0xf032e6, 0xbcf60c, 0xfabebe, 0x008080, 0x9a6324, 0xe6beff, 0x800000, 0xaaffc3, 0x808000, 0xffd8b1,
            0x000075, 0x808080, 0xfffac8};

    /// Checks the size.
    public Cell {
        if (height < 1 || width < 1 || rgb.length != (long) height * width) {
            throw new IllegalArgumentException("a picture of " + rgb.length + " pixels, expected " + height + " x "
                    + width + ", at least 1 x 1");
        }
    }

    /// A planar RGB image on [0, 1] (three planes of height x width from offset image0); values outside are clamped.
    public static Cell image(float[] image, int image0, int height, int width) {
        int plane = height * width;
        if (image0 < 0 || image.length < image0 + 3L * plane) {
            throw new IllegalArgumentException("an image of 3 x " + height + " x " + width + " from offset " + image0
                    + " of an array of " + image.length + " numbers: it does not fit");
        }
        var rgb = new int[plane];
        for (int p = 0; p < plane; p++) {
            for (int c = 0; c < 3; c++) {
                float v = image[image0 + c * plane + p];
                int level = v > 0 ? Math.round(Math.min(v, 1) * 255) : 0;
                rgb[p] = rgb[p] << 8 | level;
            }
        }
        return new Cell(height, width, rgb);
    }

    /// A plain colour, 0xRRGGBB: a gap in a row.
    public static Cell plain(int height, int width, int colour) {
        var rgb = new int[height * width];
        Arrays.fill(rgb, colour);
        return new Cell(height, width, rgb);
    }

    /// This picture without its colours under a heat map: nothing over it where the map is not above `from`, and from
    /// there on the larger the value, the brighter and the more opaque the colour.
    ///
    /// @param map (rows x columns), for instance one column of L over the patch grid
    /// @param from value that begins the scale
    /// @param peak value shown with the scale's last colour; not above `from` where nothing is to be seen
    public Cell heat(float[] map, int rows, int columns, double from, double peak, Colormap scale) {
        requireGrid(map.length, rows, columns);
        var out = new int[rgb.length];
        for (int p = 0; p < out.length; p++) {
            double value = peak > from ? Math.clamp((map[cellOf(p, rows, columns)] - from) / (peak - from), 0, 1) : 0;
            // light enough that a dark picture is seen, and darker than the scale's last colours
            int grey = 48 + (int) Math.round(0.45 * luminance(rgb[p]));
            out[p] = Colormap.mix(grey << 16 | grey << 8 | grey, scale.at(0.15 + 0.85 * value),
                    0.9 * Math.sqrt(value));
        }
        return new Cell(height, width, out);
    }

    /// This picture tinted by a segment map, with one of twenty distinct colours per index (repeating after twenty).
    ///
    /// @param map segment of each grid cell, (rows x columns), from 0; below 0 no colour is laid over it
    /// @param opacity of the colours, 0 to 1
    public Cell segments(int[] map, int rows, int columns, double opacity) {
        requireGrid(map.length, rows, columns);
        var out = new int[rgb.length];
        for (int p = 0; p < out.length; p++) {
            int grey = luminance(rgb[p]);
            int segment = map[cellOf(p, rows, columns)];
            out[p] = Colormap.mix(grey << 16 | grey << 8 | grey, segmentColour(segment), segment < 0 ? 0 : opacity);
        }
        return new Cell(height, width, out);
    }

    /// The colour 0xRRGGBB that [#segments] gives an index.
    public static int segmentColour(int segment) {
        return DISTINCT[Math.floorMod(segment, DISTINCT.length)];
    }

    private int cellOf(int pixel, int rows, int columns) {
        int row = (int) ((long) (pixel / width) * rows / height);
        int column = (int) ((long) (pixel % width) * columns / width);
        return row * columns + column;
    }

    private static int luminance(int rgb) {
        return (int) Math.round(0.2126 * (rgb >> 16 & 255) + 0.7152 * (rgb >> 8 & 255) + 0.0722 * (rgb & 255));
    }

    private static void requireGrid(int length, int rows, int columns) {
        if (rows < 1 || columns < 1 || length != (long) rows * columns) {
            throw new IllegalArgumentException(
                    "a map of " + length + " entries, expected a grid of " + rows + " x " + columns);
        }
    }
}
