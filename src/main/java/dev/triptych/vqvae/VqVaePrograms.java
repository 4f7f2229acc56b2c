package dev.triptych.vqvae;

import dev.triptych.method.Descent;
import dev.triptych.method.Evaluation;
import dev.triptych.method.MethodPrograms;
import dev.triptych.method.TrainingStep;
import dev.triptych.program.Program;
import dev.triptych.program.State;
import dev.triptych.program.Tensor;
import dev.triptych.recipe.Recipe;
import dev.triptych.recipe.Stage;
import dev.triptych.tokenizer.VqSettings;
import java.util.List;

/// The programs of a VQ-VAE for a recipe, over one state.
public final class VqVaePrograms implements MethodPrograms {
    /// A training step.
    ///
    /// @param program inputs to updated parameters and codebook
    /// @param objective its loss with codes and latents
    /// @param parameters that the gradient reaches, in the order of the input `rates`
    public record Step(Program program, VqVae.Objective objective, List<Tensor> parameters) implements TrainingStep {
        /// Whether latents are quantised, or go to the decoder as they are.
        public boolean quantises() {
            return objective.quantised() != null;
        }
    }

    /// A program with the one tensor that it is run for.
    ///
    /// @param program whose input is `image` or `codes`
    /// @param value that stays readable
    public record Single(Program program, Tensor value) {
    }

    private final Recipe recipe;
    private final State state = new State();
    private final VqVae model;

    /// Registers the parameters of a recipe's model.
    public VqVaePrograms(Recipe recipe) {
        this.recipe = recipe;
        this.model = new VqVae(state, settings(recipe));
    }

    /// The settings that a recipe means.
    public static VqVae.Settings settings(Recipe recipe) {
        var v = recipe.vqvae();
        return new VqVae.Settings(new VqSettings(recipe.data().side(), v.patch(), v.width(), v.residualWidth(),
                v.blocks(), v.codes(), v.dim()), (float) v.pixelVariance(), (float) v.commitment(), (float) v.decay(),
                (float) v.smoothing());
    }

    /// The training step of a stage: objective, gradient, clip, AdamW, codebook. Outputs: every term of the loss,
    /// `total` and `gradient norm`.
    @Override
    public Step train(Stage stage) {
        var p = new Program("train " + stage.name(), state);
        boolean quantise = recipe.training().stages().indexOf(stage) >= recipe.vqvae().plainStages();
        VqVae.Objective objective = model.objective(p, recipe.training().batch(), quantise);
        p.keep(objective.latents());
        List<Tensor> parameters = Descent.append(p, objective.terms(), objective.total(), recipe.optimizer(),
                "VQ-VAE section 4");
        if (quantise) {
            model.updateCodebook(p, objective);
        }
        return new Step(p, objective, parameters);
    }

    @Override
    public Evaluation evaluate(int batch) {
        var p = new Program("evaluate", state);
        return new Evaluation(p, model.evaluate(p, batch));
    }

    /// Images to latents, without codes or decoder: for starts and restarts of the codebook.
    public Single latents(int batch) {
        var p = new Program("latents", state);
        return new Single(p, model.latents(p, batch));
    }

    /// Codes to pixels.
    public Single decode(int batch) {
        var p = new Program("decode", state);
        return new Single(p, model.decodeCodes(p, batch));
    }

    @Override
    public State state() {
        return state;
    }

    /// The model.
    public VqVae model() {
        return model;
    }

    /// The recipe.
    public Recipe recipe() {
        return recipe;
    }
}
