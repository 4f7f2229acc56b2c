package dev.triptych.measure.feature;

import dev.triptych.data.set.ClassNames;
import dev.triptych.data.set.ImageSet;
import dev.triptych.method.EvaluationProgress;
import dev.triptych.method.EvaluationReport;
import dev.triptych.method.EvaluationReport.Figure;
import dev.triptych.program.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleBiFunction;

/// What can be read from the features of an encoder: kNN and linear probe on each, beside the untrained encoder and
/// raw pixels.
///
/// @param train images that kNN and probe learn from
/// @param test images that are judged
/// @param read values of the evaluation that are judged, by what they are called
/// @param pixels whether raw pixels are judged too
/// @param progress told how far it is
public record Readouts(ImageSet train, ImageSet test, Map<String, Tensor> read, boolean pixels,
        EvaluationProgress progress) {
    /// Features of both sets by one encoder.
    public record Seen(Map<Tensor, Features> train, Map<Tensor, Features> test) {
    }

    /// Stages of progress that [#encode], called twice, and [#figures] begin.
    public int stages() {
        return labelled() ? 6 + (pixels ? 1 : 0) : 5;
    }

    /// The features of one encoder.
    ///
    /// @param name of it, for progress
    /// @param tested sees each batch of the test images
    public Seen encode(String name, ImageEncoder encoder, ImageEncoder.Visitor tested) {
        var values = List.copyOf(read.values());
        progress.begin(name + ", training images", train.size());
        var learnt = encoder.encode(train, values, batch -> progress.did(batch.count()));
        progress.begin(name + ", test images", test.size());
        var judged = encoder.encode(test, values, batch -> {
            tested.visit(batch);
            progress.did(batch.count());
        });
        return new Seen(learnt, judged);
    }

    private boolean labelled() {
        return ClassNames.absence(train.classes()).isEmpty();
    }

    /// All figures: kNN on each value, then the linear probe on each; without labels, the effective dimensions of each.
    public List<Figure> figures(Seen trained, Seen untrained) {
        var figures = new ArrayList<Figure>();
        if (!labelled()) {
            progress.begin("geometry, features", read.size());
            read.forEach((name, value) -> {
                figures.addAll(Geometry.figures(name, trained.test().get(value), untrained.test().get(value)));
                progress.did(1);
            });
            return figures;
        }
        var raw = RawPixels.of(train, test, pixels);
        Knn knn = Knn.standard();
        progress.begin("kNN, queries", (long) test.size() * (2 * read.size() + (pixels ? 1 : 0)));
        add("kNN", knn.protocol(), (learn, judge) -> knn.accuracy(learn, judge, progress::did), raw, trained,
                untrained, figures, () -> {
                });
        LinearProbe probe = LinearProbe.standard();
        if (pixels) {
            progress.begin("linear probe on raw pixels, iterations", probe.iterations());
        }
        add("linear probe", probe.protocol(), (learn, judge) -> probe.fit(learn, judge, progress::did).accuracy(), raw,
                trained, untrained, figures, () -> progress.begin("linear probe on features, iterations",
                        2L * read.size() * probe.iterations()));
        return figures;
    }

    private void add(String what, String protocol, ToDoubleBiFunction<Features, Features> measure, RawPixels raw,
            Seen trained, Seen untrained, List<Figure> to, Runnable behindPixels) {
        double ofPixels = raw.figure(measure);
        behindPixels.run();
        read.forEach((name, value) -> to.add(new Figure(what + " on " + name,
                measure.applyAsDouble(trained.train().get(value), trained.test().get(value)), "%", protocol,
                EvaluationReport.baselines(
                        measure.applyAsDouble(untrained.train().get(value), untrained.test().get(value)),
                        ofPixels))));
    }
}
