package dev.triptych.device.vector;

import java.util.Map;

/// The matrix products of `kernel.Linear`. They differ in how their operands are read; large ones go through packed
/// panels, thin ones through loops that read the operands where they lie. The choice depends on the shape alone.
final class LinearKernels {
    private LinearKernels() {
    }

    static void addTo(Map<String, FastKernel> table) {
        table.put("linear", LinearKernels::linear);
        table.put("product", LinearKernels::product);
        table.put("productTransposed", LinearKernels::productTransposed);
        table.put("transposedProduct", LinearKernels::transposedProduct);
    }

    private static Runnable linear(Arguments arguments, WorkerPool pool) {
        float[] x = arguments.floats();
        int x0 = arguments.integer();
        float[] w = arguments.floats();
        int w0 = arguments.integer();
        float[] bias = arguments.floats();
        int bias0 = arguments.integer();
        float[] y = arguments.floats();
        int y0 = arguments.integer();
        int n = arguments.integer();
        int in = arguments.integer();
        int out = arguments.integer();
        return bind(new Product(Operand.rowMajor(x, x0, n, in), Operand.transposed(w, w0, out, in), bias, bias0, y, y0,
                1, n, in, out), pool);
    }

    private static Runnable product(Arguments arguments, WorkerPool pool) {
        return batched(arguments, pool, false, false);
    }

    private static Runnable productTransposed(Arguments arguments, WorkerPool pool) {
        return batched(arguments, pool, false, true);
    }

    private static Runnable transposedProduct(Arguments arguments, WorkerPool pool) {
        return batched(arguments, pool, true, false);
    }

    private static Runnable batched(Arguments arguments, WorkerPool pool, boolean first, boolean second) {
        float[] a = arguments.floats();
        int a0 = arguments.integer();
        float[] c = arguments.floats();
        int c0 = arguments.integer();
        float[] y = arguments.floats();
        int y0 = arguments.integer();
        int b = arguments.integer();
        int n = arguments.integer();
        int k = arguments.integer();
        int m = arguments.integer();
        Operand left = first ? Operand.transposed(a, a0, k, n) : Operand.rowMajor(a, a0, n, k);
        Operand right = second ? Operand.transposed(c, c0, m, k) : Operand.rowMajor(c, c0, k, m);
        return bind(new Product(left, right, new float[m], 0, y, y0, b, n, k, m), pool);
    }

    private static Runnable bind(Product p, WorkerPool pool) {
        if (p.b() == 0 || p.n() == 0 || p.m() == 0) {
            return () -> {
            };
        }
        boolean thin = p.n() < 8 || p.m() < 16 || p.k() < 16;
        if (!thin) {
            return PackedProduct.bind(p, pool);
        }
        return p.right().columnStride() == 1 ? ThinProduct.rows(p, pool) : ThinProduct.dots(p, pool);
    }
}
