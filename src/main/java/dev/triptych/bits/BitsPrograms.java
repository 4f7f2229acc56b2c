package dev.triptych.bits;

import dev.triptych.channel.BitAgreement;
import dev.triptych.channel.BitsHead;
import dev.triptych.channel.CodingRate;
import dev.triptych.channel.Messages;
import dev.triptych.method.Descent;
import dev.triptych.method.Evaluation;
import dev.triptych.method.MethodPrograms;
import dev.triptych.method.TrainingStep;
import dev.triptych.nn.DropPath;
import dev.triptych.program.Program;
import dev.triptych.program.State;
import dev.triptych.program.Tensor;
import dev.triptych.recipe.Agreement;
import dev.triptych.recipe.Recipe;
import dev.triptych.recipe.Stage;
import dev.triptych.recipe.Targets;
import java.util.List;

/// The programs of BITS for a recipe, over one state: the training step, and evaluation.
public final class BitsPrograms implements MethodPrograms {
    /// A training step.
    ///
    /// @param program inputs to updated parameters and teacher
    /// @param objective its loss with all values in between
    /// @param parameters that the gradient reaches, in the order of the input `rates`
    /// @param views how many it sees
    public record Step(Program program, Bits.Objective objective, List<Tensor> parameters, Bits.Views views)
            implements
                TrainingStep {
    }

    private static final List<String> HEALTH = List.of("student logits", "teacher logits", "messages");

    private final Recipe recipe;
    private final State state = new State();
    private final Bits bits;

    /// Registers the parameters of a recipe's model.
    public BitsPrograms(Recipe recipe) {
        this.recipe = recipe;
        this.bits = new Bits(state, settings(recipe));
    }

    /// The settings that a recipe means.
    public static Bits.Settings settings(Recipe recipe) {
        var b = recipe.bits();
        var encoder = MethodPrograms.encoder(recipe);
        double gain = b.headGain() == null ? 0 : b.headGain();
        var head = new BitsHead.Settings(b.headHidden(), b.bits(), (float) gain, b.headBatchNorm());
        var messages = b.targets() == Targets.HARD
                ? Messages.HARD
                : new Messages((float) b.targetTemperature());
        var agreement = b.agreement() == Agreement.BCE ? BitAgreement.BCE : BitAgreement.COSINE;
        var rate = new CodingRate((float) b.epsilon(), b.centred(), b.teacherInRate());
        return new Bits.Settings(encoder, head, messages, agreement, rate, (float) b.beta(),
                DropPath.linear((float) b.dropPath(), recipe.encoder().depth()));
    }

    /// The views of a step.
    public static Bits.Views views(Recipe recipe) {
        return new Bits.Views(recipe.training().batch(), recipe.bits().localCrops(),
                recipe.bits().localSide() / recipe.encoder().patch());
    }

    /// The training step (section 5): objective, gradient, clip, AdamW, EMA of backbone and head. Outputs: every term
    /// of the loss, `total` and `gradient norm`.
    @Override
    public Step train(Stage stage) {
        var views = views(recipe);
        var p = new Program("train " + stage.name(), state);
        Bits.Objective objective = bits.objective(p, views);
        HEALTH.forEach(name -> p.keep(objective.values().get(name)));
        List<Tensor> parameters = Descent.append(p, objective.terms(), objective.total(), recipe.optimizer(),
                "BITS section 5");
        bits.updateTeacher(p);
        return new Step(p, objective, parameters, views);
    }

    /// Evaluation of full images by the teacher: `cls`, `dense` and `logits`.
    @Override
    public Evaluation evaluate(int batch) {
        var p = new Program("evaluate", state);
        return new Evaluation(p, bits.evaluate(p, batch));
    }

    @Override
    public State state() {
        return state;
    }

    /// The model.
    public Bits model() {
        return bits;
    }

    /// The recipe.
    public Recipe recipe() {
        return recipe;
    }
}
