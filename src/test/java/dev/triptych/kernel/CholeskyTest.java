package dev.triptych.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.ejml.simple.SimpleMatrix;

/// Factor, determinant and inverse against EJML: in float64 to rounding, in float32 as its condition allows.
class CholeskyTest {
    /// I + alpha U U^T for b random U of n rows of length 1, as the coding rate has it.
    private static double[] gram(long seed, int b, int n, double alpha) {
        var random = new Random(seed);
        double[] all = new double[b * n * n];
        for (int m = 0; m < b; m++) {
            SimpleMatrix u = SimpleMatrix.random_DDRM(n, n + random.nextInt(5), -1, 1, random);
            for (int i = 0; i < n; i++) {
                u.setRow(i, u.getRow(i).divide(u.getRow(i).normF()));
            }
            SimpleMatrix g = SimpleMatrix.identity(n).plus(u.mult(u.transpose()).scale(alpha));
            System.arraycopy(g.getDDRM().getData(), 0, all, m * n * n, n * n);
        }
        return all;
    }

    private static SimpleMatrix matrix(double[] all, int m, int n) {
        double[] one = new double[n * n];
        System.arraycopy(all, m * n * n, one, 0, n * n);
        return new SimpleMatrix(n, n, true, one);
    }

    @Property(tries = 30, edgeCases = EdgeCasesMode.NONE)
    void float64AgreesToRounding(
            @ForAll int seed,
            @ForAll @IntRange(min = 1, max = 3) int b,
            @ForAll @IntRange(min = 1, max = 40) int n) {
        double[] a = gram(seed, b, n, 20);
        double[] l = new double[a.length];
        double[] inverse = new double[a.length];
        double[] logs = new double[b];
        dev.triptych.twin.kernel.Cholesky.cholesky(a, 0, l, 0, b, n);
        dev.triptych.twin.kernel.Cholesky.choleskyInverse(l, 0, inverse, 0, b, n);
        dev.triptych.twin.kernel.Cholesky.choleskyLogDiagonal(l, 0, logs, 0, b, n);
        for (int m = 0; m < b; m++) {
            SimpleMatrix g = matrix(a, m, n);
            SimpleMatrix factor = matrix(l, m, n);
            assertEquals(0, factor.mult(factor.transpose()).minus(g).elementMaxAbs(), 1e-12 * g.elementMaxAbs());
            assertEquals(0, matrix(inverse, m, n).minus(g.invert()).elementMaxAbs(), 1e-12);
            assertEquals(0.5 * Math.log(g.determinant()), logs[m], 1e-11 * n);
            for (int i = 0; i < n; i++) {
                for (int j = i + 1; j < n; j++) {
                    assertEquals(0.0, factor.get(i, j));
                }
            }
        }
    }

    @Example
    void float32HoldsAtThePapersSize() {
        int n = 256;
        double[] a = gram(7, 1, n, 20);
        float[] x = new float[a.length];
        for (int i = 0; i < x.length; i++) {
            x[i] = (float) a[i];
        }
        float[] l = new float[a.length];
        float[] inverse = new float[a.length];
        float[] logs = new float[1];
        Cholesky.cholesky(x, 0, l, 0, 1, n);
        Cholesky.choleskyInverse(l, 0, inverse, 0, 1, n);
        Cholesky.choleskyLogDiagonal(l, 0, logs, 0, 1, n);
        SimpleMatrix expected = matrix(a, 0, n).invert();
        double error = 0;
        for (int i = 0; i < a.length; i++) {
            error = Math.max(error, Math.abs(inverse[i] - expected.get(i)));
        }
        assertTrue(error < 1e-5, "largest error of the inverse: " + error);
        double[] l64 = new double[a.length];
        double[] logs64 = new double[1];
        dev.triptych.twin.kernel.Cholesky.cholesky(a, 0, l64, 0, 1, n);
        dev.triptych.twin.kernel.Cholesky.choleskyLogDiagonal(l64, 0, logs64, 0, 1, n);
        assertEquals(logs64[0], logs[0], 1e-5 * logs64[0]);
    }

    @Example
    void whatIsNotPositiveDefiniteGivesNaN() {
        float[] l = new float[4];
        Cholesky.cholesky(new float[]{1f, 2f, 2f, 1f}, 0, l, 0, 1, 2);
        assertTrue(Float.isNaN(l[3]));
    }
}
