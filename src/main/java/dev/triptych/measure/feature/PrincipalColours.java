package dev.triptych.measure.feature;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;

/// Dense features shown as colours: their first three principal components become red, green and blue.
///
/// Fitted once on the features of several images, so that a colour means the same in all of them. Each component runs
/// from its 2nd to its 98th percentile over the fitted rows; what lies outside is clamped. A component's sign is
/// chosen so that its largest loading is positive, which makes pictures reproducible. With fewer than three columns
/// (or directions of any variance) the missing colours are 0.5.
public final class PrincipalColours {
    private static final double TAIL = 0.02;

    private final int width;
    private final double[] mean;
    private final double[][] directions = new double[3][];
    private final double[] low = new double[3];
    private final double[] high = new double[3];
    private final double[] shares = new double[3];

    private PrincipalColours(double[] mean) {
        this.width = mean.length;
        this.mean = mean;
    }

    /// Fits on (rows x width) features from offset a0.
    public static PrincipalColours fit(float[] a, int a0, int rows, int width) {
        if (rows < 1 || width < 1 || a0 < 0 || a.length < a0 + (long) rows * width) {
            throw new IllegalArgumentException("principal colours of " + rows + " x " + width + " features from offset "
                    + a0 + " of an array of " + a.length + ": expected at least one row and column, inside the array");
        }
        var mean = new double[width];
        for (int i = 0; i < rows * width; i++) {
            mean[i % width] += a[a0 + i] / (double) rows;
        }
        var colours = new PrincipalColours(mean);
        var eigen = DecompositionFactory_DDRM.eig(width, true, true);
        if (!eigen.decompose(covariance(a, a0, rows, mean))) {
            throw new IllegalArgumentException("no principal components of " + rows + " x " + width
                    + " features: are they all finite?");
        }
        var order = IntStream.range(0, width).boxed()
                .sorted(Comparator.comparingDouble((Integer i) -> -eigen.getEigenvalue(i).getReal())).toList();
        double largest = eigen.getEigenvalue(order.getFirst()).getReal();
        double variance = IntStream.range(0, width).mapToDouble(i -> eigen.getEigenvalue(i).getReal()).sum();
        for (int c = 0; c < Math.min(3, width); c++) {
            if (eigen.getEigenvalue(order.get(c)).getReal() > 1e-12 * largest) {
                colours.shares[c] = eigen.getEigenvalue(order.get(c)).getReal() / variance;
                colours.use(c, eigen.getEigenVector(order.get(c)).data, a, a0, rows);
            }
        }
        return colours;
    }

    private static DMatrixRMaj covariance(float[] a, int a0, int rows, double[] mean) {
        int width = mean.length;
        var covariance = new DMatrixRMaj(width, width);
        var centred = new double[width];
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < width; j++) {
                centred[j] = a[a0 + i * width + j] - mean[j];
            }
            for (int j = 0; j < width; j++) {
                double v = centred[j] / rows;
                for (int k = 0; k < width; k++) {
                    covariance.data[j * width + k] += v * centred[k];
                }
            }
        }
        return covariance;
    }

    private void use(int component, double[] direction, float[] a, int a0, int rows) {
        double largest = 0;
        for (double d : direction) {
            largest = Math.abs(d) > Math.abs(largest) ? d : largest;
        }
        directions[component] = direction.clone();
        if (largest < 0) {
            for (int j = 0; j < width; j++) {
                directions[component][j] = -direction[j];
            }
        }
        var scores = new double[rows];
        for (int i = 0; i < rows; i++) {
            scores[i] = score(component, a, a0 + i * width);
        }
        Arrays.sort(scores);
        low[component] = scores[(int) Math.round(TAIL * (rows - 1))];
        high[component] = scores[(int) Math.round((1 - TAIL) * (rows - 1))];
    }

    private double score(int component, float[] a, int row) {
        double sum = 0;
        for (int j = 0; j < width; j++) {
            sum += (a[row + j] - mean[j]) * directions[component][j];
        }
        return sum;
    }

    /// A component of the row that begins at an offset; 0 where there is no such direction.
    ///
    /// @param c 0 for the first, up to 2
    public double component(int c, float[] a, int row) {
        return directions[c] == null ? 0 : score(c, a, row);
    }

    /// Share of the variance that a component has.
    public double share(int c) {
        return shares[c];
    }

    /// Colours of (rows x width) features from offset a0: planar RGB, three planes of `rows` numbers in [0, 1]. With
    /// the patches of an image as rows, this is a small picture of (grid rows x grid columns).
    public float[] colours(float[] a, int a0, int rows) {
        var rgb = new float[3 * rows];
        for (int c = 0; c < 3; c++) {
            for (int i = 0; i < rows; i++) {
                double range = high[c] - low[c];
                rgb[c * rows + i] = directions[c] == null || range <= 0
                        ? 0.5f
                        : (float) Math.clamp((score(c, a, a0 + i * width) - low[c]) / range, 0, 1);
            }
        }
        return rgb;
    }
}
