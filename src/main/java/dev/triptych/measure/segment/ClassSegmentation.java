package dev.triptych.measure.segment;

import dev.triptych.data.file.ImageException;
import dev.triptych.data.set.SegmentationSet;
import dev.triptych.measure.feature.EncoderPair;
import dev.triptych.measure.feature.Features;
import dev.triptych.measure.feature.ImageEncoder;
import dev.triptych.measure.feature.LinearProbe;
import dev.triptych.measure.feature.LinearReadout;
import dev.triptych.method.EvaluationProgress;
import dev.triptych.method.EvaluationReport;
import dev.triptych.method.PatchFeatures;
import dev.triptych.program.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/// Segmentation into classes by a linear readout of frozen features, judged at the full resolution of the pictures.
///
/// **Protocol** (STELLAR's own judges dense features on the grid of patches, specification section 7.1; this one judges
/// every pixel):
/// 1. A picture is scaled to a short side and covered by windows of the encoder's size ([PictureWindows]).
/// 2. Training rows are the patches of the training pictures, each with the class of most of its pixels; patches most
/// of
///    whose pixels do not count are left out. [LinearProbe] learns the classes from them.
/// 3. **From D**: the rows are dense features. **From L and S**: the rows are L S, which means that the classifier
/// reads
///    the tokens and L spreads what it reads: L (S W + b) = (L S) W + b, since rows of L sum to 1.
/// 4. Scores of test patches are interpolated bilinearly to the pixels of the picture, added where windows overlap; the
///    largest wins. Mean IoU is over the classes that test pixels have ([Confusion]).
///
/// Beside them stand the untrained encoder, a classifier of each patch's colours and place, the commonest class at the
/// place, and the commonest class.
public final class ClassSegmentation {
    private static final int MOST_NUMBERS = 40_000_000;
    private static final String DENSE = "D";
    private static final String PRODUCT = "L S";
    private static final String UNTRAINED = "untrained ";
    private static final String COLOURS = "colour and place";
    private static final String PLACE = "commonest class at the place";
    private static final String COMMONEST = "commonest class";

    private final SegmentationSet train;
    private final SegmentationSet test;
    private final int shortSide;
    private final int side;
    private final int patch;
    private final LinearProbe probe = LinearProbe.standard();
    private final EvaluationProgress progress;
    private final List<String> classes;

    /// @param shortSide pixels to which the short side of pictures is scaled, at least `side`
    /// @param side of the encoder's images
    /// @param patch side of a patch
    /// @param progress told how far it is
    public ClassSegmentation(SegmentationSet train, SegmentationSet test, int shortSide, int side, int patch,
            EvaluationProgress progress) {
        this.train = train;
        this.test = test;
        this.shortSide = shortSide;
        this.side = side;
        this.patch = patch;
        this.progress = progress;
        this.classes = train.classes().size() >= test.classes().size() ? train.classes() : test.classes();
    }

    /// One test picture with what was made of it.
    ///
    /// @param sample picture and truth
    /// @param predicted class of each pixel by what it was read from: `D`, `L S` where there is one, and the baseline
    /// `colour and place`
    public record Judged(SegmentationSet.Sample sample, Map<String, int[]> predicted) {
    }

    /// The figures.
    ///
    /// @param figures mean IoU and pixel accuracy from D, and from L and S, beside baselines
    /// @param perClass IoU of each class from D, with the others beside it
    public record Result(List<EvaluationReport.Figure> figures, List<EvaluationReport.Figure> perClass) {
    }

    /// Learns from the training pictures and judges the test pictures.
    ///
    /// @param features of patches that both encoders compute
    /// @param visitor sees every test picture with its predictions, in order
    public Result evaluate(EncoderPair encoders, PatchFeatures features, Consumer<Judged> visitor) {
        progress.expect(3);
        var sources = List.of(encoded("", encoders.trained(), features),
                encoded(UNTRAINED, encoders.untrained(), features), new ColourPatches(COLOURS));
        var prior = new PlacePrior(classes.size());
        var readouts = learn(sources, prior);
        var confusions = new LinkedHashMap<String, Confusion>();
        readouts.keySet().forEach(name -> confusions.put(name, new Confusion(classes.size())));
        confusions.put(PLACE, new Confusion(classes.size()));
        confusions.put(COMMONEST, new Confusion(classes.size()));
        progress.begin("test pictures", test.size());
        for (int i = 0; i < test.size(); i++) {
            var sample = test.sample(i);
            var windows = windows(sample);
            var predicted = new LinkedHashMap<String, int[]>();
            for (PatchSource source : sources) {
                source.of(windows).forEach((name, rows) -> predicted.put(name, predict(windows, readouts.get(name),
                        rows)));
            }
            predicted.put(PLACE, prior.at(windows.height(), windows.width()));
            int[] same = new int[sample.labels().length];
            Arrays.fill(same, prior.commonest());
            predicted.put(COMMONEST, same);
            predicted.forEach((name, map) -> confusions.get(name).add(sample.labels(), map));
            visitor.accept(new Judged(sample, predicted));
            progress.did(1);
        }
        return result(confusions);
    }

    /// Whether a prediction is worth a picture beside the truth: what was read from the trained encoder, and from
    /// colours.
    public static boolean shown(String name) {
        return List.of(DENSE, PRODUCT, COLOURS).contains(name);
    }

    private static PatchSource encoded(String prefix, ImageEncoder encoder, PatchFeatures features) {
        var values = new LinkedHashMap<String, Tensor>();
        values.put(prefix + DENSE, features.dense());
        if (features.lowRank() != null) {
            values.put(prefix + PRODUCT, features.lowRank());
        }
        return new EncodedPatches(encoder, values);
    }

    private PictureWindows windows(SegmentationSet.Sample sample) {
        try {
            return PictureWindows.of(sample.picture(), shortSide, side, patch);
        } catch (IllegalArgumentException e) {
            throw new ImageException(sample.name(), e.getMessage(), "Or leave it out");
        }
    }

    private static int[] predict(PictureWindows windows, LinearReadout readout, float[] rows) {
        return windows.classes(readout.logits(rows, rows.length / readout.width()), readout.classes());
    }

    private Map<String, LinearReadout> learn(List<PatchSource> sources, PlacePrior prior) {
        var rows = new LinkedHashMap<String, Rows>();
        progress.begin("training pictures", train.size());
        for (int i = 0; i < train.size(); i++) {
            var sample = train.sample(i);
            var windows = windows(sample);
            prior.add(sample.labels(), windows.height(), windows.width());
            int patches = windows.grid() * windows.grid();
            int[] labels = new int[windows.count() * patches];
            for (int w = 0; w < windows.count(); w++) {
                System.arraycopy(windows.patchLabels(w, sample.labels(), classes.size()), 0, labels, w * patches,
                        patches);
            }
            for (PatchSource source : sources) {
                source.of(windows).forEach((name, all) -> rows
                        .computeIfAbsent(name, n -> new Rows(source.width(n))).add(all, labels));
            }
            progress.did(1);
        }
        var readouts = new LinkedHashMap<String, LinearReadout>();
        progress.begin("linear classifiers, iterations", (long) rows.size() * probe.iterations());
        rows.forEach((name, all) -> readouts.put(name, probe.readout(all.features(), progress::did)));
        return readouts;
    }

    private Result result(Map<String, Confusion> confusions) {
        String protocol = String.format(Locale.ROOT,
                "all pixels of %d pictures at their own size, short side scaled to "
                        + "%d px, windows of %d px; classes of patches learnt from %d pictures by %s",
                test.size(), shortSide,
                side, train.size(), probe.protocol());
        var figures = new ArrayList<EvaluationReport.Figure>();
        for (String from : confusions.containsKey(PRODUCT) ? List.of(DENSE, PRODUCT) : List.of(DENSE)) {
            figures.add(figure("mIoU from " + from, confusions, from, Confusion::meanIou, "mean IoU over classes, "
                    + protocol));
            figures.add(figure("pixel accuracy from " + from, confusions, from, Confusion::accuracy,
                    "share of pixels whose class is found, " + protocol));
        }
        var perClass = new ArrayList<EvaluationReport.Figure>();
        for (int c = 0; c < classes.size(); c++) {
            int k = c;
            var others = new LinkedHashMap<String, Double>();
            confusions.forEach((name, confusion) -> {
                if (!name.equals(DENSE) && !name.equals(COMMONEST)) {
                    others.put(name, 100 * confusion.iou(k));
                }
            });
            var dense = confusions.get(DENSE);
            others.put("share of pixels", 100.0 * dense.pixels(c) / dense.pixels());
            perClass.add(new EvaluationReport.Figure("IoU of " + classes.get(c), 100 * dense.iou(c), "%",
                    "intersection over union from D, " + protocol, others));
        }
        return new Result(figures, perClass);
    }

    private static EvaluationReport.Figure figure(String what, Map<String, Confusion> confusions, String from,
            java.util.function.ToDoubleFunction<Confusion> measure, String protocol) {
        var baselines = new LinkedHashMap<String, Double>();
        baselines.put("untrained encoder", 100 * measure.applyAsDouble(confusions.get(UNTRAINED + from)));
        for (String name : List.of(COLOURS, PLACE, COMMONEST)) {
            baselines.put(name, 100 * measure.applyAsDouble(confusions.get(name)));
        }
        return new EvaluationReport.Figure(what, 100 * measure.applyAsDouble(confusions.get(from)), "%", protocol,
                baselines);
    }

    /// Training rows that grow; past a limit of memory every other one is given up, as often as need be.
    private static final class Rows {
        private final int width;
        private final int most;
        private float[] rows;
        private int[] labels = new int[1024];
        private int stride = 1;
        private int count;
        private long seen;

        Rows(int width) {
            this.width = width;
            this.most = Math.max(1024, MOST_NUMBERS / width);
            this.rows = new float[1024 * width];
        }

        void add(float[] all, int[] of) {
            for (int i = 0; i < of.length; i++) {
                if (of[i] < 0 || seen++ % stride != 0) {
                    continue;
                }
                if (count == most) {
                    thin();
                }
                if (count == labels.length) {
                    labels = Arrays.copyOf(labels, Math.min(most, 2 * count));
                    rows = Arrays.copyOf(rows, Math.multiplyExact(labels.length, width));
                }
                labels[count] = of[i];
                System.arraycopy(all, i * width, rows, count * width, width);
                count++;
            }
        }

        private void thin() {
            stride *= 2;
            for (int i = 0; 2 * i < count; i++) {
                labels[i] = labels[2 * i];
                System.arraycopy(rows, 2 * i * width, rows, i * width, width);
            }
            count = (count + 1) / 2;
        }

        Features features() {
            if (count == 0) {
                throw new ImageException("training pictures", "no patch has a class that counts, expected at least one",
                        "Give another --ignore-label, or other pictures");
            }
            return new Features(Arrays.copyOf(rows, count * width), count, width, Arrays.copyOf(labels, count));
        }
    }
}
