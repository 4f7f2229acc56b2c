package dev.triptych.mae;

import dev.triptych.recipe.Checks;
import dev.triptych.recipe.Default;
import dev.triptych.recipe.Doc;
import dev.triptych.recipe.Range;
import dev.triptych.recipe.Recipe;
import dev.triptych.recipe.RecipeException;

/// What belongs to MAE alone: its decoder, its target.
// @formatter:off
public record MaeSection(
        @Doc("width of the decoder") @Range(min = 1, max = 65536) int decoderWidth,
        @Doc("number of its blocks") @Range(min = 1, max = 1000) int decoderDepth,
        @Doc("number of its attention heads") @Range(min = 1, max = 1024) int decoderHeads,
        @Doc("hidden width of its MLP as a multiple of its width")
        @Range(min = 1, max = 64) @Default("4") int decoderMlpRatio,
        @Doc("predict each patch less its mean, over its deviation; false: the pixels themselves")
        @Default("true") boolean normPixels,
        @Doc("positions are the fixed table of sines and cosines; false: they are learnt")
        @Default("true") boolean sinePositions) {
    // @formatter:on

    private static final int QUARTERS = 4;

    public MaeSection {
        Checks.divisible("decoder-width", decoderWidth, "decoder-heads", decoderHeads);
        if (sinePositions) {
            quarters("decoder-width", decoderWidth);
        }
    }

    private static void quarters(String key, int width) {
        if (width % QUARTERS != 0) {
            throw RecipeException.value(key, width, "a multiple of 4 (sines and cosines of x and of y)",
                    "Set it to " + (width / QUARTERS + 1) * QUARTERS + ", or mae.sine-positions=false.");
        }
    }

    /// The section of a recipe.
    public static MaeSection of(Recipe recipe) {
        return recipe.section(MaeSection.class);
    }

    /// Checks this section against the rest of a recipe.
    void check(Recipe recipe) {
        int n = recipe.patches();
        if (sinePositions) {
            quarters("encoder.width", recipe.encoder().width());
        }
        if (n < 2) {
            throw RecipeException.value("encoder.patch", recipe.encoder().patch(),
                    "at least two patches in an image of data.side " + recipe.data().side()
                            + ", one to keep and one to drop",
                    "Set a smaller encoder.patch.");
        }
        var stages = recipe.training().stages();
        for (int i = 0; i < stages.size(); i++) {
            String key = "training.stages." + i;
            int kept = stages.get(i).kept(n);
            if (kept < 1 || kept >= n) {
                throw RecipeException.value(key + ".mask-ratio", stages.get(i).maskRatio(),
                        "a ratio that keeps at least one of the " + n + " patches and drops at least one",
                        "Set it to 0.75.");
            }
            if (stages.get(i).teacher()) {
                throw RecipeException.value(key + ".teacher", true, "false: MAE has no teacher",
                        "Leave " + key + ".teacher out.");
            }
        }
    }
}
