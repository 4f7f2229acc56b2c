package dev.triptych.measure.feature;

import java.util.Arrays;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.SingularOps_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;

/// How much of the dense features D (N, d) of a picture lies where K tokens are: |P D|^2 / |D|^2, P the projection on
/// the columns of L (N, K). No K directions hold more than the first K singular ones of D (Eckart and Young), which are
/// the reference: Z = L S cannot come nearer to D than its singular value decomposition cut to rank K.
///
/// @param places share that the columns of L hold, 0 to 1
/// @param best share that the first K singular directions hold
public record LowRankShare(double places, double best) {
    /// Singular values of L below this share of the largest count as zero.
    private static final double NEGLIGIBLE = 1e-6;

    /// Of one picture.
    ///
    /// @param dense D row-major, from offset d0
    /// @param localization L row-major, from offset l0
    /// @throws IllegalArgumentException where a decomposition does not converge, or all of D is zero
    public static LowRankShare of(float[] dense, int d0, float[] localization, int l0, int n, int width, int tokens) {
        DMatrixRMaj d = matrix(dense, d0, n, width);
        var ofL = DecompositionFactory_DDRM.svd(n, tokens, true, false, true);
        var ofD = DecompositionFactory_DDRM.svd(n, width, false, false, true);
        double all = CommonOps_DDRM.elementSumAbs(d) == 0 ? 0 : square(d);
        if (all == 0 || !ofL.decompose(matrix(localization, l0, n, tokens)) || !ofD.decompose(d.copy())) {
            throw new IllegalArgumentException("no singular values of D (" + n + " x " + width + ") or L (" + n + " x "
                    + tokens + "): the encoder diverged or was not loaded");
        }
        DMatrixRMaj u = ofL.getU(null, false);
        double[] sizes = ofL.getSingularValues().clone();
        SingularOps_DDRM.descendingOrder(u, false, sizes, Math.min(n, tokens), (DMatrixRMaj) null, false);
        int rank = 0;
        while (rank < Math.min(n, tokens) && sizes[rank] > NEGLIGIBLE * sizes[0]) {
            rank++;
        }
        DMatrixRMaj basis = CommonOps_DDRM.extract(u, 0, n, 0, rank);
        var coordinates = new DMatrixRMaj(rank, width);
        CommonOps_DDRM.multTransA(basis, d, coordinates);
        double[] values = ofD.getSingularValues().clone();
        Arrays.sort(values);
        double first = 0;
        for (int i = 0; i < Math.min(tokens, values.length); i++) {
            first += values[values.length - 1 - i] * values[values.length - 1 - i];
        }
        return new LowRankShare(square(coordinates) / all, first / all);
    }

    private static double square(DMatrixRMaj matrix) {
        double sum = 0;
        for (double x : matrix.data) {
            sum += x * x;
        }
        return sum;
    }

    private static DMatrixRMaj matrix(float[] values, int from, int rows, int columns) {
        var matrix = new DMatrixRMaj(rows, columns);
        for (int i = 0; i < rows * columns; i++) {
            matrix.data[i] = values[from + i];
        }
        return matrix;
    }

    /// The protocol in words, for a report.
    public static String protocol(int pictures) {
        return "mean over " + pictures + " test images of |P D|^2 / |D|^2, P the projection on the columns of L; the "
                + "best that K directions can hold is the K largest squared singular values of D";
    }
}
