package dev.triptych.device.vector;

import static dev.triptych.device.vector.Lanes.LENGTH;
import static dev.triptych.device.vector.Lanes.SPECIES;

import dev.triptych.device.Window;
import dev.triptych.device.vector.Pattern.Fusion;
import dev.triptych.program.call.ElementwiseCalls.Gelu;
import dev.triptych.program.call.ElementwiseCalls.GeluGradient;
import dev.triptych.program.call.ElementwiseCalls.WeightedAdd;
import dev.triptych.program.call.LinearCalls;
import dev.triptych.program.call.LinearCalls.Linear;
import dev.triptych.program.call.LinearCalls.TransposedProduct;
import dev.triptych.program.call.ReduceCalls.ColumnPartialSums;
import dev.triptych.program.call.ReduceCalls.CombineColumns;
import jdk.incubator.vector.FloatVector;

/// Matrix products together with what is done to their results: row by row, while these are in the cache.
final class LinearFusions {
    private LinearFusions() {
    }

    /// gelu(x W^T + b).
    static Fusion linearGelu(Window w) {
        if (!(w.call(0) instanceof Linear linear && w.call(1) instanceof Gelu gelu
                && packed(linear.n(), linear.in(), linear.out()) && w.same(linear.y(), gelu.x()))) {
            return null;
        }
        // where nobody reads the values before the activation, they are made where those after it belong
        boolean inPlace = w.inner(linear.y());
        return (arenas, pool) -> {
            Product p = LinearKernels.product(linear.bind(arenas));
            Gelu.Bound g = gelu.bind(arenas);
            float[] y = g.y();
            int y0 = g.y0();
            float[] x = inPlace ? y : g.x();
            int x0 = inPlace ? y0 : g.x0();
            int m = p.m();
            return PackedProduct.bind(inPlace ? p.into(y, y0) : p, null, (row, rows, column, columns) -> {
                for (int r = row; r < row + rows; r++) {
                    int at = r * m + column;
                    ElementwiseKernels.gelu(x, x0 + at, y, y0 + at, columns);
                }
            }, pool);
        };
    }

    /// residual + x W^T + b, or the other way round.
    static Fusion linearResidual(Window w) {
        if (!(w.call(0) instanceof Linear linear && w.call(1) instanceof WeightedAdd sum
                && packed(linear.n(), linear.in(), linear.out()) && w.adds(sum, linear.y()))) {
            return null;
        }
        boolean second = w.same(linear.y(), sum.b());
        return (arenas, pool) -> {
            Product p = LinearKernels.product(linear.bind(arenas));
            WeightedAdd.Bound s = sum.bind(arenas);
            float[] residual = second ? s.a() : s.b();
            int residual0 = second ? s.a0() : s.b0();
            float[] y = s.y();
            int y0 = s.y0();
            int m = p.m();
            // the sums begin at residual + b, so that no pass over y follows
            return PackedProduct.bind(p.into(y, y0), (row, rows, column, columns) -> {
                for (int r = row; r < row + rows; r++) {
                    int at = r * m + column;
                    add(residual, residual0 + at, p.start(), p.start0() + column, y, y0 + at, columns);
                }
            }, null, pool);
        };
    }

    /// gelu'(x) (dy W).
    static Fusion productGeluGradient(Window w) {
        if (!(w.call(0) instanceof LinearCalls.Product product && w.call(1) instanceof GeluGradient gelu
                && product.b() == 1 && packed(product.n(), product.k(), product.m())
                && w.same(product.y(), gelu.dy()) && w.inner(product.y()))) {
            return null;
        }
        return (arenas, pool) -> {
            Product p = LinearKernels.product(product.bind(arenas));
            GeluGradient.Bound g = gelu.bind(arenas);
            float[] x = g.x();
            int x0 = g.x0();
            float[] dx = g.dx();
            int dx0 = g.dx0();
            int m = p.m();
            return PackedProduct.bind(p.into(dx, dx0), null, (row, rows, column, columns) -> {
                for (int r = row; r < row + rows; r++) {
                    int at = r * m + column;
                    ElementwiseKernels.geluGradient(x, x0 + at, dx, dx0 + at, dx, dx0 + at, columns);
                }
            }, pool);
        };
    }

    /// dW = dy^T x and db = column sums of dy: dy is read once.
    static Fusion weightAndBiasGradient(Window w) {
        if (!(w.call(0) instanceof TransposedProduct product && w.call(1) instanceof ColumnPartialSums partial
                && w.call(2) instanceof CombineColumns combine && product.b() == 1
                && packed(product.n(), product.k(), product.m()) && w.same(product.a(), partial.x())
                && partial.d() == product.n() && w.same(partial.part(), combine.part()) && w.inner(partial.part()))) {
            return null;
        }
        return (arenas, pool) -> {
            CombineColumns.Bound sums = combine.bind(arenas);
            return PackedProduct.bindWithSums(LinearKernels.product(product.bind(arenas)), sums.y(), sums.y0(), pool);
        };
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
