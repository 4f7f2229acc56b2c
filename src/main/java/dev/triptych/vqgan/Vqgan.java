package dev.triptych.vqgan;

import dev.triptych.method.EncodedValue;
import dev.triptych.nn.FeatureMap;
import dev.triptych.nn.Init;
import dev.triptych.nn.Scope;
import dev.triptych.program.Program;
import dev.triptych.program.State;
import dev.triptych.program.Tensor;
import dev.triptych.program.TotalLoss;
import dev.triptych.program.Twinned;
import dev.triptych.tokenizer.VqganDecoder;
import dev.triptych.tokenizer.VqganEncoder;
import dev.triptych.tokenizer.VqganSettings;
import java.util.List;

/// MaskGIT's VQGAN (Chang et al. 2022, arXiv 2202.04200; Esser et al. 2021): encoder, nearest codes, decoder. Its
/// training here is the straight-through loss alone: perceptual and adversarial terms need networks of their own.
@Twinned
public final class Vqgan {
    private static final int CHANNELS = 3;
    private static final String QUANTISATION = "quantisation (VQGAN section 2)";
    private static final String LOSS = "loss (VQGAN section 3)";

    /// Everything that fixes the model and its loss.
    ///
    /// @param sizes of encoder, codebook and decoder
    /// @param codebook weight of |e - sg(z)|^2
    /// @param commitment weight of |z - sg(e)|^2
    public record Settings(VqganSettings sizes, float codebook, float commitment) {
    }

    /// INPUTS of a step.
    ///
    /// @param image (batch, 3, side, side), pixels in [0, 1]
    public record Inputs(Tensor image) {
    }

    /// Latents replaced by the nearest codes.
    ///
    /// @param codes (batch N)
    /// @param vectors e, the codebook's vectors of these codes (batch N, dim)
    public record Quantised(Tensor codes, Tensor vectors) {
    }

    /// The objective of a step.
    public record Objective(Inputs inputs, VqganEncoder.Encoded encoded, Quantised quantised,
            VqganDecoder.Decoded decoded, TotalLoss loss) {
    }

    /// Images all the way: their latents, codes, and what decodes from these; null where nothing is decoded.
    public record Seen(VqganEncoder.Encoded encoded, Quantised quantised, VqganDecoder.Decoded decoded) {
    }

    /// What evaluation reads.
    ///
    /// @param latents z (batch N, dim)
    /// @param codes (batch N)
    /// @param prediction (batch side side, 3), not limited to [0, 1]
    public record Features(Tensor latents, Tensor codes, Tensor prediction) implements EncodedValue.Named {
        @Override
        public List<EncodedValue> named() {
            return List.of(EncodedValue.of("latents", "z (N, dim), cell by cell", latents));
        }
    }

    private final Settings settings;
    private final VqganEncoder encoder;
    private final Tensor codebook;
    private final VqganDecoder decoder;

    /// Registers parameters in a state, under the names of the published checkpoint.
    public Vqgan(State state, Settings settings) {
        this.settings = settings;
        Scope scope = Scope.of(state);
        var sizes = settings.sizes();
        encoder = new VqganEncoder(scope.in("encoder"), sizes);
        codebook = scope.in("quantize").in("embedding").parameter("weight", Init.uniform(1.0 / sizes.codes()),
                sizes.codes(), sizes.dim());
        decoder = new VqganDecoder(scope.in("decoder"), sizes);
    }

    /// The input `image` of that many images.
    public Tensor image(Program p, int batch) {
        int side = settings.sizes().side();
        return p.input("image", batch, CHANNELS, side, side);
    }

    /// MSE + codebook |e - sg(z)|^2 + commitment |z - sg(e)|^2, all means over all numbers.
    public Objective objective(Program p, int batch) {
        // INPUTS
        var in = new Inputs(image(p, batch));

        // FORWARD
        // z = enc(x), z_q = z + sg(e - z) of the nearest code e, x^ = dec(z_q)
        FeatureMap x = pixels(p, in.image());
        var encoded = encode(p, x);
        Tensor z = encoded.latents().rows();
        var quantised = quantise(p, z);
        Tensor through = p.section(QUANTISATION, () -> p.add(z,
                p.stopGradient("quantisation error", p.addScaled(quantised.vectors(), 1f, z, -1f))));
        var decoded = decode(p, encoded.latents().map(_ -> through));

        // TERMS
        var terms = new TotalLoss.Terms();
        terms.add("reconstruction", 1f, () -> p.section(LOSS, () -> mean(p, decoded.pixels().rows(), x.rows())));
        terms.add("codebook", settings.codebook(), () -> p.section(LOSS,
                () -> mean(p, quantised.vectors(), p.stopGradient("latents", z))));
        terms.add("commitment", settings.commitment(), () -> p.section(LOSS,
                () -> mean(p, z, p.stopGradient("codes' vectors", quantised.vectors()))));

        // TOTAL
        return new Objective(in, encoded, quantised, decoded, p.section(LOSS, () -> terms.total(p)));
    }

    private static Tensor mean(Program p, Tensor a, Tensor b) {
        return p.scaledSum(p.squaredError(a, b), 1f / a.count());
    }

    /// Latents, codes and the picture that decodes from them.
    public Features evaluate(Program p, Tensor image) {
        var seen = see(p, image, true);
        Tensor z = seen.encoded().latents().rows();
        Tensor prediction = seen.decoded().pixels().rows();
        List.of(z, prediction).forEach(p::keep);
        return new Features(z, seen.quantised().codes(), prediction);
    }

    /// Latents and codes of images, and what decodes from the codes' vectors.
    public Seen see(Program p, Tensor image, boolean decodes) {
        var encoded = encode(p, pixels(p, image));
        var quantised = quantise(p, encoded.latents().rows());
        return new Seen(encoded, quantised,
                decodes ? decode(p, encoded.latents().map(_ -> quantised.vectors())) : null);
    }

    /// Codes alone (batch N).
    public Tensor tokens(Program p, Tensor image) {
        return quantise(p, encode(p, pixels(p, image)).latents().rows()).codes();
    }

    /// The input `codes` of that many images (batch, N).
    public Tensor codes(Program p, int batch) {
        int grid = settings.sizes().grid();
        return p.integerInput("codes", batch, grid * grid);
    }

    /// The prediction (batch side side, 3) of codes (batch, N).
    public Tensor decodeCodes(Program p, Tensor codes) {
        Tensor vectors = p.section(QUANTISATION, () -> p.codeVectors(codebook, codes.reshape(codes.count())));
        Tensor prediction = decodeVectors(p, vectors, codes.side(0));
        p.keep(prediction);
        return prediction;
    }

    private Tensor decodeVectors(Program p, Tensor vectors, int batch) {
        int grid = settings.sizes().grid();
        return decode(p, new FeatureMap(vectors, batch, grid, grid)).pixels().rows();
    }

    private static FeatureMap pixels(Program p, Tensor image) {
        return p.section("pixels (VQGAN section 1)", () -> FeatureMap.of(p, image, 0f));
    }

    private Quantised quantise(Program p, Tensor z) {
        try (var _ = p.section(QUANTISATION)) {
            Tensor codes = p.nearestCodes(p.stopGradient("nearest codes of latents", z),
                    p.stopGradient("codebook that is searched", codebook));
            return new Quantised(codes, p.codeVectors(codebook, codes));
        }
    }

    private VqganEncoder.Encoded encode(Program p, FeatureMap pixels) {
        return p.section("encoder (VQGAN section 1)", () -> encoder.apply(p, pixels));
    }

    private VqganDecoder.Decoded decode(Program p, FeatureMap latents) {
        return p.section("decoder (VQGAN section 1)", () -> decoder.apply(p, latents));
    }

    /// The codebook (K, dim).
    public Tensor codebook() {
        return codebook;
    }

    /// Sizes and weights.
    public Settings settings() {
        return settings;
    }
}
