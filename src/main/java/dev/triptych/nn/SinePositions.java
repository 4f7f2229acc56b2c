package dev.triptych.nn;

/// Positions of a grid that nobody learns.
public final class SinePositions {
    private SinePositions() {
    }

    /// The fixed table of MAE section 2 (1 + grid^2, d): zeros for CLS, then for the cell in column x and row y the
    /// sines and cosines of x w_m, m = 0 .. d/4 - 1, w_m = 10000^(-4 m / d), and then those of y. d is a multiple of 4.
    public static float[] table(int grid, int d) {
        int quarter = d / 4;
        float[] table = new float[(1 + grid * grid) * d];
        for (int i = 0; i < grid * grid; i++) {
            for (int m = 0; m < quarter; m++) {
                double w = Math.pow(10000, -(double) m / quarter);
                int at = (1 + i) * d + m;
                table[at] = (float) Math.sin(i % grid * w);
                table[at + quarter] = (float) Math.cos(i % grid * w);
                table[at + 2 * quarter] = (float) Math.sin(i / grid * w);
                table[at + 3 * quarter] = (float) Math.cos(i / grid * w);
            }
        }
        return table;
    }
}
