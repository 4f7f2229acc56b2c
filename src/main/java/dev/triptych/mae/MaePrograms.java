package dev.triptych.mae;

import dev.triptych.decoder.PatchDecoder;
import dev.triptych.encoder.VisionTransformer;
import dev.triptych.method.Descent;
import dev.triptych.method.Evaluation;
import dev.triptych.method.MethodPrograms;
import dev.triptych.method.TrainingStep;
import dev.triptych.program.Program;
import dev.triptych.program.Tensor;
import dev.triptych.recipe.Recipe;
import dev.triptych.recipe.Stage;

/// The programs of MAE for a recipe, over one state: training, evaluation of full images, painting of masked ones.
public final class MaePrograms extends MethodPrograms {
    private final Mae model;

    /// Registers the parameters of a recipe's model.
    public MaePrograms(Recipe recipe) {
        super(recipe);
        this.model = new Mae(state(), settings(recipe));
    }

    /// The settings that a recipe means.
    public static Mae.Settings settings(Recipe recipe) {
        var m = MaeSection.of(recipe);
        var encoder = MethodPrograms.encoder(recipe);
        var decoder = new PatchDecoder.Settings(encoder.grid(), encoder.patch(), encoder.width(), m.decoderWidth(),
                m.decoderDepth(), m.decoderHeads(), m.decoderWidth() * m.decoderMlpRatio(), encoder.eps(),
                m.sinePositions());
        return new Mae.Settings(encoder, decoder, m.normPixels(), VisionTransformer.Pixels.IMAGENET);
    }

    /// The training step: objective, gradient, clip, AdamW.
    @Override
    public TrainingStep<Mae.Objective> train(Stage stage) {
        var p = new Program("train " + stage.name(), state());
        Mae.Objective objective = model.objective(p, recipe().training().batch(), stage.kept(recipe().patches()));
        MaeHealth.kept(objective).forEach(p::keep);
        var descent = Descent.append(p, objective.loss(), recipe().optimizer(), "MAE section 6");
        return new TrainingStep<>(p, objective, descent, null);
    }

    @Override
    public Evaluation<Mae.Features> evaluate(int batch) {
        var p = new Program("evaluate", state());
        Tensor image = model.image(p, batch);
        return new Evaluation<>(p, image, model.evaluate(p, image));
    }

    /// Masked images and what is predicted of them.
    ///
    /// @param program of the inputs
    /// @param objective whose inputs, targets and predictions count
    public record Painting(Program program, Mae.Objective objective) {
    }

    /// Paints the patches that the mask of the last stage drops.
    public Painting paint(int batch) {
        var p = new Program("paint", state());
        Mae.Objective objective = model.objective(p, batch,
                recipe().training().stages().getLast().kept(recipe().patches()));
        p.keep(objective.decoding().prediction());
        return new Painting(p, objective);
    }

    /// The model.
    public Mae model() {
        return model;
    }
}
