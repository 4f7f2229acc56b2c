package dev.triptych.vqgan;

import dev.triptych.method.Descent;
import dev.triptych.method.Evaluation;
import dev.triptych.method.MethodPrograms;
import dev.triptych.method.TrainingStep;
import dev.triptych.program.Program;
import dev.triptych.program.Tensor;
import dev.triptych.recipe.Recipe;
import dev.triptych.recipe.Stage;

/// The programs of a VQGAN for a recipe, over one state: training, evaluation, codes of images, images of codes.
public final class VqganPrograms extends MethodPrograms {
    private final Vqgan model;

    /// Registers the parameters of a recipe's model.
    public VqganPrograms(Recipe recipe) {
        this(recipe, recipe.data().side());
    }

    /// The same for images of another side: the parameters are the same.
    VqganPrograms(Recipe recipe, int side) {
        super(recipe);
        var v = VqganSection.of(recipe);
        this.model = new Vqgan(state(),
                new Vqgan.Settings(v.sizes(side), (float) v.codebook(), (float) v.commitment()));
    }

    @Override
    public TrainingStep<Vqgan.Objective> train(Stage stage) {
        var p = new Program("train " + stage.name(), state());
        Vqgan.Objective objective = model.objective(p, recipe().training().batch());
        var descent = Descent.append(p, objective.loss(), recipe().optimizer(), "VQGAN section 3");
        return new TrainingStep<>(p, objective, descent, null);
    }

    @Override
    public Evaluation<Vqgan.Features> evaluate(int batch) {
        var p = new Program("evaluate", state());
        Tensor image = model.image(p, batch);
        return new Evaluation<>(p, image, model.evaluate(p, image));
    }

    /// Images to codes.
    public Evaluation<Tensor> encode(int batch) {
        var p = new Program("encode", state());
        Tensor image = model.image(p, batch);
        return new Evaluation<>(p, image, model.tokens(p, image));
    }

    /// Codes to pixels.
    public Evaluation<Tensor> decode(int batch) {
        var p = new Program("decode", state());
        Tensor codes = model.codes(p, batch);
        return new Evaluation<>(p, codes, model.decodeCodes(p, codes));
    }

    /// The model.
    public Vqgan model() {
        return model;
    }
}
