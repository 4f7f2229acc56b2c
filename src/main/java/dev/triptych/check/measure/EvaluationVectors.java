package dev.triptych.check.measure;

import dev.triptych.io.vectors.Comparison;
import dev.triptych.io.vectors.VectorCase;
import dev.triptych.io.vectors.VectorReport;
import dev.triptych.measure.code.BitCodes;
import dev.triptych.measure.code.BitStatistics;
import dev.triptych.measure.feature.CosinePanels;
import dev.triptych.measure.feature.Features;
import dev.triptych.measure.feature.Geometry;
import dev.triptych.measure.feature.Knn;
import dev.triptych.measure.retrieval.AsymmetricDistance;
import dev.triptych.measure.retrieval.HammingRetrieval;
import dev.triptych.measure.retrieval.Ranking;
import dev.triptych.measure.retrieval.Relevance;
import dev.triptych.measure.retrieval.Retrieval;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;

/// Golden vectors of evaluations. Evaluation has no float64 twin: statistics of codes and geometry are computed in
/// float64 as they are, nearest neighbours and retrieval rank float32 similarities and are always held to the
/// tolerances of float32.
public final class EvaluationVectors {
    private static final String FLOAT32 = "float32";

    private EvaluationVectors() {
    }

    /// Runs a case of evaluation; empty where the case is of something else.
    ///
    /// @param precision whose tolerances hold where the evaluation is computed in float64
    public static Optional<VectorReport> run(VectorCase data, String precision) {
        var c = new Comparison(data, precision);
        if (c.has("inputs.bits") && c.has("inputs.labels")) {
            codes(c);
            return Optional.of(c.report("codes"));
        }
        if (!c.names("inputs\\.(.+\\.)?features").isEmpty()) {
            c.names("inputs\\.(.+\\.)?features").forEach(name -> geometry(c, name));
            return Optional.of(c.report("geometry"));
        }
        var narrow = new Comparison(data, FLOAT32);
        if (narrow.has("inputs.train") && narrow.has("inputs.train_labels")) {
            neighbours(narrow);
            return Optional.of(narrow.report("kNN"));
        }
        if (narrow.has("inputs.database_logits")) {
            retrieval(narrow);
            return Optional.of(narrow.report("retrieval"));
        }
        return Optional.empty();
    }

    /// What runs a case of evaluation here, and any other case as `otherwise` does.
    public static Function<VectorCase, VectorReport> or(String precision,
            Function<VectorCase, VectorReport> otherwise) {
        return data -> run(data, precision).orElseGet(() -> otherwise.apply(data));
    }

    private static void codes(Comparison c) {
        var bits = bits(c, "inputs.bits");
        var codes = new BitStatistics(bits, c.integers("inputs.labels"));
        c.give("intermediates.bit_mean", codes.means());
        c.give("intermediates.bit_entropy", codes.entropies());
        c.give("intermediates.class_rate", flat(codes.classRates()));
        c.give("intermediates.mutual_information", codes.informations());
        c.give("intermediates.reuse_mixed", codes.reuseMixed());
        c.give("intermediates.reuse_high", codes.reuseHigh());
        c.give("intermediates.block_entropy", codes.blockEntropies());
        c.give("intermediates.block_total_correlation", codes.totalCorrelations());
        int blocks = bits.bits() / BitStatistics.BLOCK;
        c.give("intermediates.block_id", IntStream.range(0, bits.count() * blocks)
                .map(i -> codes.block(i / blocks, i % blocks)).toArray());
        c.give("losses.mean_bit_entropy", codes.meanEntropy());
        c.give("losses.mean_block_entropy", codes.meanBlockEntropy());
        c.give("losses.mean_abs_corr", codes.meanAbsoluteCorrelation());
        if (c.has("inputs.bits_view2")) {
            c.give("losses.agreement", BitStatistics.agreement(bits, bits(c, "inputs.bits_view2")));
        }
        if (c.data().value("integers") instanceof Map<?, ?> integers
                && integers.get("distinct_codes") instanceof Number distinct
                && distinct.intValue() != codes.distinct()) {
            c.fail("distinct_codes is " + distinct + ", " + codes.distinct() + " were counted");
        }
    }

    private static void geometry(Comparison c, String name) {
        String tag = name.substring("inputs.".length(), name.length() - "features".length());
        int[] shape = c.shape(name);
        var geometry = Geometry.of(c.doubles(name), shape[0], shape[1]);
        c.give("intermediates." + tag + "eigenvalues", geometry.eigenvalues());
        c.give("intermediates." + tag + "explained", geometry.explained());
        c.give("losses." + tag + "d_eff", geometry.participation());
        c.give("losses." + tag + "r_eff", geometry.effectiveRank());
    }

    private static void neighbours(Comparison c) {
        var train = features(c, "inputs.train", c.integers("inputs.train_labels"));
        var test = features(c, "inputs.test", c.integers("inputs.test_labels"));
        int classes = c.whole("classes");
        var panels = CosinePanels.pack(train);
        c.give("intermediates.similarity", panels.similarities(test, 0, test.count()));
        var nearest = panels.nearest(test, 0, test.count(), train.count());
        c.give("intermediates.order", IntStream.range(0, test.count() * train.count())
                .map(i -> nearest.key(i / train.count(), i % train.count())).toArray());
        for (String name : c.names("intermediates\\.k[0-9]+\\.scores")) {
            String tag = name.split("\\.")[1];
            var knn = new Knn(Integer.parseInt(tag.substring(1)), Knn.Vote.WEIGHTED, c.hyper("temperature"));
            c.give(name, flat(IntStream.range(0, test.count())
                    .mapToObj(q -> knn.votes(nearest, q, train.labels(), classes)).toArray(double[][]::new)));
            c.give("intermediates." + tag + ".prediction", knn.predict(train, test));
            c.give("losses." + tag + ".accuracy", knn.accuracy(train, test) / 100);
        }
    }

    private static void retrieval(Comparison c) {
        var database = features(c, "inputs.database_logits", c.integers("inputs.database_labels"));
        var queries = features(c, "inputs.query_logits", c.integers("inputs.query_labels"));
        var items = BitCodes.of(database);
        var asked = BitCodes.of(queries);
        var relevance = Relevance.sameLabel(queries.labels(), database.labels());
        c.give("intermediates.database_bits", numbers(items));
        c.give("intermediates.query_bits", numbers(asked));
        give(c, "cosine", Retrieval.cosine(database, queries), CosinePanels.pack(database).similarities(queries, 0,
                queries.count()), "similarity", database.count());
        var asymmetric = new float[queries.count()][database.count()];
        for (int q = 0; q < asymmetric.length; q++) {
            new AsymmetricDistance(items).distances(queries, q, asymmetric[q]);
        }
        give(c, "asymmetric", HammingRetrieval.asymmetric(items, queries, relevance).score(), joined(asymmetric),
                "distance", database.count());
        for (String name : c.names("losses\\.hamming(_[0-9]+)?\\.map")) {
            String tag = name.split("\\.")[1];
            int bits = tag.contains("_") ? Integer.parseInt(tag.substring(tag.indexOf('_') + 1)) : items.bits();
            int[] first = IntStream.range(0, bits).toArray();
            hamming(c, tag, items.select(first), asked.select(first), relevance);
        }
        if (c.has("inputs.query_multilabel")) {
            hamming(c, "multilabel_hamming", items, asked, Relevance.anySharedLabel(
                    labels(c, "inputs.query_multilabel"), labels(c, "inputs.database_multilabel")));
        }
    }

    private static void hamming(Comparison c, String tag, BitCodes items, BitCodes asked, Relevance relevance) {
        var distances = new float[asked.count() * items.count()];
        for (int i = 0; i < distances.length; i++) {
            for (int b = 0; b < items.bits(); b++) {
                distances[i] += asked.bit(i / items.count(), b) ^ items.bit(i % items.count(), b);
            }
        }
        give(c, tag, HammingRetrieval.symmetric(items, asked, relevance).score(), distances, "distance", items.count());
    }

    private static void give(Comparison c, String tag, Retrieval.Score score, float[] keys, String what, int items) {
        c.give("intermediates." + tag + "." + what, keys);
        c.give("intermediates." + tag + ".ap", score.averagePrecision());
        c.give("losses." + tag + ".map", score.map() / 100);
        var ranking = new Ranking(items);
        var order = new ArrayList<Integer>();
        for (int at = 0; at < keys.length; at += items) {
            if (what.equals("similarity")) {
                ranking.descending(keys, at);
            } else {
                ranking.ascending(keys, at);
            }
            IntStream.range(0, items).map(ranking::item).forEach(order::add);
        }
        c.give("intermediates." + tag + ".order", order.stream().mapToInt(Integer::intValue).toArray());
    }

    private static Features features(Comparison c, String name, int[] labels) {
        double[] wide = c.doubles(name);
        var rows = new float[wide.length];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = (float) wide[i];
        }
        return new Features(rows, c.shape(name)[0], c.shape(name)[1], labels);
    }

    private static BitCodes bits(Comparison c, String name) {
        int[] values = c.integers(name);
        var logits = new float[values.length];
        for (int i = 0; i < logits.length; i++) {
            logits[i] = values[i];
        }
        return BitCodes.of(logits, c.shape(name)[0], c.shape(name)[1]);
    }

    private static int[] numbers(BitCodes codes) {
        return IntStream.range(0, codes.count() * codes.bits())
                .map(i -> codes.bit(i / codes.bits(), i % codes.bits())).toArray();
    }

    private static boolean[][] labels(Comparison c, String name) {
        int[] values = c.integers(name);
        var labels = new boolean[c.shape(name)[0]][c.shape(name)[1]];
        for (int i = 0; i < values.length; i++) {
            labels[i / labels[0].length][i % labels[0].length] = values[i] != 0;
        }
        return labels;
    }

    private static double[] flat(double[][] rows) {
        return Arrays.stream(rows).flatMapToDouble(Arrays::stream).toArray();
    }

    private static float[] joined(float[][] rows) {
        var all = new float[rows.length * rows[0].length];
        for (int r = 0; r < rows.length; r++) {
            System.arraycopy(rows[r], 0, all, r * rows[r].length, rows[r].length);
        }
        return all;
    }
}
