package dev.triptych.cli;

import dev.triptych.method.InputException;
import dev.triptych.recipe.Recipe;
import dev.triptych.recipe.Stage;

/// Stages by name, as `--stage` gives it.
final class Stages {
    private Stages() {
    }

    /// The stage of that name; the last one for null.
    ///
    /// @throws InputException if there is none
    static Stage named(Recipe recipe, String name) {
        var stages = recipe.training().stages();
        return name == null
                ? stages.getLast()
                : stages.stream().filter(s -> s.name().equals(name)).findFirst()
                        .orElseThrow(() -> new InputException("--stage is '" + name + "'; expected one of "
                                + String.join(", ", stages.stream().map(Stage::name).toList())
                                + ". Leave it out for the last."));
    }
}
