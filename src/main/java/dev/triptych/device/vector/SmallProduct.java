package dev.triptych.device.vector;

import static dev.triptych.device.vector.Lanes.LENGTH;
import static dev.triptych.device.vector.Lanes.SPECIES;

import jdk.incubator.vector.FloatVector;

/// Products of small matrices, as attention has them for every sequence and head. The right operand is copied into
/// scratch memory as rows of whole vectors; the left one is read where it lies, strides and all. Each number of the
/// result is one chain of sums over k, whatever the block that it falls into.
final class SmallProduct {
    /// Rows that are made at a time.
    static final int ROWS = 4;

    private SmallProduct() {
    }

    /// Columns of a row in scratch: whole vectors.
    static int padded(int m) {
        return (m + LENGTH - 1) / LENGTH * LENGTH;
    }

    /// Floats of scratch that a right operand of up to k x m and one block of rows of the result need.
    static long memory(int k, int m) {
        return (long) (k + ROWS) * padded(m);
    }

    /// Where the block of rows begins in scratch, behind the right operand.
    static int block(int k, int m) {
        return k * padded(m);
    }

    /// Copies the right operand to the beginning of scratch: element (l, j), l below k, j below m, from
    /// `b0 + l kStride + j columnStride`; zeros up to whole vectors.
    static void right(float[] b, int b0, int kStride, int columnStride, int k, int m, float[] scratch) {
        int columns = padded(m);
        if (columnStride == 1) {
            for (int l = 0; l < k; l++) {
                int from = b0 + l * kStride;
                int to = l * columns;
                int j = 0;
                for (; j <= m - LENGTH; j += LENGTH) {
                    FloatVector.fromArray(SPECIES, b, from + j).intoArray(scratch, to + j);
                }
                for (; j < columns; j++) {
                    scratch[to + j] = j < m ? b[from + j] : 0f;
                }
            }
            return;
        }
        for (int j = 0; j < columns; j++) {
            int from = b0 + j * columnStride;
            for (int l = 0; l < k; l++) {
                scratch[l * columns + j] = j < m ? b[from + l * kStride] : 0f;
            }
        }
    }

    /// All n rows of A times the right operand in scratch, into a matrix of m columns with a stride of its own. Element
    /// (i, l) of A lies at `a0 + i rowStride + l kStride`.
    static void multiply(float[] a, int a0, int rowStride, int kStride, int n, int k, int m, float[] scratch, float[] y,
            int y0, int yStride) {
        int columns = padded(m);
        int block = block(k, m);
        for (int i = 0; i < n; i += ROWS) {
            int rows = Math.min(ROWS, n - i);
            if (columns == m) {
                rows(a, a0 + i * rowStride, rowStride, kStride, rows, k, scratch, columns, y, y0 + i * yStride,
                        yStride);
                continue;
            }
            rows(a, a0 + i * rowStride, rowStride, kStride, rows, k, scratch, columns, scratch, block, columns);
            for (int r = 0; r < rows; r++) {
                System.arraycopy(scratch, block + r * columns, y, y0 + (i + r) * yStride, m);
            }
        }
    }

    /// One block of 1 to 4 rows, padded columns: c = A B. Missing rows are the last one again.
    static void rows(float[] a, int a0, int rowStride, int kStride, int rows, int k, float[] b, int columns, float[] c,
            int c0, int cStride) {
        int a1 = a0 + Math.min(1, rows - 1) * rowStride;
        int a2 = a0 + Math.min(2, rows - 1) * rowStride;
        int a3 = a0 + (rows - 1) * rowStride;
        int c1 = c0 + Math.min(1, rows - 1) * cStride;
        int c2 = c0 + Math.min(2, rows - 1) * cStride;
        int c3 = c0 + (rows - 1) * cStride;
        int j = 0;
        for (; j <= columns - 2 * LENGTH; j += 2 * LENGTH) {
            FloatVector s0 = FloatVector.zero(SPECIES);
            FloatVector s1 = s0;
            FloatVector s2 = s0;
            FloatVector s3 = s0;
            FloatVector t0 = s0;
            FloatVector t1 = s0;
            FloatVector t2 = s0;
            FloatVector t3 = s0;
            for (int l = 0; l < k; l++) {
                FloatVector p = FloatVector.fromArray(SPECIES, b, l * columns + j);
                FloatVector q = FloatVector.fromArray(SPECIES, b, l * columns + j + LENGTH);
                FloatVector x0 = FloatVector.broadcast(SPECIES, a[a0 + l * kStride]);
                s0 = x0.fma(p, s0);
                t0 = x0.fma(q, t0);
                FloatVector x1 = FloatVector.broadcast(SPECIES, a[a1 + l * kStride]);
                s1 = x1.fma(p, s1);
                t1 = x1.fma(q, t1);
                FloatVector x2 = FloatVector.broadcast(SPECIES, a[a2 + l * kStride]);
                s2 = x2.fma(p, s2);
                t2 = x2.fma(q, t2);
                FloatVector x3 = FloatVector.broadcast(SPECIES, a[a3 + l * kStride]);
                s3 = x3.fma(p, s3);
                t3 = x3.fma(q, t3);
            }
            s0.intoArray(c, c0 + j);
            t0.intoArray(c, c0 + j + LENGTH);
            s1.intoArray(c, c1 + j);
            t1.intoArray(c, c1 + j + LENGTH);
            s2.intoArray(c, c2 + j);
            t2.intoArray(c, c2 + j + LENGTH);
            s3.intoArray(c, c3 + j);
            t3.intoArray(c, c3 + j + LENGTH);
        }
        if (j < columns) {
            FloatVector s0 = FloatVector.zero(SPECIES);
            FloatVector s1 = s0;
            FloatVector s2 = s0;
            FloatVector s3 = s0;
            for (int l = 0; l < k; l++) {
                FloatVector p = FloatVector.fromArray(SPECIES, b, l * columns + j);
                s0 = FloatVector.broadcast(SPECIES, a[a0 + l * kStride]).fma(p, s0);
                s1 = FloatVector.broadcast(SPECIES, a[a1 + l * kStride]).fma(p, s1);
                s2 = FloatVector.broadcast(SPECIES, a[a2 + l * kStride]).fma(p, s2);
                s3 = FloatVector.broadcast(SPECIES, a[a3 + l * kStride]).fma(p, s3);
            }
            s0.intoArray(c, c0 + j);
            s1.intoArray(c, c1 + j);
            s2.intoArray(c, c2 + j);
            s3.intoArray(c, c3 + j);
        }
    }
}
