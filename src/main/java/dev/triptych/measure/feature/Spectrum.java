package dev.triptych.measure.feature;

import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;

/// Health figures of representations: how many directions, prototypes or tokens are really in use.
///
/// All arithmetic is float64; all entropies are in nats, with 0 log 0 = 0. A collapse shows as an effective rank or a
/// perplexity near 1 and a mean cosine near 1.
public final class Spectrum {

    private Spectrum() {
    }

    /// Effective rank exp(−Σ p_i log p_i), p_i = σ_i / Σ σ, of the singular values σ of the matrix as it is, not
    /// centred (Roy & Vetterli 2007, "The effective rank", definition 1). Between 1 and min(rows, columns); 0 for a
    /// matrix of zeros. Unchanged by a scale factor.
    ///
    /// @param a (rows x columns), row-major, from offset a0
    public static double effectiveRank(float[] a, int a0, int rows, int columns) {
        check("effective rank", a, a0, rows, columns);
        var matrix = new DMatrixRMaj(rows, columns);
        for (int i = 0; i < rows * columns; i++) {
            matrix.data[i] = a[a0 + i];
        }
        var svd = DecompositionFactory_DDRM.svd(rows, columns, false, false, true);
        if (!svd.decompose(matrix)) {
            throw new IllegalArgumentException(
                    "no singular values of a " + rows + " x " + columns + " matrix: the iteration did not converge");
        }
        double[] values = svd.getSingularValues();
        int count = Math.min(rows, columns);
        double total = 0;
        for (int i = 0; i < count; i++) {
            total += values[i];
        }
        if (total == 0) {
            return 0;
        }
        double entropy = 0;
        for (int i = 0; i < count; i++) {
            entropy += entropyTerm(values[i] / total);
        }
        return Math.exp(entropy);
    }

    /// Mean over all pairs i ≠ k of the cosine between rows i and k: (|Σ u_i|² − Σ |u_i|²) / (n (n − 1)) with u_i the
    /// rows divided by their norms; a row of zeros has cosine 0 with every other.
    ///
    /// @param a (rows x columns), row-major, from offset a0; at least two rows
    public static double meanCosine(float[] a, int a0, int rows, int columns) {
        check("mean cosine", a, a0, rows, columns);
        if (rows < 2) {
            throw new IllegalArgumentException("mean cosine between the rows of a matrix of " + rows
                    + " row: expected at least 2");
        }
        var sum = new double[columns];
        double squares = 0;
        for (int i = 0; i < rows; i++) {
            int row = a0 + i * columns;
            double square = 0;
            for (int j = 0; j < columns; j++) {
                square += (double) a[row + j] * a[row + j];
            }
            if (square > 0) {
                double inverse = 1 / Math.sqrt(square);
                squares += 1;
                for (int j = 0; j < columns; j++) {
                    sum[j] += a[row + j] * inverse;
                }
            }
        }
        double together = 0;
        for (double s : sum) {
            together += s * s;
        }
        return (together - squares) / ((double) rows * (rows - 1));
    }

    /// Perplexity of the mean assignment: exp(H(p̄)), p̄ the mean of the rows, scaled to sum 1. Between 1 (all rows
    /// choose the same entry) and the number of columns (all entries used alike).
    ///
    /// @param p distributions, (rows x columns), each row non-negative, from offset p0
    public static double perplexity(float[] p, int p0, int rows, int columns) {
        check("perplexity", p, p0, rows, columns);
        var mean = new double[columns];
        double total = 0;
        for (int i = 0; i < rows * columns; i++) {
            double v = probability(p[p0 + i], i / columns, i % columns);
            mean[i % columns] += v;
            total += v;
        }
        double entropy = 0;
        for (double m : mean) {
            entropy += entropyTerm(m / total);
        }
        return Math.exp(entropy);
    }

    /// Mean over rows of the entropy −Σ_j p_ij log p_ij, in nats: 0 when every row is one-hot, log(columns) when every
    /// row is uniform.
    ///
    /// @param p distributions, (rows x columns), each row non-negative with sum 1, from offset p0
    public static double meanRowEntropy(float[] p, int p0, int rows, int columns) {
        check("mean row entropy", p, p0, rows, columns);
        double entropy = 0;
        for (int i = 0; i < rows * columns; i++) {
            entropy += entropyTerm(probability(p[p0 + i], i / columns, i % columns));
        }
        return entropy / rows;
    }

    private static double entropyTerm(double p) {
        return p > 0 ? -p * Math.log(p) : 0;
    }

    private static double probability(float p, int row, int column) {
        if (!(p >= 0)) {
            throw new IllegalArgumentException(
                    "entry (" + row + ", " + column + ") of a distribution is " + p + ": expected 0 or more");
        }
        return p;
    }

    private static void check(String what, float[] a, int a0, int rows, int columns) {
        if (rows < 1 || columns < 1 || a0 < 0 || a.length < a0 + (long) rows * columns) {
            throw new IllegalArgumentException(what + " of " + rows + " x " + columns + " entries from offset " + a0
                    + " of an array of " + a.length + ": expected at least one row and column, inside the array");
        }
        for (int i = 0; i < rows * columns; i++) {
            if (!Float.isFinite(a[a0 + i])) {
                throw new IllegalArgumentException(what + ": entry (" + i / columns + ", " + i % columns + ") is "
                        + a[a0 + i] + ", expected a finite number");
            }
        }
    }
}
