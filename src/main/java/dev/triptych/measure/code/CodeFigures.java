package dev.triptych.measure.code;

import dev.triptych.data.codes.CodeUse;
import dev.triptych.measure.picture.Psnr;
import dev.triptych.method.EvaluationReport;
import dev.triptych.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// How good the codes of a tokenizer are: how many it uses and how evenly, and what decoding makes of them beside one
/// colour for each position and one for each image. Images are seen a few at a time.
public final class CodeFigures {
    private final Tokenizer tokenizer;
    private final CodeUse use;
    private long images;
    private double psnr;
    private double cellPsnr;
    private double imagePsnr;

    /// Nothing seen yet.
    public CodeFigures(Tokenizer tokenizer) {
        this.tokenizer = tokenizer;
        this.use = new CodeUse(tokenizer.codes());
    }

    /// Counts `count` images (count, 3, side, side) with their codes (count, N).
    public void add(float[] pixels, int count, int[] codes) {
        int side = tokenizer.side();
        int numbers = 3 * side * side;
        float[] decoded = new float[count * numbers];
        tokenizer.decode(codes, count, decoded);
        use.add(codes, count * tokenizer.positions());
        psnr += count * Psnr.mean(pixels, decoded, count, numbers);
        means(pixels, count, side / tokenizer.grid(), decoded);
        cellPsnr += count * Psnr.mean(pixels, decoded, count, numbers);
        means(pixels, count, side, decoded);
        imagePsnr += count * Psnr.mean(pixels, decoded, count, numbers);
        images += count;
    }

    /// Each cell of `cell` x `cell` pixels becomes its mean colour.
    private void means(float[] pixels, int count, int cell, float[] out) {
        int side = tokenizer.side();
        for (int plane = 0; plane < 3 * count; plane++) {
            for (int y = 0; y < side; y += cell) {
                for (int x = 0; x < side; x += cell) {
                    int at = (plane * side + y) * side + x;
                    double sum = 0;
                    for (int i = 0; i < cell * cell; i++) {
                        sum += pixels[at + i / cell * side + i % cell];
                    }
                    for (int i = 0; i < cell * cell; i++) {
                        out[at + i / cell * side + i % cell] = (float) (sum / (cell * cell));
                    }
                }
            }
        }
    }

    /// How the codes were used.
    public CodeUse use() {
        return use;
    }

    /// PSNR of decoding, in dB: the mean over images.
    public double psnr() {
        return psnr / images;
    }

    /// The figures; `also` are further baselines of the PSNR by name.
    public List<EvaluationReport.Figure> figures(Map<String, Double> also) {
        int k = tokenizer.codes();
        String all = "all codes equal";
        String counted = images + " images";
        var figures = new ArrayList<EvaluationReport.Figure>();
        figures.add(new EvaluationReport.Figure("used codes", use.used(), "codes", counted, Map.of(all, (double) k)));
        figures.add(new EvaluationReport.Figure("perplexity", use.perplexity(), "codes", counted,
                Map.of(all, (double) k)));
        figures.add(new EvaluationReport.Figure("unigram entropy", use.entropy(), "nats", counted,
                Map.of(all, Math.log(k))));
        figures.add(new EvaluationReport.Figure("commonest code", 100 * use.commonest(), "%", counted,
                Map.of(all, 100.0 / k)));
        var baselines = new java.util.LinkedHashMap<String, Double>(also);
        baselines.put("a colour per code", cellPsnr / images);
        baselines.put("a colour per image", imagePsnr / images);
        figures.add(new EvaluationReport.Figure("PSNR of decode(encode)", psnr(), "dB", Psnr.protocol(), baselines));
        return figures;
    }
}
