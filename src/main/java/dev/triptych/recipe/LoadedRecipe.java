package dev.triptych.recipe;

import java.util.List;

/// A recipe with its origin.
///
/// @param name     short name for the run folder: the built-in name, or the file name without its ending
/// @param origin   `built-in NAME` or the file
/// @param recipe   the resolved recipe
/// @param settings the overrides, in the order given
public record LoadedRecipe(String name, String origin, Recipe recipe, List<Setting> settings) {
    public LoadedRecipe {
        settings = List.copyOf(settings);
    }

    /// One line for each override, to be shown to the user.
    public List<String> echo() {
        return settings.stream().map(Setting::toString).toList();
    }
}
