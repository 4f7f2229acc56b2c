package dev.triptych.device.vector;

/// A product within a worker's scratch memory, one panel of rows at a time: what attention does for every sequence and
/// head. The right operand is packed once, then each panel of rows of the result is made, whole and padded, in scratch.
final class PanelProduct {
    private static final Tile TILE = Tile.preferred();
    private static final float[] ZEROS = new float[TILE.columns()];

    /// Rows of a panel.
    static final int ROWS = TILE.rows();

    private final float[] memory;
    private final int panel;
    private final int right;
    private int k;
    private int columns;

    private static final int LEFT = 12;

    /// @param memory scratch
    /// @param k largest length of the sums
    /// @param m largest number of columns
    PanelProduct(float[] memory, int k, int m) {
        this.memory = memory;
        this.panel = LEFT + lines(ROWS * k + Panels.SPILL);
        this.right = panel + lines(ROWS * padded(m));
    }

    /// Floats of scratch that products up to that size need.
    static long memory(int k, int m) {
        return LEFT + lines(ROWS * k + Panels.SPILL) + lines(ROWS * padded(m)) + (long) k * padded(m) + Panels.SPILL;
    }

    private static int lines(int floats) {
        return (floats + 15) / 16 * 16;
    }

    private static int padded(int m) {
        return (m + TILE.columns() - 1) / TILE.columns() * TILE.columns();
    }

    /// Takes the right operand: element (l, j) at `b0 + l kStride + j columnStride`, l below k, j below m.
    void right(float[] b, int b0, int kStride, int columnStride, int length, int m) {
        k = length;
        columns = padded(m);
        for (int j = 0; j < m; j += TILE.columns()) {
            Panels.pack(b, b0 + j * columnStride, columnStride, kStride, Math.min(TILE.columns(), m - j),
                    TILE.columns(), k, memory, right + j * k);
        }
    }

    /// Multiplies so many rows, at most `ROWS`, of the left operand: element (i, l) at `a0 + i rowStride + l kStride`.
    /// Row i of the result then lies at `row(i)` of the scratch.
    void rows(float[] a, int a0, int rowStride, int kStride, int rows) {
        Panels.pack(a, a0, rowStride, kStride, rows, ROWS, k, memory, LEFT);
        for (int j = 0; j < columns; j += TILE.columns()) {
            TILE.multiply(memory, LEFT, memory, right + j * k, k, ZEROS, 0, 0, memory, panel + j, columns);
        }
    }

    /// Where a row of the result lies.
    int row(int i) {
        return panel + i * columns;
    }

    /// All n rows of a product into a matrix of m columns with a stride of its own.
    void multiply(float[] a, int a0, int rowStride, int kStride, int n, int m, float[] y, int y0, int yStride) {
        for (int i = 0; i < n; i += ROWS) {
            int rows = Math.min(ROWS, n - i);
            rows(a, a0 + i * rowStride, rowStride, kStride, rows);
            for (int r = 0; r < rows; r++) {
                System.arraycopy(memory, row(r), y, y0 + (i + r) * yStride, m);
            }
        }
    }
}
