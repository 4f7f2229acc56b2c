package dev.triptych.sorcen;

import dev.triptych.data.set.ImageSet;
import dev.triptych.data.set.Subset;
import dev.triptych.measure.code.CodeDivergence;
import dev.triptych.measure.code.CodeGrids;
import dev.triptych.measure.picture.FrechetDistance;
import dev.triptych.measure.picture.PictureClassifier;
import dev.triptych.measure.picture.PictureClassifier.Seen;
import dev.triptych.method.EvaluationProgress;
import dev.triptych.method.EvaluationReport;
import dev.triptych.method.EvaluationReport.Figure;
import dev.triptych.random.CounterRandom;
import dev.triptych.random.Stream;
import dev.triptych.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// How good generated grids of codes are, without networks from elsewhere (Sorcen section 9.6): the frequencies of
/// codes and of neighbours, the distance to the nearest training image, and, where the images are at hand, what a
/// classifier of our own sees in what they decode to. Beside each figure stands the same of as many training images, of
/// what these decode to, of decoded test images, and of grids drawn code by code from the frequencies of training.
public final class SampleEvaluation {
    private static final String TRAIN = "training images";
    private static final String DECODED_TRAIN = "decoded training images";
    private static final String DECODED_TEST = "decoded test images";
    private static final String UNIGRAM = "unigram codes";
    /// Images whose nearest training image is looked for.
    private static final int NEAREST = 500;
    private static final double CLOSE = 0.01;
    private static final long SEED = 1;
    /// Stages of [#codes].
    public static final int CODE_STAGES = 2;
    /// Stages of [#pictures].
    public static final int PICTURE_STAGES = 1;

    private final Tokenizer tokenizer;
    private final CodeGrids train;
    private final CodeGrids test;
    private final EvaluationProgress progress;

    /// @param tokenizer that decodes
    /// @param train codes of all training images
    /// @param test codes of all test images
    /// @param progress told how far it is, of the stages that it was told of
    public SampleEvaluation(Tokenizer tokenizer, CodeGrids train, CodeGrids test, EvaluationProgress progress) {
        this.tokenizer = tokenizer;
        this.train = train;
        this.test = test;
        this.progress = progress;
    }

    /// The figures that need nothing but codes and their tokenizer.
    public List<Figure> codes(CodeGrids generated) {
        progress.begin("frequencies of codes, figures", CodeDivergence.Of.values().length);
        CodeGrids some = train.drawn(generated.count());
        CodeGrids unigrams = unigrams(generated.count());
        var figures = new ArrayList<Figure>();
        for (var of : CodeDivergence.Of.values()) {
            figures.add(new Figure("divergence of " + of.name().toLowerCase(java.util.Locale.ROOT).replace('_', ' '),
                    CodeDivergence.between(generated, test, of), "bits", CodeDivergence.protocol(),
                    EvaluationReport.beside(TRAIN, CodeDivergence.between(some, test, of), UNIGRAM,
                            CodeDivergence.between(unigrams, test, of))));
            progress.did(1);
        }
        progress.begin("nearest images, training images", 3L * train.count());
        double[] own = nearest(generated);
        double[] tests = nearest(test);
        double[] drawn = nearest(unigrams);
        figures.add(new Figure("distance to the nearest training image", mean(own), "",
                NearestImages.protocol(own.length),
                EvaluationReport.beside(DECODED_TEST, mean(tests), UNIGRAM, mean(drawn))));
        figures.add(new Figure("the same, closest 1%", close(own), "",
                "quantile 0.01 of these distances over images",
                EvaluationReport.beside(DECODED_TEST, close(tests), UNIGRAM, close(drawn))));
        return figures;
    }

    private double[] nearest(CodeGrids grids) {
        return NearestImages.distances(tokenizer, train, grids.drawn(NEAREST), progress::did);
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).average().orElse(Double.NaN);
    }

    private static double close(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[(int) (CLOSE * sorted.length)];
    }

    /// Grids whose codes are drawn one by one from the frequencies of the training images.
    CodeGrids unigrams(int count) {
        int[] ids = new int[Math.multiplyExact(count, train.positions())];
        for (int i = 0; i < count; i++) {
            var random = CounterRandom.of(SEED, Stream.GENERATE, 0, i);
            for (int j = 0; j < train.positions(); j++) {
                ids[i * train.positions() + j] = train.ids()[random.below(train.ids().length)];
            }
        }
        return CodeGrids.unlabelled(train.grid(), train.codes(), ids);
    }

    /// The figures of a classifier's eye.
    ///
    /// @param trainImages the images of the training codes, in their order
    /// @param testImages the images of the test codes, in their order
    public List<Figure> pictures(CodeGrids generated, PictureClassifier classifier, ImageSet trainImages,
            ImageSet testImages) {
        int[] some = Subset.drawn(train.count(), Math.min(generated.count(), train.count()));
        progress.begin("pictures through the classifier", 2L * (generated.count() + test.count() + some.length));
        Seen own = decoded(classifier, generated);
        Seen real = classifier.look((first, count, out) -> testImages.images(
                IntStream.range(first, first + count).toArray(), out, 0), test.labels(), progress::did);
        Seen tests = decoded(classifier, test);
        var others = new LinkedHashMap<String, Seen>();
        others.put(TRAIN, classifier.look((first, count, out) -> trainImages.images(
                Arrays.copyOfRange(some, first, first + count), out, 0), train.select(some).labels(), progress::did));
        others.put(DECODED_TRAIN, decoded(classifier, train.select(some)));
        others.put(DECODED_TEST, tests);
        others.put(UNIGRAM, decoded(classifier, unigrams(generated.count())));
        var figures = new ArrayList<Figure>();
        figures.add(frechet("Fréchet distance to test images", own, real, others));
        var rest = new LinkedHashMap<>(others);
        rest.remove(DECODED_TEST);
        figures.add(frechet("Fréchet distance to decoded test images", own, tests, rest));
        var entropies = new LinkedHashMap<String, Double>();
        others.forEach((name, seen) -> entropies.put(name, seen.labelEntropy()));
        figures.add(new Figure("entropy of predicted labels", own.labelEntropy(), "nats",
                "of the classes that the classifier takes the pictures for, at most "
                        + String.format(java.util.Locale.ROOT, "%.3f", Math.log(testImages.classes().size())),
                entropies));
        var scores = new LinkedHashMap<String, Double>();
        others.forEach((name, seen) -> scores.put(name, seen.score()));
        figures.add(new Figure("Inception score by this classifier", own.score(), "",
                "exp of the mean divergence of a picture's classes from those of all, by a classifier that this "
                        + "project trained: no Inception score, at most " + testImages.classes().size(),
                scores));
        figures.add(new Figure("accuracy of the classifier on test images", real.accuracy(), "%",
                "what the eye itself is worth", Map.of(DECODED_TEST, tests.accuracy()), testImages.size()));
        return figures;
    }

    private Seen decoded(PictureClassifier classifier, CodeGrids grids) {
        return classifier.look((first, count, out) -> tokenizer.decode(
                grids.select(IntStream.range(first, first + count).toArray()).ids(), count, out), grids.labels(),
                progress::did);
    }

    private static Figure frechet(String what, Seen own, Seen to, Map<String, Seen> others) {
        var reference = FrechetDistance.Gaussian.of(to.features());
        var baselines = new LinkedHashMap<String, Double>();
        others.forEach((name, seen) -> baselines.put(name,
                FrechetDistance.between(FrechetDistance.Gaussian.of(seen.features()), reference)));
        return new Figure(what, FrechetDistance.between(FrechetDistance.Gaussian.of(own.features()), reference), "",
                "|m1 - m2|^2 + tr(C1 + C2 - 2 (C1^1/2 C2 C1^1/2)^1/2) in the penultimate layer of a classifier that "
                        + "this project trained: no FID, and to be compared with figures by the same classifier alone",
                baselines);
    }
}
