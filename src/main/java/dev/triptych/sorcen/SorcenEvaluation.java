package dev.triptych.sorcen;

import dev.triptych.measure.code.CodeGrids;
import dev.triptych.measure.code.CodeProbe;
import dev.triptych.measure.feature.FeatureSpace;
import dev.triptych.measure.feature.Features;
import dev.triptych.measure.feature.FewShot;
import dev.triptych.measure.feature.Geometry;
import dev.triptych.measure.feature.Knn;
import dev.triptych.measure.feature.LinearProbe;
import dev.triptych.measure.retrieval.RetrievalExamples;
import dev.triptych.method.EvaluationProgress;
import dev.triptych.method.EvaluationReport;
import dev.triptych.method.EvaluationReport.Figure;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/// What Sorcen's encoder knows of classes (specification section 9.6): kNN, linear probe and few labels on the features
/// of stored codes, beside the untrained encoder and beside what a linear classifier finds in the codes themselves.
public final class SorcenEvaluation {
    private static final String UNTRAINED = "untrained encoder";
    private static final String ONE_HOT = "one-hot codes";
    private static final String HISTOGRAM = "code histogram";
    /// How many times as well as by saying the commonest code masked codes have to be predicted.
    public static final double CRITERION = 3;

    private final CodeEncoder trained;
    private final CodeEncoder untrained;
    private final EvaluationProgress progress;

    /// @param progress told how far it is, of the stages that it was told of ([#stages])
    public SorcenEvaluation(CodeEncoder trained, CodeEncoder untrained, EvaluationProgress progress) {
        this.trained = trained;
        this.untrained = untrained;
        this.progress = progress;
    }

    /// Features of both sets.
    private record Run(Features train, Features test) {
    }

    /// Stages of [#figures].
    public static int stages(boolean labelled, boolean fewShot) {
        return labelled ? fewShot ? 5 : 4 : 3;
    }

    private Run encode(String name, CodeEncoder encoder, CodeGrids train, CodeGrids test) {
        progress.begin(name + ", images", train.count() + test.count());
        return new Run(encoder.encode(train, progress::did), encoder.encode(test, progress::did));
    }

    /// What was found.
    ///
    /// @param figures in the order of the report
    /// @param retrieval test images and the training images nearest to them
    /// @param space the features by which they are found
    public record Found(List<Figure> figures, RetrievalExamples retrieval, FeatureSpace space) {
    }

    /// kNN and linear probe; without labels, effective dimensions of the features.
    ///
    /// @param prefix of the figures' names
    /// @param labelled whether labels tell anything
    /// @param fewShot whether a few labels of each class are tried too
    public Found figures(String prefix, CodeGrids train, CodeGrids test, boolean labelled, boolean fewShot) {
        Run run = encode(prefix + "trained encoder", trained, train, test);
        Run start = encode(prefix + "untrained encoder", untrained, train, test);
        var figures = new ArrayList<Figure>();
        if (labelled) {
            labels(prefix, run, start, train, test, fewShot, figures);
        } else {
            progress.begin(prefix + "geometry, encoders", 1);
            figures.addAll(Geometry.figures(prefix + "features", run.test(), start.test()));
            progress.did(1);
        }
        return new Found(figures, RetrievalExamples.cosine("features", run.train(), run.test(),
                RetrievalExamples.shown(test.count())),
                new FeatureSpace("features", run.train(), run.test(), Knn.standard()));
    }

    private void labels(String prefix, Run run, Run start, CodeGrids train, CodeGrids test, boolean fewShot,
            List<Figure> figures) {
        Run histogram = new Run(train.histogram(), test.histogram());
        progress.begin(prefix + "kNN, queries", 3L * test.count());
        Knn knn = Knn.standard();
        ToDoubleFunction<Run> near = r -> knn.accuracy(r.train(), r.test(), progress::did);
        figures.add(new Figure(prefix + "kNN", near.applyAsDouble(run), "%", knn.protocol(), EvaluationReport
                .beside(UNTRAINED, near.applyAsDouble(start), HISTOGRAM, near.applyAsDouble(histogram))));
        LinearProbe probe = LinearProbe.standard();
        CodeProbe codes = CodeProbe.standard();
        progress.begin(prefix + "linear probe, iterations", 3L * probe.iterations() + codes.iterations());
        ToDoubleFunction<Run> linear = r -> probe.fit(r.train(), r.test(), progress::did).accuracy();
        figures.add(new Figure(prefix + "linear probe", linear.applyAsDouble(run), "%",
                probe.protocol() + "; " + codes.protocol(),
                baselines(linear.applyAsDouble(start), codes.accuracy(train, test, progress::did),
                        linear.applyAsDouble(histogram))));
        if (fewShot) {
            fewShot(run, start, histogram, train, test, figures);
        }
    }

    private void fewShot(Run run, Run start, Run histogram, CodeGrids train, CodeGrids test, List<Figure> figures) {
        var few = new FewShot(train.labels());
        progress.begin("few labels, classifiers", 4L * FewShot.SHOTS.size());
        for (int shots : FewShot.SHOTS) {
            if (!few.possible(shots)) {
                progress.remark(shots + " labels of each class: left out, there are too few training images");
                progress.did(4);
                continue;
            }
            Function<FewShot.Learner, FewShot.Result> measure = learner -> {
                var result = few.measure(learner, shots);
                progress.did(1);
                return result;
            };
            var own = measure.apply(FewShot.Learner.on(run.train(), run.test()));
            var before = measure.apply(FewShot.Learner.on(start.train(), start.test()));
            var oneHot = measure.apply(CodeProbe.fewShot(train, test));
            var counts = measure.apply(FewShot.Learner.on(histogram.train(), histogram.test()));
            String name = shots + (shots == 1 ? " label" : " labels") + " of a class";
            figures.add(new Figure(name, own.mean(), "%", FewShot.protocol(),
                    baselines(before.mean(), oneHot.mean(), counts.mean())));
            figures.add(new Figure(name + ", deviation", own.deviation(), "%", "standard deviation over draws",
                    baselines(before.deviation(), oneHot.deviation(), counts.deviation())));
        }
    }

    private static Map<String, Double> baselines(double untrained, double oneHot, double histogram) {
        var map = new LinkedHashMap<String, Double>();
        map.put(UNTRAINED, untrained);
        map.put(ONE_HOT, oneHot);
        map.put(HISTOGRAM, histogram);
        return map;
    }

    /// How well masked codes are predicted.
    ///
    /// @param accuracy of the trained model, percent
    /// @param before of the untrained one
    /// @param commonest share of the commonest code, percent
    public static List<Figure> masked(double accuracy, double before, double commonest) {
        return List.of(
                new Figure("masked codes", accuracy, "%", MaskedCodes.protocol(),
                        EvaluationReport.beside(UNTRAINED, before, "commonest code", commonest)),
                new Figure("masked codes / commonest", accuracy / commonest, "",
                        String.format(Locale.ROOT, "share of masked codes that are predicted, over the share of the "
                                + "commonest code among the test images; expected above %.0f", CRITERION),
                        Map.of(UNTRAINED, before / commonest)));
    }
}
