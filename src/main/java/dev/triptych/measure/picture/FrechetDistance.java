package dev.triptych.measure.picture;

import dev.triptych.measure.feature.Features;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;

/// The Fréchet distance of two normal distributions (Dowson and Landau 1982):
///
/// d² = |m1 − m2|² + tr(C1 + C2 − 2 (C1^½ C2 C1^½)^½)
///
/// With the features of an Inception network it would be called FID; here the features are those of a classifier that
/// the project trains, so that the figure compares with nothing from elsewhere.
public final class FrechetDistance {
    private FrechetDistance() {
    }

    /// A normal distribution.
    ///
    /// @param mean (d)
    /// @param covariance (d x d), symmetric
    public record Gaussian(double[] mean, double[] covariance) {
        /// Checks the shapes.
        public Gaussian {
            if (covariance.length != mean.length * mean.length) {
                throw new IllegalArgumentException("a covariance of " + covariance.length + " numbers for a mean of "
                        + mean.length + "; expected " + mean.length * mean.length);
            }
        }

        /// Mean and unbiased covariance (divided by n − 1) of rows.
        ///
        /// @throws IllegalArgumentException for fewer than two rows
        public static Gaussian of(Features features) {
            int n = features.count();
            int d = features.width();
            if (n < 2) {
                throw new IllegalArgumentException("the covariance of " + n + " rows; expected at least 2");
            }
            double[] mean = new double[d];
            for (int i = 0; i < features.rows().length; i++) {
                mean[i % d] += features.rows()[i] / (double) n;
            }
            double[] covariance = new double[d * d];
            for (int i = 0; i < n; i++) {
                for (int a = 0; a < d; a++) {
                    double x = (features.rows()[i * d + a] - mean[a]) / (n - 1);
                    for (int b = 0; b < d; b++) {
                        covariance[a * d + b] += x * (features.rows()[i * d + b] - mean[b]);
                    }
                }
            }
            return new Gaussian(mean, covariance);
        }
    }

    /// The squared distance d², never below 0.
    ///
    /// @throws IllegalArgumentException where the widths differ
    public static double between(Gaussian one, Gaussian other) {
        int d = one.mean.length;
        if (other.mean.length != d) {
            throw new IllegalArgumentException("normal distributions of " + d + " and " + other.mean.length
                    + " dimensions; expected the same");
        }
        double sum = 0;
        for (int i = 0; i < d; i++) {
            double shift = one.mean[i] - other.mean[i];
            sum += shift * shift + one.covariance[i * d + i] + other.covariance[i * d + i];
        }
        var root = root(new DMatrixRMaj(d, d, true, one.covariance));
        var half = new DMatrixRMaj(d, d);
        var product = new DMatrixRMaj(d, d);
        CommonOps_DDRM.mult(root, new DMatrixRMaj(d, d, true, other.covariance), half);
        CommonOps_DDRM.mult(half, root, product);
        for (double eigenvalue : eigen(product, null)) {
            sum -= 2 * Math.sqrt(Math.max(0, eigenvalue));
        }
        return Math.max(0, sum);
    }

    /// C^½ of a symmetric matrix; eigenvalues below 0 by rounding count as 0.
    private static DMatrixRMaj root(DMatrixRMaj c) {
        int d = c.numRows;
        var vectors = new DMatrixRMaj[d];
        double[] values = eigen(c, vectors);
        var root = new DMatrixRMaj(d, d);
        for (int k = 0; k < d; k++) {
            double s = Math.sqrt(Math.max(0, values[k]));
            double[] v = vectors[k].data;
            for (int a = 0; a < d; a++) {
                for (int b = 0; b < d; b++) {
                    root.data[a * d + b] += s * v[a] * v[b];
                }
            }
        }
        return root;
    }

    /// Eigenvalues of the symmetric part of a matrix, and its eigenvectors where an array is given.
    private static double[] eigen(DMatrixRMaj matrix, DMatrixRMaj[] vectors) {
        int d = matrix.numRows;
        var symmetric = new DMatrixRMaj(d, d);
        for (int a = 0; a < d; a++) {
            for (int b = 0; b < d; b++) {
                symmetric.data[a * d + b] = 0.5 * (matrix.data[a * d + b] + matrix.data[b * d + a]);
            }
        }
        var decomposition = DecompositionFactory_DDRM.eig(d, vectors != null, true);
        if (!decomposition.decompose(symmetric)) {
            throw new IllegalArgumentException("no eigenvalues of a matrix of " + d + " x " + d
                    + ": the iteration did not converge, or a number is not finite");
        }
        double[] values = new double[d];
        for (int k = 0; k < d; k++) {
            values[k] = decomposition.getEigenvalue(k).getReal();
            if (vectors != null) {
                vectors[k] = decomposition.getEigenVector(k);
            }
        }
        return values;
    }
}
