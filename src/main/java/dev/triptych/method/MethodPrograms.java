package dev.triptych.method;

import dev.triptych.encoder.VisionTransformer;
import dev.triptych.program.State;
import dev.triptych.recipe.Recipe;
import dev.triptych.recipe.Stage;

/// The programs of a method for a recipe, over one state.
public abstract class MethodPrograms {
    private final Recipe recipe;
    private final State state = new State();

    /// For a recipe of the method; the model registers its parameters in the state.
    protected MethodPrograms(Recipe recipe) {
        this.recipe = recipe;
    }

    /// The vision transformer that a recipe means.
    public static VisionTransformer.Settings encoder(Recipe recipe) {
        var e = recipe.encoder();
        return new VisionTransformer.Settings(recipe.data().side() / e.patch(), e.patch(), e.width(), e.depth(),
                e.heads(), e.width() * e.mlpRatio(), (float) e.layerNormEps());
    }

    /// The recipe.
    public final Recipe recipe() {
        return recipe;
    }

    /// Parameters, teacher and buffers.
    public final State state() {
        return state;
    }

    /// The training step of a stage.
    public abstract TrainingStep<?> train(Stage stage);

    /// Evaluation of `batch` full images.
    public abstract Evaluation<?> evaluate(int batch);
}
