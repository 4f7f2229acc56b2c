package dev.triptych.check.vectors;

import dev.triptych.data.codes.CodeUse;
import dev.triptych.io.vectors.Comparison;
import dev.triptych.nn.Scope;
import dev.triptych.program.Program;
import dev.triptych.program.Tensor;
import dev.triptych.program.call.QuantisationCalls.CodeCounts;
import dev.triptych.program.call.QuantisationCalls.CodeSums;
import dev.triptych.program.call.QuantisationCalls.SmoothCounts;
import dev.triptych.tokenizer.Codebook;
import dev.triptych.tokenizer.KMeans;
import dev.triptych.tokenizer.PatchCodebook;
import dev.triptych.tokenizer.VectorQuantiser;
import java.util.List;

/// Tokenizers: the patch codebook, and the straight-through quantisation of a VQ-VAE.
final class TokenizerFamilies {
    private static final float RESTART_BELOW = 0.1f;

    static final List<Family> ALL = List.of(
            new Family("patch codebook", c -> c.states("patch") && c.has("params.codebook") && c.has("inputs.images"),
                    TokenizerFamilies::patchCodebook),
            new Family("vector quantisation", c -> c.has("inputs.z_e") && c.has("params.ema_count"),
                    TokenizerFamilies::quantisation));

    private TokenizerFamilies() {
    }

    private static void patchCodebook(Comparison c) {
        float[] images = AxisOrder.narrow(c.doubles("inputs.images"));
        int[] shape = c.shape("params.codebook");
        var codebook = new Codebook(AxisOrder.narrow(c.doubles("params.codebook")), shape[0], shape[1]);
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

    /// z_q = z_e + sg(e - z_e), a linear decoder, the loss, the update of the codebook, and which codes are restarted.
    private static void quantisation(Comparison c) {
        var b = new Bench(c);
        Program p = b.program();
        int[] shape = c.shape("params.codebook");
        var quantiser = new VectorQuantiser(Scope.of(b.state()), shape[0], shape[1]);
        var averages = quantiser.averages();
        b.start(averages.vectors(), "params.codebook");
        b.start(averages.counts(), "params.ema_count");
        b.start(averages.sums(), "params.ema_sum");
        Tensor z = b.input("inputs.z_e");
        var quantised = quantiser.apply(p, z);
        Tensor x = b.given("inputs.x");
        Tensor rec = b.linear(quantised.latents(), "params.decoder");
        double numbers = x.count() * c.hyper("data_variance");
        Tensor reconstruction = p.scaledSum(p.squaredError(rec, x), (float) (1 / numbers));
        Tensor commitment = quantiser.commitment(p, z, quantised);
        b.give("intermediates.quantised", quantised.latents());
        b.give("intermediates.reconstruction", rec);
        b.loss("losses.reconstruction", reconstruction);
        b.loss("losses.commitment", commitment);
        b.differentiate("total", p.addScaled(reconstruction, 1f, commitment, (float) c.hyper("beta")));
        quantiser.update(p, z, quantised, (float) c.hyper("gamma"), (float) c.hyper("laplace"));
        b.give("intermediates.counts", b.call(CodeCounts.class).count());
        b.give("intermediates.sums", b.call(CodeSums.class).sums());
        b.give("intermediates.smoothed_count", b.call(SmoothCounts.class).smooth());
        b.give("intermediates.ema_count_after", averages.counts());
        b.give("intermediates.ema_sum_after", averages.sums());
        b.give("intermediates.codebook_after", averages.vectors());
        b.run();
        c.give("intermediates.ids", b.whole(quantised.codes()));
        c.give("intermediates.distance", distances(c));
        int[] restart = new int[shape[0]];
        VectorQuantiser.dead(b.numbers(averages.counts()), RESTART_BELOW).forEach(k -> restart[k] = 1);
        c.give("intermediates.restart", restart);
    }

    private static float[] distances(Comparison c) {
        int[] shape = c.shape("params.codebook");
        var codebook = new Codebook(AxisOrder.narrow(c.doubles("params.codebook")), shape[0], shape[1]);
        float[] z = AxisOrder.narrow(c.doubles("inputs.z_e"));
        float[] each = new float[shape[0]];
        float[] all = new float[z.length / shape[1] * shape[0]];
        for (int r = 0; r < z.length / shape[1]; r++) {
            codebook.distances(z, r * shape[1], each);
            System.arraycopy(each, 0, all, r * shape[0], shape[0]);
        }
        return all;
    }
}
