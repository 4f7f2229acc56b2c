package dev.triptych.triptych;

import dev.triptych.alignment.PrototypeHead;
import dev.triptych.alignment.SinkhornTargets;
import dev.triptych.alignment.TokenMatching;
import dev.triptych.channel.BitsHead;
import dev.triptych.channel.CodingRate;
import dev.triptych.decoder.FourierPositions;
import dev.triptych.decoder.LowRankDecoder;
import dev.triptych.echo.EchoContrast;
import dev.triptych.method.Descent;
import dev.triptych.method.Evaluation;
import dev.triptych.method.MethodPrograms;
import dev.triptych.method.TrainingStep;
import dev.triptych.program.Program;
import dev.triptych.program.Tensor;
import dev.triptych.recipe.Recipe;
import dev.triptych.recipe.Stage;
import dev.triptych.tokens.DecoderSection;
import dev.triptych.tokens.TokenDecoding;

/// The programs of Triptych for a recipe, over one state: a training step for each stage, evaluation, prediction of
/// dropped cells, decoding of edited tokens.
public final class TriptychPrograms extends MethodPrograms {
    private static final int PREDICTOR_LAYERS = 2;
    private static final float LOGIT_TEMPERATURE = 0.12f;
    private static final SinkhornTargets SINKHORN = new SinkhornTargets(0.06f, 3, 1f);

    /// Prediction of dropped cells.
    public record Dropped(Program program, Triptych.Prediction prediction) {
    }

    private final Triptych triptych;

    /// Registers the parameters of a recipe's model.
    public TriptychPrograms(Recipe recipe) {
        this(recipe, new float[codes(recipe) * 3 * recipe.encoder().patch() * recipe.encoder().patch()]);
    }

    /// The same for training.
    ///
    /// @param codebook pixels of each code's centroid (C, 3 p p), with which echoes are painted; checkpoints keep them
    public TriptychPrograms(Recipe recipe, float[] codebook) {
        super(recipe);
        this.triptych = new Triptych(state(), settings(recipe),
                FourierPositions.draw(recipe.seed(), DecoderSection.of(recipe).width()), codebook);
    }

    private static int codes(Recipe recipe) {
        return DecoderSection.of(recipe).codes();
    }

    /// The settings that a recipe means.
    public static Triptych.Settings settings(Recipe recipe) {
        var s = TriptychSection.of(recipe);
        var d = DecoderSection.of(recipe);
        var decoder = new LowRankDecoder.Settings(d.width(), d.depth(), d.heads(), d.width() * d.mlpRatio(), d.codes());
        var matching = new TokenMatching(true, (float) s.matchEpsilon(), s.matchIterations());
        double spatial = s.spatialTemperature() == null ? 0 : s.spatialTemperature();
        var echo = new PaintedEcho.Settings(s.echoK(),
                new EchoContrast((float) s.temperature(), EchoContrast.Direction.ECHOES), s.projectorHidden(),
                s.projectorOut(), s.predictorEcho());
        return new Triptych.Settings(MethodPrograms.encoder(recipe), s.tokens(), (float) spatial, decoder,
                (float) s.smoothing(), alignment(s), matching, echo, s.weights().of(d));
    }

    private static Alignment alignment(TriptychSection s) {
        double gain = s.headGain() == null ? 0 : s.headGain();
        return switch (s.alignment()) {
            case MESSAGES -> new Alignment.Bits(new BitsHead.Settings(s.headHidden(), s.bits(), (float) gain, false),
                    new CodingRate((float) s.epsilon(), false, false));
            case PROTOTYPES -> new Alignment.Prototypes(new PrototypeHead.Settings(PREDICTOR_LAYERS,
                    s.predictorHidden(), s.prototypeDim(), s.prototypes()), SINKHORN, LOGIT_TEMPERATURE);
        };
    }

    /// The views of a step.
    public static Triptych.Views views(Recipe recipe) {
        var s = TriptychSection.of(recipe);
        int n = recipe.patches();
        return new Triptych.Views(recipe.training().batch(), s.kept(n), s.keptGlobal(n), s.localCrops(),
                s.localSide() / recipe.encoder().patch());
    }

    /// The training step of a stage (section 6): objective, gradient, clip, AdamW, EMA.
    @Override
    public TrainingStep<Triptych.Objective> train(Stage stage) {
        var p = new Program("train " + stage.name(), state());
        Triptych.Objective objective = triptych.objective(p, views(recipe()));
        TriptychHealth.kept(objective).forEach(p::keep);
        var descent = Descent.append(p, objective.loss(), recipe().optimizer(), "Triptych section 6");
        return new TrainingStep<>(p, objective, descent, triptych.updateTeacher(p));
    }

    @Override
    public Evaluation<TriptychFeatures> evaluate(int batch) {
        var p = new Program("evaluate", state());
        Tensor image = triptych.image(p, batch);
        return new Evaluation<>(p, image, triptych.evaluate(p, image));
    }

    /// Predicts the codes of `batch` pictures of which `kept` patches are seen.
    public Dropped predict(int batch, int kept) {
        var p = new Program("predict from " + kept + " patches", state());
        return new Dropped(p, triptych.predict(p, batch, kept));
    }

    /// Decodes edited tokens of `batch` pictures.
    public TokenDecoding edit(int batch) {
        var p = new Program("edit", state());
        var e = triptych.settings().encoder();
        Tensor s = p.input("sparse", batch, triptych.settings().tokens(), e.width());
        Tensor l = p.input("localization", batch, e.patches(), triptych.settings().tokens());
        return new TokenDecoding(p, s, l, triptych.decode(p, s, l));
    }

    /// The model.
    public Triptych model() {
        return triptych;
    }
}
