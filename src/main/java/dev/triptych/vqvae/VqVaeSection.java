package dev.triptych.vqvae;

import dev.triptych.recipe.Checks;
import dev.triptych.recipe.Default;
import dev.triptych.recipe.Doc;
import dev.triptych.recipe.Range;
import dev.triptych.recipe.Recipe;
import dev.triptych.recipe.RecipeException;

/// What belongs to the VQ-VAE alone: its sizes, its codebook, its loss.
// @formatter:off
public record VqVaeSection(
        @Doc("codes K") @Range(min = 2, max = 65536) @Default("512") int codes,
        @Doc("numbers d of a code") @Range(min = 1, max = 65536) @Default("32") int dim,
        @Doc("side of what becomes one code, pixels: 2, 4, 8, ...") @Range(min = 2, max = 64) @Default("4") int patch,
        @Doc("channels at the resolution of the codes") @Range(min = 2, max = 65536) @Default("128") int width,
        @Doc("hidden channels of a residual block") @Range(min = 1, max = 65536) @Default("32") int residualWidth,
        @Doc("residual blocks of encoder and of decoder") @Range(min = 0, max = 100) @Default("2") int blocks,
        @Doc("variance of the pixels, by which the reconstruction error is divided (CIFAR-10: 0.06)")
        @Range(min = 0, max = 1, above = true) @Default("0.06") double pixelVariance,
        @Doc("weight of the distance of latents from their codes")
        @Range(min = 0, max = 1000) @Default("0.25") double commitment,
        @Doc("decay of the averages that the codebook follows")
        @Range(min = 0, max = 1, below = true) @Default("0.99") double decay,
        @Doc("Laplace smoothing of the average counts")
        @Range(min = 0, max = 1, above = true) @Default("1e-5") double smoothing,
        @Doc("stages at the beginning without quantisation; then the codebook starts by k-means on latents")
        @Range(min = 0, max = 100) @Default("1") int plainStages,
        @Doc("codes whose average count is below this share of the mean start again at a random latent")
        @Range(min = 0, max = 1) @Default("0.1") double restartBelow,
        @Doc("steps between two looks for such codes") @Range(min = 1) @Default("50") int restartEvery,
        @Doc("share of a stage after which none starts again") @Range(min = 0, max = 1) @Default("0.8")
        double restartUntil) {
    // @formatter:on

    public VqVaeSection {
        if (Integer.bitCount(patch) != 1) {
            throw RecipeException.value("patch", patch, "a power of two, because every convolution halves the image",
                    "Set vqvae.patch=4.");
        }
        Checks.divisible("width", width, "half of patch", patch / 2);
    }

    /// The section of a recipe.
    public static VqVaeSection of(Recipe recipe) {
        return recipe.section(VqVaeSection.class);
    }

    /// Checks this section against the rest of a recipe.
    void check(Recipe recipe) {
        int stages = recipe.training().stages().size();
        Checks.divisible("data.side", recipe.data().side(), "vqvae.patch", patch);
        if (plainStages >= stages) {
            throw RecipeException.value("vqvae.plain-stages", plainStages,
                    "less than the " + stages + " stages of training, because the last one has to "
                            + "quantise",
                    "Set vqvae.plain-stages=" + (stages - 1) + ", or add a stage.");
        }
    }
}
