package dev.triptych.toy;

import dev.triptych.method.Descent;
import dev.triptych.method.Evaluation;
import dev.triptych.method.MethodPrograms;
import dev.triptych.method.TrainingStep;
import dev.triptych.program.Program;
import dev.triptych.program.Tensor;
import dev.triptych.recipe.Recipe;
import dev.triptych.recipe.Stage;

/// The programs of the toy.
final class ToyPrograms extends MethodPrograms {
    private final Toy model;

    ToyPrograms(Recipe recipe) {
        super(recipe);
        var own = ToySection.of(recipe);
        model = new Toy(state(), new Toy.Settings(recipe.data().side(), own.width(), (float) own.size()));
    }

    @Override
    public TrainingStep<Toy.Objective> train(Stage stage) {
        var p = new Program("train " + stage.name(), state());
        Toy.Objective objective = model.objective(p, recipe().training().batch());
        var descent = Descent.append(p, objective.loss(), recipe().optimizer(), "Toy");
        return new TrainingStep<>(p, objective, descent, null);
    }

    @Override
    public Evaluation<Toy.Features> evaluate(int batch) {
        var p = new Program("evaluate", state());
        Tensor image = model.image(p, batch);
        return new Evaluation<>(p, image, model.evaluate(p, image));
    }
}
