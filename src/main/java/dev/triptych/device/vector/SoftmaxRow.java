package dev.triptych.device.vector;

import static dev.triptych.device.vector.Lanes.LENGTH;
import static dev.triptych.device.vector.Lanes.SPECIES;

import dev.triptych.kernel.Scalar;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/// Softmax of one row and its relatives, shared by attention and losses.
final class SoftmaxRow {
    private static final FloatVector ONE = FloatVector.broadcast(SPECIES, 1f);
    /// Zeros, then as many numbers below all others: added to the last vector of a row.
    private static final float[] BEYOND = new float[2 * LENGTH];

    static {
        Arrays.fill(BEYOND, LENGTH, 2 * LENGTH, Float.NEGATIVE_INFINITY);
    }

    private SoftmaxRow() {
    }

    /// Length of a row in scratch memory: whole vectors.
    static int padded(int n) {
        return (n + LENGTH - 1) / LENGTH * LENGTH;
    }

    /// y = softmax(scale t) of rows of n numbers in scratch, which have room for `padded(n)` and are overwritten. Three
    /// passes over all rows, in which no row waits for another: within one row every step waits for the one before.
    ///
    /// @param stride from row to row of t
    /// @param work where t has room for a vector of each row
    static void softmax(float[] t, int t0, int stride, int rows, float scale, float[] y, int y0, int n, int work) {
        int last = (n - 1) / LENGTH * LENGTH;
        tops(t, t0, stride, rows, scale, n, last, work);
        exponentials(t, t0, stride, rows, last, work);
        int whole = n - last == LENGTH ? n : last;
        VectorMask<Float> tail = SPECIES.indexInRange(last, n);
        for (int r = 0; r < rows; r++) {
            int from = t0 + r * stride;
            int to = y0 + r * n;
            FloatVector factor = FloatVector.fromArray(SPECIES, t, work + r * LENGTH);
            for (int j = 0; j < whole; j += LENGTH) {
                FloatVector.fromArray(SPECIES, t, from + j).mul(factor).intoArray(y, to + j);
            }
            if (whole < n) {
                FloatVector.fromArray(SPECIES, t, from + last).mul(factor).intoArray(y, to + last, tail);
            }
        }
    }

    /// t = scale t, and the largest of each row; the places beyond a row become those of no probability.
    private static void tops(float[] t, int t0, int stride, int rows, float scale, int n, int last, int work) {
        FloatVector beyond = FloatVector.fromArray(SPECIES, BEYOND, LENGTH - (n - last));
        for (int r = 0; r < rows; r++) {
            int at = t0 + r * stride;
            FloatVector top = FloatVector.fromArray(SPECIES, t, at + last).mul(scale).add(beyond);
            top.intoArray(t, at + last);
            for (int j = at; j < at + last; j += LENGTH) {
                FloatVector v = FloatVector.fromArray(SPECIES, t, j).mul(scale);
                v.intoArray(t, j);
                top = top.max(v);
            }
            FloatVector.broadcast(SPECIES, top.reduceLanes(VectorOperators.MAX)).intoArray(t, work + r * LENGTH);
        }
    }

    /// t = exp(t - max t), and 1 / the sum of each row, to which the places beyond it add e^-87 of its largest term:
    /// nothing.
    private static void exponentials(float[] t, int t0, int stride, int rows, int last, int work) {
        for (int r = 0; r < rows; r++) {
            int at = t0 + r * stride;
            FloatVector top = FloatVector.fromArray(SPECIES, t, work + r * LENGTH);
            FloatVector sums = FloatVector.zero(SPECIES);
            for (int j = at; j <= at + last; j += LENGTH) {
                FloatVector e = VectorMath.power(FloatVector.fromArray(SPECIES, t, j).sub(top));
                e.intoArray(t, j);
                sums = sums.add(e);
            }
            ONE.div(Lanes.sums(sums)).intoArray(t, work + r * LENGTH);
        }
    }

    /// dx = scale y (dy - y . dy) of rows of n numbers, in two passes over all rows.
    ///
    /// @param dy in scratch, `stride` from row to row
    /// @param work where it has room for a number of each row
    static void gradient(float[] y, int y0, float[] dy, int dy0, int stride, int rows, float scale, float[] dx, int dx0,
            int n, int work) {
        for (int r = 0; r < rows; r++) {
            dy[work + r] = dot(y, y0 + r * n, dy, dy0 + r * stride, n);
        }
        for (int r = 0; r < rows; r++) {
            float dot = dy[work + r];
            int p = y0 + r * n;
            int from = dy0 + r * stride;
            int to = dx0 + r * n;
            int j = 0;
            for (; j <= n - LENGTH; j += LENGTH) {
                FloatVector slope = FloatVector.fromArray(SPECIES, y, p + j).mul(scale);
                FloatVector.fromArray(SPECIES, dy, from + j).sub(dot).mul(slope).intoArray(dx, to + j);
            }
            if (j < n) {
                VectorMask<Float> mask = SPECIES.indexInRange(j, n);
                FloatVector slope = FloatVector.fromArray(SPECIES, y, p + j, mask).mul(scale);
                FloatVector.fromArray(SPECIES, dy, from + j, mask).sub(dot).mul(slope).intoArray(dx, to + j, mask);
            }
        }
    }

    /// dx = scale y (dy - y . dy).
    static void gradient(float[] y, int y0, float[] dy, int dy0, float scale, float[] dx, int dx0, int n) {
        float dot = dot(y, y0, dy, dy0, n);
        int j = 0;
        for (; j <= n - LENGTH; j += LENGTH) {
            FloatVector p = FloatVector.fromArray(SPECIES, y, y0 + j).mul(scale);
            FloatVector.fromArray(SPECIES, dy, dy0 + j).sub(dot).mul(p).intoArray(dx, dx0 + j);
        }
        if (j < n) {
            VectorMask<Float> mask = SPECIES.indexInRange(j, n);
            FloatVector p = FloatVector.fromArray(SPECIES, y, y0 + j, mask).mul(scale);
            FloatVector.fromArray(SPECIES, dy, dy0 + j, mask).sub(dot).mul(p).intoArray(dx, dx0 + j, mask);
        }
    }

    /// dx = scale (w dw - y sum w dw): y = softmax, w = y with some entries dropped.
    static void droppedGradient(float[] y, int y0, float[] w, int w0, float[] dw, int dw0, float scale, float[] dx,
            int dx0, int n) {
        float sum = dot(w, w0, dw, dw0, n);
        int j = 0;
        for (; j <= n - LENGTH; j += LENGTH) {
            FloatVector g = FloatVector.fromArray(SPECIES, w, w0 + j).mul(FloatVector.fromArray(SPECIES, dw, dw0 + j));
            g.sub(FloatVector.fromArray(SPECIES, y, y0 + j).mul(sum)).mul(scale).intoArray(dx, dx0 + j);
        }
        if (j < n) {
            VectorMask<Float> mask = SPECIES.indexInRange(j, n);
            FloatVector g = FloatVector.fromArray(SPECIES, w, w0 + j, mask)
                    .mul(FloatVector.fromArray(SPECIES, dw, dw0 + j, mask));
            g.sub(FloatVector.fromArray(SPECIES, y, y0 + j, mask).mul(sum)).mul(scale).intoArray(dx, dx0 + j, mask);
        }
    }

    /// log sum exp(scale x).
    static float logSumExp(float[] x, int x0, float scale, int n) {
        float top = top(x, x0, scale, n);
        int whole = n / LENGTH * LENGTH;
        FloatVector sums = FloatVector.zero(SPECIES);
        for (int j = 0; j < whole; j += LENGTH) {
            sums = sums.add(VectorMath.exp(FloatVector.fromArray(SPECIES, x, x0 + j).mul(scale).sub(top)));
        }
        float sum = Lanes.sum(sums);
        for (int j = whole; j < n; j++) {
            sum += Scalar.exp(scale * x[x0 + j] - top);
        }
        return top + Scalar.log(sum);
    }

    /// Sum of a b.
    static float dot(float[] a, int a0, float[] b, int b0, int n) {
        FloatVector sums = FloatVector.zero(SPECIES);
        int j = 0;
        for (; j <= n - LENGTH; j += LENGTH) {
            sums = FloatVector.fromArray(SPECIES, a, a0 + j).fma(FloatVector.fromArray(SPECIES, b, b0 + j), sums);
        }
        if (j < n) {
            VectorMask<Float> mask = SPECIES.indexInRange(j, n);
            sums = FloatVector.fromArray(SPECIES, a, a0 + j, mask)
                    .fma(FloatVector.fromArray(SPECIES, b, b0 + j, mask), sums);
        }
        return Lanes.sum(sums);
    }

    /// Largest scale x; a maximum is the same in every order.
    private static float top(float[] x, int x0, float scale, int n) {
        FloatVector tops = FloatVector.broadcast(SPECIES, Float.NEGATIVE_INFINITY);
        int j = 0;
        for (; j <= n - LENGTH; j += LENGTH) {
            tops = tops.max(FloatVector.fromArray(SPECIES, x, x0 + j).mul(scale));
        }
        if (j < n) {
            VectorMask<Float> mask = SPECIES.indexInRange(j, n);
            tops = tops.lanewise(VectorOperators.MAX, FloatVector.fromArray(SPECIES, x, x0 + j, mask).mul(scale), mask);
        }
        return tops.reduceLanes(VectorOperators.MAX);
    }
}
