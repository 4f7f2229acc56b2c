package dev.triptych.stellar;

import dev.triptych.alignment.PrototypeHead;
import dev.triptych.alignment.SinkhornTargets;
import dev.triptych.alignment.TokenMatching;
import dev.triptych.decoder.FourierPositions;
import dev.triptych.decoder.LowRankDecoder;
import dev.triptych.method.Descent;
import dev.triptych.method.Evaluation;
import dev.triptych.method.MethodPrograms;
import dev.triptych.method.TrainingStep;
import dev.triptych.program.Program;
import dev.triptych.program.Tensor;
import dev.triptych.recipe.Recipe;
import dev.triptych.recipe.Stage;
import dev.triptych.tokens.DecoderSection;
import dev.triptych.tokens.LowRankFeatures;
import dev.triptych.tokens.TokenDecoding;

/// The programs of STELLAR for a recipe, over one state: one training step for each stage, and evaluation.
public final class StellarPrograms extends MethodPrograms {
    private final Stellar stellar;

    /// Registers the parameters of a recipe's model.
    public StellarPrograms(Recipe recipe) {
        super(recipe);
        this.stellar = new Stellar(state(), settings(recipe),
                FourierPositions.draw(recipe.seed(), DecoderSection.of(recipe).width()));
    }

    /// The settings that a recipe means.
    public static Stellar.Settings settings(Recipe recipe) {
        var s = StellarSection.of(recipe);
        var d = DecoderSection.of(recipe);
        var w = s.weights();
        var encoder = MethodPrograms.encoder(recipe);
        var head = new PrototypeHead.Settings(s.predictorLayers(), s.predictorHidden(), s.prototypeDim(),
                s.prototypes());
        var clsHead = new PrototypeHead.Settings(s.predictorLayers(), s.predictorHidden(), s.prototypeDim(),
                s.prototypesOfCls());
        var targets = new SinkhornTargets((float) s.targetTemperature(), s.sinkhornIterations(),
                (float) s.sinkhornScale());
        var matching = new TokenMatching(s.match(), (float) s.matchEpsilon(), s.matchIterations());
        var decoder = new LowRankDecoder.Settings(d.width(), d.depth(), d.heads(), d.width() * d.mlpRatio(), d.codes());
        var weights = new Stellar.Weights((float) w.reconstruction(d), (float) w.koleo(),
                (float) w.maskedKoleo(), (float) w.clustering(), (float) w.clsClustering(), (float) w.mask(),
                (float) w.cls());
        double spatial = s.spatialTemperature() == null ? 0 : s.spatialTemperature();
        return new Stellar.Settings(encoder, s.tokens(), (float) spatial, head, clsHead, targets,
                (float) s.logitTemperature(), matching, decoder,
                d.reads() == DecoderSection.Reads.DENSE, weights);
    }

    /// The views of a stage.
    public static Stellar.Views views(Recipe recipe, Stage stage) {
        var s = StellarSection.of(recipe);
        return new Stellar.Views(recipe.training().batch(), s.maskedViews(), s.maskedViews(),
                stage.kept(recipe.patches()), s.localCrops(), s.localSide() / recipe.encoder().patch(),
                stage.teacher());
    }

    /// The training step of a stage: EMA update, objective, gradient, clip, AdamW.
    @Override
    public TrainingStep<Stellar.Objective> train(Stage stage) {
        var views = views(recipe(), stage);
        var p = new Program("train " + stage.name(), state());
        Tensor momentum = views.teacher() ? stellar.updateTeacher(p) : null;
        Stellar.Objective objective = stellar.objective(p, views);
        StellarHealth.kept(objective).forEach(p::keep);
        var descent = Descent.append(p, objective.loss(), recipe().optimizer(), "STELLAR section 6");
        return new TrainingStep<>(p, objective, descent, momentum);
    }

    @Override
    public Evaluation<LowRankFeatures> evaluate(int batch) {
        var p = new Program("evaluate", state());
        Tensor image = stellar.image(p, batch);
        return new Evaluation<>(p, image, stellar.evaluate(p, image));
    }

    /// Decodes tokens and localizations of `batch` pictures that are given.
    public TokenDecoding edit(int batch) {
        var p = new Program("edit", state());
        var e = stellar.settings().encoder();
        Tensor s = p.input("sparse", batch, stellar.settings().tokens(), e.width());
        Tensor l = p.input("localization", batch, e.patches(), stellar.settings().tokens());
        return new TokenDecoding(p, s, l, stellar.decode(p, s, l));
    }

    /// The model.
    public Stellar model() {
        return stellar;
    }
}
