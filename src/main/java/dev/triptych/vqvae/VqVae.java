package dev.triptych.vqvae;

import dev.triptych.method.EncodedValue;
import dev.triptych.nn.FeatureMap;
import dev.triptych.nn.Scope;
import dev.triptych.program.Program;
import dev.triptych.program.State;
import dev.triptych.program.Tensor;
import dev.triptych.program.TotalLoss;
import dev.triptych.program.Twinned;
import dev.triptych.tokenizer.VectorQuantiser;
import dev.triptych.tokenizer.VqDecoder;
import dev.triptych.tokenizer.VqEncoder;
import dev.triptych.tokenizer.VqSettings;
import java.util.List;

/// A small VQ-VAE (van den Oord et al. 2017, arXiv 1711.00937), the tokenizer that a run trains: encoder, nearest
/// codes, decoder. Without perceptual or adversarial terms its pictures are blurred.
@Twinned
public final class VqVae {
    private static final float SHIFT = 0.5f;
    private static final int CHANNELS = 3;
    private static final String QUANTISATION = "quantisation (VQ-VAE section 3.1, Eq. 1-2)";
    private static final String LOSS = "loss (VQ-VAE section 3.2, Eq. 3)";

    /// Everything that fixes the model and its loss.
    ///
    /// @param sizes of encoder, codebook and decoder
    /// @param pixelVariance by which the reconstruction error is divided
    /// @param commitment weight of |z_e - sg(e)|^2
    /// @param decay of the codebook's averages
    /// @param smoothing of their counts
    public record Settings(VqSettings sizes, float pixelVariance, float commitment, float decay, float smoothing) {
    }

    /// INPUTS of a step.
    ///
    /// @param image (batch, 3, side, side), pixels in [0, 1]
    public record Inputs(Tensor image) {
    }

    /// The objective of a step.
    ///
    /// @param latents z_e (batch N, d)
    /// @param quantised codes and their vectors; null in a plain autoencoder
    public record Objective(Inputs inputs, Tensor latents, VectorQuantiser.Quantised quantised, TotalLoss loss) {
    }

    /// What evaluation reads.
    ///
    /// @param latents z_e (batch N, d)
    /// @param codes (batch N)
    /// @param prediction (batch side side, 3), pixels about in [-0.5, 0.5]
    public record Features(Tensor latents, Tensor codes, Tensor prediction) implements EncodedValue.Named {
        @Override
        public List<EncodedValue> named() {
            return List.of(EncodedValue.of("latents", "z_e (N, d), cell by cell", latents));
        }
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

    /// The input `image` of that many images.
    public Tensor image(Program p, int batch) {
        int side = settings.sizes().side();
        return p.input("image", batch, CHANNELS, side, side);
    }

    /// MSE / var(x) + commitment |z_e - sg(e)|^2, both means over all numbers; the first term alone without
    /// quantisation.
    public Objective objective(Program p, int batch, boolean quantise) {
        // INPUTS
        var in = new Inputs(image(p, batch));

        // FORWARD
        // z_e = enc(x), z_q = z_e + sg(e - z_e) of the nearest code e, x^ = dec(z_q)
        FeatureMap x = pixels(p, in.image());
        FeatureMap z = encode(p, x);
        var quantised = quantise ? quantise(p, z) : null;
        FeatureMap prediction = decode(p, quantise ? z.map(rows -> quantised.latents()) : z);

        // TERMS
        var terms = new TotalLoss.Terms();
        terms.add("reconstruction", 1f, () -> p.section(LOSS, () -> reconstruction(p, prediction, x)));
        terms.add("commitment", quantise ? settings.commitment() : 0f,
                () -> p.section(LOSS, () -> quantiser.commitment(p, z.rows(), quantised)));

        // TOTAL
        return new Objective(in, z.rows(), quantised, p.section(LOSS, () -> terms.total(p)));
    }

    /// Appends the update of the codebook by a step's latents.
    public void updateCodebook(Program p, Objective objective) {
        try (var _ = p.section("codebook of averages (VQ-VAE appendix A.1)")) {
            quantiser.update(p, objective.latents(), objective.quantised(), settings.decay(), settings.smoothing());
        }
    }

    /// Latents, codes and the picture that decodes from them.
    public Features evaluate(Program p, Tensor image) {
        FeatureMap z = encode(p, pixels(p, image));
        var quantised = quantise(p, z);
        var features = new Features(z.rows(), quantised.codes(), decode(p, z.map(rows -> quantised.vectors())).rows());
        p.keep(features.latents());
        p.keep(features.prediction());
        return features;
    }

    /// z_e (batch N, d) alone.
    public Tensor latents(Program p, Tensor image) {
        Tensor z = encode(p, pixels(p, image)).rows();
        p.keep(z);
        return z;
    }

    /// The input `codes` of that many images (batch N).
    public Tensor codes(Program p, int batch) {
        int grid = settings.sizes().grid();
        return p.integerInput("codes", batch, grid * grid);
    }

    /// The prediction (batch side side, 3) of codes (batch, N).
    public Tensor decodeCodes(Program p, Tensor codes) {
        int grid = settings.sizes().grid();
        Tensor vectors = p.section(QUANTISATION,
                () -> p.codeVectors(quantiser.averages().vectors(), codes.reshape(codes.count())));
        Tensor prediction = decode(p, new FeatureMap(vectors, codes.side(0), grid, grid)).rows();
        p.keep(prediction);
        return prediction;
    }

    private static FeatureMap pixels(Program p, Tensor image) {
        return p.section("pixels (VQ-VAE section 4)", () -> FeatureMap.of(p, image, SHIFT));
    }

    private VectorQuantiser.Quantised quantise(Program p, FeatureMap z) {
        return p.section(QUANTISATION, () -> quantiser.apply(p, z.rows()));
    }

    private FeatureMap encode(Program p, FeatureMap pixels) {
        return p.section("encoder (VQ-VAE section 3.1)", () -> encoder.apply(p, pixels));
    }

    private FeatureMap decode(Program p, FeatureMap latents) {
        return p.section("decoder (VQ-VAE section 3.1)", () -> decoder.apply(p, latents));
    }

    private Tensor reconstruction(Program p, FeatureMap prediction, FeatureMap pixels) {
        Tensor errors = p.squaredError(prediction.rows(), pixels.rows());
        return p.scaledSum(errors, 1f / (pixels.rows().count() * settings.pixelVariance()));
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
