package dev.triptych.triptych;

import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;

/// Rows of S read back from their own messages by a linear map with an offset (section 7): least squares in float64
/// over the signs +-1 of the bits, for any number of leading bits.
///
/// Sums are kept, not rows: the signs with a 1 in front, X'X ((1 + B) x (1 + B)), and X'S ((1 + B) x d).
final class BitReadback {
    /// Of the number of rows, added to the squares of the signs: bits that never change stay solvable.
    private static final double RIDGE = 1e-6;

    private final int bits;
    private final int width;
    private final double[] squares;
    private final double[] products;
    private long rows;

    /// @param bits B of a message
    /// @param width d of a row
    BitReadback(int bits, int width) {
        this.bits = bits;
        this.width = width;
        this.squares = new double[(1 + bits) * (1 + bits)];
        this.products = new double[(1 + bits) * width];
    }

    /// Learns from some rows.
    ///
    /// @param logits (rows x B), of which a bit is 1 above 0
    /// @param s (rows x d)
    void learn(float[] logits, float[] s, int count) {
        var x = new double[1 + bits];
        for (int r = 0; r < count; r++) {
            signs(logits, r, x);
            for (int i = 0; i <= bits; i++) {
                for (int j = 0; j <= bits; j++) {
                    squares[i * (1 + bits) + j] += x[i] * x[j];
                }
                for (int j = 0; j < width; j++) {
                    products[i * width + j] += x[i] * s[r * width + j];
                }
            }
        }
        rows += count;
    }

    private void signs(float[] logits, int row, double[] x) {
        x[0] = 1;
        for (int b = 0; b < bits; b++) {
            x[1 + b] = logits[row * bits + b] > 0 ? 1 : -1;
        }
    }

    /// The map that reads the first `used` bits: ((1 + used) x d), the offset first.
    double[] map(int used) {
        var a = new DMatrixRMaj(1 + used, 1 + used);
        var y = new DMatrixRMaj(1 + used, width);
        for (int i = 0; i <= used; i++) {
            for (int j = 0; j <= used; j++) {
                a.set(i, j, squares[i * (1 + bits) + j] + (i == j && i > 0 ? RIDGE * rows : 0));
            }
            for (int j = 0; j < width; j++) {
                y.set(i, j, products[i * width + j]);
            }
        }
        var w = new DMatrixRMaj(1 + used, width);
        if (!CommonOps_DDRM.solve(a, y, w)) {
            throw new IllegalStateException("the squares of " + used + " bits of " + rows + " messages are singular");
        }
        return w.getData();
    }

    /// Rows of S (count x d) that a map makes of messages.
    float[] read(double[] map, float[] logits, int count) {
        int used = map.length / width - 1;
        var x = new double[1 + bits];
        var s = new float[count * width];
        for (int r = 0; r < count; r++) {
            signs(logits, r, x);
            for (int j = 0; j < width; j++) {
                double sum = 0;
                for (int i = 0; i <= used; i++) {
                    sum += x[i] * map[i * width + j];
                }
                s[r * width + j] = (float) sum;
            }
        }
        return s;
    }
}
