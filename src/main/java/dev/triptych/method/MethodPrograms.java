package dev.triptych.method;

import dev.triptych.encoder.VisionTransformer;
import dev.triptych.program.State;
import dev.triptych.recipe.Recipe;
import dev.triptych.recipe.Stage;

/// The programs of a method for a recipe, over one state.
public interface MethodPrograms {
    /// The vision transformer that a recipe means.
    static VisionTransformer.Settings encoder(Recipe recipe) {
        var e = recipe.encoder();
        return new VisionTransformer.Settings(recipe.data().side() / e.patch(), e.patch(), e.width(), e.depth(),
                e.heads(), e.width() * e.mlpRatio(), (float) e.layerNormEps());
    }

    /// Parameters, teacher and buffers.
    State state();

    /// The training step of a stage.
    TrainingStep<?> train(Stage stage);

    /// Evaluation of `batch` full images.
    Evaluation<?> evaluate(int batch);
}
