package dev.triptych.toy;

import dev.triptych.recipe.Default;
import dev.triptych.recipe.Doc;
import dev.triptych.recipe.Range;
import dev.triptych.recipe.Recipe;
import dev.triptych.recipe.RecipeException;

/// What belongs to the toy alone.
// @formatter:off
public record ToySection(
        @Doc("numbers z of an image") @Range(min = 1, max = 4096) @Default("8") int width,
        @Doc("weight of the size of z") @Range(min = 0, max = 10) @Default("0.1") double size) {
    // @formatter:on

    static ToySection of(Recipe recipe) {
        return recipe.section(ToySection.class);
    }

    void check(Recipe recipe) {
        int pixels = 3 * recipe.data().side() * recipe.data().side();
        if (width > pixels) {
            throw RecipeException.value("toy.width", width, "at most the " + pixels + " numbers of an image",
                    "Set toy.width=" + pixels + " or less.");
        }
    }
}
