package dev.triptych.recipe;

/// The decoder of the low-rank product: transformer blocks over the N patch positions, then the pixel head. Images are
/// square, so N is the perfect square that the Fourier position features need; these come in pairs of sine and cosine,
/// so the width is even.
// @formatter:off
public record Decoder(
        @Doc("width of the decoder") @Range(min = 2, max = 65536) int width,
        @Doc("number of blocks") @Range(min = 1, max = 1000) int depth,
        @Doc("number of attention heads") @Range(min = 1, max = 1024) int heads,
        @Doc("hidden width of the MLP as a multiple of the width")
        @Range(min = 1, max = 64) @Default("4") int mlpRatio) {
    // @formatter:on

    public Decoder {
        Checks.divisible("width", width, "heads", heads);
        if (width % 2 != 0) {
            throw RecipeException.value("width", width, "an even number (pairs of sine and cosine position features)",
                    "Set it to " + (width + 1) + ", or to another even multiple of heads.");
        }
    }
}
