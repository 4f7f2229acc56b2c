package dev.triptych.stellar;

import dev.triptych.recipe.Default;
import dev.triptych.recipe.Doc;
import dev.triptych.recipe.Nullable;
import dev.triptych.recipe.Range;
import dev.triptych.tokens.DecoderSection;

/// Weights of the loss terms (STELLAR, section 5 of the specification); 0 switches a term off.
// @formatter:off
public record StellarWeights(
        @Doc("mean squared error of the reconstructed pixels, or cross-entropy of their codes; null: 10 for pixels, "
                + "0.05 for codes")
        @Range(min = 0) @Nullable @Default("null") Double reconstruction,
        @Doc("KoLeo spread of the tokens S of the full view") @Range(min = 0) @Default("0.1") double koleo,
        @Doc("KoLeo spread of the tokens of masked views") @Range(min = 0) @Default("0.1") double maskedKoleo,
        @Doc("clustering of the tokens of the full view") @Range(min = 0) @Default("1") double clustering,
        @Doc("clustering of the CLS token of the full view") @Range(min = 0) @Default("1") double clsClustering,
        @Doc("tokens of masked views against matched targets (set alignment)")
        @Range(min = 0) @Default("1") double mask,
        @Doc("CLS token of masked views and local crops against targets") @Range(min = 0) @Default("1") double cls) {
    // @formatter:on

    private static final double PIXELS = 10;
    private static final double CODES = 0.05;

    /// The weight of the reconstruction, by what is reconstructed.
    public double reconstruction(DecoderSection decoder) {
        return reconstruction != null ? reconstruction : decoder.codes() == 0 ? PIXELS : CODES;
    }
}
