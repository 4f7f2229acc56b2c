package dev.triptych.program;

import dev.triptych.kernel.Koleo;
import dev.triptych.kernel.Loss;
import dev.triptych.kernel.Softmax;

/// Losses. Each gives one number per row; the mean over rows is an operation of its own.
public interface LossOperations extends Recording {
    /// loss[r] = - sum_c q[target[r], c] log softmax(scale x_r)_c. x (n, d), q (any, d) without gradient, target (n).
    default Tensor softCrossEntropy(Tensor x, Tensor q, Tensor target, float scale) {
        int n = x.rows();
        int d = x.columns();
        if (q.differentiable()) {
            throw new IllegalArgumentException("softCrossEntropy: stop the gradient of the targets by name first");
        }
        Recording.expect("softCrossEntropy", target, n);
        Recording.expect("softCrossEntropy", q, q.rows(), d);
        Tensor loss = result("softCrossEntropy", new Tensor[]{x}, n);
        return operation("softCrossEntropy", loss, x, q)
                .launch(12 * x.size(), Kernels.SOFT_CE, x, q, target, loss, n, d, scale)
                .adjoint((dy, to) -> to.gradient(x, dx -> to.launch(20 * dx.size(), Kernels.SOFT_CE_GRADIENT, x, q,
                        target, dy, dx, n, d, scale)));
    }

    /// loss[r] = cross-entropy of row r with an integer label and label smoothing; rows labelled `ignore` have 0.
    default Tensor crossEntropy(Tensor x, Tensor label, float smoothing, int ignore) {
        int n = x.rows();
        int d = x.columns();
        Recording.expect("crossEntropy", label, n);
        Tensor loss = result("crossEntropy", new Tensor[]{x}, n);
        return operation("crossEntropy", loss, x)
                .launch(12 * x.size(), Kernels.CE, x, label, loss, n, d, smoothing, ignore)
                .adjoint((dy, to) -> to.gradient(x, dx -> to.launch(20 * dx.size(), Kernels.CE_GRADIENT, x, label, dy,
                        dx, n, d, smoothing, ignore)));
    }

    /// loss[r] = |a_r - b_r|^2; b without gradient.
    default Tensor squaredError(Tensor a, Tensor b) {
        int n = a.rows();
        int d = a.columns();
        Recording.expect("squaredError", b, a.shape());
        if (b.differentiable()) {
            throw new IllegalArgumentException("squaredError: stop the gradient of the target by name first");
        }
        Tensor loss = result("squaredError", new Tensor[]{a}, n);
        return operation("squaredError", loss, a, b).launch(3 * a.size(), Kernels.SQUARED, a, b, loss, n, d)
                .adjoint((dy, to) -> to.gradient(a,
                        da -> to.launch(3 * da.size(), Kernels.SQUARED_GRADIENT, a, b, dy, da, n, d)));
    }

    /// y[r] = a_r . b_r with the gradient of both.
    default Tensor rowDots(Tensor a, Tensor b) {
        int n = a.rows();
        int d = a.columns();
        Recording.expect("rowDots", b, a.shape());
        Tensor y = result("rowDots", new Tensor[]{a, b}, n);
        return operation("rowDots", y, a, b).launch(2 * a.size(), Kernels.ROW_DOTS, a, b, y, n, d)
                .adjoint((dy, to) -> {
                    to.gradient(a, da -> to.launch(a.size(), Kernels.ROW_DOTS_GRADIENT, dy, b, da, n, d));
                    to.gradient(b, db -> to.launch(a.size(), Kernels.ROW_DOTS_GRADIENT, dy, a, db, n, d));
                });
    }

    /// Row of the nearest other token of the same set, by dot product; no gradient. u (sets, tokens, d).
    default Tensor koleoNearest(Tensor u) {
        int sets = u.side(0);
        int tokens = u.side(1);
        Tensor nearest = integerActivation("koleo.nearest", sets * tokens);
        return operation("koleoNearest", nearest, u)
                .launch(2L * u.size() * tokens, Kernels.KOLEO_NEAREST, u, nearest, sets, tokens, u.side(2))
                .withoutAdjoint();
    }

    /// loss[i] = -log(|u_i - u_nearest + 1e-8| / 2 + 1e-8). u (sets, tokens, d) unit rows: (sets tokens).
    default Tensor koleo(Tensor u, Tensor nearest) {
        int sets = u.side(0);
        int tokens = u.side(1);
        int d = u.side(2);
        int n = sets * tokens;
        Recording.expect("koleo", nearest, n);
        Tensor loss = result("koleo", new Tensor[]{u}, n);
        return operation("koleo", loss, u).launch(3 * u.size(), Kernels.KOLEO, u, nearest, loss, n, d)
                .adjoint((dy, to) -> to.gradient(u, du -> {
                    Tensor factor = to.temporary(".factor", n);
                    to.launch(3 * u.size(), Kernels.KOLEO_FACTOR, u, nearest, dy, factor, n, d);
                    to.launch(3L * u.size() * tokens, Kernels.KOLEO_GRADIENT, u, nearest, factor, du, sets, tokens, d);
                }));
    }

    /// Dice loss per class, 1 - (2 sum p y + smooth) / (sum p + sum y + smooth) over all rows not labelled `ignore`.
    /// p (n, classes) probabilities, label (n): (classes).
    default Tensor dice(Tensor p, Tensor label, float smooth, int ignore) {
        int n = p.rows();
        int classes = p.columns();
        Recording.expect("dice", label, n);
        Tensor overlap = activation("dice.overlap", false, classes, 3);
        Tensor loss = result("dice", new Tensor[]{p}, classes);
        return operation("dice", loss, p)
                .launch(3 * p.size(), Kernels.DICE_OVERLAP, p, label, overlap, n, classes, ignore)
                .launch(4L * classes, Kernels.DICE_LOSS, overlap, loss, classes, smooth)
                .adjoint(
                        (dy, to) -> to.gradient(p, dp -> to.launch(5 * dp.size(), Kernels.DICE_GRADIENT, overlap, label,
                                dy, dp, n, classes, smooth, ignore)));
    }

    /// Kernels of this family.
    final class Kernels {
        static final Kernel SOFT_CE = Kernel.of(Softmax.class, "softCrossEntropy");
        static final Kernel SOFT_CE_GRADIENT = Kernel.of(Softmax.class, "softCrossEntropyGradient");
        static final Kernel CE = Kernel.of(Softmax.class, "crossEntropy");
        static final Kernel CE_GRADIENT = Kernel.of(Softmax.class, "crossEntropyGradient");
        static final Kernel SQUARED = Kernel.of(Loss.class, "squaredErrorRows");
        static final Kernel SQUARED_GRADIENT = Kernel.of(Loss.class, "squaredErrorGradient");
        static final Kernel ROW_DOTS = Kernel.of(Loss.class, "rowDots");
        static final Kernel ROW_DOTS_GRADIENT = Kernel.of(Loss.class, "rowDotsGradient");
        static final Kernel KOLEO_NEAREST = Kernel.of(Koleo.class, "koleoNearest");
        static final Kernel KOLEO = Kernel.of(Koleo.class, "koleoLoss");
        static final Kernel KOLEO_FACTOR = Kernel.of(Koleo.class, "koleoFactor");
        static final Kernel KOLEO_GRADIENT = Kernel.of(Koleo.class, "koleoGradient");
        static final Kernel DICE_OVERLAP = Kernel.of(Loss.class, "diceOverlap");
        static final Kernel DICE_LOSS = Kernel.of(Loss.class, "diceLoss");
        static final Kernel DICE_GRADIENT = Kernel.of(Loss.class, "diceGradient");

        private Kernels() {
        }
    }
}
