package dev.triptych.recipe;

/// The vision transformer (pre-LN blocks, exact GELU, one CLS token).
public record EncoderSection(
        @Doc("side of a patch, pixels") @Range(min = 1, max = 1024) int patch,
        @Doc("width d") @Range(min = 1, max = 65536) int width,
        @Doc("number of blocks") @Range(min = 1, max = 1000) int depth,
        @Doc("number of attention heads") @Range(min = 1, max = 1024) int heads,
        @Doc("hidden width of the MLP as a multiple of d") @Range(min = 1, max = 64) @Default("4") int mlpRatio,
        @Doc("epsilon of every layer norm") @Range(min = 0, max = 1) @Default("1e-12") double layerNormEps) {

    public EncoderSection {
        Checks.divisible("width", width, "heads", heads);
    }
}
