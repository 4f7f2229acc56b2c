package dev.triptych.recipe;

import java.util.List;
import java.util.Set;

/// What a method adds to recipes: a word, sections of its own, checks between keys.
public interface Schema {
    /// The word that names it in a recipe, `method: stellar`.
    String name();

    /// Sections that only its recipes have, in order: the record `StellarSection` is the section `stellar`.
    List<Class<? extends Record>> sections();

    /// Whether its recipes have the section `encoder`.
    default boolean encoder() {
        return true;
    }

    /// Keys of common sections that only some methods know, this one among them, such as `augment.shared-colour` or
    /// `training.stages.*.mask-ratio`. A recipe of a method that does not name them may only give them their default.
    default Set<String> sharedKeys() {
        return Set.of();
    }

    /// Keys of its sections that say where a file lies. A run may go on with another value there: what the file holds
    /// is compared.
    default Set<String> files() {
        return Set.of();
    }

    /// Checks its sections against the rest of a recipe.
    ///
    /// @throws RecipeException with a dotted key
    void check(Recipe recipe);

    /// Pixels along a side of the smallest view that it makes of an image.
    default int smallestView(Recipe recipe) {
        return recipe.data().side();
    }

    /// Names of its built-in recipes: `recipes/NAME.yaml` on the class path.
    List<String> recipes();
}
