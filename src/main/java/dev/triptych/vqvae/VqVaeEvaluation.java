package dev.triptych.vqvae;

import dev.triptych.data.set.ImageSet;
import dev.triptych.measure.code.CodeFigures;
import dev.triptych.method.EvaluationProgress;
import dev.triptych.method.EvaluationReport;
import dev.triptych.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/// Whether a VQ-VAE may serve as a tokenizer: on images that it never saw it has to use most of its codes, evenly, and
/// to be better than the k-means patch codebook of equally many codes.
public final class VqVaeEvaluation {
    /// Least share of codes used.
    private static final double USED = 0.9;
    /// Least perplexity as a share of K.
    private static final double PERPLEXITY = 0.5;
    private static final int BATCH = 64;

    private VqVaeEvaluation() {
    }

    /// What was found.
    ///
    /// @param figures beside those of k-means
    /// @param objections what forbids its use, in words; empty if it is accepted
    /// @param facts which parameters were judged, and the verdict
    public record Finding(List<EvaluationReport.Figure> figures, List<String> objections, Map<String, String> facts) {
    }

    /// Measures both tokenizers on the test images.
    ///
    /// @param departures of this judgement from that of the run's own images, in words: with any, the figures count,
    ///        but nothing is accepted
    /// @param progress told how far it is, in one stage
    public static Finding evaluate(Tokenizer trained, Tokenizer kmeans, ImageSet test, List<String> departures,
            EvaluationProgress progress) {
        progress.begin("codes and reconstructions, images", 2L * test.size());
        CodeFigures own = figures(trained, test, progress);
        CodeFigures floor = figures(kmeans, test, progress);
        int k = trained.codes();
        var objections = new ArrayList<>(departures);
        if (own.use().used() < USED * k) {
            objections.add(String.format(Locale.ROOT, "%d of %d codes used, expected %.0f", own.use().used(), k,
                    Math.ceil(USED * k)));
        }
        if (own.use().perplexity() < PERPLEXITY * k) {
            objections.add(String.format(Locale.ROOT, "perplexity %.1f, expected %.0f", own.use().perplexity(),
                    PERPLEXITY * k));
        }
        if (!(own.psnr() > floor.psnr())) {
            objections.add(String.format(Locale.ROOT, "PSNR %.2f dB, expected more than the %.2f dB of k-means",
                    own.psnr(), floor.psnr()));
        }
        var figures = new ArrayList<EvaluationReport.Figure>();
        var ours = own.figures(Map.of());
        var theirs = floor.figures(Map.of());
        for (int i = 0; i < ours.size(); i++) {
            var baselines = new java.util.LinkedHashMap<String, Double>();
            baselines.put("k-means", theirs.get(i).value());
            baselines.putAll(ours.get(i).baselines());
            figures.add(new EvaluationReport.Figure(ours.get(i).what(), ours.get(i).value(), ours.get(i).unit(),
                    ours.get(i).protocol(), baselines));
        }
        return new Finding(figures, List.copyOf(objections),
                Map.of(Acceptance.JUDGED, trained.sha256(), Acceptance.VERDICT, Acceptance.verdict(objections)));
    }

    private static CodeFigures figures(Tokenizer tokenizer, ImageSet set, EvaluationProgress progress) {
        var figures = new CodeFigures(tokenizer);
        float[] images = new float[BATCH * 3 * set.side() * set.side()];
        int[] codes = new int[BATCH * tokenizer.positions()];
        for (int first = 0; first < set.size(); first += BATCH) {
            int count = Math.min(BATCH, set.size() - first);
            set.images(IntStream.range(first, first + count).toArray(), images, 0);
            tokenizer.encode(images, count, codes);
            figures.add(images, count, codes);
            progress.did(count);
        }
        return figures;
    }
}
