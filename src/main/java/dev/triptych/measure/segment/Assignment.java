package dev.triptych.measure.segment;

import java.util.Arrays;

/// The exact one-to-one assignment of rows to columns with the largest total weight (Kuhn 1955, the "Hungarian"
/// method; here by shortest augmenting paths with potentials, O(n^2 m)).
public final class Assignment {

    private Assignment() {
    }

    /// Column assigned to each row, -1 for rows that stay free: min(rows, columns) pairs are made.
    ///
    /// Among assignments of the same total the choice is deterministic.
    ///
    /// @param weights (rows x columns), row-major, finite
    public static int[] maximise(double[] weights, int rows, int columns) {
        if (rows < 0 || columns < 0 || weights.length != (long) rows * columns) {
            throw new IllegalArgumentException("assignment over " + weights.length + " weights, expected " + rows
                    + " rows x " + columns + " columns");
        }
        for (double w : weights) {
            if (!Double.isFinite(w)) {
                throw new IllegalArgumentException("assignment with a weight of " + w + ": expected finite numbers");
            }
        }
        boolean wide = rows <= columns;
        int n = Math.min(rows, columns);
        int m = Math.max(rows, columns);
        var cost = new double[n][m];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < m; j++) {
                cost[i][j] = -(wide ? weights[i * columns + j] : weights[j * columns + i]);
            }
        }
        int[] rowOfColumn = minimise(cost, n, m);
        var assigned = new int[rows];
        Arrays.fill(assigned, -1);
        for (int j = 0; j < m; j++) {
            if (rowOfColumn[j] >= 0) {
                assigned[wide ? rowOfColumn[j] : j] = wide ? j : rowOfColumn[j];
            }
        }
        return assigned;
    }

    /// Row of each column or -1, n at most m. Entry 0 of the work arrays is the virtual column that starts a path.
    private static int[] minimise(double[][] cost, int n, int m) {
        var u = new double[n + 1];
        var v = new double[m + 1];
        var match = new int[m + 1];
        var previous = new int[m + 1];
        for (int i = 1; i <= n; i++) {
            match[0] = i;
            int column = 0;
            var slack = new double[m + 1];
            Arrays.fill(slack, Double.POSITIVE_INFINITY);
            var visited = new boolean[m + 1];
            do {
                visited[column] = true;
                int row = match[column];
                double least = Double.POSITIVE_INFINITY;
                int next = 0;
                for (int j = 1; j <= m; j++) {
                    if (visited[j]) {
                        continue;
                    }
                    double reduced = cost[row - 1][j - 1] - u[row] - v[j];
                    if (reduced < slack[j]) {
                        slack[j] = reduced;
                        previous[j] = column;
                    }
                    if (slack[j] < least) {
                        least = slack[j];
                        next = j;
                    }
                }
                for (int j = 0; j <= m; j++) {
                    if (visited[j]) {
                        u[match[j]] += least;
                        v[j] -= least;
                    } else {
                        slack[j] -= least;
                    }
                }
                column = next;
            } while (match[column] != 0);
            while (column != 0) {
                match[column] = match[previous[column]];
                column = previous[column];
            }
        }
        var rowOfColumn = new int[m];
        for (int j = 0; j < m; j++) {
            rowOfColumn[j] = match[j + 1] - 1;
        }
        return rowOfColumn;
    }
}
