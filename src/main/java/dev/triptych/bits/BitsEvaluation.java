package dev.triptych.bits;

import dev.triptych.channel.Messages;
import dev.triptych.data.set.ImageSet;
import dev.triptych.data.set.ImageSets;
import dev.triptych.measure.code.BitCodes;
import dev.triptych.measure.code.BitStatistics;
import dev.triptych.measure.feature.EncoderPair;
import dev.triptych.measure.feature.FeatureSpace;
import dev.triptych.measure.feature.Features;
import dev.triptych.measure.feature.Geometry;
import dev.triptych.measure.feature.ImageEncoder;
import dev.triptych.measure.feature.JudgedImages;
import dev.triptych.measure.feature.Knn;
import dev.triptych.measure.feature.LinearProbe;
import dev.triptych.measure.feature.RawPixels;
import dev.triptych.measure.retrieval.HammingRetrieval;
import dev.triptych.measure.retrieval.Relevance;
import dev.triptych.measure.retrieval.Retrieval;
import dev.triptych.measure.retrieval.RetrievalExamples;
import dev.triptych.method.EvaluationProgress;
import dev.triptych.method.EvaluationReport;
import dev.triptych.program.Tensor;
import dev.triptych.random.CounterRandom;
import dev.triptych.random.Stream;
import dev.triptych.recipe.Recipe;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleBiFunction;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/// The evaluation of BITS (specification sections 6, 9.4 and 9.5) on the teacher's backbone and head: kNN, linear probe
/// and retrieval on continuous features, retrieval by codes, geometry, and what the bits of the codes are like; each
/// beside the untrained encoder, and where they have it, beside raw pixels.
public final class BitsEvaluation {
    /// Bits by which codes are retrieved, where the head has as many.
    private static final List<Integer> BITS = List.of(64, 32, 16, 8);
    private static final long ORDER_SEED = 1;
    /// Two encoders on two sets and on two views; kNN, probe, cosine, geometry; asymmetric distance, statistics.
    private static final int BASIC_STAGES = 12;
    private static final int STATISTICS = 9;
    /// Two encoders on two sets and on two views; geometry, statistics.
    private static final int UNLABELLED_STAGES = 8;
    private static final int STATISTICS_OF_CLASSES = 4;

    private final ImageSet train;
    private final ImageSet test;
    private final boolean labelled;
    private final Recipe recipe;
    private final boolean pixels;
    private final EvaluationProgress progress;

    /// @param sets images to learn from, which are the database of retrieval, and images to judge; without labels,
    ///        what needs them is left out
    /// @param recipe whose augmentations messages are compared under
    /// @param pixels whether raw pixels are judged too
    /// @param progress told how far it is
    public BitsEvaluation(JudgedImages sets, Recipe recipe, boolean pixels, EvaluationProgress progress) {
        ImageSet train = sets.train();
        // codes tie often, and sets come class by class: ranked in that order, one code for all would find its class
        this.train = ImageSets.subset(train,
                CounterRandom.of(ORDER_SEED, Stream.PROBE, 0, 0).permutation(train.size()));
        this.test = sets.test();
        this.labelled = sets.labelled();
        this.recipe = recipe;
        this.pixels = pixels;
        this.progress = progress;
    }

    /// What an evaluation found.
    ///
    /// @param cost time and memory of the retrieval by all bits, in words; empty where nothing was retrieved
    /// @param codes of the test images by the trained encoder
    /// @param retrieval test images and what lies nearest to them in the database, by CLS and by codes
    /// @param database the training images in the order of retrieval
    /// @param space CLS of both sets
    public record Result(List<EvaluationReport.Figure> figures, String cost, BitStatistics codes,
            List<RetrievalExamples> retrieval, ImageSet database, FeatureSpace space) {
    }

    /// What one encoder gave.
    ///
    /// @param trainCodes messages of the training images
    /// @param codes of the test images, with their statistics
    /// @param agreement of the messages of two views of a test image
    private record Run(Pooled train, Pooled test, BitCodes trainCodes, BitStatistics codes, double agreement) {
    }

    /// Features of one set: CLS, the mean of the patch tokens, logits.
    private record Pooled(Features cls, Features dense, Features logits) {
        /// What the probe reads: CLS and the mean of the patch tokens (section 6.2).
        Features probed() {
            return cls.beside(dense);
        }
    }

    /// Evaluates a trained encoder beside an untrained one.
    ///
    /// @param values that both compute
    public Result evaluate(EncoderPair encoders, Bits.Features values) {
        progress.expect(labelled ? BASIC_STAGES + lengths(values.logits().columns()).size() : UNLABELLED_STAGES);
        Run run = encode("trained encoder", encoders.trained(), values);
        Run start = encode("untrained encoder", encoders.untrained(), values);
        var figures = new ArrayList<EvaluationReport.Figure>();
        if (labelled) {
            continuous(run, start, figures);
        }
        progress.begin("geometry, encoders", 1);
        figures.addAll(Geometry.figures("CLS", run.test.cls, start.test.cls));
        progress.did(1);
        String cost = labelled ? codeRetrieval(run, start, figures) : "";
        statistics(run, start, figures);
        return new Result(figures, cost, run.codes(), examples(run), train,
                new FeatureSpace("CLS", run.train.cls, run.test.cls, Knn.weighted()));
    }

    private static List<RetrievalExamples> examples(Run run) {
        int[] shown = RetrievalExamples.shown(run.codes().count());
        return List.of(RetrievalExamples.cosine("CLS", run.train.cls, run.test.cls, shown),
                RetrievalExamples.hamming(run.trainCodes().bits() + " bits", run.trainCodes(), run.codes().codes(),
                        shown));
    }

    private Run encode(String name, ImageEncoder encoder, Bits.Features values) {
        progress.begin(name + ", training images", train.size());
        Pooled learnt = pooled(encoder, values, train);
        progress.begin(name + ", test images", test.size());
        Pooled judged = pooled(encoder, values, test);
        return new Run(learnt, judged, BitCodes.of(learnt.logits),
                new BitStatistics(BitCodes.of(judged.logits), judged.logits.labels()),
                agreement(name, encoder, values.logits()));
    }

    private Pooled pooled(ImageEncoder encoder, Bits.Features values, ImageSet set) {
        var found = encoder.encode(set, List.of(values.cls(), values.dense(), values.logits()),
                batch -> progress.did(batch.count()));
        return new Pooled(found.get(values.cls()), found.get(values.dense()), found.get(values.logits()));
    }

    /// Agreement of the messages of the two global views that training would make of a test image. Whole batches of the
    /// encoder only.
    private double agreement(String name, ImageEncoder encoder, Tensor t) {
        int batch = encoder.batch();
        int bits = t.columns();
        var maker = BitsViews.globals(test, recipe, batch);
        int steps = maker.order().stepsPerEpoch();
        progress.begin(name + ", two views of test images", (long) steps * batch);
        double sum = 0;
        for (int step = 0; step < steps; step++) {
            float[] global = maker.make(step, null).global();
            int length = global.length / Messages.VIEWS;
            var logits = new float[Messages.VIEWS][batch * bits];
            for (int part = 0; part < Messages.VIEWS; part++) {
                encoder.run(Arrays.copyOfRange(global, part * length, (part + 1) * length));
                float[] values = encoder.value(t);
                for (int k = 0; k < batch; k++) {
                    int row = part * batch + k; // image by image, the views of each in order
                    System.arraycopy(values, k * bits, logits[row % Messages.VIEWS], row / Messages.VIEWS * bits, bits);
                }
            }
            sum += BitStatistics.agreement(BitCodes.of(logits[0], batch, bits), BitCodes.of(logits[1], batch, bits));
            progress.did(batch);
        }
        return sum / steps;
    }

    private void continuous(Run run, Run start, List<EvaluationReport.Figure> figures) {
        var raw = RawPixels.of(train, test, pixels);
        int sides = pixels ? 3 : 2;
        progress.begin("kNN, queries", (long) sides * test.size());
        Knn knn = Knn.weighted();
        ToDoubleBiFunction<Features, Features> near = (learn, judge) -> knn.accuracy(learn, judge, progress::did);
        figures.add(new EvaluationReport.Figure("kNN on CLS",
                near.applyAsDouble(run.train.cls, run.test.cls), "%", knn.protocol(),
                EvaluationReport.baselines(near.applyAsDouble(start.train.cls, start.test.cls),
                        raw.figure(near))));
        LinearProbe probe = LinearProbe.standard();
        progress.begin("linear probe, iterations", (long) sides * probe.iterations());
        ToDoubleBiFunction<Features, Features> linear = (learn, judge) -> probe.fit(learn, judge, progress::did)
                .accuracy();
        figures.add(new EvaluationReport.Figure("linear probe on [CLS; mean of D]",
                linear.applyAsDouble(run.train.probed(), run.test.probed()), "%", probe.protocol(),
                EvaluationReport.baselines(linear.applyAsDouble(start.train.probed(), start.test.probed()),
                        raw.figure(linear))));
        var relevance = Relevance.of(train.classes(), run.test.cls.labels(), run.train.cls.labels());
        progress.begin("retrieval by cosine, queries", (long) sides * test.size());
        ToDoubleBiFunction<Features, Features> found = (database, queries) -> Retrieval
                .cosine(database, queries, relevance, progress::did).map();
        figures.add(new EvaluationReport.Figure("mAP, cosine of CLS",
                found.applyAsDouble(run.train.cls, run.test.cls), "%", Retrieval.protocol(),
                EvaluationReport.baselines(found.applyAsDouble(start.train.cls, start.test.cls),
                        raw.figure(found))));
    }

    /// All bits, and what there is to know of fewer.
    private static List<Integer> lengths(int bits) {
        return IntStream.concat(IntStream.of(bits), BITS.stream().mapToInt(b -> b).filter(b -> b < bits)).boxed()
                .toList();
    }

    /// @return time and memory of the retrieval with the most bits, in words
    private String codeRetrieval(Run run, Run start, List<EvaluationReport.Figure> figures) {
        var relevance = Relevance.of(train.classes(), run.codes.labels(), run.train.cls.labels());
        int bits = run.trainCodes.bits();
        String cost = "";
        for (int length : lengths(bits)) {
            progress.begin("retrieval by " + length + " bits, queries",
                    2L * test.size() * (length < bits ? 1 + HammingRetrieval.SUBSETS : 1));
            int[] first = IntStream.range(0, length).toArray();
            var found = hamming(run, first, relevance);
            cost = cost.isEmpty() ? found.cost() : cost;
            figures.add(figure("mAP, Hamming, " + length + " bits", found.map(),
                    hamming(start, first, relevance).map(), "%", HammingRetrieval.protocol()));
            if (length < bits) {
                figures.add(figure("mAP, Hamming, " + length + " random bits",
                        HammingRetrieval.randomSubsets(run.trainCodes, run.codes.codes(), relevance, length,
                                progress::did),
                        HammingRetrieval.randomSubsets(start.trainCodes, start.codes.codes(), relevance, length,
                                progress::did),
                        "%",
                        HammingRetrieval.subsetProtocol()));
            }
        }
        progress.begin("retrieval by asymmetric distance, queries", 2L * test.size());
        figures.add(figure("mAP, asymmetric, " + bits + " bits",
                HammingRetrieval.asymmetric(run.trainCodes, run.test.logits, relevance, progress::did).map(),
                HammingRetrieval.asymmetric(start.trainCodes, start.test.logits, relevance, progress::did).map(),
                "%",
                HammingRetrieval.asymmetricProtocol()));
        return cost;
    }

    private HammingRetrieval.Result hamming(Run run, int[] bits, Relevance relevance) {
        return HammingRetrieval.symmetric(run.trainCodes.select(bits), run.codes.codes().select(bits), relevance,
                progress::did);
    }

    private void statistics(Run run, Run start, List<EvaluationReport.Figure> figures) {
        progress.begin("statistics of the codes, figures", STATISTICS - (labelled ? 0 : STATISTICS_OF_CLASSES));
        String images = "messages of the " + run.codes.count() + " test images";
        add(figures, run, start, "bit entropy", "bits", BitStatistics::meanEntropy,
                "mean of H(b) over bits, " + images);
        add(figures, run, start, "block entropy", "bits", BitStatistics::meanBlockEntropy, String.format(Locale.ROOT,
                "entropy of 8 contiguous bits, at most 8, mean over blocks, %s; plug-in, too low by %.3f bits for "
                        + "uniform codes",
                images, run.codes.blockBias()));
        figures.add(figure("agreement of two views", 100 * run.agreement, 100 * start.agreement, "%",
                "share of equal bits between the messages of the two global views that training would make of a test "
                        + "image"));
        if (labelled) {
            classes(run, start, figures, images);
        }
        add(figures, run, start, "|correlation| of bits", "", BitStatistics::meanAbsoluteCorrelation,
                "mean over pairs of bits that vary, " + images);
        add(figures, run, start, "total correlation of a block", "bits", codes -> mean(codes.totalCorrelations()),
                "sum of the entropies of 8 contiguous bits less that of the block, mean over blocks, " + images);
        add(figures, run, start, "different codes", "codes", BitStatistics::distinct, images);
    }

    /// What bits have to do with classes.
    private void classes(Run run, Run start, List<EvaluationReport.Figure> figures, String images) {
        add(figures, run, start, "I(b; class), mean", "bits", codes -> mean(codes.informations()),
                "H(b) - sum over classes of p(y) H(b|y), " + images);
        add(figures, run, start, "I(b; class), best bit", "bits",
                codes -> Arrays.stream(codes.informations()).max().orElse(Double.NaN),
                "H(b) - sum over classes of p(y) H(b|y), " + images);
        add(figures, run, start, "classes in which a bit is set", "",
                codes -> mean(codes.reuseHigh()), "mean over bits of the number of classes with P(b=1|y) > .8");
        add(figures, run, start, "classes within which a bit varies", "", codes -> mean(codes.reuseMixed()),
                "mean over bits of the number of classes with .2 < P(b=1|y) < .8");
    }

    private void add(List<EvaluationReport.Figure> figures, Run run, Run start, String what, String unit,
            ToDoubleFunction<BitStatistics> value, String protocol) {
        figures.add(figure(what, value.applyAsDouble(run.codes), value.applyAsDouble(start.codes), unit, protocol));
        progress.did(1);
    }

    private static EvaluationReport.Figure figure(String what, double value, double untrained, String unit,
            String protocol) {
        return new EvaluationReport.Figure(what, value, unit, protocol, Map.of("untrained encoder", untrained));
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).average().orElse(Double.NaN);
    }

    private static double mean(int[] values) {
        return Arrays.stream(values).average().orElse(Double.NaN);
    }
}
