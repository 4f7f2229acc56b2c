package dev.triptych.program;

import dev.triptych.program.call.KoleoCalls.KoleoFactor;
import dev.triptych.program.call.KoleoCalls.KoleoGradient;
import dev.triptych.program.call.KoleoCalls.KoleoLoss;
import dev.triptych.program.call.KoleoCalls.KoleoNearest;
import dev.triptych.program.call.LossCalls.DiceGradient;
import dev.triptych.program.call.LossCalls.DiceLoss;
import dev.triptych.program.call.LossCalls.DiceOverlap;
import dev.triptych.program.call.LossCalls.RowDots;
import dev.triptych.program.call.LossCalls.RowDotsGradient;
import dev.triptych.program.call.LossCalls.SquaredErrorGradient;
import dev.triptych.program.call.LossCalls.SquaredErrorRows;
import dev.triptych.program.call.SoftmaxCalls.CrossEntropy;
import dev.triptych.program.call.SoftmaxCalls.CrossEntropyGradient;
import dev.triptych.program.call.SoftmaxCalls.SoftCrossEntropy;
import dev.triptych.program.call.SoftmaxCalls.SoftCrossEntropyGradient;
/// Losses. Each gives one number per row; the mean over rows is an operation of its own.
public interface LossOperations extends Recording {
    /// `loss[r] = - sum_c q[target[r], c] log softmax(scale x_r)_c`. x (n, d), q (any, d) without gradient, target (n).
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
                .launch(12 * x.size(), new SoftCrossEntropy(x, q, target, loss, n, d, scale))
                .adjoint((dy, to) -> to.gradient(x, dx -> to.launch(20 * dx.size(), new SoftCrossEntropyGradient(x, q,
                        target, dy, dx, n, d, scale))));
    }

    /// `loss[r]` = cross-entropy of row r with an integer label and label smoothing; rows labelled `ignore` have 0.
    default Tensor crossEntropy(Tensor x, Tensor label, float smoothing, int ignore) {
        int n = x.rows();
        int d = x.columns();
        Recording.expect("crossEntropy", label, n);
        Tensor loss = result("crossEntropy", new Tensor[]{x}, n);
        return operation("crossEntropy", loss, x)
                .launch(12 * x.size(), new CrossEntropy(x, label, loss, n, d, smoothing, ignore))
                .adjoint((dy, to) -> to.gradient(x,
                        dx -> to.launch(20 * dx.size(), new CrossEntropyGradient(x, label, dy,
                                dx, n, d, smoothing, ignore))));
    }

    /// `loss[r] = |a_r - b_r|^2`; b without gradient.
    default Tensor squaredError(Tensor a, Tensor b) {
        int n = a.rows();
        int d = a.columns();
        Recording.expect("squaredError", b, a.shape());
        if (b.differentiable()) {
            throw new IllegalArgumentException("squaredError: stop the gradient of the target by name first");
        }
        Tensor loss = result("squaredError", new Tensor[]{a}, n);
        return operation("squaredError", loss, a, b).launch(3 * a.size(), new SquaredErrorRows(a, b, loss, n, d))
                .adjoint((dy, to) -> to.gradient(a,
                        da -> to.launch(3 * da.size(), new SquaredErrorGradient(a, b, dy, da, n, d))));
    }

    /// `y[r] = a_r . b_r` with the gradient of both.
    default Tensor rowDots(Tensor a, Tensor b) {
        int n = a.rows();
        int d = a.columns();
        Recording.expect("rowDots", b, a.shape());
        Tensor y = result("rowDots", new Tensor[]{a, b}, n);
        return operation("rowDots", y, a, b).launch(2 * a.size(), new RowDots(a, b, y, n, d))
                .adjoint((dy, to) -> {
                    to.gradient(a, da -> to.launch(a.size(), new RowDotsGradient(dy, b, da, n, d)));
                    to.gradient(b, db -> to.launch(a.size(), new RowDotsGradient(dy, a, db, n, d)));
                });
    }

    /// Row of the nearest other token of the same set, by dot product; no gradient. u (sets, tokens, d).
    default Tensor koleoNearest(Tensor u) {
        int sets = u.side(0);
        int tokens = u.side(1);
        Tensor nearest = integerActivation("koleo.nearest", sets * tokens);
        return operation("koleoNearest", nearest, u)
                .launch(2L * u.size() * tokens, new KoleoNearest(u, nearest, sets, tokens, u.side(2)))
                .withoutAdjoint();
    }

    /// `loss[i] = -log(|u_i - u_nearest + 1e-8| / 2 + 1e-8)`. u (sets, tokens, d) unit rows: (sets tokens).
    default Tensor koleo(Tensor u, Tensor nearest) {
        int sets = u.side(0);
        int tokens = u.side(1);
        int d = u.side(2);
        int n = sets * tokens;
        Recording.expect("koleo", nearest, n);
        Tensor loss = result("koleo", new Tensor[]{u}, n);
        return operation("koleo", loss, u).launch(3 * u.size(), new KoleoLoss(u, nearest, loss, n, d))
                .adjoint((dy, to) -> to.gradient(u, du -> {
                    Tensor factor = to.temporary(".factor", n);
                    to.launch(3 * u.size(), new KoleoFactor(u, nearest, dy, factor, n, d));
                    to.launch(3L * u.size() * tokens, new KoleoGradient(u, nearest, factor, du, sets, tokens, d));
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
                .launch(3 * p.size(), new DiceOverlap(p, label, overlap, n, classes, ignore))
                .launch(4L * classes, new DiceLoss(overlap, loss, classes, smooth))
                .adjoint(
                        (dy, to) -> to.gradient(p, dp -> to.launch(5 * dp.size(), new DiceGradient(overlap, label,
                                dy, dp, n, classes, smooth, ignore))));
    }
}
