package dev.triptych.measure.code;

import dev.triptych.measure.feature.Lbfgs;
import java.util.Arrays;
import java.util.stream.IntStream;

/// Mean cross-entropy of a linear classifier on one-hot(cell, code) + (l2 / 2) |W|², and its gradient. Columns are 0 or
/// 1 and are not standardised: of the N K columns, each grid has N ones, so that its logits are the sum of N rows of W.
///
/// Only the columns that occur in training have weights; all others would stay at zero, where they start. The point is
/// W (columns x classes) row-major, then b (classes). Grids are split into a fixed number of segments whose sums are
/// added in order, so that the result does not depend on the threads.
final class CodeLogistic implements Lbfgs.Objective {
    private static final int SEGMENTS = 8;
    private static final int UNSEEN = -1;

    private final CodeGrids train;
    private final double l2;
    private final int classes;
    private final int[] column;
    private final int columns;

    CodeLogistic(CodeGrids train, double l2) {
        this.train = train;
        this.l2 = l2;
        classes = Arrays.stream(train.labels()).max().getAsInt() + 1;
        column = new int[Math.multiplyExact(train.positions(), train.codes())];
        Arrays.fill(column, UNSEEN);
        int seen = 0;
        for (int i = 0; i < train.ids().length; i++) {
            int at = slot(train, i);
            if (column[at] == UNSEEN) {
                column[at] = seen++;
            }
        }
        columns = seen;
    }

    private static int slot(CodeGrids grids, int i) {
        return i % grids.positions() * grids.codes() + grids.ids()[i];
    }

    int size() {
        return (columns + 1) * classes;
    }

    @Override
    public double evaluate(double[] point, double[] gradient) {
        var gradients = new double[SEGMENTS][];
        var losses = new double[SEGMENTS];
        IntStream.range(0, SEGMENTS).parallel().forEach(s -> {
            gradients[s] = new double[point.length];
            int first = (int) ((long) train.count() * s / SEGMENTS);
            int last = (int) ((long) train.count() * (s + 1) / SEGMENTS);
            losses[s] = segment(point, first, last, gradients[s]);
        });
        double penalty = 0;
        for (int i = 0; i < point.length; i++) {
            double sum = 0;
            for (int s = 0; s < SEGMENTS; s++) {
                sum += gradients[s][i];
            }
            double w = i < columns * classes ? point[i] : 0;
            gradient[i] = sum / train.count() + l2 * w;
            penalty += w * w;
        }
        return Arrays.stream(losses).sum() / train.count() + 0.5 * l2 * penalty;
    }

    /// Sum of the cross-entropies of grids first..last-1; adds their gradient.
    private double segment(double[] point, int first, int last, double[] gradient) {
        int n = train.positions();
        double[] g = new double[classes];
        int[] at = new int[n];
        double loss = 0;
        for (int row = first; row < last; row++) {
            logits(train, row, point, at, g);
            double top = Arrays.stream(g).max().getAsDouble();
            double target = g[train.labels()[row]];
            double sum = 0;
            for (int c = 0; c < classes; c++) {
                g[c] = Math.exp(g[c] - top);
                sum += g[c];
            }
            loss += top + Math.log(sum) - target;
            for (int c = 0; c < classes; c++) {
                g[c] /= sum;
            }
            g[train.labels()[row]] -= 1;
            for (int j = 0; j < n; j++) {
                for (int c = 0; c < classes; c++) {
                    gradient[at[j] + c] += g[c];
                }
            }
            for (int c = 0; c < classes; c++) {
                gradient[columns * classes + c] += g[c];
            }
        }
        return loss;
    }

    /// The logits of a grid, and where in W its rows begin; a code that training never saw there adds nothing.
    private void logits(CodeGrids grids, int row, double[] point, int[] at, double[] logits) {
        System.arraycopy(point, columns * classes, logits, 0, classes);
        int n = grids.positions();
        for (int j = 0; j < n; j++) {
            int seen = column[slot(grids, row * n + j)];
            at[j] = seen * classes;
            for (int c = 0; c < classes && seen != UNSEEN; c++) {
                logits[c] += point[at[j] + c];
            }
        }
    }

    /// The predicted class of every grid; the lowest of equals.
    int[] predict(CodeGrids grids, double[] point) {
        int[] at = new int[grids.positions()];
        double[] logits = new double[classes];
        int[] predicted = new int[grids.count()];
        for (int i = 0; i < predicted.length; i++) {
            logits(grids, i, point, at, logits);
            for (int c = 1; c < classes; c++) {
                predicted[i] = logits[c] > logits[predicted[i]] ? c : predicted[i];
            }
        }
        return predicted;
    }
}
