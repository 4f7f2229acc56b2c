package dev.triptych.stellar;

import dev.triptych.data.codes.CodeTargets;
import dev.triptych.data.codes.CodeUse;
import dev.triptych.device.Session;
import dev.triptych.measure.feature.ArgMax;
import dev.triptych.measure.feature.Spectrum;
import dev.triptych.method.Health;
import dev.triptych.program.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/// The health figures of STELLAR (specification section 10), from the values of the last step.
public final class StellarHealth {
    private static final int ROWS = 512;
    private static final int IMAGES = 32;

    private StellarHealth() {
    }

    /// Values that a step has to keep for them.
    static List<Tensor> kept(Stellar.Objective o) {
        return Stream.of(o.full().sparse(), o.factors().localization(), o.factors().lowRank(), o.full().logits(),
                o.full().clsLogits(), o.inputs().codes() == null ? null : o.decoding().prediction())
                .filter(Objects::nonNull).toList();
    }

    /// Perplexity of the prototypes that tokens prefer (of at most C and the tokens of a step), mean entropy of the
    /// rows of L (of at most ln K), tokens of an image that some patch prefers, effective rank of S over
    /// images, of Z in an image (mean of at most 32), mean cosine between tokens. With code targets, the share of
    /// patches whose most likely code is the tokenizer's, beside the share of the batch's commonest code. NaN where one
    /// cannot be computed.
    public static Map<String, Double> of(Session session, Stellar.Objective o) {
        var figures = new LinkedHashMap<String, Double>();
        perplexity(figures, "prototype perplexity", session, o.full().logits());
        perplexity(figures, "cls prototype perplexity", session, o.full().clsLogits());
        Tensor l = o.factors().localization();
        float[] where = session.download(l);
        figures.put("L entropy", Health.orNaN(() -> Spectrum.meanRowEntropy(where, 0, l.rows(), l.columns())));
        figures.put("used tokens", usedTokens(where, l.side(0), l.side(1), l.side(2)));
        Tensor s = o.full().sparse();
        float[] what = session.download(s);
        int rows = Math.min(ROWS, s.rows());
        figures.put("S effective rank", Health.orNaN(() -> Spectrum.effectiveRank(what, 0, rows, s.columns())));
        figures.put("S mean cosine", Health.orNaN(() -> Spectrum.meanCosine(what, 0, rows, s.columns())));
        Tensor z = o.factors().lowRank();
        float[] full = session.download(z);
        figures.put("Z effective rank", Health.orNaN(() -> effectiveRank(full, z.side(0), z.side(1), z.columns())));
        if (o.inputs().codes() != null) {
            codes(figures, session, o.decoding().prediction(), o.inputs().codes());
        }
        return figures;
    }

    private static void codes(Map<String, Double> figures, Session session, Tensor prediction, Tensor targets) {
        int[] codes = session.downloadIntegers(targets);
        int[] best = ArgMax.ofRows(session.download(prediction), 0, codes.length, prediction.columns());
        figures.put("code accuracy", (double) CodeTargets.equal(best, codes, codes.length) / codes.length);
        var use = new CodeUse(prediction.columns());
        use.add(codes, codes.length);
        figures.put("commonest code", use.commonest());
    }

    /// Mean over at most 32 images of the effective rank of an image's own matrix: at most K for Z = L S, whereas rows
    /// of many images together would span more. z (images, patches, d).
    static double effectiveRank(float[] z, int images, int patches, int d) {
        int counted = Math.min(IMAGES, images);
        double sum = 0;
        for (int b = 0; b < counted; b++) {
            sum += Spectrum.effectiveRank(z, b * patches * d, patches, d);
        }
        return sum / counted;
    }

    private static void perplexity(Map<String, Double> figures, String name, Session session, Tensor l) {
        if (l != null) {
            float[] logits = session.download(l);
            figures.put(name, Health.orNaN(() -> usePerplexity(logits, l.rows(), l.columns())));
        }
    }

    /// Perplexity of the share of rows whose largest logit is each column's: 1 when all rows prefer the same one.
    /// Targets cannot show this: Sinkhorn balances them, so that theirs is near C however collapsed the logits are.
    static double usePerplexity(float[] logits, int rows, int columns) {
        float[] use = new float[columns];
        for (int best : ArgMax.ofRows(logits, 0, rows, columns)) {
            use[best]++;
        }
        return Spectrum.perplexity(use, 0, 1, columns);
    }

    /// Mean over images of the number of tokens that are the largest of L at some patch. l (images, patches, tokens).
    static double usedTokens(float[] l, int images, int patches, int tokens) {
        long used = 0;
        for (int b = 0; b < images; b++) {
            boolean[] seen = new boolean[tokens];
            for (int i = 0; i < patches; i++) {
                int at = (b * patches + i) * tokens;
                int best = 0;
                for (int k = 1; k < tokens; k++) {
                    best = l[at + k] > l[at + best] ? k : best;
                }
                seen[best] = true;
            }
            for (boolean s : seen) {
                used += s ? 1 : 0;
            }
        }
        return (double) used / images;
    }
}
