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
import dev.triptych.program.Tensor;
import dev.triptych.recipe.Recipe;
import dev.triptych.recipe.Stage;

/// The programs of Sorcen for a recipe, over one state: one training step for each stage, features of full images, and
/// the forward run of one iteration of generation.
public final class SorcenPrograms extends MethodPrograms {
    /// The prediction of masked codes.
    ///
    /// @param program whose result is [Sorcen#accuracy]
    public record Prediction(Program program, Sorcen.MaskedInputs inputs) {
    }

    /// One iteration of generation.
    ///
    /// @param codes input: MASK where unknown (batch, N)
    /// @param slots input: rows that the decoder sees
    /// @param logits at every cell (batch N, K)
    public record Iteration(Program program, Tensor codes, Tensor slots, Tensor logits) {
    }

    private static final float HEAD_EPS = 1e-5f;

    private final Sorcen sorcen;

    /// Registers the parameters of a recipe's model.
    public SorcenPrograms(Recipe recipe) {
        super(recipe);
        this.sorcen = new Sorcen(state(), settings(recipe));
    }

    /// The settings that a recipe means.
    public static Sorcen.Settings settings(Recipe recipe) {
        var e = recipe.encoder();
        var s = SorcenSection.of(recipe);
        int n = recipe.patches();
        float eps = (float) e.layerNormEps();
        int hidden = e.width() * e.mlpRatio();
        var encoder = new CodeTransformer.Settings(s.codebook(), n, e.width(), e.depth(), e.heads(), hidden, eps);
        var decoder = new CodeDecoder.Settings(s.codebook(), n, e.width(), s.decoderDepth(), s.decoderHeads(), hidden,
                eps, HEAD_EPS);
        return new Sorcen.Settings(encoder, n - s.dropped(n), decoder, (float) s.dropout(), s.teacherDropout(),
                (float) s.smoothing(), (float) s.uniformityWeight(), s.uniformityCls(), s.contrasts() ? echo(s) : null);
    }

    private static Sorcen.Echo echo(SorcenSection s) {
        Candidates candidates = switch (s.echo()) {
            case SAMPLED -> new Candidates(s.echoCandidates(), true, s.echoSkipTies());
            case SOFTMAX -> new Candidates(s.codebook(), false, false);
            case ARGMAX -> Candidates.ARG_MAX;
            case TRUTH -> null;
        };
        return new Sorcen.Echo((float) s.contrastWeight(), candidates,
                new EchoContrast((float) s.temperature(), s.contrastRows()), s.projectorHidden(), s.projectorOut(),
                s.predictorHidden(), s.projectCls(), s.trainTeacherProjector());
    }

    /// The training step of a stage: EMA update, objective, gradient, clip, AdamW.
    @Override
    public TrainingStep<Sorcen.Objective> train(Stage stage) {
        var p = new Program("train " + stage.name(), state());
        Tensor momentum = sorcen.settings().echo() == null ? null : sorcen.updateTeacher(p);
        Sorcen.Objective objective = sorcen.objective(p, recipe().training().batch());
        p.keep(objective.encoding().tokens());
        if (objective.contrasted() != null) {
            p.keep(objective.contrasted().pooled());
            p.keep(objective.contrasted().contrast().similarity());
        }
        var descent = Descent.append(p, objective.loss(), recipe().optimizer(), "Sorcen section 5");
        return new TrainingStep<>(p, objective, descent, momentum);
    }

    /// Features of `batch` full grids of codes.
    @Override
    public Evaluation<Sorcen.Features> evaluate(int batch) {
        var p = new Program("evaluate", state());
        Tensor codes = sorcen.codes(p, batch);
        return new Evaluation<>(p, codes, sorcen.evaluate(p, codes));
    }

    /// The prediction of the masked codes of `batch` images.
    public Prediction predict(int batch) {
        var p = new Program("predict", state());
        return new Prediction(p, sorcen.predict(p, batch));
    }

    /// One iteration of the generation of `batch` grids.
    public Iteration generate(int batch) {
        var p = new Program("generate", state());
        Tensor codes = sorcen.codes(p, batch);
        Tensor slots = sorcen.slots(p, batch);
        return new Iteration(p, codes, slots, sorcen.generate(p, codes, slots));
    }

    /// The model.
    public Sorcen model() {
        return sorcen;
    }
}
