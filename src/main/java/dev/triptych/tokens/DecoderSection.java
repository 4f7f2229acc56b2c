package dev.triptych.tokens;

import dev.triptych.recipe.Checks;
import dev.triptych.recipe.Default;
import dev.triptych.recipe.Doc;
import dev.triptych.recipe.Nullable;
import dev.triptych.recipe.Range;
import dev.triptych.recipe.Recipe;
import dev.triptych.recipe.RecipeException;

/// The decoder of the low-rank product: transformer blocks over the N patch positions, then a head that predicts each
/// patch's pixels, or its code of a frozen tokenizer. Images are square, so N is the perfect square that the Fourier
/// position features need; these come in pairs of sine and cosine, so the width is even.
// @formatter:off
public record DecoderSection(
        @Doc("width of the decoder") @Range(min = 2, max = 65536) int width,
        @Doc("number of blocks") @Range(min = 1, max = 1000) int depth,
        @Doc("number of attention heads") @Range(min = 1, max = 1024) int heads,
        @Doc("hidden width of the MLP as a multiple of the width")
        @Range(min = 1, max = 64) @Default("4") int mlpRatio,
        @Doc("codes K of the frozen tokenizer whose codes are predicted, one a patch; 0: pixels are predicted")
        @Range(min = 0, max = 65536) @Default("0") int codes,
        @Doc("that tokenizer: a codebook that `triptych tokenize` saved, or the folder of a trained VQ-VAE")
        @Nullable @Default("null") String tokenizer,
        @Doc("what the decoder reads: the low-rank product Z = L S, or as a control D itself, without factorization")
        @Default("low-rank") Reads reads) {
    // @formatter:on

    /// What the decoder reads.
    public enum Reads {
        /// Z = L S.
        LOW_RANK,
        /// D: with the same losses, the control that has no factorization.
        DENSE
    }

    /// The section of a recipe.
    public static DecoderSection of(Recipe recipe) {
        return recipe.section(DecoderSection.class);
    }

    public DecoderSection {
        Checks.divisible("width", width, "heads", heads);
        if (codes == 1) {
            throw RecipeException.value("codes", codes, "0 for pixels, or at least 2 codes",
                    "Set decoder.codes to the number of codes of the tokenizer.");
        }
        if (codes == 0 && tokenizer != null) {
            throw RecipeException.value("tokenizer", tokenizer,
                    "null, because decoder.codes is 0 and the decoder predicts pixels",
                    "Set decoder.codes to the tokenizer's number of codes, or leave decoder.tokenizer out.");
        }
        if (width % 2 != 0) {
            throw RecipeException.value("width", width, "an even number (pairs of sine and cosine position features)",
                    "Set it to " + (width + 1) + ", or to another even multiple of heads.");
        }
    }
}
