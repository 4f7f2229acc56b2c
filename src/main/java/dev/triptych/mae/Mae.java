package dev.triptych.mae;

import dev.triptych.decoder.PatchDecoder;
import dev.triptych.encoder.Encoding;
import dev.triptych.encoder.MaskedPatches;
import dev.triptych.encoder.View;
import dev.triptych.encoder.VisionTransformer;
import dev.triptych.method.EncodedValue;
import dev.triptych.method.PatchFeatures;
import dev.triptych.nn.Init;
import dev.triptych.nn.LinearLayer;
import dev.triptych.nn.Scope;
import dev.triptych.program.Program;
import dev.triptych.program.RowIndex;
import dev.triptych.program.State;
import dev.triptych.program.Tensor;
import dev.triptych.program.TotalLoss;
import dev.triptych.program.Twinned;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;

/// MAE (He et al. 2021, arXiv 2111.06377): masked autoencoders. The encoder sees the patches that a random mask keeps,
/// a small decoder predicts the pixels of those that it dropped.
///
/// This class writes the objective in the order of the specification (sections 1 to 4): inputs, forward, terms, total.
@Twinned
public final class Mae {
    private static final String SECTION = "MAE section 2";
    /// Under the root of a patch's variance.
    private static final float PIXEL_EPS = 1e-6f;

    /// Everything that fixes the model.
    ///
    /// @param encoder sizes of the vision transformer
    /// @param decoder sizes of the decoder
    /// @param normPixels whether the target is each patch less its own mean, over its own deviation
    /// @param pixels what is read of a pixel
    public record Settings(VisionTransformer.Settings encoder, PatchDecoder.Settings decoder, boolean normPixels,
            VisionTransformer.Pixels pixels) {
    }

    /// INPUTS of a step.
    ///
    /// @param image (B, 3, side, side)
    /// @param masked which patches are kept
    /// @param slots for CLS and each place of each image, the row that the decoder sees there
    /// @param dropped 1 where a patch was dropped, else 0 (B, N)
    public record Inputs(Tensor image, MaskedPatches masked, RowIndex slots, Tensor dropped) {
        /// Gives the inputs a choice of patches.
        ///
        /// @param kept cells of every image (B * kept)
        /// @param to uploads integers
        /// @param numbers uploads numbers
        public void give(int[] kept, BiConsumer<Tensor, int[]> to, BiConsumer<Tensor, float[]> numbers) {
            int each = masked.kept();
            int n = masked.patches();
            int mask = masked.count() * (1 + each);
            int[] slot = new int[slots.count()];
            float[] gone = new float[masked.count() * n];
            Arrays.fill(slot, mask);
            Arrays.fill(gone, 1f);
            for (int b = 0; b < masked.count(); b++) {
                slot[b * (1 + n)] = b * (1 + each);
                for (int j = 0; j < each; j++) {
                    int cell = kept[b * each + j];
                    slot[b * (1 + n) + 1 + cell] = b * (1 + each) + 1 + j;
                    gone[b * n + cell] = 0f;
                }
            }
            masked.give(kept, 1, 1, to);
            slots.give(slot, to);
            numbers.accept(dropped, gone);
        }
    }

    /// The objective of one step: what a program computes before its gradient.
    ///
    /// @param encoding of what is kept
    /// @param target of every patch (B N, 3 p p)
    /// @param patchErrors squared error of every patch, summed over its numbers (B, N)
    public record Objective(Inputs inputs, Encoding encoding, PatchDecoder.Decoding decoding, Tensor target,
            Tensor patchErrors, TotalLoss loss) {
    }

    /// What evaluation reads of full images.
    ///
    /// @param cls (batch, d)
    /// @param dense D (batch, N, d)
    public record Features(Tensor cls, Tensor dense) implements PatchFeatures, EncodedValue.Named {
        @Override
        public List<EncodedValue> named() {
            return List.of(EncodedValue.of("cls", "CLS (d)", cls),
                    EncodedValue.of("dense", "D (N, d), patch by patch", dense));
        }
    }

    private final Settings settings;
    private final VisionTransformer encoder;
    private final PatchDecoder decoder;

    /// Registers all parameters in a state.
    public Mae(State state, Settings settings) {
        this.settings = settings;
        Scope scope = Scope.of(state);
        var start = new VisionTransformer.Start(LinearLayer::xavier, Init.normal(0.02), settings.decoder().sine(),
                Init.normal(0.02));
        encoder = new VisionTransformer(scope, settings.encoder(), 0, SECTION, start, settings.pixels());
        decoder = new PatchDecoder(scope, settings.decoder());
    }

    /// The input `image` of that many full images.
    public Tensor image(Program p, int batch) {
        int side = settings.encoder().grid() * settings.encoder().patch();
        return p.input("image", batch, 3, side, side);
    }

    /// CLS and D of full images: what evaluation reads (section 5).
    public Features evaluate(Program p, Tensor image) {
        Encoding encoding = encoder.encode(p,
                View.full(p, image, image.side(0), 0, 1, settings.encoder().grid()));
        var features = new Features(encoding.cls(p, 0), encoding.dense(p, 0));
        List.of(features.cls(), features.dense()).forEach(p::keep);
        return features;
    }

    /// The objective of a training step (section 4).
    ///
    /// @param batch B images
    /// @param kept patches of each
    public Objective objective(Program p, int batch, int kept) {
        int n = settings.encoder().patches();

        // INPUTS
        Inputs in = inputs(p, batch, kept);

        // FORWARD
        // z = enc(CLS, kept patches), x^ = dec(z, mask tokens)
        Encoding encoding = encoder.encode(p,
                View.masked(in.image(), in.masked(), settings.encoder().grid()));
        var decoding = decoder.apply(p, encoding.tokens(), in.slots());
        Tensor target = target(p, in.image());

        // TERMS
        var terms = new TotalLoss.Terms();
        Tensor errors;
        try (var _ = p.section("pixels of the dropped patches (MAE section 4)")) {
            errors = p.reshape(p.squaredError(decoding.prediction(), target), batch, n);
        }
        float count = (float) batch * (n - kept) * target.columns();
        terms.add("reconstruction", 1f, () -> p.section("pixels of the dropped patches (MAE section 4)",
                () -> p.scaledSum(p.rowDots(errors, in.dropped()), 1f / count)));

        // TOTAL
        TotalLoss loss = p.section("total loss (MAE section 4)", () -> terms.total(p));
        return new Objective(in, encoding, decoding, target, errors, loss);
    }

    private Inputs inputs(Program p, int batch, int kept) {
        int n = settings.encoder().patches();
        return new Inputs(image(p, batch), MaskedPatches.input(p, batch, kept, n),
                RowIndex.input(p, "slots", batch * (1 + kept) + 1, batch * (1 + n)), p.input("dropped", batch, n));
    }

    /// The pixels of every patch as the encoder reads them, or these less their mean over their deviation: (t - mean) /
    /// sqrt(var + eps) with the unbiased variance, which is n/(n-1) times the biased one of a layer norm.
    private Tensor target(Program p, Tensor images) {
        try (var _ = p.section("targets: patches, normalised each by itself (MAE section 4)")) {
            int[] all = new int[images.side(0) * settings.encoder().patches()];
            Arrays.setAll(all, i -> i);
            Tensor pixels = settings.pixels().patches(p, images, p.constant("all", all), settings.encoder().patch());
            if (!settings.normPixels()) {
                return pixels;
            }
            int m = pixels.columns();
            float[] gain = new float[m];
            Arrays.fill(gain, (float) Math.sqrt((m - 1) / (double) m));
            return p.layerNorm(pixels, p.constant("deviation", gain, m), p.constant("mean", new float[m], m),
                    PIXEL_EPS * (m - 1) / m);
        }
    }

    /// Sizes and switches.
    public Settings settings() {
        return settings;
    }
}
