package dev.triptych.measure.feature;

import dev.triptych.random.CounterRandom;
import dev.triptych.random.Stream;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/// Few labels (Sorcen specification, U7): of each class a few training rows are drawn, a linear classifier learns from
/// them alone, and all test rows judge it. Five draws, each of which extends the smaller ones.
///
/// The strength of the weight decay is chosen among these few rows by cross-validation, for one label of a class it is
/// fixed: whoever has five labels of a class has no hundred others to tune by.
public final class FewShot {
    /// Labels of a class.
    public static final List<Integer> SHOTS = List.of(1, 5, 10, 25);
    private static final int DRAWS = 5;
    private static final int FOLDS = 5;
    /// Of one label a class.
    private static final double FIXED = 1e-2;
    private static final double[] DECAYS = {1, 1e-1, 1e-2, 1e-3, 1e-4};
    /// Most L-BFGS iterations of a learner.
    public static final int ITERATIONS = 100;
    /// On the largest entry of its gradient.
    public static final double TOLERANCE = 1e-4;
    private static final long SEED = 1;

    private final int[][] classes;

    /// Something that learns from some training rows.
    public interface Learner {
        /// What it learnt.
        interface Fit {
            /// Accuracy on some training rows, percent.
            double onTraining(int[] rows);

            /// Accuracy on all test rows, percent.
            double onTest();
        }

        /// Learns from rows with a weight decay.
        Fit fit(int[] rows, double l2);

        /// Logistic regression on features that are standardised by all training rows, for which no label is needed.
        static Learner on(Features train, Features test) {
            return (rows, l2) -> {
                var objective = new LogisticObjective(train.select(rows), train, l2);
                double[] point = minimum(objective, objective.size());
                return new Fit() {
                    @Override
                    public double onTraining(int[] others) {
                        var some = train.select(others);
                        return some.accuracy(objective.predict(some, point));
                    }

                    @Override
                    public double onTest() {
                        return test.accuracy(objective.predict(test, point));
                    }
                };
            };
        }

        private static double[] minimum(Lbfgs.Objective objective, int size) {
            return Lbfgs.minimise(objective, new double[size], ITERATIONS, TOLERANCE).point();
        }
    }

    /// What the draws gave.
    ///
    /// @param mean accuracy, percent
    /// @param deviation standard deviation over draws (n - 1)
    public record Result(double mean, double deviation) {
    }

    /// @param labels of the training rows
    public FewShot(int[] labels) {
        int count = Arrays.stream(labels).max().orElseThrow() + 1;
        classes = new int[count][];
        for (int c = 0; c < count; c++) {
            int label = c;
            int[] rows = IntStream.range(0, labels.length).filter(i -> labels[i] == label).toArray();
            classes[c] = shuffled(rows, 0, c);
        }
    }

    private static int[] shuffled(int[] rows, int draw, int label) {
        int[] order = CounterRandom.of(SEED, Stream.PROBE, draw, label).permutation(rows.length);
        return Arrays.stream(order).map(i -> rows[i]).toArray();
    }

    /// Whether every class that occurs has as many rows.
    public boolean possible(int shots) {
        return Arrays.stream(classes).allMatch(rows -> rows.length == 0 || rows.length >= shots);
    }

    /// The rows of a draw (0 first), class after class.
    int[] draw(int number, int shots) {
        return IntStream.range(0, classes.length)
                .flatMap(c -> Arrays.stream(shuffled(classes[c], 1 + number, c)).limit(shots)).toArray();
    }

    /// Measures a learner with that many labels of each class.
    public Result measure(Learner learner, int shots) {
        double[] accuracies = IntStream.range(0, DRAWS).mapToDouble(d -> {
            int[] rows = draw(d, shots);
            return learner.fit(rows, decay(learner, rows, shots)).onTest();
        }).toArray();
        double mean = Arrays.stream(accuracies).average().orElseThrow();
        double squares = Arrays.stream(accuracies).map(a -> (a - mean) * (a - mean)).sum();
        return new Result(mean, Math.sqrt(squares / (DRAWS - 1)));
    }

    /// The decay by which some of the rows tell the others best, the largest of equals.
    static double decay(Learner learner, int[] rows, int shots) {
        if (shots == 1) {
            return FIXED;
        }
        int folds = Math.min(FOLDS, shots);
        double best = FIXED;
        double most = -1;
        for (double l2 : DECAYS) {
            double sum = 0;
            for (int f = 0; f < folds; f++) {
                int fold = f;
                int[] others = of(rows, i -> i % shots % folds != fold);
                int[] held = of(rows, i -> i % shots % folds == fold);
                sum += held.length * learner.fit(others, l2).onTraining(held);
            }
            if (sum > most) {
                most = sum;
                best = l2;
            }
        }
        return best;
    }

    private static int[] of(int[] rows, IntPredicate chosen) {
        return IntStream.range(0, rows.length).filter(chosen).map(i -> rows[i]).toArray();
    }

    /// The protocol in words, for a report.
    public static String protocol() {
        return "logistic regression on that many training rows of each class, mean over " + DRAWS + " draws; features "
                + "standardised by all training rows, one-hot codes as they are; weight decay of " + DECAYS.length
                + " chosen among these rows by cross-validation, " + FIXED + " for one of each class";
    }
}
