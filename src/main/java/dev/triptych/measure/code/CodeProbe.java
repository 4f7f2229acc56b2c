package dev.triptych.measure.code;

import dev.triptych.measure.feature.FewShot;
import dev.triptych.measure.feature.Lbfgs;
import dev.triptych.measure.feature.LinearProbe;
import dev.triptych.method.EvaluationProgress;
import java.util.Locale;
import java.util.function.LongConsumer;

/// What a linear classifier finds in the codes themselves: multinomial logistic regression on one-hot(cell, code), the
/// baseline that an encoder of codes has to beat (Sorcen section 9.2). Full-batch L-BFGS in float64 from zero, as
/// [LinearProbe]; but a column is 0 or 1 and stays so, because dividing a rare code by its small deviation would make
/// it the loudest.
///
/// @param l2 weight decay
/// @param iterations most L-BFGS iterations
/// @param tolerance on the largest entry of the gradient
public record CodeProbe(double l2, int iterations, double tolerance) {
    /// The protocol of the tables of `docs/results.md`.
    public static CodeProbe standard() {
        return new CodeProbe(1e-3, 200, 1e-5);
    }

    /// Percentage of the test grids whose class is predicted.
    ///
    /// @throws IllegalArgumentException where the grids are not of one size and codebook
    public double accuracy(CodeGrids train, CodeGrids test) {
        return accuracy(train, test, EvaluationProgress.NONE::did);
    }

    /// The same.
    ///
    /// @param did told how many more of the iterations are done, all of them in the end
    public double accuracy(CodeGrids train, CodeGrids test, LongConsumer did) {
        return test.accuracy(fit(train, test, did).apply(test));
    }

    /// Predicts classes of grids.
    interface Fit {
        int[] apply(CodeGrids grids);
    }

    Fit fit(CodeGrids train, CodeGrids test, LongConsumer did) {
        if (train.grid() != test.grid() || train.codes() != test.codes()) {
            throw new IllegalArgumentException("grids of " + test.grid() + " x " + test.grid() + " of " + test.codes()
                    + " codes are judged by what was learnt from " + train.grid() + " x " + train.grid() + " of "
                    + train.codes() + "; expected the same");
        }
        var objective = new CodeLogistic(train, l2);
        double[] point = Lbfgs.minimise(objective, new double[objective.size()], iterations, tolerance, did).point();
        return grids -> objective.predict(grids, point);
    }

    /// The protocol in words, for a report.
    public String protocol() {
        return String.format(Locale.ROOT, "one-hot(cell, code): multinomial logistic regression, l2 %.0e", l2);
    }

    /// Few labels on one-hot(cell, code).
    public static FewShot.Learner fewShot(CodeGrids train, CodeGrids test) {
        return (rows, l2) -> {
            var fit = new CodeProbe(l2, FewShot.ITERATIONS, FewShot.TOLERANCE).fit(train.select(rows), test,
                    EvaluationProgress.NONE::did);
            return new FewShot.Learner.Fit() {
                @Override
                public double onTraining(int[] others) {
                    var some = train.select(others);
                    return some.accuracy(fit.apply(some));
                }

                @Override
                public double onTest() {
                    return test.accuracy(fit.apply(test));
                }
            };
        };
    }
}
