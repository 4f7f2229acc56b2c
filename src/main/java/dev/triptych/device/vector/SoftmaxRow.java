package dev.triptych.device.vector;

import static dev.triptych.device.vector.Lanes.LENGTH;
import static dev.triptych.device.vector.Lanes.SPECIES;

import dev.triptych.kernel.Scalar;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/// Softmax of one row and its relatives, shared by attention and losses.
final class SoftmaxRow {
    private SoftmaxRow() {
    }

    /// Length of a row in scratch memory: whole vectors.
    static int padded(int n) {
        return (n + LENGTH - 1) / LENGTH * LENGTH;
    }

    /// y = softmax(scale t) over n numbers in scratch, which has room for `padded(n)` and is overwritten.
    static void softmax(float[] t, int t0, float scale, float[] y, int y0, int n) {
        int end = t0 + padded(n);
        int last = end - LENGTH;
        VectorMask<Float> tail = SPECIES.indexInRange(last - t0, n);
        for (int j = t0; j < last; j += LENGTH) {
            FloatVector.fromArray(SPECIES, t, j).mul(scale).intoArray(t, j);
        }
        FloatVector.broadcast(SPECIES, Float.NEGATIVE_INFINITY)
                .blend(FloatVector.fromArray(SPECIES, t, last).mul(scale), tail).intoArray(t, last);
        float factor = 1f / exponentials(t, t0, end);
        for (int j = t0; j < last; j += LENGTH) {
            FloatVector.fromArray(SPECIES, t, j).mul(factor).intoArray(y, y0 + j - t0);
        }
        FloatVector.fromArray(SPECIES, t, last).mul(factor).intoArray(y, y0 + last - t0, tail);
    }

    /// t = exp(t - max t); returns the sum. The places beyond the row count as e^-87 of its largest term: nothing.
    private static float exponentials(float[] t, int t0, int end) {
        FloatVector tops = FloatVector.fromArray(SPECIES, t, t0);
        for (int j = t0 + LENGTH; j < end; j += LENGTH) {
            tops = tops.max(FloatVector.fromArray(SPECIES, t, j));
        }
        FloatVector top = FloatVector.broadcast(SPECIES, tops.reduceLanes(VectorOperators.MAX));
        FloatVector sums = FloatVector.zero(SPECIES);
        for (int j = t0; j < end; j += LENGTH) {
            FloatVector e = VectorMath.exp(FloatVector.fromArray(SPECIES, t, j).sub(top));
            e.intoArray(t, j);
            sums = sums.add(e);
        }
        return Lanes.sum(sums);
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
