package dev.triptych.triptych;

import dev.triptych.data.codes.CodeTargets;
import dev.triptych.factorization.Factorization;
import dev.triptych.measure.feature.OnlineFeatures;
import dev.triptych.method.Generator;
import dev.triptych.method.Judge;
import dev.triptych.method.Meanings;
import dev.triptych.method.Method;
import dev.triptych.method.OnlineJudge;
import dev.triptych.method.PlainEncoder;
import dev.triptych.method.Supply;
import dev.triptych.method.TokenReader;
import dev.triptych.method.Workplace;
import dev.triptych.recipe.Recipe;
import dev.triptych.tokens.DecoderSection;
import dev.triptych.tokens.DecoderTargets;
import dev.triptych.tokens.PictureTokens;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// Triptych: what, where, message and echo in one encoder.
public final class TriptychMethod implements Method {
    @Override
    public String name() {
        return "triptych";
    }

    @Override
    public String title() {
        return "Triptych";
    }

    @Override
    public List<Class<? extends Record>> sections() {
        return List.of(TriptychSection.class, DecoderSection.class);
    }

    @Override
    public Set<String> sharedKeys() {
        return Set.of("augment.blur-probability");
    }

    /// Its tokenizer.
    @Override
    public Set<String> files() {
        return Set.of("decoder.tokenizer");
    }

    @Override
    public void check(Recipe recipe) {
        TriptychSection.of(recipe).check(recipe);
    }

    @Override
    public int smallestView(Recipe recipe) {
        var s = TriptychSection.of(recipe);
        return s.localCrops() > 0 ? s.localSide() : recipe.data().side();
    }

    @Override
    public List<String> recipes() {
        return List.of("triptych-micro", "triptych-scenes", "triptych-cifar", "triptych-cifar-gpu");
    }

    @Override
    public TriptychPrograms programs(Recipe recipe) {
        return new TriptychPrograms(recipe);
    }

    @Override
    public Supply supply(Recipe recipe, Workplace place) throws IOException {
        var decoder = DecoderSection.of(recipe);
        Triptych.Weights w = TriptychSection.of(recipe).weights().of(decoder);
        CodeTargets targets = DecoderTargets.open(recipe, place, w.reconstruction() != 0 || w.predicts());
        return Supply.images(recipe, place, images -> new TriptychTask(recipe, images, targets));
    }

    @Override
    public Judge judge() {
        return new TriptychJudge();
    }

    @Override
    public OnlineJudge online(Recipe recipe, Workplace place) throws IOException {
        return OnlineFeatures.ofImages(recipe, place, programs(recipe));
    }

    @Override
    public Map<String, String> meanings() {
        return Meanings
                .and("""
                        masked: Cross-entropy of the codes of dropped cells.
                        token messages: Cross-entropy of the tokens' bits with the teacher's messages on another crop.
                        cls messages: The same for CLS.
                        token prototypes: Cross-entropy of the tokens' prototypes with the teacher's on another crop.
                        cls prototypes: The same for CLS.
                        token rate: The coding rate of the tokens' messages.
                        cls rate: The same for CLS.
                        token bit entropy: How even a bit of a token's message is over images; 0 where it says nothing.
                        cls bit entropy: The same for CLS.
                        cls bit agreement: Share of bits on which the CLS messages of an image's two large crops agree.
                        I(slot; bit): What a bit tells of its slot; high where messages name slots, not objects.
                        I(slot; message): The same for the whole message.
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
    public Optional<Generator> generator() {
        return Optional.of(new TriptychGenerator());
    }

    @Override
    public Optional<TokenReader> tokens() {
        return Optional.of(new PictureTokens((recipe, batch) -> {
            var programs = new TriptychPrograms(recipe);
            var evaluation = programs.evaluate(batch);
            return new PictureTokens.Model(programs, evaluation, evaluation.values().parts(),
                    programs.edit(batch));
        }));
    }

    @Override
    public Optional<Function<Recipe, PlainEncoder>> plainEncoder() {
        return Optional.of(recipe -> {
            var settings = TriptychPrograms.settings(recipe);
            return new PlainEncoder(settings.encoder(), settings.tokens(), false,
                    new PlainEncoder.Localization(settings.spatialTemperature(), Factorization.EPS));
        });
    }
}
