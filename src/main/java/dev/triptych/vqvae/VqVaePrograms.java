package dev.triptych.vqvae;

import dev.triptych.method.Descent;
import dev.triptych.method.Evaluation;
import dev.triptych.method.MethodPrograms;
import dev.triptych.method.TrainingStep;
import dev.triptych.program.Program;
import dev.triptych.program.Tensor;
import dev.triptych.recipe.Recipe;
import dev.triptych.recipe.Stage;
import dev.triptych.tokenizer.VqSettings;

/// The programs of a VQ-VAE for a recipe, over one state.
public final class VqVaePrograms extends MethodPrograms {
    private final VqVae model;

    /// Registers the parameters of a recipe's model.
    public VqVaePrograms(Recipe recipe) {
        super(recipe);
        this.model = new VqVae(state(), settings(recipe));
    }

    /// The settings that a recipe means.
    public static VqVae.Settings settings(Recipe recipe) {
        var v = VqVaeSection.of(recipe);
        return new VqVae.Settings(new VqSettings(recipe.data().side(), v.patch(), v.width(), v.residualWidth(),
                v.blocks(), v.codes(), v.dim()), (float) v.pixelVariance(), (float) v.commitment(), (float) v.decay(),
                (float) v.smoothing());
    }

    /// The training step of a stage: objective, gradient, clip, AdamW, codebook.
    @Override
    public TrainingStep<VqVae.Objective> train(Stage stage) {
        var p = new Program("train " + stage.name(), state());
        boolean quantise = recipe().training().stages().indexOf(stage) >= VqVaeSection.of(recipe()).plainStages();
        VqVae.Objective objective = model.objective(p, recipe().training().batch(), quantise);
        p.keep(objective.latents());
        var descent = Descent.append(p, objective.loss(), recipe().optimizer(), "VQ-VAE section 4");
        if (quantise) {
            model.updateCodebook(p, objective);
        }
        return new TrainingStep<>(p, objective, descent, null);
    }

    @Override
    public Evaluation<VqVae.Features> evaluate(int batch) {
        var p = new Program("evaluate", state());
        Tensor image = model.image(p, batch);
        return new Evaluation<>(p, image, model.evaluate(p, image));
    }

    /// Images to latents, without codes or decoder: for starts and restarts of the codebook.
    public Evaluation<Tensor> latents(int batch) {
        var p = new Program("latents", state());
        Tensor image = model.image(p, batch);
        return new Evaluation<>(p, image, model.latents(p, image));
    }

    /// Codes to pixels.
    public Evaluation<Tensor> decode(int batch) {
        var p = new Program("decode", state());
        Tensor codes = model.codes(p, batch);
        return new Evaluation<>(p, codes, model.decodeCodes(p, codes));
    }

    /// The model.
    public VqVae model() {
        return model;
    }
}
