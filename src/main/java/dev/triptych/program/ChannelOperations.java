package dev.triptych.program;

import dev.triptych.program.call.ChannelCalls.Binarize;
import dev.triptych.program.call.ChannelCalls.BitCrossEntropy;
import dev.triptych.program.call.ChannelCalls.BitCrossEntropyGradient;
import dev.triptych.program.call.ChannelCalls.BitCrossEntropyRows;
import dev.triptych.program.call.ChannelCalls.BitCrossEntropyRowsGradient;
import dev.triptych.program.call.ChannelCalls.BitProbabilities;
import dev.triptych.program.call.ChannelCalls.CentreColumns;
import dev.triptych.program.call.ChannelCalls.SignCosine;
import dev.triptych.program.call.ChannelCalls.SignCosineGradient;
import dev.triptych.program.call.CholeskyCalls.Cholesky;
import dev.triptych.program.call.CholeskyCalls.CholeskyInverse;
import dev.triptych.program.call.CholeskyCalls.CholeskyLogDiagonal;
import dev.triptych.program.call.CholeskyCalls.IdentityPlus;
import dev.triptych.program.call.ElementwiseCalls.MaskGroups;
import dev.triptych.program.call.LinearCalls.Product;
import dev.triptych.program.call.LinearCalls.ProductTransposed;
import dev.triptych.program.call.LinearCalls.TransposedProduct;
/// The binary channel of BITS: messages, their agreement with logits, and the coding rate.
public interface ChannelOperations extends Recording {
    /// z = 1[t > 0]; no gradient.
    default Tensor binarize(Tensor t) {
        expectFixed("binarize", t);
        Tensor z = activation("bits", false, t.shape());
        return operation("binarize", z, t).launch(t.size(), new Binarize(t, z, t.count())).withoutAdjoint();
    }

    /// z = sigma(scale t), the probability of a bit; no gradient.
    default Tensor bitProbabilities(Tensor t, float scale) {
        expectFixed("bitProbabilities", t);
        Tensor z = activation("bits", false, t.shape());
        return operation("bitProbabilities", z, t)
                .launch(12 * t.size(), new BitProbabilities(t, z, t.count(), scale)).withoutAdjoint();
    }

    /// Binary cross-entropy of the logits of every view with the bits of every other teacher's view, summed over those
    /// and over the bits: one number for each view and image. s (views, n, d), z (teachers, n, d) without gradient, the
    /// teachers' views being the first ones of s: (views n).
    default Tensor bitCrossEntropy(Tensor s, Tensor z) {
        expectPairs("bitCrossEntropy", s, z);
        int views = s.side(0);
        int teachers = z.side(0);
        int n = s.side(1);
        int d = s.side(2);
        Tensor loss = result("bitCrossEntropy", new Tensor[]{s}, views * n);
        return operation("bitCrossEntropy", loss, s, z)
                .launch(30 * s.size(), new BitCrossEntropy(s, z, loss, views, teachers, n, d))
                .adjoint((dy, to) -> to.gradient(s, ds -> to.launch(20 * s.size(), new BitCrossEntropyGradient(s, z, dy,
                        ds, views, teachers, n, d))));
    }

    /// Binary cross-entropy of every row of logits with the bits of the row that it is given, summed over the bits.
    /// s (n, d), z (any, d) without gradient, rows (n) of z: (n).
    default Tensor bitCrossEntropy(Tensor s, Tensor z, Tensor rows) {
        int n = s.rows();
        int d = s.columns();
        expectFixed("bitCrossEntropy", z);
        Recording.expect("bitCrossEntropy", rows, n);
        if (z.columns() != d) {
            throw new IllegalArgumentException("bitCrossEntropy: " + z + " given where messages of " + d
                    + " bits are needed, as " + s + " has");
        }
        Tensor loss = result("bitCrossEntropy", new Tensor[]{s}, n);
        return operation("bitCrossEntropy", loss, s, z)
                .launch(25 * s.size(), new BitCrossEntropyRows(s, z, rows, loss, n, d))
                .adjoint((dy, to) -> to.gradient(s, ds -> to.launch(15 * s.size(), new BitCrossEntropyRowsGradient(s, z,
                        rows, dy, ds, n, d))));
    }

    /// 1 - cos(u, 2 z - 1) of every view with every other teacher's view, summed over those: one number for each view
    /// and image. u (views, n, d) rows of length 1, z as in `bitCrossEntropy`: (views n).
    default Tensor signCosine(Tensor u, Tensor z) {
        expectPairs("signCosine", u, z);
        int views = u.side(0);
        int teachers = z.side(0);
        int n = u.side(1);
        int d = u.side(2);
        Tensor loss = result("signCosine", new Tensor[]{u}, views * n);
        long flops = 6 * u.size() * teachers;
        return operation("signCosine", loss, u, z).launch(flops, new SignCosine(u, z, loss, views, teachers, n, d))
                .adjoint((dy, to) -> to.gradient(u,
                        du -> to.launch(flops, new SignCosineGradient(z, dy, du, views, teachers, n, d))));
    }

    /// y = x - column mean, in each matrix of x (b, n, d).
    default Tensor centreColumns(Tensor x) {
        int b = x.side(0);
        int n = x.side(1);
        int d = x.side(2);
        Tensor y = result("centreColumns", new Tensor[]{x}, x.shape());
        return operation("centreColumns", y, x).launch(2 * x.size(), new CentreColumns(x, y, b, n, d))
                .adjoint((dy, to) -> to.gradient(x, dx -> to.launch(2 * x.size(), new CentreColumns(dy, dx, b, n, d))));
    }

    /// R(U) = log det(I + alpha U^T U) / 2 = log det(I + alpha U U^T) / 2 of each matrix of u (b, n, d): (b).
    ///
    /// By Cholesky, R = sum_k log L_kk, of the smaller of the two matrices: G = I + alpha U U^T for n <= d, else
    /// M = I + alpha U^T U. The adjoint is dR/dU = alpha G^-1 U = alpha U M^-1.
    default Tensor codingRate(Tensor u, float alpha) {
        if (u.rank() != 3) {
            throw new IllegalArgumentException("codingRate: " + u + " is no batch of matrices (b, n, d)");
        }
        int b = u.side(0);
        int n = u.side(1);
        int d = u.side(2);
        boolean wide = n <= d;
        int side = Math.min(n, d);
        long product = 2L * b * n * d * side;
        long cube = (long) b * side * side * side;
        Tensor gram = activation("rate.gram", false, b, side, side);
        Tensor matrix = activation("rate.matrix", false, b, side, side);
        Tensor factor = activation("rate.factor", false, b, side, side);
        Tensor rate = result("codingRate", new Tensor[]{u}, b);
        Operation operation = operation("codingRate", rate, u);
        if (wide) {
            operation.launch(product, new ProductTransposed(u, u, gram, b, n, d, n));
        } else {
            operation.launch(product, new TransposedProduct(u, u, gram, b, d, n, d));
        }
        return operation.launch(2 * gram.size(), new IdentityPlus(gram, matrix, b, side, alpha))
                .launch(cube / 3, new Cholesky(matrix, factor, b, side))
                .launch(20L * b * side, new CholeskyLogDiagonal(factor, rate, b, side))
                .adjoint((dy, to) -> to.gradient(u, du -> {
                    Tensor inverse = to.temporary(".inverse", b, side, side);
                    Tensor solved = to.temporary(".solved", b, n, d);
                    to.launch(4 * cube / 3, new CholeskyInverse(factor, inverse, b, side));
                    if (wide) {
                        to.launch(product, new Product(inverse, u, solved, b, n, n, d));
                    } else {
                        to.launch(product, new Product(u, inverse, solved, b, n, d, d));
                    }
                    to.launch(2 * u.size(), new MaskGroups(solved, dy, du, b, n * d,
                            alpha));
                }));
    }

    private static void expectPairs(String operation, Tensor s, Tensor z) {
        if (s.rank() != 3 || z.rank() != 3 || z.side(0) > s.side(0)) {
            throw new IllegalArgumentException(operation + ": " + s + " and " + z
                    + " are not the logits of all views and the bits of the first (views, n, d)");
        }
        Recording.expect(operation, z, z.side(0), s.side(1), s.side(2));
        expectFixed(operation, z);
    }

    private static void expectFixed(String operation, Tensor z) {
        if (z.differentiable()) {
            throw new IllegalArgumentException(operation + ": stop the gradient of the targets by name first");
        }
    }
}
