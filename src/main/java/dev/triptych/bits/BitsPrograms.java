package dev.triptych.bits;

import dev.triptych.channel.BitsHead;
import dev.triptych.channel.CodingRate;
import dev.triptych.channel.Messages;
import dev.triptych.encoder.VisionTransformer;
import dev.triptych.method.Descent;
import dev.triptych.method.Evaluation;
import dev.triptych.method.MethodPrograms;
import dev.triptych.method.TrainingStep;
import dev.triptych.nn.DropPath;
import dev.triptych.program.Program;
import dev.triptych.program.Tensor;
import dev.triptych.recipe.Recipe;
import dev.triptych.recipe.Stage;
import java.util.List;

/// The programs of BITS for a recipe, over one state: the training step, and evaluation.
public final class BitsPrograms extends MethodPrograms {
    private final Bits bits;

    /// Registers the parameters of a recipe's model.
    public BitsPrograms(Recipe recipe) {
        super(recipe);
        this.bits = new Bits(state(), settings(recipe));
    }

    /// The settings that a recipe means.
    public static Bits.Settings settings(Recipe recipe) {
        var b = BitsSection.of(recipe);
        var encoder = MethodPrograms.encoder(recipe);
        double gain = b.headGain() == null ? 0 : b.headGain();
        var head = new BitsHead.Settings(b.headHidden(), b.bits(), (float) gain, b.headBatchNorm());
        var messages = b.targets() == BitsSection.Targets.HARD
                ? Messages.HARD
                : new Messages((float) b.targetTemperature());
        var rate = new CodingRate((float) b.epsilon(), b.centred(), b.teacherInRate());
        return new Bits.Settings(encoder, head, messages, b.agreement(), rate, (float) b.beta(),
                DropPath.linear((float) b.dropPath(), recipe.encoder().depth()),
                b.dinoPositions() ? VisionTransformer.Pixels.DINO : VisionTransformer.Pixels.IMAGENET);
    }

    /// The views of a step.
    public static Bits.Views views(Recipe recipe) {
        return new Bits.Views(recipe.training().batch(), BitsSection.of(recipe).localCrops(),
                BitsSection.of(recipe).localSide() / recipe.encoder().patch());
    }

    /// The training step (section 5): objective, gradient, clip, AdamW, EMA of backbone and head.
    @Override
    public TrainingStep<Bits.Objective> train(Stage stage) {
        var p = new Program("train " + stage.name(), state());
        Bits.Objective objective = bits.objective(p, views(recipe()));
        List.of(objective.studentLogits(), objective.teacherLogits(), objective.messages()).forEach(p::keep);
        var descent = Descent.append(p, objective.loss(), recipe().optimizer(), "BITS section 5");
        return new TrainingStep<>(p, objective, descent, bits.updateTeacher(p));
    }

    /// Evaluation of full images by the teacher.
    @Override
    public Evaluation<Bits.Features> evaluate(int batch) {
        var p = new Program("evaluate", state());
        Tensor image = bits.image(p, batch);
        return new Evaluation<>(p, image, bits.evaluate(p, image));
    }

    /// The model.
    public Bits model() {
        return bits;
    }
}
