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
        return bind(readLinear(arguments), pool);
    }

    /// The arguments of `linear`.
    static Product readLinear(Arguments arguments) {
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
        return new Product(Operand.rowMajor(x, x0, n, in), Operand.transposed(w, w0, out, in), bias, bias0, y, y0, 1, n,
                in, out);
    }

    private static Runnable product(Arguments arguments, WorkerPool pool) {
        return bind(readProduct(arguments), pool);
    }

    private static Runnable productTransposed(Arguments arguments, WorkerPool pool) {
        return bind(read(arguments, false, true), pool);
    }

    private static Runnable transposedProduct(Arguments arguments, WorkerPool pool) {
        return bind(readTransposedProduct(arguments), pool);
    }

    /// The arguments of `product`.
    static Product readProduct(Arguments arguments) {
        return read(arguments, false, false);
    }

    /// The arguments of `transposedProduct`.
    static Product readTransposedProduct(Arguments arguments) {
        return read(arguments, true, false);
    }

    private static Product read(Arguments arguments, boolean first, boolean second) {
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
        return new Product(left, right, new float[m], 0, y, y0, b, n, k, m);
    }

    /// Whether a side is so short that packing costs more than it saves.
    static boolean thin(int n, int k, int m) {
        return n < 8 || m < 16 || k < 16;
    }

    private static Runnable bind(Product p, WorkerPool pool) {
        if (p.b() == 0 || p.n() == 0 || p.m() == 0) {
            return () -> {
            };
        }
        if (!thin(p.n(), p.k(), p.m())) {
            return PackedProduct.bind(p, null, null, pool);
        }
        return p.right().columnStride() == 1 ? ThinProduct.rows(p, pool) : ThinProduct.dots(p, pool);
    }
}
