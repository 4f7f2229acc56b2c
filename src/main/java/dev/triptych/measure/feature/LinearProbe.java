package dev.triptych.measure.feature;

import dev.triptych.method.EvaluationProgress;
import java.util.Locale;
import java.util.function.LongConsumer;

/// Linear probe: multinomial logistic regression on frozen features.
///
/// **Protocol.** Every column is standardised with the mean and deviation of the training rows (a constant column is
/// left out). The weights W (width x classes) and biases b minimise
///
/// mean over training rows of −log softmax(x W + b)\[label\] + (l2 / 2) |W|²
///
/// from zero, by full-batch L-BFGS in float64 (history 10, weak Wolfe line search), until the largest gradient entry is
/// below `tolerance` or `iterations` are done. No augmentation, no held-out tuning. With l2 > 0 the objective is
/// strictly convex in W, so the answer depends on l2 alone: not on a learning rate, a batch order or a seed. This
/// differs from STELLAR's own probe (LayerNorm + Linear, AdamW, 30 epochs with random crops; spec section 7.1), whose
/// result depends on all of these.
///
/// The result is bitwise the same for any number of threads and any vector width.
///
/// @param l2 weight decay, at least 0
/// @param iterations most L-BFGS iterations
/// @param tolerance on the largest entry of the gradient
public record LinearProbe(double l2, int iterations, double tolerance) {

    /// Checks the settings.
    public LinearProbe {
        if (!(l2 >= 0) || iterations < 1 || !(tolerance >= 0)) {
            throw new IllegalArgumentException("linear probe with l2 = " + l2 + ", iterations = " + iterations
                    + ", tolerance = " + tolerance + ": expected at least 0, 1 and 0");
        }
    }

    /// The protocol of the tables of `docs/results.md`: l2 = 1e-4, at most 200 iterations, tolerance 1e-5.
    public static LinearProbe standard() {
        return new LinearProbe(1e-4, 200, 1e-5);
    }

    /// What a probe found.
    ///
    /// @param accuracy top-1 on the evaluated rows, percent; a row of a class that training never saw counts as wrong
    /// @param trainAccuracy top-1 on the training rows, percent
    /// @param loss the objective at the end, in nats
    /// @param iterations L-BFGS iterations done
    /// @param converged whether the tolerance was reached
    /// @param protocol the protocol in words
    public record Result(double accuracy, double trainAccuracy, double loss, int iterations, boolean converged,
            String protocol) {
    }

    /// The protocol in words, for a report.
    public String protocol() {
        return String.format(Locale.ROOT,
                "multinomial logistic regression on standardised features, l2 %.0e, full-batch L-BFGS in float64, "
                        + "at most %d iterations, gradient below %.0e",
                l2, iterations, tolerance);
    }

    /// Fits on `train` and measures on `test`.
    ///
    /// @throws IllegalArgumentException when widths differ or a training feature is not finite
    public Result fit(Features train, Features test) {
        return fit(train, test, EvaluationProgress.NONE::did);
    }

    /// The same.
    ///
    /// @param did told how many more of the iterations are done, all of them in the end
    public Result fit(Features train, Features test, LongConsumer did) {
        train.requireSameWidth(test);
        var objective = new LogisticObjective(train, l2);
        var minimum = Lbfgs.minimise(objective, new double[objective.size()], iterations, tolerance, did);
        return new Result(test.accuracy(objective.predict(test, minimum.point())),
                train.accuracy(objective.predict(train, minimum.point())), minimum.value(), minimum.iterations(),
                minimum.converged(), protocol());
    }

    /// Fits on `train` and gives the classifier itself.
    ///
    /// @throws IllegalArgumentException when a training feature is not finite
    public LinearReadout readout(Features train) {
        return readout(train, EvaluationProgress.NONE::did);
    }

    /// The same.
    ///
    /// @param did told how many more of the iterations are done, all of them in the end
    public LinearReadout readout(Features train, LongConsumer did) {
        var objective = new LogisticObjective(train, l2);
        var minimum = Lbfgs.minimise(objective, new double[objective.size()], iterations, tolerance, did);
        return new LinearReadout(train.width(), train.classes(), objective.readout(minimum.point()));
    }
}
