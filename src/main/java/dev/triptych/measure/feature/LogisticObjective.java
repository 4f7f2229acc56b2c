package dev.triptych.measure.feature;

import java.util.stream.IntStream;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/// Mean cross-entropy of a linear classifier on standardised features + (l2 / 2) |W|², and its gradient.
///
/// The point is W (width x classes) row-major, then b (classes), for **standardised** columns. The features are never
/// copied: with x̂ = (x − μ) / σ the logits are x (W / σ) + (b − μ W / σ), and dW = (Σ x g − μ Σ g) / σ.
///
/// Rows are split into a fixed number of segments whose sums are added in order; classes lie in vector lanes, so that
/// every sum is one chain in row (or column) order, whatever the threads and lanes.
final class LogisticObjective implements Lbfgs.Objective {
    private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();
    /// Classes are padded to whole tiles of two vectors.
    private static final int TILE = 2 * LANES;
    private static final int SEGMENTS = 16;
    /// Rows (and columns) computed together: 4 x 2 accumulators.
    private static final int BLOCK = 4;
    private static final int CHUNK = 64;

    private final Features train;
    private final double l2;
    private final int width;
    private final int classes;
    private final int padded;
    private final double[] mean;
    private final double[] inverseDeviation;

    LogisticObjective(Features train, double l2) {
        this(train, train, l2);
    }

    /// The same with the mean and deviation of other rows.
    LogisticObjective(Features train, Features standard, double l2) {
        this.train = train;
        this.l2 = l2;
        width = train.width();
        classes = train.classes();
        padded = (classes + TILE - 1) / TILE * TILE;
        mean = new double[width];
        inverseDeviation = new double[width];
        standardise(standard);
    }

    int size() {
        return width * classes + classes;
    }

    private void standardise(Features standard) {
        float[] x = standard.rows();
        int n = standard.count();
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < width; j++) {
                mean[j] += x[i * width + j];
            }
        }
        for (int j = 0; j < width; j++) {
            mean[j] /= n;
            if (!Double.isFinite(mean[j])) {
                throw new IllegalArgumentException("column " + j + " of the training features holds a value that is "
                        + "not finite: the encoder diverged or was not loaded");
            }
        }
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < width; j++) {
                double d = x[i * width + j] - mean[j];
                inverseDeviation[j] += d * d;
            }
        }
        for (int j = 0; j < width; j++) {
            double deviation = Math.sqrt(inverseDeviation[j] / n);
            inverseDeviation[j] = deviation > 1e-7 * Math.abs(mean[j]) ? 1 / deviation : 0;
        }
    }

    @Override
    public double evaluate(double[] point, double[] gradient) {
        double[] weights = fold(point);
        var dWeights = new double[SEGMENTS][];
        var losses = new double[SEGMENTS];
        IntStream.range(0, SEGMENTS).parallel().forEach(s -> {
            int first = (int) ((long) train.count() * s / SEGMENTS);
            int last = (int) ((long) train.count() * (s + 1) / SEGMENTS);
            dWeights[s] = new double[(width + 1) * padded];
            losses[s] = segment(weights, first, last, dWeights[s]);
        });
        double loss = 0;
        var sum = new double[(width + 1) * padded];
        for (int s = 0; s < SEGMENTS; s++) {
            loss += losses[s];
            for (int i = 0; i < sum.length; i++) {
                sum[i] += dWeights[s][i];
            }
        }
        double penalty = 0;
        for (int j = 0; j < width; j++) {
            for (int c = 0; c < classes; c++) {
                double w = point[j * classes + c];
                double d = (sum[j * padded + c] - mean[j] * sum[width * padded + c]) * inverseDeviation[j];
                gradient[j * classes + c] = d / train.count() + l2 * w;
                penalty += w * w;
            }
        }
        for (int c = 0; c < classes; c++) {
            gradient[width * classes + c] = sum[width * padded + c] / train.count();
        }
        return loss / train.count() + 0.5 * l2 * penalty;
    }

    int[] predict(Features features, double[] point) {
        double[] weights = fold(point);
        var predicted = new int[features.count()];
        int chunks = (features.count() + CHUNK - 1) / CHUNK;
        IntStream.range(0, chunks).parallel().forEach(chunk -> {
            int first = chunk * CHUNK;
            int count = Math.min(CHUNK, features.count() - first);
            var logits = new double[CHUNK * padded];
            logits(features.rows(), first, count, weights, logits);
            for (int i = 0; i < count; i++) {
                int best = 0;
                for (int c = 1; c < classes; c++) {
                    if (logits[i * padded + c] > logits[i * padded + best]) {
                        best = c;
                    }
                }
                predicted[first + i] = best;
            }
        });
        return predicted;
    }

    /// Weights and biases for the features as they are: ((width + 1) x classes), the biases last.
    double[] readout(double[] point) {
        double[] folded = fold(point);
        var weights = new double[(width + 1) * classes];
        for (int j = 0; j <= width; j++) {
            System.arraycopy(folded, j * padded, weights, j * classes, classes);
        }
        return weights;
    }

    /// Weights and bias for the features as they are, padded: ((width + 1) x padded), the bias last.
    private double[] fold(double[] point) {
        var folded = new double[(width + 1) * padded];
        for (int c = 0; c < classes; c++) {
            double bias = point[width * classes + c];
            for (int j = 0; j < width; j++) {
                double w = point[j * classes + c] * inverseDeviation[j];
                folded[j * padded + c] = w;
                bias -= mean[j] * w;
            }
            folded[width * padded + c] = bias;
        }
        return folded;
    }

    /// Sum of the cross-entropies of rows first..last-1; adds their gradient to dWeights ((width + 1) x padded).
    private double segment(double[] weights, int first, int last, double[] dWeights) {
        var g = new double[CHUNK * padded];
        double loss = 0;
        for (int row = first; row < last; row += CHUNK) {
            int count = Math.min(CHUNK, last - row);
            logits(train.rows(), row, count, weights, g);
            for (int i = 0; i < count; i++) {
                loss += softmax(g, i * padded, train.labels()[row + i]);
                for (int c = 0; c < classes; c++) {
                    dWeights[width * padded + c] += g[i * padded + c];
                }
            }
            for (int j = 0; j < width; j += BLOCK) {
                for (int c = 0; c < padded; c += TILE) {
                    if (j + BLOCK <= width) {
                        gradientTile(train.rows(), row * width + j, count, g, c, dWeights, j * padded + c);
                    } else {
                        for (int k = j; k < width; k++) {
                            gradientColumn(train.rows(), row * width + k, count, g, c, dWeights, k * padded + c);
                        }
                    }
                }
            }
        }
        return loss;
    }

    /// Replaces one row of logits by softmax − one-hot; returns its cross-entropy.
    private double softmax(double[] g, int g0, int label) {
        double largest = Double.NEGATIVE_INFINITY;
        for (int c = 0; c < classes; c++) {
            largest = Math.max(largest, g[g0 + c]);
        }
        double target = g[g0 + label];
        double sum = 0;
        for (int c = 0; c < classes; c++) {
            g[g0 + c] = Math.exp(g[g0 + c] - largest);
            sum += g[g0 + c];
        }
        for (int c = 0; c < classes; c++) {
            g[g0 + c] /= sum;
        }
        g[g0 + label] -= 1;
        return largest + Math.log(sum) - target;
    }

    private void logits(float[] x, int first, int count, double[] weights, double[] out) {
        for (int i = 0; i < count; i += BLOCK) {
            for (int c = 0; c < padded; c += TILE) {
                if (i + BLOCK <= count) {
                    logitTile(x, (first + i) * width, weights, c, out, i * padded + c);
                } else {
                    for (int k = i; k < count; k++) {
                        logitRow(x, (first + k) * width, weights, c, out, k * padded + c);
                    }
                }
            }
        }
    }

    private void logitTile(float[] x, int x0, double[] weights, int c, double[] out, int out0) {
        int x1 = x0 + width;
        int x2 = x1 + width;
        int x3 = x2 + width;
        var a0 = DoubleVector.fromArray(SPECIES, weights, width * padded + c);
        var b0 = DoubleVector.fromArray(SPECIES, weights, width * padded + c + LANES);
        var a1 = a0;
        var b1 = b0;
        var a2 = a0;
        var b2 = b0;
        var a3 = a0;
        var b3 = b0;
        for (int j = 0; j < width; j++) {
            var wa = DoubleVector.fromArray(SPECIES, weights, j * padded + c);
            var wb = DoubleVector.fromArray(SPECIES, weights, j * padded + c + LANES);
            var r0 = DoubleVector.broadcast(SPECIES, (double) x[x0 + j]);
            a0 = wa.fma(r0, a0);
            b0 = wb.fma(r0, b0);
            var r1 = DoubleVector.broadcast(SPECIES, (double) x[x1 + j]);
            a1 = wa.fma(r1, a1);
            b1 = wb.fma(r1, b1);
            var r2 = DoubleVector.broadcast(SPECIES, (double) x[x2 + j]);
            a2 = wa.fma(r2, a2);
            b2 = wb.fma(r2, b2);
            var r3 = DoubleVector.broadcast(SPECIES, (double) x[x3 + j]);
            a3 = wa.fma(r3, a3);
            b3 = wb.fma(r3, b3);
        }
        a0.intoArray(out, out0);
        b0.intoArray(out, out0 + LANES);
        a1.intoArray(out, out0 + padded);
        b1.intoArray(out, out0 + padded + LANES);
        a2.intoArray(out, out0 + 2 * padded);
        b2.intoArray(out, out0 + 2 * padded + LANES);
        a3.intoArray(out, out0 + 3 * padded);
        b3.intoArray(out, out0 + 3 * padded + LANES);
    }

    private void logitRow(float[] x, int x0, double[] weights, int c, double[] out, int out0) {
        var a = DoubleVector.fromArray(SPECIES, weights, width * padded + c);
        var b = DoubleVector.fromArray(SPECIES, weights, width * padded + c + LANES);
        for (int j = 0; j < width; j++) {
            var r = DoubleVector.broadcast(SPECIES, (double) x[x0 + j]);
            a = DoubleVector.fromArray(SPECIES, weights, j * padded + c).fma(r, a);
            b = DoubleVector.fromArray(SPECIES, weights, j * padded + c + LANES).fma(r, b);
        }
        a.intoArray(out, out0);
        b.intoArray(out, out0 + LANES);
    }

    /// Columns j..j+3 of the gradient for one tile of classes: adds Σ over rows of x g, rows in order.
    private void gradientTile(float[] x, int x0, int count, double[] g, int c, double[] d, int d0) {
        var a0 = DoubleVector.fromArray(SPECIES, d, d0);
        var b0 = DoubleVector.fromArray(SPECIES, d, d0 + LANES);
        var a1 = DoubleVector.fromArray(SPECIES, d, d0 + padded);
        var b1 = DoubleVector.fromArray(SPECIES, d, d0 + padded + LANES);
        var a2 = DoubleVector.fromArray(SPECIES, d, d0 + 2 * padded);
        var b2 = DoubleVector.fromArray(SPECIES, d, d0 + 2 * padded + LANES);
        var a3 = DoubleVector.fromArray(SPECIES, d, d0 + 3 * padded);
        var b3 = DoubleVector.fromArray(SPECIES, d, d0 + 3 * padded + LANES);
        for (int i = 0; i < count; i++) {
            int row = x0 + i * width;
            var ga = DoubleVector.fromArray(SPECIES, g, i * padded + c);
            var gb = DoubleVector.fromArray(SPECIES, g, i * padded + c + LANES);
            var r0 = DoubleVector.broadcast(SPECIES, (double) x[row]);
            a0 = ga.fma(r0, a0);
            b0 = gb.fma(r0, b0);
            var r1 = DoubleVector.broadcast(SPECIES, (double) x[row + 1]);
            a1 = ga.fma(r1, a1);
            b1 = gb.fma(r1, b1);
            var r2 = DoubleVector.broadcast(SPECIES, (double) x[row + 2]);
            a2 = ga.fma(r2, a2);
            b2 = gb.fma(r2, b2);
            var r3 = DoubleVector.broadcast(SPECIES, (double) x[row + 3]);
            a3 = ga.fma(r3, a3);
            b3 = gb.fma(r3, b3);
        }
        a0.intoArray(d, d0);
        b0.intoArray(d, d0 + LANES);
        a1.intoArray(d, d0 + padded);
        b1.intoArray(d, d0 + padded + LANES);
        a2.intoArray(d, d0 + 2 * padded);
        b2.intoArray(d, d0 + 2 * padded + LANES);
        a3.intoArray(d, d0 + 3 * padded);
        b3.intoArray(d, d0 + 3 * padded + LANES);
    }

    private void gradientColumn(float[] x, int x0, int count, double[] g, int c, double[] d, int d0) {
        var a = DoubleVector.fromArray(SPECIES, d, d0);
        var b = DoubleVector.fromArray(SPECIES, d, d0 + LANES);
        for (int i = 0; i < count; i++) {
            var r = DoubleVector.broadcast(SPECIES, (double) x[x0 + i * width]);
            a = DoubleVector.fromArray(SPECIES, g, i * padded + c).fma(r, a);
            b = DoubleVector.fromArray(SPECIES, g, i * padded + c + LANES).fma(r, b);
        }
        a.intoArray(d, d0);
        b.intoArray(d, d0 + LANES);
    }
}
