package dev.triptych.measure.feature;

import dev.triptych.method.EvaluationProgress;
import java.util.ArrayDeque;
import java.util.function.LongConsumer;

/// Limited-memory BFGS (Nocedal & Wright, "Numerical Optimization", algorithm 7.5) with a weak Wolfe line search by
/// bisection. Single-threaded arithmetic in a fixed order around the objective: deterministic.
public final class Lbfgs {
    private static final int HISTORY = 10;
    private static final int TRIALS = 30;
    private static final double DECREASE = 1e-4;
    private static final double CURVATURE = 0.9;

    private Lbfgs() {
    }

    /// A differentiable function: returns the value at `point` and fills `gradient`.
    public interface Objective {
        double evaluate(double[] point, double[] gradient);
    }

    /// Where the search ended.
    ///
    /// @param point of the smallest value
    /// @param value there
    /// @param iterations done
    /// @param converged whether the gradient is within the tolerance
    public record Minimum(double[] point, double value, int iterations, boolean converged) {
    }

    private record Pair(double[] step, double[] change, double product) {
    }

    /// The minimum from a start, with nobody told of the progress.
    public static Minimum minimise(Objective objective, double[] start, int iterations, double tolerance) {
        return minimise(objective, start, iterations, tolerance, EvaluationProgress.NONE::did);
    }

    /// @param did told how many more of the iterations are done; those that are not needed are done at the end
    public static Minimum minimise(Objective objective, double[] start, int iterations, double tolerance,
            LongConsumer did) {
        double[] x = start.clone();
        var gradient = new double[x.length];
        double value = objective.evaluate(x, gradient);
        var pairs = new ArrayDeque<Pair>();
        int done = 0;
        while (done < iterations && largest(gradient) > tolerance) {
            double[] direction = direction(gradient, pairs);
            double slope = dot(direction, gradient);
            double low = 0;
            double high = Double.POSITIVE_INFINITY;
            double rate = pairs.isEmpty() ? 1 / Math.max(1, Math.sqrt(dot(gradient, gradient))) : 1;
            var trial = new double[x.length];
            var trialGradient = new double[x.length];
            double trialValue = value;
            boolean accepted = false;
            for (int t = 0; t < TRIALS && !accepted; t++) {
                for (int i = 0; i < x.length; i++) {
                    trial[i] = x[i] + rate * direction[i];
                }
                trialValue = objective.evaluate(trial, trialGradient);
                if (!(trialValue <= value + DECREASE * rate * slope)) {
                    high = rate;
                    rate = (low + high) / 2;
                } else if (dot(direction, trialGradient) < CURVATURE * slope) {
                    low = rate;
                    rate = Double.isInfinite(high) ? 2 * rate : (low + high) / 2;
                } else {
                    accepted = true;
                }
            }
            if (!accepted) {
                // The value no longer falls beyond rounding: this is as far as float64 goes.
                break;
            }
            remember(pairs, x, trial, gradient, trialGradient);
            x = trial;
            gradient = trialGradient;
            value = trialValue;
            done++;
            did.accept(1);
        }
        did.accept(iterations - done);
        return new Minimum(x, value, done, largest(gradient) <= tolerance);
    }

    private static void remember(ArrayDeque<Pair> pairs, double[] x, double[] nextX, double[] g, double[] nextG) {
        var step = new double[x.length];
        var change = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            step[i] = nextX[i] - x[i];
            change[i] = nextG[i] - g[i];
        }
        double product = dot(step, change);
        if (product > 1e-14 * dot(change, change)) {
            if (pairs.size() == HISTORY) {
                pairs.removeFirst();
            }
            pairs.addLast(new Pair(step, change, product));
        }
    }

    /// −H g by the two-loop recursion, H scaled by the latest pair.
    private static double[] direction(double[] gradient, ArrayDeque<Pair> pairs) {
        var q = gradient.clone();
        var weights = new double[pairs.size()];
        int i = pairs.size();
        for (var newestFirst = pairs.descendingIterator(); newestFirst.hasNext();) {
            var pair = newestFirst.next();
            double weight = dot(pair.step, q) / pair.product;
            weights[--i] = weight;
            add(q, -weight, pair.change);
        }
        double scale = pairs.isEmpty()
                ? 1
                : pairs.getLast().product / dot(pairs.getLast().change, pairs.getLast().change);
        for (int j = 0; j < q.length; j++) {
            q[j] *= scale;
        }
        for (var pair : pairs) {
            add(q, weights[i++] - dot(pair.change, q) / pair.product, pair.step);
        }
        for (int j = 0; j < q.length; j++) {
            q[j] = -q[j];
        }
        return q;
    }

    private static void add(double[] y, double a, double[] x) {
        for (int i = 0; i < y.length; i++) {
            y[i] += a * x[i];
        }
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    private static double largest(double[] g) {
        double largest = 0;
        for (double v : g) {
            largest = Math.max(largest, Math.abs(v));
        }
        return largest;
    }
}
