package dev.triptych.measure.feature;

import dev.triptych.method.EvaluationReport;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;

/// How many directions features fill: the eigenvalues of their covariance (1/n) sum (x - mean)(x - mean)^T, in float64
/// (BITS, specification section 6.6). Unlike [Spectrum#effectiveRank], which takes singular values of the features as
/// they are.
///
/// @param eigenvalues falling; rounding may leave a zero slightly off
public record Geometry(double[] eigenvalues) {
    /// Shares below count as zero.
    private static final double NEGLIGIBLE = 1e-14;

    /// The geometry of the rows of features.
    ///
    /// @throws IllegalArgumentException when a row is not finite
    public static Geometry of(Features features) {
        var rows = new double[features.rows().length];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = features.rows()[i];
        }
        return of(rows, features.count(), features.width());
    }

    /// As above, of rows (count x width).
    public static Geometry of(double[] rows, int count, int width) {
        var mean = new double[width];
        for (int i = 0; i < rows.length; i++) {
            mean[i % width] += rows[i] / count;
        }
        var covariance = new DMatrixRMaj(width, width);
        // one column per task; each sums over rows in order, whatever the number of threads
        IntStream.range(0, width).parallel().forEach(a -> {
            var sums = new double[width - a];
            for (int i = 0; i < count; i++) {
                double x = (rows[i * width + a] - mean[a]) / count;
                for (int b = a; b < width; b++) {
                    sums[b - a] += x * (rows[i * width + b] - mean[b]);
                }
            }
            for (int b = a; b < width; b++) {
                covariance.data[a * width + b] = sums[b - a];
                covariance.data[b * width + a] = sums[b - a];
            }
        });
        for (double c : covariance.data) {
            if (!Double.isFinite(c)) {
                throw new IllegalArgumentException("the covariance of the features holds " + c
                        + ": the encoder diverged or was not loaded");
            }
        }
        var decomposition = DecompositionFactory_DDRM.eig(width, false, true);
        if (!decomposition.decompose(covariance)) {
            throw new IllegalArgumentException("no eigenvalues of a covariance of " + width + " x " + width
                    + ": the iteration did not converge");
        }
        return new Geometry(IntStream.range(0, width).mapToDouble(i -> -decomposition.getEigenvalue(i).getReal())
                .sorted().map(x -> -x).toArray());
    }

    /// Effective dimensions of features beside those of the untrained encoder, by participation and by entropy.
    public static List<EvaluationReport.Figure> figures(String name, Features trained, Features untrained) {
        Geometry geometry = of(trained);
        Geometry before = of(untrained);
        String baseline = "untrained encoder";
        return List.of(
                new EvaluationReport.Figure("d_eff of " + name, geometry.participation(), "", protocol(name),
                        Map.of(baseline, before.participation())),
                new EvaluationReport.Figure("r_eff of " + name, geometry.effectiveRank(), "", protocol(name),
                        Map.of(baseline, before.effectiveRank())));
    }

    /// Effective dimension by participation: d_eff = (sum lambda)^2 / sum lambda^2; NaN for constant features.
    public double participation() {
        double sum = Arrays.stream(eigenvalues).sum();
        return sum * sum / Arrays.stream(eigenvalues).map(x -> x * x).sum();
    }

    /// Effective dimension by entropy: r_eff = exp(-sum p log p), p = lambda / sum lambda; NaN for constant features.
    public double effectiveRank() {
        double sum = Arrays.stream(eigenvalues).sum();
        return Math.exp(Arrays.stream(eigenvalues).map(x -> x / sum).map(p -> p < NEGLIGIBLE ? 0 : -p * Math.log(p))
                .sum());
    }

    /// Share of the variance that the first directions explain, cumulative.
    public double[] explained() {
        double sum = Arrays.stream(eigenvalues).sum();
        double[] explained = Arrays.stream(eigenvalues).map(x -> x / sum).toArray();
        for (int i = 1; i < explained.length; i++) { // in order: parallelPrefix adds as the number of cores has it
            explained[i] += explained[i - 1];
        }
        return explained;
    }

    /// The protocol in words, for a report.
    public static String protocol(String name) {
        return "eigenvalues of the covariance of " + name + " on the test images: d_eff = (sum lambda)^2 / "
                + "sum lambda^2, r_eff = exp(entropy of lambda / sum lambda)";
    }
}
