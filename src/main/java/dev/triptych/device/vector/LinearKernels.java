package dev.triptych.device.vector;

import dev.triptych.program.Call;
import dev.triptych.program.call.LinearCalls;
import dev.triptych.program.call.LinearCalls.Linear;
import dev.triptych.program.call.LinearCalls.ProductTransposed;
import dev.triptych.program.call.LinearCalls.TransposedProduct;

/// The matrix products of `kernel.Linear`. They differ in how their operands are read; large ones go through packed
/// panels, thin ones through loops that read the operands where they lie. The choice depends on the shape alone.
final class LinearKernels {
    private LinearKernels() {
    }

    static Runnable bind(Call.Bound call, WorkerPool pool) {
        Product p = product(call);
        if (p == null) {
            return null;
        }
        if (p.b() == 0 || p.n() == 0 || p.m() == 0) {
            return () -> {
            };
        }
        if (!thin(p.n(), p.k(), p.m())) {
            return PackedProduct.bind(p, null, null, pool);
        }
        // rows of B side by side: vectors along them; columns of B: dot products along k
        return p.right().columnStride() == 1 ? ThinProduct.rows(p, pool) : ThinProduct.dots(p, pool);
    }

    /// The product that a call is; null if it is none.
    static Product product(Call.Bound call) {
        return switch (call) {
            case Linear.Bound c -> new Product(Operand.rowMajor(c.x(), c.x0(), c.n(), c.in()),
                    Operand.transposed(c.w(), c.w0(), c.out(), c.in()), c.bias(), c.bias0(), c.y(), c.y0(), 1, c.n(),
                    c.in(), c.out());
            case LinearCalls.Product.Bound(var a, var a0, var c, var c0, var y, var y0, var b, var n, var k, var m) ->
                new Product(Operand.rowMajor(a, a0, n, k), Operand.rowMajor(c, c0, k, m), new float[m], 0, y, y0, b, n,
                        k, m);
            case ProductTransposed.Bound(var a, var a0, var c, var c0, var y, var y0, var b, var n, var k, var m) ->
                new Product(Operand.rowMajor(a, a0, n, k), Operand.transposed(c, c0, m, k), new float[m], 0, y, y0, b,
                        n, k, m);
            case TransposedProduct.Bound(var a, var a0, var c, var c0, var y, var y0, var b, var n, var k, var m) ->
                new Product(Operand.transposed(a, a0, k, n), Operand.rowMajor(c, c0, k, m), new float[m], 0, y, y0, b,
                        n, k, m);
            default -> null;
        };
    }

    /// Whether a side is so short that packing costs more than it saves.
    static boolean thin(int n, int k, int m) {
        return n < 8 || m < 16 || k < 16;
    }
}
