package dev.triptych.stellar;

import dev.triptych.data.codes.CodeTargets;
import dev.triptych.factorization.Factorization;
import dev.triptych.measure.feature.OnlineFeatures;
import dev.triptych.method.Judge;
import dev.triptych.method.Meanings;
import dev.triptych.method.Method;
import dev.triptych.method.OnlineJudge;
import dev.triptych.method.PlainEncoder;
import dev.triptych.method.Supply;
import dev.triptych.method.TokenReader;
import dev.triptych.method.WeightsReader;
import dev.triptych.method.Workplace;
import dev.triptych.recipe.Recipe;
import dev.triptych.tokens.DecoderSection;
import dev.triptych.tokens.DecoderTargets;
import dev.triptych.tokens.PictureTokens;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// STELLAR: sparse tokens, localization and the low-rank product: what and where.
public final class StellarMethod implements Method {
    @Override
    public String name() {
        return "stellar";
    }

    @Override
    public List<Class<? extends Record>> sections() {
        return List.of(StellarSection.class, DecoderSection.class);
    }

    @Override
    public Set<String> sharedKeys() {
        return Set.of("augment.blur-probability", "augment.shared-colour", "training.stages.*.mask-ratio");
    }

    /// Its tokenizer.
    @Override
    public Set<String> files() {
        return Set.of("decoder.tokenizer");
    }

    @Override
    public void check(Recipe recipe) {
        StellarSection.of(recipe).check(recipe);
    }

    @Override
    public int smallestView(Recipe recipe) {
        var s = StellarSection.of(recipe);
        return s.localCrops() > 0 ? s.localSide() : recipe.data().side();
    }

    @Override
    public List<String> recipes() {
        return List.of("stellar-micro", "stellar-scenes", "stellar-cifar", "stellar-cifar-gpu", "stellar-micro-codes",
                "stellar-cifar-codes", "stellar-paper", "stellar-b16", "stellar-on-dinov2");
    }

    @Override
    public StellarPrograms programs(Recipe recipe) {
        return new StellarPrograms(recipe);
    }

    @Override
    public Supply supply(Recipe recipe, Workplace place) throws IOException {
        CodeTargets targets = DecoderTargets.open(recipe, place,
                StellarSection.of(recipe).weights().reconstruction(DecoderSection.of(recipe)) != 0);
        budget(recipe, place);
        return Supply.images(recipe, place, images -> new StellarTask(recipe, images, targets));
    }

    /// Says how many rows a step has for each prototype: a batch of fewer rows than prototypes leaves most of them
    /// without a row to balance, which is another objective.
    private static void budget(Recipe recipe, Workplace place) {
        if (!StellarPrograms.settings(recipe).weights().aligns()) {
            return;
        }
        double[] rows = StellarSection.budget(recipe);
        place.remark(
                String.format(Locale.ROOT, "sinkhorn:   %.3g rows a prototype of tokens, %.3g of CLS (the authors: 2 "
                        + "and 0.125)", rows[0], rows[1]));
        if (rows[0] < 1) {
            int tokens = recipe.training().batch() * StellarSection.of(recipe).tokens();
            place.remark("warning: stellar.prototypes is " + StellarSection.of(recipe).prototypes() + ", more than the "
                    + tokens + " tokens of a step; expected two tokens for each. Sinkhorn cannot balance them. Raise "
                    + "training.batch, or set stellar.prototypes=" + Math.max(2, tokens / 2) + ".");
        }
    }

    @Override
    public Judge judge() {
        return new StellarJudge();
    }

    @Override
    public OnlineJudge online(Recipe recipe, Workplace place) throws IOException {
        return OnlineFeatures.ofImages(recipe, place, programs(recipe));
    }

    @Override
    public Map<String, String> meanings() {
        return Meanings
                .and("""
                        clustering: Cross-entropy of each token's prototypes with those of the other view.
                        cls clustering: The same for CLS, the image as a whole.
                        mask: Cross-entropy of the tokens of a masked view with those of the whole one.
                        cls masked: The same for CLS.
                        cls local: Cross-entropy of CLS of small crops with CLS of the whole view.
                        prototype perplexity: Prototypes that tokens prefer, by how often; 1 where all prefer one.
                        cls prototype perplexity: The same for CLS.
                        used tokens: Tokens of an image that some patch prefers, of at most K.
                        Z effective rank: Directions that Z = L S uses in an image, of at most K.
                        """);
    }

    @Override
    public String sheetCaption() {
        return "Reconstructions, and where each token is";
    }

    @Override
    public boolean patchFeatures() {
        return true;
    }

    @Override
    public Optional<TokenReader> tokens() {
        return Optional.of(new PictureTokens((recipe, batch) -> {
            var programs = new StellarPrograms(recipe);
            var evaluation = programs.evaluate(batch);
            return new PictureTokens.Model(programs, evaluation, evaluation.values(),
                    programs.model().settings().direct() ? null : programs.edit(batch));
        }));
    }

    @Override
    public Optional<WeightsReader> weights() {
        return Optional.of(AuthorsWeights::open);
    }

    @Override
    public Optional<Function<Recipe, PlainEncoder>> plainEncoder() {
        return Optional.of(recipe -> {
            var settings = StellarPrograms.settings(recipe);
            return new PlainEncoder(settings.encoder(), settings.tokens(), false,
                    new PlainEncoder.Localization(settings.spatialTemperature(), Factorization.EPS));
        });
    }
}
