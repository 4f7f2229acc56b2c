package dev.triptych.device.vector;

/// A matrix product by packed panels (Goto and van de Geijn 2008): C is cut into blocks of rows and columns, each block
/// is one part of the job; k is cut into stretches whose length depends on k alone, and never between threads. Every
/// element of C is thus one sum in one order, whatever the threads.
///
/// B is packed once and shared where it is small (the weights of a layer); where k is long (the gradient of weights)
/// each part packs its own stretch, which stays in its core's cache. A panel of A keeps its rows where they are rows in
/// memory, and turns them into k-major order where its columns are.
final class PackedProduct {
    private static final Tile TILE = Tile.preferred();
    private static final int ROWS = TILE.rows();
    private static final int COLUMNS = TILE.columns();
    /// Panels of one stretch lie in the first level of the cache together: 24 KB of B and 10 KB of A.
    private static final int STRETCH = Tile.LONGEST_ROW;
    private static final int SHARED_LIMIT = 1 << 20;
    /// Panels of A for which one panel of a shared B is read; more if B exceeds the second level of the cache.
    private static final int FEW_ROWS = 4;
    private static final int MORE_ROWS = 8;
    private static final int SMALL = 1 << 18;
    /// Largest blocks where both operands are packed by parts: A, B and C together fit the second level of the cache.
    private static final int BLOCK_ROWS = 36;
    private static final int BLOCK_COLUMNS = 12;
    /// Puts panels on 64-byte lines: an array's elements begin 16 bytes into it.
    private static final int MARGIN = 12;

    private final Product p;
    private final WorkerPool pool;
    private final boolean shared;
    private final boolean rowMajor;
    private final int stretches;
    private final int stretch;
    private final int panelA;
    private final int columnPanels;
    private final int blockRows;
    private final int blockColumns;
    private final int rowBlocks;
    private final int columnBlocks;

    private final Rows before;
    private final Rows after;
    private final float[] sums;
    private final int sums0;

    /// What is done to a stretch of rows of C, before the first or after the last term of its sums.
    @FunctionalInterface
    interface Rows {
        /// Covers rows `row` to `row + rows - 1`, columns `column` to `column + columns - 1`.
        void run(int row, int rows, int column, int columns);
    }

    private PackedProduct(Product p, Rows before, Rows after, float[] sums, int sums0, WorkerPool pool) {
        this.p = p;
        this.pool = pool;
        this.before = before;
        this.after = after;
        this.sums = sums;
        this.sums0 = sums0;
        stretches = Math.max(1, (p.k() + STRETCH - 1) / STRETCH);
        stretch = (p.k() + stretches - 1) / stretches;
        rowMajor = p.left().columnStride() == 1;
        panelA = ROWS * (rowMajor ? Tile.STRIDE : stretch);
        columnPanels = (p.m() + COLUMNS - 1) / COLUMNS;
        int rowPanels = (p.n() + ROWS - 1) / ROWS;
        long sizeB = (long) p.k() * columnPanels * COLUMNS;
        shared = p.b() == 1 && rowMajor && sizeB <= SHARED_LIMIT;
        // where every block packs its own stretch of B, as few blocks as there are threads share that best
        int wanted = ((shared ? 4 : 1) * pool.threads() + p.b() - 1) / p.b();
        int rows = Math.min(rowPanels, shared ? sizeB <= SMALL ? FEW_ROWS : MORE_ROWS : BLOCK_ROWS);
        int columns = Math.min(columnPanels, shared ? columnPanels : BLOCK_COLUMNS);
        while (blocks(rowPanels, rows) * blocks(columnPanels, columns) < wanted && (rows > 1 || columns > 1)) {
            if (rows * ROWS >= columns * COLUMNS && rows > 1 || columns == 1) {
                rows = (rows + 1) / 2;
            } else {
                columns = (columns + 1) / 2;
            }
        }
        rowBlocks = blocks(rowPanels, rows);
        columnBlocks = blocks(columnPanels, columns);
        blockRows = blocks(rowPanels, rowBlocks);
        blockColumns = blocks(columnPanels, columnBlocks);
    }

    private static int blocks(int all, int size) {
        return (all + size - 1) / size;
    }

    /// The product as a job, preceded by the packing of B if that is shared.
    ///
    /// @param before writes what C starts at; null: its start
    /// @param after changes finished rows of C; or null
    static Runnable bind(Product p, Rows before, Rows after, WorkerPool pool) {
        return new PackedProduct(p, before, after, null, 0, pool).bind();
    }

    /// The product, and the sums over k of its left operand, one for each row of C.
    static Runnable bindWithSums(Product p, float[] sums, int sums0, WorkerPool pool) {
        return new PackedProduct(p, null, null, sums, sums0, pool).bind();
    }

    private Runnable bind() {
        pool.reserve(tileAt() + ROWS * COLUMNS);
        Runnable multiply = pool.job(p.b() * rowBlocks * columnBlocks, this::block);
        if (!shared) {
            return multiply;
        }
        pool.reserveShared(MARGIN + (long) p.k() * columnPanels * COLUMNS + Panels.SPILL);
        boolean alone = (long) p.k() * p.m() < 16384;
        Runnable pack = alone
                ? pool.job(1, (part, worker) -> packShared(0, columnPanels))
                : pool.job(columnPanels, (part, worker) -> packShared(part, part + 1));
        return pool.together(pack, multiply);
    }

    private int rightAt() {
        return MARGIN + (blockRows * panelA + Panels.SPILL + 15) / 16 * 16;
    }

    private long tileAt() {
        return rightAt() + (shared ? 0 : (long) blockColumns * COLUMNS * stretch + Panels.SPILL);
    }

    private void packShared(int from, int to) {
        for (int k0 = 0; k0 < p.k(); k0 += stretch) {
            int k = Math.min(stretch, p.k() - k0);
            packRight(0, k0, k, from, to, pool.shared(), MARGIN + k0 * columnPanels * COLUMNS + from * k * COLUMNS);
        }
    }

    private void packRight(int batch, int k0, int k, int from, int to, float[] target, int target0) {
        Operand b = p.right();
        int j = from * COLUMNS;
        Panels.pack(b.array(), b.start(batch) + k0 * b.rowStride() + j * b.columnStride(), b.columnStride(),
                b.rowStride(), Math.min(to * COLUMNS, p.m()) - j, COLUMNS, k, target, target0);
    }

    private void packLeft(int batch, int k0, int k, int from, int to, float[] target, int target0) {
        Operand a = p.left();
        int i = from * ROWS;
        int rows = Math.min(to * ROWS, p.n()) - i;
        int at = a.start(batch) + k0 * a.columnStride() + i * a.rowStride();
        if (rowMajor) {
            Panels.copyRows(a.array(), at, a.rowStride(), rows, k, target, target0);
        } else {
            Panels.pack(a.array(), at, a.rowStride(), a.columnStride(), rows, ROWS, k, target, target0);
        }
    }

    /// One block of C over all of k.
    private void block(int part, int worker) {
        int batch = part / (rowBlocks * columnBlocks);
        int within = part - batch * rowBlocks * columnBlocks;
        int rowPanel = within / columnBlocks * blockRows;
        int columnPanel = within % columnBlocks * blockColumns;
        int rowEnd = Math.min(rowPanel + blockRows, (p.n() + ROWS - 1) / ROWS);
        int columnEnd = Math.min(columnPanel + blockColumns, columnPanels);
        if (rowPanel >= rowEnd || columnPanel >= columnEnd) {
            return;
        }
        int row = rowPanel * ROWS;
        int rows = Math.min(rowEnd * ROWS, p.n()) - row;
        int column = columnPanel * COLUMNS;
        int columns = Math.min(columnEnd * COLUMNS, p.m()) - column;
        if (before != null) {
            before.run(row, rows, column, columns);
        }
        float[] scratch = pool.scratch(worker);
        float[] right = shared ? pool.shared() : scratch;
        for (int s = 0; s < stretches; s++) {
            int k0 = s * stretch;
            int k = Math.min(stretch, p.k() - k0);
            int left = ROWS * (rowMajor ? Tile.STRIDE : k);
            packLeft(batch, k0, k, rowPanel, rowEnd, scratch, MARGIN);
            // sums over k of A, from its panel while that is in the cache; once, however many blocks share these rows
            if (sums != null && columnPanel == 0) {
                Panels.addLanes(scratch, MARGIN, rows, ROWS, k, s == 0, sums, sums0 + row);
            }
            int right0 = MARGIN + k0 * columnPanels * COLUMNS + columnPanel * k * COLUMNS;
            if (!shared) {
                right0 = rightAt();
                packRight(batch, k0, k, columnPanel, columnEnd, scratch, right0);
            }
            for (int j = columnPanel; j < columnEnd; j++) {
                for (int i = rowPanel; i < rowEnd; i++) {
                    tile(batch, i * ROWS, j * COLUMNS, scratch, MARGIN + (i - rowPanel) * left, right, right0, k,
                            s == 0 && before == null);
                }
                right0 += k * COLUMNS;
            }
        }
        if (after != null) {
            after.run(row, rows, column, columns);
        }
    }

    private void tile(int batch, int i, int j, float[] left, int left0, float[] right, int right0, int k,
            boolean first) {
        int c0 = p.y0() + (batch * p.n() + i) * p.m() + j;
        float[] s = first ? p.start() : p.y();
        int s0 = first ? p.start0() + j : c0;
        int sStride = first ? 0 : p.m();
        int rows = Math.min(ROWS, p.n() - i);
        int columns = Math.min(COLUMNS, p.m() - j);
        if (rows == ROWS && columns == COLUMNS) {
            multiply(left, left0, right, right0, k, s, s0, sStride, p.y(), c0, p.m());
            return;
        }
        // a tile that leaves the matrix is made in scratch
        int tile0 = (int) tileAt();
        for (int r = 0; r < rows; r++) {
            System.arraycopy(s, s0 + r * sStride, left, tile0 + r * COLUMNS, columns);
        }
        multiply(left, left0, right, right0, k, left, tile0, COLUMNS, left, tile0, COLUMNS);
        for (int r = 0; r < rows; r++) {
            System.arraycopy(left, tile0 + r * COLUMNS, p.y(), c0 + r * p.m(), columns);
        }
    }

    private void multiply(float[] a, int a0, float[] b, int b0, int k, float[] s, int s0, int sStride, float[] c,
            int c0, int cStride) {
        if (rowMajor) {
            TILE.multiplyRows(a, a0, b, b0, k, s, s0, sStride, c, c0, cStride);
        } else {
            TILE.multiply(a, a0, b, b0, k, s, s0, sStride, c, c0, cStride);
        }
    }
}
