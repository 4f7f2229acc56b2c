package dev.triptych.mae;

import dev.triptych.measure.feature.OnlineFeatures;
import dev.triptych.method.Judge;
import dev.triptych.method.Meanings;
import dev.triptych.method.Method;
import dev.triptych.method.MethodPrograms;
import dev.triptych.method.OnlineJudge;
import dev.triptych.method.PlainEncoder;
import dev.triptych.method.Supply;
import dev.triptych.method.WeightsReader;
import dev.triptych.method.Workplace;
import dev.triptych.recipe.Recipe;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// MAE: pixels of dropped patches are predicted from those that are kept.
public final class MaeMethod implements Method {
    @Override
    public String name() {
        return "mae";
    }

    @Override
    public List<Class<? extends Record>> sections() {
        return List.of(MaeSection.class);
    }

    @Override
    public Set<String> sharedKeys() {
        return Set.of("training.stages.*.mask-ratio");
    }

    @Override
    public void check(Recipe recipe) {
        MaeSection.of(recipe).check(recipe);
    }

    @Override
    public List<String> recipes() {
        return List.of("mae-micro", "mae-scenes", "mae-cifar", "mae-cifar-gpu", "mae-paper");
    }

    @Override
    public MaePrograms programs(Recipe recipe) {
        return new MaePrograms(recipe);
    }

    @Override
    public Supply supply(Recipe recipe, Workplace place) throws IOException {
        return Supply.images(recipe, place, images -> new MaeTask(recipe, images));
    }

    @Override
    public Judge judge() {
        return new MaeJudge();
    }

    @Override
    public OnlineJudge online(Recipe recipe, Workplace place) throws IOException {
        return OnlineFeatures.ofImages(recipe, place, programs(recipe));
    }

    @Override
    public Map<String, String> meanings() {
        return Meanings.and("""
                explained variance: Share of the hidden patches that the predictions explain; 0 for guessing the mean.
                token effective rank: Directions that the encoder's tokens use.
                token mean cosine: How alike the encoder's tokens are; 1 where all point the same way.
                """);
    }

    @Override
    public String sheetCaption() {
        return "Masked images, and what is painted of them";
    }

    @Override
    public boolean patchFeatures() {
        return true;
    }

    @Override
    public Optional<WeightsReader> weights() {
        return Optional.of(HuggingFaceWeights::open);
    }

    @Override
    public Optional<Function<Recipe, PlainEncoder>> plainEncoder() {
        return Optional.of(recipe -> new PlainEncoder(MethodPrograms.encoder(recipe), 0, false, null));
    }
}
