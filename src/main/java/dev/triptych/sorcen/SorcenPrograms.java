package dev.triptych.sorcen;

import dev.triptych.decoder.CodeDecoder;
import dev.triptych.echo.EchoContrast;
import dev.triptych.encoder.CodeTransformer;
import dev.triptych.method.Descent;
import dev.triptych.method.Evaluation;
import dev.triptych.method.MethodPrograms;
import dev.triptych.method.TrainingStep;
import dev.triptych.program.CodeOperations.Candidates;
import dev.triptych.program.Program;
import dev.triptych.program.State;
import dev.triptych.program.Tensor;
import dev.triptych.recipe.Recipe;
import dev.triptych.recipe.Stage;
import java.util.List;

/// The programs of Sorcen for a recipe, over one state: one training step for each stage, features of full images, and
/// the forward run of one iteration of generation.
public final class SorcenPrograms implements MethodPrograms {
    /// A training step.
    ///
    /// @param program inputs to updated parameters
    /// @param objective its loss with all values in between
    /// @param parameters that the gradient reaches, in the order of the input `rates`
    public record Step(Program program, Sorcen.Objective objective, List<Tensor> parameters) implements TrainingStep {
    }

    private static final float HEAD_EPS = 1e-5f;
    private static final List<String> HEALTH = List.of("pooled", "similarity", "latent");

    private final Recipe recipe;
    private final State state = new State();
    private final Sorcen sorcen;

    /// Registers the parameters of a recipe's model.
    public SorcenPrograms(Recipe recipe) {
        this.recipe = recipe;
        this.sorcen = new Sorcen(state, settings(recipe));
    }

    /// The settings that a recipe means.
    public static Sorcen.Settings settings(Recipe recipe) {
        var e = recipe.encoder();
        var s = recipe.sorcen();
        int n = recipe.patches();
        float eps = (float) e.layerNormEps();
        int hidden = e.width() * e.mlpRatio();
        var encoder = new CodeTransformer.Settings(s.codebook(), n, e.width(), e.depth(), e.heads(), hidden, eps);
        var decoder = new CodeDecoder.Settings(s.codebook(), n, e.width(), s.decoderDepth(), s.decoderHeads(), hidden,
                eps, HEAD_EPS);
        return new Sorcen.Settings(encoder, n - s.dropped(n), decoder, (float) s.dropout(), s.teacherDropout(),
                (float) s.smoothing(), (float) s.uniformityWeight(), s.uniformityCls(), s.contrasts() ? echo(s) : null);
    }

    private static Sorcen.Echo echo(dev.triptych.recipe.SorcenSection s) {
        Candidates candidates = switch (s.echo()) {
            case SAMPLED -> new Candidates(s.echoK(), true, s.echoSkipTies());
            case SOFTMAX -> new Candidates(s.codebook(), false, false);
            case ARGMAX -> Candidates.ARG_MAX;
            case TRUTH -> null;
        };
        var direction = switch (s.contrastRows()) {
            case ECHOES -> EchoContrast.Direction.ECHOES;
            case PREDICTIONS -> EchoContrast.Direction.PREDICTIONS;
            case BOTH -> EchoContrast.Direction.BOTH;
        };
        return new Sorcen.Echo((float) s.contrastWeight(), candidates,
                new EchoContrast((float) s.temperature(), direction), s.projectorHidden(), s.projectorOut(),
                s.predictorHidden(), s.projectCls(), s.trainTeacherProjector());
    }

    /// The training step of a stage: EMA update, objective, gradient, clip, AdamW. Outputs: every term of the loss,
    /// `total` and `gradient norm`.
    @Override
    public Step train(Stage stage) {
        var p = new Program("train " + stage.name(), state);
        if (sorcen.settings().echo() != null) {
            sorcen.updateTeacher(p);
        }
        Sorcen.Objective objective = sorcen.objective(p, recipe.training().batch());
        for (String name : HEALTH) {
            Tensor value = objective.values().get(name);
            if (value != null) {
                p.keep(value);
            }
        }
        List<Tensor> parameters = Descent.append(p, objective.terms(), objective.total(), recipe.optimizer(),
                "Sorcen section 5");
        return new Step(p, objective, parameters);
    }

    /// Features of `batch` full grids of codes.
    @Override
    public Evaluation evaluate(int batch) {
        var p = new Program("evaluate", state);
        return new Evaluation(p, sorcen.evaluate(p, batch));
    }

    /// The prediction of the masked codes of `batch` images, see [Sorcen#predict].
    public Program predict(int batch) {
        var p = new Program("predict", state);
        sorcen.predict(p, batch);
        return p;
    }

    /// One iteration of the generation of `batch` grids: its value is `logits`.
    public Evaluation generate(int batch) {
        var p = new Program("generate", state);
        Tensor logits = sorcen.generate(p, batch);
        return new Evaluation(p, java.util.Map.of("logits", logits));
    }

    @Override
    public State state() {
        return state;
    }

    /// The model.
    public Sorcen model() {
        return sorcen;
    }

    /// The recipe.
    public Recipe recipe() {
        return recipe;
    }
}
