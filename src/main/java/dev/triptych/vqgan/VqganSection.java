package dev.triptych.vqgan;

import dev.triptych.recipe.Checks;
import dev.triptych.recipe.Default;
import dev.triptych.recipe.Doc;
import dev.triptych.recipe.Range;
import dev.triptych.recipe.Recipe;
import dev.triptych.recipe.RecipeException;
import dev.triptych.tokenizer.VqganSettings;
import java.util.List;

/// What belongs to the VQGAN alone: its sizes, its codebook, its loss.
// @formatter:off
public record VqganSection(
        @Doc("codes K") @Range(min = 2, max = 65536) @Default("1024") int codes,
        @Doc("numbers of a code") @Range(min = 1, max = 65536) @Default("256") int dim,
        @Doc("channels behind the first convolution") @Range(min = 1, max = 65536) @Default("128") int width,
        @Doc("channels of each level as a multiple of these, the finest first; each level halves the last")
        @Range(min = 1, max = 64) @Default("[1, 1, 2, 2, 4]") List<Integer> multipliers,
        @Doc("residual blocks of a level, and in the middle") @Range(min = 1, max = 100) @Default("2") int blocks,
        @Doc("groups of the group norms") @Range(min = 1, max = 65536) @Default("32") int groups,
        @Doc("weight of the distance of codes from their latents")
        @Range(min = 0, max = 1000) @Default("1.0") double codebook,
        @Doc("weight of the distance of latents from their codes")
        @Range(min = 0, max = 1000) @Default("0.25") double commitment) {
    // @formatter:on

    public VqganSection {
        if (multipliers.isEmpty() || multipliers.size() > 12) {
            throw RecipeException.value("multipliers", multipliers, "1 to 12 levels", "Set [1, 1, 2, 2, 4].");
        }
        Checks.divisible("width", width, "groups", groups);
    }

    /// The section of a recipe.
    public static VqganSection of(Recipe recipe) {
        return recipe.section(VqganSection.class);
    }

    /// Sizes for images of a side.
    VqganSettings sizes(int side) {
        return new VqganSettings(side, width, multipliers.stream().map(m -> m * width).toList(), blocks, groups, codes,
                dim);
    }

    /// Checks this section against the rest of a recipe.
    void check(Recipe recipe) {
        Checks.divisible("data.side", recipe.data().side(), "what vqgan.multipliers halve to one code",
                1 << multipliers.size() - 1);
    }
}
