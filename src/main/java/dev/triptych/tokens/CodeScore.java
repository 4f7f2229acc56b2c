package dev.triptych.tokens;

import dev.triptych.data.codes.CodeTargets;
import dev.triptych.data.codes.CodeUse;
import dev.triptych.measure.picture.Psnr;

/// Codes that a decoder predicts beside those of the tokenizer, and what these decode to. Images are seen a few at a
/// time.
final class CodeScore {
    private final CodeTargets targets;
    private final int numbers;
    private final CodeUse use;
    private long images;
    private long equal;
    private double psnr;

    /// Nothing seen yet.
    ///
    /// @param side of the images
    CodeScore(CodeTargets targets, int side) {
        this.targets = targets;
        this.numbers = 3 * side * side;
        this.use = new CodeUse(targets.tokenizer().codes());
    }

    /// Counts the first `count` images (any, 3, side, side) with their predicted codes (any, N).
    void add(float[] pixels, int count, int[] predicted) {
        int n = count * targets.positions();
        int[] codes = new int[n];
        targets.encode(pixels, count, codes);
        use.add(codes, n);
        equal += CodeTargets.equal(predicted, codes, n);
        psnr += Psnr.sum(pixels, targets.decode(codes, count), count, numbers);
        images += count;
    }

    /// Patches whose code is predicted, in percent.
    double accuracy() {
        return 100.0 * equal / images / targets.positions();
    }

    /// What always saying the commonest code would get right, in percent.
    double commonest() {
        return 100 * use.commonest();
    }

    /// PSNR in dB of the tokenizer's own codes: what perfect predictions would reach.
    double ceiling() {
        return psnr / images;
    }

    /// How the accuracy is measured.
    String protocol() {
        return "share of the patches whose most likely code is the tokenizer's (" + targets.tokenizer().description()
                + ")";
    }
}
