package dev.triptych.device.vector;

import jdk.incubator.vector.FloatVector;

/// The innermost part of a packed product: a block of C small enough for the registers. Implementations are generated
/// (dev.triptych.build.Tiles).
interface Tile {
    /// Rows of the block.
    int rows();

    /// Columns of the block.
    int columns();

    /// From row to row of A as `multiplyRows` reads it: a constant, so that all rows share one address register; an odd
    /// number of 64-byte lines, so that rows do not compete for the same places of the cache.
    int STRIDE = 208;
    /// Longest k of `multiplyRows`.
    int LONGEST_ROW = 192;

    /// C = S + A B for one block, S first in every sum: a and b are k-major panels (k x rows, k x columns); S and C
    /// have the given strides from row to row, so that S may be one row repeated (stride 0) or C itself.
    void multiply(float[] a, int a0, float[] b, int b0, int k, float[] s, int s0, int sStride, float[] c, int c0,
            int cStride);

    /// The same with A row by row, `STRIDE` apart.
    void multiplyRows(float[] a, int a0, float[] b, int b0, int k, float[] s, int s0, int sStride, float[] c, int c0,
            int cStride);

    /// `multiply` for half as many columns: b is a k-major panel of that width.
    void multiplyNarrow(float[] a, int a0, float[] b, int b0, int k, float[] s, int s0, int sStride, float[] c, int c0,
            int cStride);

    /// `multiplyRows` for half as many columns.
    void multiplyRowsNarrow(float[] a, int a0, float[] b, int b0, int k, float[] s, int s0, int sStride, float[] c,
            int c0, int cStride);

    /// `multiply` of the first half of the rows: of a whole panel, of which the rest is not needed.
    void multiplyShort(float[] a, int a0, float[] b, int b0, int k, float[] s, int s0, int sStride, float[] c, int c0,
            int cStride);

    /// `multiplyRows` of the first half of the rows.
    void multiplyRowsShort(float[] a, int a0, float[] b, int b0, int k, float[] s, int s0, int sStride, float[] c,
            int c0, int cStride);

    /// `multiplyNarrow` of the first half of the rows.
    void multiplyNarrowShort(float[] a, int a0, float[] b, int b0, int k, float[] s, int s0, int sStride, float[] c,
            int c0, int cStride);

    /// `multiplyRowsNarrow` of the first half of the rows.
    void multiplyRowsNarrowShort(float[] a, int a0, float[] b, int b0, int k, float[] s, int s0, int sStride,
            float[] c, int c0, int cStride);

    /// The one that suits this machine's vectors.
    static Tile preferred() {
        return FloatVector.SPECIES_PREFERRED.length() == 16 ? new Tile14() : new Tile6();
    }
}
