package dev.triptych.check.vectors;

import dev.triptych.data.codes.CodeUse;
import dev.triptych.io.vectors.Comparison;
import dev.triptych.tokenizer.Codebook;
import dev.triptych.tokenizer.KMeans;
import dev.triptych.tokenizer.PatchCodebook;
import java.util.List;

/// Tokenizers: the patch codebook.
final class TokenizerFamilies {
    static final List<Family> ALL = List.of(
            new Family("patch codebook", c -> c.states("patch") && c.has("params.codebook") && c.has("inputs.images"),
                    TokenizerFamilies::patchCodebook));

    private TokenizerFamilies() {
    }

    private static void patchCodebook(Comparison c) {
        float[] images = Layout.narrow(c.doubles("inputs.images"));
        int[] shape = c.shape("params.codebook");
        var codebook = new Codebook(Layout.narrow(c.doubles("params.codebook")), shape[0], shape[1]);
        int count = c.shape("inputs.images")[0];
        var tokenizer = new PatchCodebook(codebook, c.shape("inputs.images")[2]);
        if (tokenizer.patch() != c.whole("patch") || tokenizer.codes() != c.whole("K")) {
            throw new IllegalArgumentException("params.codebook of " + shape[0] + " x " + shape[1]
                    + " is not the codebook that the settings state");
        }
        int rows = count * tokenizer.positions();
        float[] patches = new float[rows * shape[1]];
        float[] distance = new float[rows * shape[0]];
        float[] each = new float[shape[0]];
        for (int r = 0; r < rows; r++) {
            PatchCodebook.patch(images, tokenizer.side(), tokenizer.patch(), r / tokenizer.positions(),
                    r % tokenizer.positions(), patches, r * shape[1]);
            codebook.distances(patches, r * shape[1], each);
            System.arraycopy(each, 0, distance, r * shape[0], shape[0]);
        }
        c.give("intermediates.patches", patches);
        c.give("intermediates.distance", distance);
        int[] ids = new int[rows];
        tokenizer.encode(images, count, ids);
        c.give("intermediates.ids", ids);
        float[] decoded = new float[images.length];
        tokenizer.decode(ids, count, decoded);
        c.give("intermediates.decoded", decoded);
        double mse = 0;
        for (int i = 0; i < images.length; i++) {
            mse += Math.pow((double) decoded[i] - images[i], 2) / images.length;
        }
        c.give("losses.mse", mse);
        c.give("losses.psnr", -10 * Math.log10(mse));
        var use = new CodeUse(shape[0]);
        use.add(ids, rows);
        c.give("intermediates.counts", java.util.Arrays.stream(use.counts()).mapToInt(Math::toIntExact).toArray());
        c.give("losses.perplexity", use.perplexity());
        c.give("intermediates.codebook_after_lloyd", KMeans.lloyd(codebook, patches, rows));
    }
}
