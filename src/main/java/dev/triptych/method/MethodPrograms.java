package dev.triptych.method;

import dev.triptych.program.State;
import dev.triptych.recipe.Recipe;
import dev.triptych.recipe.Stage;

/// The programs of a method for a recipe, over one state.
public interface MethodPrograms {
    /// The programs of a recipe's method; registers the parameters of its model.
    static MethodPrograms of(Recipe recipe) {
        return switch (recipe.method()) {
            case STELLAR -> new StellarPrograms(recipe);
            case BITS -> new BitsPrograms(recipe);
            case VQVAE -> new VqVaePrograms(recipe);
            case SORCEN -> new SorcenPrograms(recipe);
        };
    }

    /// Parameters, teacher and buffers.
    State state();

    /// The training step of a stage.
    TrainingStep train(Stage stage);

    /// Evaluation of `batch` full images.
    Evaluation evaluate(int batch);
}
