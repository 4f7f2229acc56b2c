package dev.triptych.tokens;

import dev.triptych.data.set.ImageSet;
import dev.triptych.measure.feature.ArgMax;
import dev.triptych.measure.feature.FeatureSpace;
import dev.triptych.measure.feature.ImageEncoder;
import dev.triptych.measure.feature.Knn;
import dev.triptych.measure.feature.LowRankShare;
import dev.triptych.measure.feature.Readouts;
import dev.triptych.measure.picture.Psnr;
import dev.triptych.measure.retrieval.RetrievalExamples;
import dev.triptych.measure.segment.SegmentBaselines;
import dev.triptych.measure.segment.Segmentation;
import dev.triptych.method.EvaluationProgress;
import dev.triptych.method.EvaluationReport;
import dev.triptych.program.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.ToDoubleFunction;

/// The evaluation of tokens (specification of STELLAR, section 10): kNN and linear probe on pooled S, CLS, D and Z,
/// reconstruction, what of D lies where the tokens are, and object segmentation by arg-max L, each beside its
/// baselines: the untrained encoder and raw pixels.
public final class TokenEvaluation {
    private static final long SEED = 1;
    /// Pictures whose D is decomposed.
    private static final int SHARED = 500;
    private static final int KMEANS_ITERATIONS = 20;
    private static final String SPARSE = "mean of S";

    private final ImageSet train;
    private final ImageSet test;
    private final boolean pixels;
    private final EvaluationProgress progress;

    /// @param train labelled images that kNN and probe learn from
    /// @param test images that are judged
    /// @param pixels whether raw pixels are judged too
    /// @param progress told how far it is
    public TokenEvaluation(ImageSet train, ImageSet test, boolean pixels, EvaluationProgress progress) {
        this.train = train;
        this.test = test;
        this.pixels = pixels;
        this.progress = progress;
    }

    /// What one encoder gave on both sets.
    private record Run(Readouts.Seen seen, double psnr, CodeScore codes, Segmentation.Score objects,
            List<LowRankShare> shares) {
    }

    /// What an evaluation found.
    ///
    /// @param retrieval test images and their nearest training images, by the mean of S
    /// @param space the features by which they are found
    public record Result(List<EvaluationReport.Figure> figures, RetrievalExamples retrieval, FeatureSpace space) {
    }

    /// Evaluates a trained encoder beside an untrained one, of one program.
    public Result evaluate(Painter trained, Painter untrained) {
        var pooled = pooled(trained.values());
        var readouts = new Readouts(train, test, pooled, pixels, progress);
        progress.expect(readouts.stages() + (test.hasMasks() ? 1 : 0));
        Run run = encode(readouts, "trained encoder", trained);
        Run start = encode(readouts, "untrained encoder", untrained);
        var figures = new ArrayList<>(readouts.figures(run.seen(), start.seen()));
        if (trained.paints()) {
            reconstruction(run, start, figures);
        }
        figures.add(places(run, start));
        if (test.hasMasks()) {
            figures.add(objects(run, start, trained.values().tokens()));
        }
        Tensor tokens = pooled.get(SPARSE);
        var space = new FeatureSpace(SPARSE, run.seen().train().get(tokens), run.seen().test().get(tokens),
                Knn.standard());
        return new Result(figures, RetrievalExamples.cosine(SPARSE, space.train(), space.test(),
                RetrievalExamples.shown(test.size())), space);
    }

    private static EvaluationReport.Figure places(Run run, Run start) {
        return new EvaluationReport.Figure("D in the span of L", mean(run.shares(), LowRankShare::places), "%",
                LowRankShare.protocol(run.shares().size()),
                EvaluationReport.beside("untrained encoder", mean(start.shares(), LowRankShare::places),
                        "singular vectors of D", mean(run.shares(), LowRankShare::best)));
    }

    private static double mean(List<LowRankShare> shares, ToDoubleFunction<LowRankShare> what) {
        return 100 * shares.stream().mapToDouble(what).average().orElse(Double.NaN);
    }

    private static void share(ImageEncoder.Batch batch, Painter painter, List<LowRankShare> to) {
        var values = painter.values();
        int n = values.localization().side(1);
        int width = values.dense().columns();
        int count = Math.min(batch.count(), SHARED - to.size());
        if (count > 0) {
            float[] dense = painter.encoder().value(values.dense());
            float[] localization = painter.encoder().value(values.localization());
            for (int i = 0; i < count; i++) {
                to.add(LowRankShare.of(dense, i * n * width, localization, i * n * values.tokens(), n, width,
                        values.tokens()));
            }
        }
    }

    private void reconstruction(Run run, Run start, List<EvaluationReport.Figure> figures) {
        var baselines = new LinkedHashMap<String, Double>();
        baselines.put("untrained encoder", start.psnr());
        baselines.put("mean colour", meanColourPsnr());
        if (run.codes() != null) {
            baselines.put("tokenizer", run.codes().ceiling());
            var others = new LinkedHashMap<String, Double>();
            others.put("untrained encoder", start.codes().accuracy());
            others.put("commonest code", run.codes().commonest());
            figures.add(new EvaluationReport.Figure("code accuracy", run.codes().accuracy(), "%",
                    run.codes().protocol(), others));
        }
        figures.add(new EvaluationReport.Figure("PSNR of the reconstruction", run.psnr(), "dB", Psnr.protocol(),
                baselines));
    }

    /// Values of the program that are judged, by what they are called.
    private static Map<String, Tensor> pooled(LowRankFeatures values) {
        var map = new LinkedHashMap<String, Tensor>();
        map.put(SPARSE, values.sparse());
        map.put("CLS", values.cls());
        map.put("mean of D", values.dense());
        map.put("mean of Z", values.lowRank());
        return map;
    }

    private Run encode(Readouts readouts, String name, Painter painter) {
        var encoder = painter.encoder();
        double[] psnr = new double[1];
        CodeScore codes = painter.targets() == null ? null : new CodeScore(painter.targets(), test.side());
        var tally = new Segmentation.Tally();
        var shares = new ArrayList<LowRankShare>();
        var seen = readouts.encode(name, encoder, batch -> {
            psnr[0] += painter.paints()
                    ? Psnr.sum(batch.images(), painter.reconstruction(), batch.count(), 3 * test.side() * test.side())
                    : 0;
            if (codes != null) {
                codes.add(batch.images(), batch.count(), painter.codes());
            }
            if (test.hasMasks()) {
                segment(batch, painter, tally);
            }
            share(batch, painter, shares);
        });
        return new Run(seen, psnr[0] / test.size(), codes, test.hasMasks() ? tally.score() : null, shares);
    }

    private void segment(ImageEncoder.Batch batch, Painter painter, Segmentation.Tally tally) {
        int side = test.side();
        int grid = painter.values().grid();
        int tokens = painter.values().tokens();
        float[] localization = painter.encoder().value(painter.values().localization());
        for (int i = 0; i < batch.count(); i++) {
            int[] map = ArgMax.ofRows(localization, i * grid * grid * tokens, grid * grid, tokens);
            tally.add(Segmentation.enlarge(map, grid, grid, side, side), mask(batch.first() + i));
        }
    }

    private int[] mask(int image) {
        byte[] bytes = new byte[test.side() * test.side()];
        test.mask(image, bytes, 0);
        int[] mask = new int[bytes.length];
        for (int i = 0; i < mask.length; i++) {
            mask[i] = bytes[i] & 0xff;
        }
        return mask;
    }

    private EvaluationReport.Figure objects(Run run, Run start, int tokens) {
        progress.begin("baselines of the segmentation, images", test.size());
        int side = test.side();
        var colours = new Segmentation.Tally();
        var grid = new Segmentation.Tally();
        float[] image = new float[3 * side * side];
        for (int i = 0; i < test.size(); i++) {
            test.images(new int[]{i}, image, 0);
            int[] truth = mask(i);
            colours.add(SegmentBaselines.colourKMeans(image, 0, side * side, tokens, KMEANS_ITERATIONS,
                    new Random(SEED + i)), truth);
            grid.add(SegmentBaselines.fixedGrid(side, side, tokens), truth);
            progress.did(1);
        }
        var baselines = new LinkedHashMap<String, Double>();
        baselines.put("untrained encoder", 100 * start.objects().objectsOnly());
        baselines.put("colour k-means", 100 * colours.score().objectsOnly());
        baselines.put("fixed grid", 100 * grid.score().objectsOnly());
        return new EvaluationReport.Figure("object mIoU of arg-max L", 100 * run.objects().objectsOnly(), "%",
                Segmentation.protocol(), baselines);
    }

    private double meanColourPsnr() {
        int count = test.side() * test.side();
        float[] image = new float[3 * count];
        float[] flat = new float[3 * count];
        double sum = 0;
        for (int i = 0; i < test.size(); i++) {
            test.images(new int[]{i}, image, 0);
            for (int c = 0; c < 3; c++) {
                double mean = 0;
                for (int j = 0; j < count; j++) {
                    mean += image[c * count + j];
                }
                java.util.Arrays.fill(flat, c * count, (c + 1) * count, (float) (mean / count));
            }
            sum += Psnr.mean(image, flat, 1, 3 * count);
        }
        return sum / test.size();
    }
}
