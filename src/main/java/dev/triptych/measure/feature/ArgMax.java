package dev.triptych.measure.feature;

/// Where the rows of a matrix have their largest entry.
public final class ArgMax {
    private ArgMax() {
    }

    /// Index of the largest entry of each row; of equal ones the first.
    ///
    /// @param a the matrix, (rows x columns) from offset a0
    /// @return (rows)
    public static int[] ofRows(float[] a, int a0, int rows, int columns) {
        var largest = new int[rows];
        for (int i = 0; i < rows; i++) {
            int row = a0 + i * columns;
            int best = 0;
            for (int k = 1; k < columns; k++) {
                if (a[row + k] > a[row + best]) {
                    best = k;
                }
            }
            largest[i] = best;
        }
        return largest;
    }
}
