package dev.triptych.device.vector;

import static dev.triptych.device.vector.Lanes.LENGTH;
import static dev.triptych.device.vector.Lanes.SPECIES;

import dev.triptych.program.Tensor;
import java.util.List;
import jdk.incubator.vector.FloatVector;

/// Matrix products together with what is done to their results: row by row, while these are in the cache.
final class LinearFusions {
    private LinearFusions() {
    }

    /// gelu(x W^T + b).
    static boolean activates(Window w) {
        return packed(w.integer(0, 4), w.integer(0, 5), w.integer(0, 6)) && w.same(w.tensor(0, 3), w.tensor(1, 0));
    }

    static Runnable linearGelu(Window w, List<Arguments> arguments, WorkerPool pool) {
        Product p = LinearKernels.readLinear(arguments.getFirst());
        float[] x = arguments.get(1).floats();
        int x0 = arguments.get(1).integer();
        float[] y = arguments.get(1).floats();
        int y0 = arguments.get(1).integer();
        int m = p.m();
        // where nobody reads the values before the activation, they are made where those after it belong
        boolean inPlace = w.inner(w.tensor(0, 3));
        Product target = inPlace ? p.into(y, y0) : p;
        float[] from = inPlace ? y : x;
        int from0 = inPlace ? y0 : x0;
        return PackedProduct.bind(target, null, (row, rows, column, columns) -> {
            for (int r = row; r < row + rows; r++) {
                int at = r * m + column;
                ElementwiseKernels.gelu(from, from0 + at, y, y0 + at, columns);
            }
        }, pool);
    }

    /// residual + x W^T + b, or the other way round.
    static boolean addsToResidual(Window w) {
        Tensor y = w.tensor(0, 3);
        boolean first = w.same(y, w.tensor(1, 0));
        boolean second = w.same(y, w.tensor(1, 1));
        return packed(w.integer(0, 4), w.integer(0, 5), w.integer(0, 6)) && first != second && w.inner(y)
                && w.number(1, 4) == 1f && w.number(1, 5) == 1f;
    }

    static Runnable linearResidual(Window w, List<Arguments> arguments, WorkerPool pool) {
        Product p = LinearKernels.readLinear(arguments.getFirst());
        Arguments sum = arguments.get(1);
        float[] a = sum.floats();
        int a0 = sum.integer();
        float[] b = sum.floats();
        int b0 = sum.integer();
        float[] y = sum.floats();
        int y0 = sum.integer();
        boolean second = w.same(w.tensor(0, 3), w.tensor(1, 1));
        float[] residual = second ? a : b;
        int residual0 = second ? a0 : b0;
        int m = p.m();
        return PackedProduct.bind(p.into(y, y0), (row, rows, column, columns) -> {
            for (int r = row; r < row + rows; r++) {
                int at = r * m + column;
                add(residual, residual0 + at, p.start(), p.start0() + column, y, y0 + at, columns);
            }
        }, null, pool);
    }

    /// gelu'(x) (dy W).
    static boolean passesActivation(Window w) {
        Tensor dh = w.tensor(0, 2);
        return w.integer(0, 3) == 1 && packed(w.integer(0, 4), w.integer(0, 5), w.integer(0, 6))
                && w.same(dh, w.tensor(1, 1)) && w.inner(dh);
    }

    static Runnable productGeluGradient(Window w, List<Arguments> arguments, WorkerPool pool) {
        Product p = LinearKernels.readProduct(arguments.getFirst());
        float[] x = arguments.get(1).floats();
        int x0 = arguments.get(1).integer();
        arguments.get(1).skip(1);
        float[] dx = arguments.get(1).floats();
        int dx0 = arguments.get(1).integer();
        int m = p.m();
        return PackedProduct.bind(p.into(dx, dx0), null, (row, rows, column, columns) -> {
            for (int r = row; r < row + rows; r++) {
                int at = r * m + column;
                ElementwiseKernels.geluGradient(x, x0 + at, dx, dx0 + at, dx, dx0 + at, columns);
            }
        }, pool);
    }

    /// dW = dy^T x and db = column sums of dy: dy is read once.
    static boolean weightsWithBias(Window w) {
        return w.integer(0, 3) == 1 && packed(w.integer(0, 4), w.integer(0, 5), w.integer(0, 6))
                && w.same(w.tensor(0, 0), w.tensor(1, 0)) && w.integer(1, 3) == w.integer(0, 4)
                && w.same(w.tensor(1, 1), w.tensor(2, 0)) && w.inner(w.tensor(2, 0));
    }

    static Runnable weightAndBiasGradient(Window w, List<Arguments> arguments, WorkerPool pool) {
        Product p = LinearKernels.readTransposedProduct(arguments.getFirst());
        arguments.get(2).skip(1);
        float[] db = arguments.get(2).floats();
        int db0 = arguments.get(2).integer();
        return PackedProduct.bindWithSums(p, db, db0, pool);
    }

    private static boolean packed(int n, int k, int m) {
        return n > 0 && !LinearKernels.thin(n, k, m);
    }

    private static void add(float[] a, int a0, float[] b, int b0, float[] y, int y0, int n) {
        int j = 0;
        for (; j <= n - LENGTH; j += LENGTH) {
            FloatVector sum = FloatVector.fromArray(SPECIES, a, a0 + j).add(FloatVector.fromArray(SPECIES, b, b0 + j));
            sum.intoArray(y, y0 + j);
        }
        for (; j < n; j++) {
            y[y0 + j] = a[a0 + j] + b[b0 + j];
        }
    }
}
