package dev.triptych.program;

import static dev.triptych.program.Recording.chunks;
import static dev.triptych.program.Recording.expect;

import dev.triptych.program.call.LinearCalls.Linear;
import dev.triptych.program.call.LinearCalls.Product;
import dev.triptych.program.call.LinearCalls.ProductTransposed;
import dev.triptych.program.call.LinearCalls.TransposedProduct;
import dev.triptych.program.call.ReduceCalls.ColumnPartialSums;
import dev.triptych.program.call.ReduceCalls.CombineColumns;

/// Matrix products and their adjoints.
public interface LinearOperations extends Recording {
    /// y = x W^T + b. x (..., in), w (out, in), b (out): y (..., out).
    default Tensor linear(Tensor x, Tensor w, Tensor b) {
        int n = x.rows();
        int in = x.columns();
        int out = w.side(0);
        expect("linear", w, out, in);
        expect("linear", b, out);
        int[] shape = x.shape();
        shape[shape.length - 1] = out;
        Tensor y = result("linear", new Tensor[]{x, w, b}, shape);
        long flops = 2L * n * in * out;
        return operation("linear", y, x, w, b).launch(flops, new Linear(x, w, b, y, n, in, out))
                .adjoint((dy, to) -> {
                    to.gradient(w, dw -> to.launch(flops, new TransposedProduct(dy, x, dw, 1, out, n, in)));
                    to.gradient(b, db -> columnSums(to, dy, db, n, out));
                    // last, so that the adjoint of what made x follows at once: devices may carry out both together
                    to.gradient(x, dx -> to.launch(flops, new Product(dy, w, dx, 1, n, out, in)));
                });
    }

    /// Y = A C for each of b pairs. a (b, n, k), c (b, k, m): (b, n, m). Two axes stand for b = 1.
    default Tensor product(Tensor a, Tensor c) {
        int b = batch("product", a, c);
        int n = a.side(-2);
        int k = a.side(-1);
        int m = c.side(-1);
        expectSide("product", c, -2, k);
        Tensor y = result("product", new Tensor[]{a, c}, shape(a, n, m));
        long flops = 2L * b * n * k * m;
        return operation("product", y, a, c).launch(flops, new Product(a, c, y, b, n, k, m)).adjoint((dy, to) -> {
            to.gradient(a, da -> to.launch(flops, new ProductTransposed(dy, c, da, b, n, m, k)));
            to.gradient(c, dc -> to.launch(flops, new TransposedProduct(a, dy, dc, b, k, n, m)));
        });
    }

    /// Y = A C^T for each of b pairs. a (b, n, k), c (b, m, k): (b, n, m). Two axes stand for b = 1.
    default Tensor productTransposed(Tensor a, Tensor c) {
        int b = batch("productTransposed", a, c);
        int n = a.side(-2);
        int k = a.side(-1);
        int m = c.side(-2);
        expectSide("productTransposed", c, -1, k);
        Tensor y = result("productTransposed", new Tensor[]{a, c}, shape(a, n, m));
        long flops = 2L * b * n * k * m;
        return operation("productTransposed", y, a, c)
                .launch(flops, new ProductTransposed(a, c, y, b, n, k, m)).adjoint((dy, to) -> {
                    to.gradient(a, da -> to.launch(flops, new Product(dy, c, da, b, n, m, k)));
                    to.gradient(c, dc -> to.launch(flops, new TransposedProduct(dy, a, dc, b, m, n, k)));
                });
    }

    private static int batch(String operation, Tensor a, Tensor c) {
        if (a.rank() != c.rank() || a.rank() < 2 || a.rank() > 3 || a.rank() == 3 && a.side(0) != c.side(0)) {
            throw new IllegalArgumentException(
                    operation + ": " + a + " and " + c + " are not batches of matrices alike");
        }
        return a.rank() == 3 ? a.side(0) : 1;
    }

    private static int[] shape(Tensor a, int n, int m) {
        return a.rank() == 3 ? new int[]{a.side(0), n, m} : new int[]{n, m};
    }

    private static void expectSide(String operation, Tensor t, int axis, int side) {
        if (t.side(axis) != side) {
            throw new IllegalArgumentException(operation + ": axis " + axis + " of " + t + " must be " + side);
        }
    }

    /// Appends db = column sums of dy (n x d), by chunks of rows.
    static void columnSums(Gradients.Flow to, Tensor dy, Tensor db, int n, int d) {
        int chunks = chunks(n);
        Tensor part = to.temporary(".part", chunks, d);
        to.launch((long) n * d, new ColumnPartialSums(dy, part, n, d, chunks));
        to.launch((long) chunks * d, new CombineColumns(part, db, chunks, d));
    }
}
