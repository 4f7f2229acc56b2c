package dev.triptych.triptych;

import dev.triptych.recipe.Default;
import dev.triptych.recipe.Doc;
import dev.triptych.recipe.Nullable;
import dev.triptych.recipe.Range;
import dev.triptych.tokens.DecoderSection;

/// Weights of the loss terms (Triptych section 6); 0 takes a term out of the program.
// @formatter:off
public record TriptychWeights(
        @Doc("A, the whole view: squared error of its pixels, or cross-entropy of its codes; null: 10 for pixels, 0.05 "
                + "for codes")
        @Range(min = 0) @Nullable @Default("null") Double reconstruction,
        @Doc("B: codes of the dropped cells of the masked view") @Range(min = 0) @Default("1") double masked,
        @Doc("w: tokens and CLS held to the teacher's across views, messages or prototypes")
        @Range(min = 0) @Default("1") double alignment,
        @Doc("beta: coding rate of the messages' logits") @Range(min = 0) @Default("0.1") double rate,
        @Doc("contrast with the echo") @Range(min = 0) @Default("0.1") double contrast,
        @Doc("uniformity of the masked views' means of S") @Range(min = 0) @Default("0.01") double uniformity,
        @Doc("KoLeo spread of the tokens S of the whole view") @Range(min = 0) @Default("0.1") double koleo,
        @Doc("KoLeo spread of the tokens of all masked views") @Range(min = 0) @Default("0.1") double maskedKoleo) {
    // @formatter:on

    private static final double PIXELS = 10;
    private static final double CODES = 0.05;

    /// The weight of A, by what is reconstructed.
    public double reconstruction(DecoderSection decoder) {
        return reconstruction != null ? reconstruction : decoder.codes() == 0 ? PIXELS : CODES;
    }

    /// The weights of a model.
    Triptych.Weights of(DecoderSection decoder) {
        return new Triptych.Weights((float) reconstruction(decoder), (float) masked, (float) alignment, (float) rate,
                (float) contrast, (float) uniformity, (float) koleo, (float) maskedKoleo);
    }
}
