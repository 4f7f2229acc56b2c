package dev.triptych.method;

import dev.triptych.recipe.Recipe;
import dev.triptych.recipe.Schema;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// A method of learning, whole: what commands ask of it. What it cannot do, it leaves empty.
public interface Method extends Schema {
    /// Its name in messages.
    default String title() {
        return name().toUpperCase(Locale.ROOT);
    }

    /// Its programs for a recipe; registers the parameters of its model.
    MethodPrograms programs(Recipe recipe);

    /// Whether training learns from the images of its recipe; not where it reads a file of codes.
    default boolean learnsFromImages() {
        return true;
    }

    /// Checks that a recipe names what training reads, before anything is opened.
    ///
    /// @throws InputException or [dev.triptych.recipe.RecipeException] if it does not
    default void requireData(Recipe recipe) {
        recipe.data().requireImages();
    }

    /// Opens what a recipe's training reads, or makes it up ([Workplace#makesUp]).
    Supply supply(Recipe recipe, Workplace place) throws IOException;

    /// Judges its runs.
    Judge judge();

    /// Looks at weights while they are trained, as the recipe's section `eval` has it.
    ///
    /// @throws InputException if there is nothing to look at
    OnlineJudge online(Recipe recipe, Workplace place) throws IOException;

    /// What `sheet.png` of an evaluation shows.
    String sheetCaption();

    /// What the numbers that its training logs mean, a line for each name.
    default Map<String, String> meanings() {
        return Meanings.common();
    }

    /// Whether its evaluation gives features of patches, so that its values are [PatchFeatures].
    default boolean patchFeatures() {
        return false;
    }

    /// Draws images out of nothing.
    default Optional<Generator> generator() {
        return Optional.empty();
    }

    /// Takes pictures apart.
    default Optional<TokenReader> tokens() {
        return Optional.empty();
    }

    /// Makes a tokenizer of its runs.
    default Optional<TokenizerSource> tokenizer() {
        return Optional.empty();
    }

    /// Reads weights that its authors released.
    default Optional<WeightsReader> weights() {
        return Optional.empty();
    }

    /// The vision transformer that its evaluation reads, apart from the method.
    default Optional<Function<Recipe, PlainEncoder>> plainEncoder() {
        return Optional.empty();
    }
}
