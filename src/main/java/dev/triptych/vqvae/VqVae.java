package dev.triptych.vqvae;

import dev.triptych.nn.FeatureMap;
import dev.triptych.nn.Scope;
import dev.triptych.program.Program;
import dev.triptych.program.State;
import dev.triptych.program.Tensor;
import dev.triptych.program.Twinned;
import dev.triptych.tokenizer.VectorQuantiser;
import dev.triptych.tokenizer.VqDecoder;
import dev.triptych.tokenizer.VqEncoder;
import dev.triptych.tokenizer.VqSettings;
import java.util.LinkedHashMap;
import java.util.Map;

/// A small VQ-VAE (van den Oord et al. 2017, arXiv 1711.00937), the tokenizer that a run trains: encoder, nearest
/// codes, decoder. Without perceptual or adversarial terms its pictures are blurred.
@Twinned
public final class VqVae {
    private static final String QUANTISATION = "quantisation (VQ-VAE section 3.1, Eq. 1-2)";
    private static final String LOSS = "loss (VQ-VAE section 3.2, Eq. 3)";
    private static final float SHIFT = 0.5f;
    private static final int CHANNELS = 3;

    /// Everything that fixes the model and its loss.
    ///
    /// @param sizes of encoder, codebook and decoder
    /// @param pixelVariance by which the reconstruction error is divided
    /// @param commitment weight of |z_e - sg(e)|^2
    /// @param decay of the codebook's averages
    /// @param smoothing of their counts
    public record Settings(VqSettings sizes, float pixelVariance, float commitment, float decay, float smoothing) {
    }

    /// The objective of a step.
    ///
    /// @param terms of the loss by name, not weighted
    /// @param total the weighted sum
    /// @param latents z_e (batch N, d)
    /// @param quantised codes and their vectors; null in a plain autoencoder
    public record Objective(Map<String, Tensor> terms, Tensor total, Tensor latents,
            VectorQuantiser.Quantised quantised) {
    }

    private final Settings settings;
    private final VqEncoder encoder;
    private final VectorQuantiser quantiser;
    private final VqDecoder decoder;

    /// Registers parameters and codebook in a state.
    public VqVae(State state, Settings settings) {
        this.settings = settings;
        Scope scope = Scope.of(state);
        var sizes = settings.sizes();
        encoder = new VqEncoder(scope.in("encoder"), sizes);
        quantiser = new VectorQuantiser(scope.in("quantiser"), sizes.codes(), sizes.dim());
        decoder = new VqDecoder(scope.in("decoder"), sizes);
    }

    /// MSE / var(x) + commitment |z_e - sg(e)|^2, both means over all numbers; the first term alone without
    /// quantisation. Input: `image` (batch, 3, side, side), pixels in [0, 1].
    public Objective objective(Program p, int batch, boolean quantise) {
        FeatureMap pixels = pixels(p, batch);
        FeatureMap z = encode(p, pixels);
        var terms = new LinkedHashMap<String, Tensor>();
        if (!quantise) {
            Tensor reconstruction = reconstruction(p, decode(p, z), pixels);
            terms.put("reconstruction", reconstruction);
            return new Objective(terms, reconstruction, z.rows(), null);
        }
        var quantised = p.section(QUANTISATION, () -> quantiser.apply(p, z.rows()));
        Tensor reconstruction = reconstruction(p, decode(p, z.map(rows -> quantised.latents())), pixels);
        terms.put("reconstruction", reconstruction);
        try (var _ = p.section(LOSS)) {
            Tensor commitment = quantiser.commitment(p, z.rows(), quantised);
            terms.put("commitment", commitment);
            return new Objective(terms, p.addScaled(reconstruction, 1f, commitment, settings.commitment()), z.rows(),
                    quantised);
        }
    }

    /// Appends the update of the codebook by a step's latents.
    public void updateCodebook(Program p, Objective objective) {
        try (var _ = p.section("codebook of averages (VQ-VAE appendix A.1)")) {
            quantiser.update(p, objective.latents(), objective.quantised(), settings.decay(), settings.smoothing());
        }
    }

    /// What evaluation reads: `latents` (batch N, d), `codes` (batch N) and `prediction` (batch side side, 3), pixels
    /// about in [-0.5, 0.5].
    public Map<String, Tensor> evaluate(Program p, int batch) {
        FeatureMap z = encode(p, pixels(p, batch));
        var quantised = p.section(QUANTISATION, () -> quantiser.apply(p, z.rows()));
        var values = new LinkedHashMap<String, Tensor>();
        values.put("latents", z.rows());
        values.put("codes", quantised.codes());
        values.put("prediction", decode(p, z.map(rows -> quantised.vectors())).rows());
        p.keep(z.rows());
        p.keep(values.get("prediction"));
        return values;
    }

    /// z_e (batch N, d) alone, of the input `image`.
    public Tensor latents(Program p, int batch) {
        Tensor z = encode(p, pixels(p, batch)).rows();
        p.keep(z);
        return z;
    }

    /// The prediction (batch side side, 3) of the input `codes` (batch N).
    public Tensor decodeCodes(Program p, int batch) {
        int grid = settings.sizes().grid();
        Tensor codes = p.integerInput("codes", batch * grid * grid);
        Tensor vectors = p.section(QUANTISATION, () -> p.codeVectors(quantiser.averages().vectors(), codes));
        Tensor prediction = decode(p, new FeatureMap(vectors, batch, grid, grid)).rows();
        p.keep(prediction);
        return prediction;
    }

    private FeatureMap pixels(Program p, int batch) {
        int side = settings.sizes().side();
        Tensor image = p.input("image", batch, CHANNELS, side, side);
        return p.section("pixels (VQ-VAE section 4)", () -> FeatureMap.of(p, image, SHIFT));
    }

    private FeatureMap encode(Program p, FeatureMap pixels) {
        return p.section("encoder (VQ-VAE section 3.1)", () -> encoder.apply(p, pixels));
    }

    private FeatureMap decode(Program p, FeatureMap latents) {
        return p.section("decoder (VQ-VAE section 3.1)", () -> decoder.apply(p, latents));
    }

    private Tensor reconstruction(Program p, FeatureMap prediction, FeatureMap pixels) {
        try (var _ = p.section(LOSS)) {
            Tensor errors = p.squaredError(prediction.rows(), pixels.rows());
            return p.scaledSum(errors, 1f / (pixels.rows().count() * settings.pixelVariance()));
        }
    }

    /// The codebook.
    public VectorQuantiser quantiser() {
        return quantiser;
    }

    /// Sizes and weights.
    public Settings settings() {
        return settings;
    }
}
