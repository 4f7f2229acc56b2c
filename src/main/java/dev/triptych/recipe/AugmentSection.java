package dev.triptych.recipe;

/// Random crops and colours. Crops: share of the image's area drawn from a scale interval, aspect ratio 3/4 to 4/3,
/// bicubic, clamped to [0, 1]. Colour: jitter, grayscale, clamp, blur; for BITS solarisation after them. Never on the
/// view that STELLAR reconstructs.
// @formatter:off
public record AugmentSection(
        @Doc("share of the area that a global crop covers")
        @Range(min = 0, max = 1, above = true) @Default("[0.36, 1.0]") Interval globalScale,
        @Doc("share of the area that a local crop covers")
        @Range(min = 0, max = 1, above = true) @Default("[0.06, 0.36]") Interval localScale,
        @Doc("probability of a horizontal flip") @Range(min = 0, max = 1) @Default("0.5") double flip,
        @Doc("brightness factor from [1-x, 1+x]") @Range(min = 0, max = 1) @Default("0.4") double brightness,
        @Doc("contrast factor from [1-x, 1+x]") @Range(min = 0, max = 1) @Default("0.4") double contrast,
        @Doc("saturation factor from [1-x, 1+x]") @Range(min = 0, max = 1) @Default("0.2") double saturation,
        @Doc("hue shift from [-x, x] turns") @Range(min = 0, max = 0.5) @Default("0.1") double hue,
        @Doc("probability of brightness, contrast, saturation and hue jitter")
        @Range(min = 0, max = 1) @Default("0.8") double jitterProbability,
        @Doc("probability of grayscale") @Range(min = 0, max = 1) @Default("0.2") double grayscale,
        @Doc("side of the Gaussian blur kernel, pixels, odd; 0: no blur")
        @Range(min = 0, max = 99) @Default("0") int blurKernel,
        @Doc("probability of blur; BITS has its own for each kind of view")
        @Range(min = 0, max = 1) @Default("0.5") double blurProbability,
        @Doc("standard deviation of the blur, pixels")
        @Range(min = 0, above = true) @Default("[0.1, 2.0]") Interval blurSigma,
        @Doc("one colour draw for all views of a step, as the authors' code on a GPU does, instead of one per view")
        @Default("false") boolean sharedColour) {
    // @formatter:on

    public AugmentSection {
        if (blurKernel > 0 && blurKernel % 2 == 0) {
            throw RecipeException.value("blur-kernel", blurKernel, "an odd number, or 0 for no blur",
                    "Set it to " + (blurKernel - 1) + " or " + (blurKernel + 1) + ".");
        }
    }
}
