package dev.triptych.sheet;

/// Where the tokens of a picture are: its L, whose rows sum to 1 over the K tokens. A map begins at 1/K, where a token
/// has no more than its even share, and ends at the picture's largest value, so that a picture's maps can be compared.
///
/// @param localization L of one or more pictures, (N x K) each, row-major
/// @param l0 where this picture's begins
/// @param grid patches of a side; N is its square
/// @param tokens K
public record Places(float[] localization, int l0, int grid, int tokens) {
    private static final int STEPS = 96;
    private static final int BAR = 10;

    /// The first value that has a colour.
    public double from() {
        return tokens == 1 ? 0 : 1.0 / tokens;
    }

    /// The largest value of L.
    public double peak() {
        double peak = 0;
        for (int i = 0; i < grid * grid * tokens; i++) {
            peak = Math.max(peak, localization[l0 + i]);
        }
        return peak;
    }

    /// The picture under the map of a token, a column of L.
    public Cell over(Cell picture, int token) {
        float[] map = new float[grid * grid];
        for (int n = 0; n < map.length; n++) {
            map[n] = localization[l0 + n * tokens + token];
        }
        return picture.heat(map, grid, grid, from(), peak(), Colormap.VIRIDIS);
    }

    /// The colours from the first value to the last, left to right, as they lie over grey.
    public static Cell scale() {
        float[] ramp = new float[STEPS];
        for (int i = 0; i < STEPS; i++) {
            ramp[i] = (i + 0.5f) / STEPS;
        }
        return Cell.plain(BAR, STEPS, 0x808080).heat(ramp, 1, STEPS, 0, 1, Colormap.VIRIDIS);
    }
}
