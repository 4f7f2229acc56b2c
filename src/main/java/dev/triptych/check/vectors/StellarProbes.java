package dev.triptych.check.vectors;

import dev.triptych.device.HostSession;
import dev.triptych.io.vectors.Comparison;
import dev.triptych.program.Program;
import dev.triptych.program.Tensor;
import dev.triptych.stellar.Stellar;
import dev.triptych.tokens.LowRankFeatures;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiFunction;

/// Linear probes on a frozen model (section 7.1). The stored settings do not say which feature a probe reads, so the
/// one whose logits come closest to the stored ones is taken; if it is not the right one, the comparison says so.
final class StellarProbes {
    private static final float PROBE_EPS = 1e-5f;
    private static final float BATCH_NORM_EPS = 1e-5f;
    private static final int IGNORED = 255;

    /// A feature (batch, tokens, width).
    private record Feature(float[] numbers, int batch, int tokens, int width) {
    }

    private StellarProbes() {
    }

    private static Map<String, Feature> features(Comparison c, String prefix) {
        c.excuse(java.util.regex.Pattern.quote(prefix) + ".+");
        var model = new StellarModel(c, prefix, new Stellar.Weights(1f, 0f, 0f, 0f, 0f, 0f, 0f));
        int batch = c.shape("inputs.image")[0];
        var p = new Program("evaluate", model.state());
        Tensor image = model.stellar().image(p, batch);
        LowRankFeatures values = model.stellar().evaluate(p, image);
        HostSession session = model.bind(p);
        session.upload(image, AxisOrder.narrow(c.doubles("inputs.image")));
        Bench.computes(c, p);
        session.run(p);
        int n = model.settings().encoder().patches();
        int k = model.settings().tokens();
        int d = model.settings().encoder().width();
        float[] sparse = session.download(values.sparse());
        float[] spatial = session.download(values.localization());
        var features = new LinkedHashMap<String, Feature>();
        features.put("sparse", new Feature(sparse, batch, k, d));
        features.put("cls", new Feature(session.download(values.cls()), batch, 1, d));
        features.put("dense", new Feature(session.download(values.dense()), batch, n, d));
        features.put("lowrank", new Feature(session.download(values.lowRank()), batch, n, d));
        features.put("concat", new Feature(StellarOutputs.concat(sparse, spatial, batch, k, d, n), batch, k, d + n));
        features.put("spatial", new Feature(spatial, batch, n, k));
        return features;
    }

    /// The feature of the right width whose logits come closest to the stored ones.
    private static Feature choose(Comparison c, Map<String, Feature> features, int width, String stored,
            BiFunction<Comparison, Feature, float[]> logits) {
        double[] expected = c.doubles(stored);
        Feature best = null;
        double least = Double.POSITIVE_INFINITY;
        for (Feature feature : features.values()) {
            if (feature.width() != width) {
                continue;
            }
            float[] computed = logits.apply(c, feature);
            double error = 0;
            for (int i = 0; i < expected.length && computed.length == expected.length; i++) {
                error = Math.max(error, Math.abs(computed[i] - expected[i]));
            }
            if (computed.length == expected.length && error < least) {
                least = error;
                best = feature;
            }
        }
        if (best == null) {
            throw new IllegalArgumentException("no feature of width " + width + " gives the numbers of " + stored);
        }
        return best;
    }

    /// Mean over the feature's tokens, layer norm, linear layer.
    private static Tensor classLogits(Bench b, Feature f) {
        Program p = b.program();
        Tensor x = p.groupMeans(b.number("feature", f.numbers(), f.batch(), f.tokens(), f.width()));
        Tensor normal = p.layerNorm(x, b.parameter("params.normalize.weight"), b.parameter("params.normalize.bias"),
                PROBE_EPS);
        return b.linear(normal, "params.classification_head");
    }

    /// Classification (cross-entropy on the pooled feature).
    static void classification(Comparison c) {
        String stored = "intermediates.out.logits";
        Feature f = choose(c, features(c, "params.model."), c.shape("params.normalize.weight")[0], stored,
                (data, feature) -> {
                    var b = new Bench(data);
                    Tensor logits = classLogits(b, feature);
                    b.run();
                    return b.numbers(logits);
                });
        var b = new Bench(c);
        Program p = b.program();
        Tensor logits = classLogits(b, f);
        b.give(stored, logits);
        b.give("intermediates.out.probabilities", p.softmax(logits, 1f));
        b.differentiate("loss", p.mean(p.crossEntropy(logits, b.integers("inputs.labels"), 0f, -100)));
        b.run();
    }

    /// Batch norm over the grid of the feature (batch, width, cells) and a 1x1 convolution, as rows (cells, classes).
    private static Tensor cellLogits(Bench b, Feature f) {
        Program p = b.program();
        int rows = f.batch() * f.tokens();
        Tensor x = b.number("feature", f.numbers(), rows, f.width());
        Tensor normal = p.batchNorm(x, p.channelMoments(x), b.parameter("params.decoder_head.0.weight"),
                b.parameter("params.decoder_head.0.bias"), BATCH_NORM_EPS);
        return b.linear(normal, "params.decoder_head.1");
    }

    private static float[] grid(float[] rows, Feature f) {
        int classes = rows.length / f.batch() / f.tokens();
        return AxisOrder.pick(rows, rows.length, i -> {
            int cell = i % f.tokens();
            int image = i / f.tokens() / classes;
            return (image * f.tokens() + cell) * classes + i / f.tokens() % classes;
        });
    }

    /// Segmentation: cross-entropy plus Dice at the grid's resolution, labels by nearest neighbour, 255 ignored.
    static void segmentation(Comparison c) {
        c.excuse("params\\.decoder_head\\.0\\.(running_mean|running_var|num_batches_tracked)");
        String stored = "intermediates.out.logits2d";
        Feature f = choose(c, features(c, "params.model_backbone."), c.shape("params.decoder_head.0.weight")[0],
                stored, (data, feature) -> {
                    var b = new Bench(data);
                    Tensor logits = cellLogits(b, feature);
                    b.run();
                    return grid(b.numbers(logits), feature);
                });
        var b = new Bench(c);
        Program p = b.program();
        Tensor logits = cellLogits(b, f);
        b.give(stored, logits, rows -> grid(rows, f));
        int[] labels = nearest(c, (int) Math.round(Math.sqrt(f.tokens())));
        long valid = java.util.Arrays.stream(labels).filter(l -> l != IGNORED).count();
        Tensor label = p.constant("labels", labels);
        Tensor crossEntropy = p.scaledSum(p.crossEntropy(logits, label, 0f, IGNORED), 1f / valid);
        Tensor dice = p.mean(p.dice(p.softmax(logits, 1f), label, 1f, IGNORED));
        b.differentiate("loss", p.add(crossEntropy, dice));
        b.run();
    }

    /// Labels (batch, rows, columns) at the cells of a square grid: the nearest one towards the origin.
    private static int[] nearest(Comparison c, int side) {
        int[] s = c.shape("inputs.seg_labels");
        int[] labels = c.integers("inputs.seg_labels");
        int[] cells = new int[s[0] * side * side];
        for (int i = 0; i < cells.length; i++) {
            int row = i / side % side * s[1] / side;
            int column = i % side * s[2] / side;
            cells[i] = labels[(i / side / side * s[1] + row) * s[2] + column];
        }
        return cells;
    }
}
