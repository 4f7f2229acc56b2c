package dev.triptych.toy;

import dev.triptych.measure.feature.OnlineFeatures;
import dev.triptych.method.Judge;
import dev.triptych.method.Method;
import dev.triptych.method.OnlineJudge;
import dev.triptych.method.Supply;
import dev.triptych.method.Workplace;
import dev.triptych.recipe.Recipe;
import java.io.IOException;
import java.util.List;

/// A linear autoencoder, as a fifth method.
public final class ToyMethod implements Method {
    @Override
    public String name() {
        return "toy";
    }

    @Override
    public List<Class<? extends Record>> sections() {
        return List.of(ToySection.class);
    }

    @Override
    public boolean encoder() {
        return false;
    }

    @Override
    public void check(Recipe recipe) {
        ToySection.of(recipe).check(recipe);
    }

    @Override
    public List<String> recipes() {
        return List.of("toy-micro");
    }

    @Override
    public ToyPrograms programs(Recipe recipe) {
        return new ToyPrograms(recipe);
    }

    @Override
    public Supply supply(Recipe recipe, Workplace place) throws IOException {
        return Supply.images(recipe, place, images -> new ToyTask(recipe, images));
    }

    @Override
    public Judge judge() {
        return new ToyJudge();
    }

    @Override
    public OnlineJudge online(Recipe recipe, Workplace place) throws IOException {
        return OnlineFeatures.ofImages(recipe, place, programs(recipe));
    }

    @Override
    public String sheetCaption() {
        return "Nothing";
    }
}
