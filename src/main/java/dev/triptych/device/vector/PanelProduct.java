package dev.triptych.device.vector;

/// Products of small matrices within a worker's scratch memory: what attention does for every sequence and head. The
/// right operand is packed once, then panels of rows of the left one pass by. The last panel of columns is half as wide
/// where that holds the rest, the last panel of rows half as high.
///
/// @param left where a panel of rows of the left operand lies in scratch
/// @param strip where finished rows of `strip` lie, and blocks that leave their matrix
/// @param work room for a vector of each row of a strip
/// @param right where the packed right operand lies
/// @param end of the memory in use
record PanelProduct(int left, int strip, int work, int right, int end) {
    private static final Tile TILE = Tile.preferred();
    private static final int COLUMNS = TILE.columns();
    private static final int HALF = COLUMNS / 2;
    private static final float[] ZEROS = new float[COLUMNS];

    /// Rows of a panel.
    static final int ROWS = TILE.rows();

    /// Memory for products with sums of up to k terms and up to m columns.
    static PanelProduct of(int k, int m) {
        // a margin puts panels on 64-byte lines: an array's elements begin 16 bytes into it
        int left = 12;
        int strip = left + lines(ROWS * Math.max(k, Tile.STRIDE) + Panels.SPILL);
        int work = strip + lines(ROWS * Math.max(padded(m), COLUMNS));
        int right = work + ROWS * Lanes.LENGTH;
        return new PanelProduct(left, strip, work, right, Math.addExact(right, lines(k * padded(m) + Panels.SPILL)));
    }

    private static int lines(int floats) {
        return (floats + 15) / 16 * 16;
    }

    /// From row to row of a strip of m columns.
    static int padded(int m) {
        int rest = m % COLUMNS;
        return m - rest + (rest == 0 ? 0 : rest <= HALF ? HALF : COLUMNS);
    }

    /// Takes the right operand: element (l, j) at `b0 + l kStride + j columnStride`, l below k, j below m.
    void right(float[] memory, float[] b, int b0, int kStride, int columnStride, int k, int m) {
        int whole = m / COLUMNS * COLUMNS;
        Panels.pack(b, b0, columnStride, kStride, whole, COLUMNS, k, memory, right);
        if (whole < m) {
            Panels.pack(b, b0 + whole * columnStride, columnStride, kStride, m - whole, padded(m) - whole, k, memory,
                    right + whole * k);
        }
    }

    /// Row i of the product of so many rows, at most `ROWS`, of the left operand with the right one: at
    /// `strip + i padded(m)` of the scratch. The left operand's element (i, l) is at `a0 + i rowStride + l kStride`.
    void strip(float[] memory, float[] a, int a0, int rowStride, int kStride, int rows, int k, int m) {
        boolean byRows = pack(memory, a, a0, rowStride, kStride, rows, k);
        int stride = padded(m);
        for (int j = 0; j < m; j += COLUMNS) {
            tile(byRows, rows, memory, j, k, m, memory, strip + j, stride);
        }
    }

    /// All n rows of a product into a matrix of m columns with a stride of its own.
    void multiply(float[] memory, float[] a, int a0, int rowStride, int kStride, int n, int k, int m, float[] y,
            int y0, int yStride) {
        for (int i = 0; i < n; i += ROWS) {
            int rows = Math.min(ROWS, n - i);
            boolean byRows = pack(memory, a, a0 + i * rowStride, rowStride, kStride, rows, k);
            for (int j = 0; j < m; j += COLUMNS) {
                int columns = Math.min(COLUMNS, m - j);
                int to = y0 + i * yStride + j;
                if (rows == ROWS && (columns == COLUMNS || columns == HALF)) {
                    tile(byRows, rows, memory, j, k, m, y, to, yStride);
                    continue;
                }
                // a tile that leaves the matrix is made in scratch
                tile(byRows, rows, memory, j, k, m, memory, strip, COLUMNS);
                for (int r = 0; r < rows; r++) {
                    System.arraycopy(memory, strip + r * COLUMNS, y, to + r * yStride, columns);
                }
            }
        }
    }

    /// Returns whether the panel holds rows, rather than k-major order.
    private boolean pack(float[] memory, float[] a, int a0, int rowStride, int kStride, int rows, int k) {
        boolean byRows = kStride == 1 && k <= Tile.LONGEST_ROW;
        if (byRows) {
            Panels.copyRows(a, a0, rowStride, rows, k, memory, left);
        } else {
            Panels.pack(a, a0, rowStride, kStride, rows, ROWS, k, memory, left);
        }
        return byRows;
    }

    private void tile(boolean byRows, int rows, float[] memory, int j, int k, int m, float[] c, int c0, int cStride) {
        boolean narrow = m - j <= HALF;
        int b0 = right + j * k;
        if (rows <= ROWS / 2) {
            shortTile(byRows, narrow, memory, b0, k, c, c0, cStride);
        } else if (byRows && narrow) {
            TILE.multiplyRowsNarrow(memory, left, memory, b0, k, ZEROS, 0, 0, c, c0, cStride);
        } else if (byRows) {
            TILE.multiplyRows(memory, left, memory, b0, k, ZEROS, 0, 0, c, c0, cStride);
        } else if (narrow) {
            TILE.multiplyNarrow(memory, left, memory, b0, k, ZEROS, 0, 0, c, c0, cStride);
        } else {
            TILE.multiply(memory, left, memory, b0, k, ZEROS, 0, 0, c, c0, cStride);
        }
    }

    private void shortTile(boolean byRows, boolean narrow, float[] memory, int b0, int k, float[] c, int c0,
            int cStride) {
        if (byRows && narrow) {
            TILE.multiplyRowsNarrowShort(memory, left, memory, b0, k, ZEROS, 0, 0, c, c0, cStride);
        } else if (byRows) {
            TILE.multiplyRowsShort(memory, left, memory, b0, k, ZEROS, 0, 0, c, c0, cStride);
        } else if (narrow) {
            TILE.multiplyNarrowShort(memory, left, memory, b0, k, ZEROS, 0, 0, c, c0, cStride);
        } else {
            TILE.multiplyShort(memory, left, memory, b0, k, ZEROS, 0, 0, c, c0, cStride);
        }
    }
}
