package dev.triptych.bits;

import dev.triptych.measure.feature.OnlineFeatures;
import dev.triptych.method.Judge;
import dev.triptych.method.Meanings;
import dev.triptych.method.Method;
import dev.triptych.method.MethodPrograms;
import dev.triptych.method.OnlineJudge;
import dev.triptych.method.PlainEncoder;
import dev.triptych.method.Supply;
import dev.triptych.method.Workplace;
import dev.triptych.recipe.Recipe;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// BITS: a student predicts the binary messages of an EMA teacher; a coding rate keeps the channel full.
public final class BitsMethod implements Method {
    @Override
    public String name() {
        return "bits";
    }

    @Override
    public List<Class<? extends Record>> sections() {
        return List.of(BitsSection.class);
    }

    @Override
    public void check(Recipe recipe) {
        BitsSection.of(recipe).check(recipe);
    }

    @Override
    public int smallestView(Recipe recipe) {
        var b = BitsSection.of(recipe);
        return b.localCrops() > 0 ? b.localSide() : recipe.data().side();
    }

    @Override
    public List<String> recipes() {
        return List.of("bits-micro", "bits-scenes", "bits-cifar", "bits-cifar-gpu", "bits-adapt", "bits-paper");
    }

    @Override
    public BitsPrograms programs(Recipe recipe) {
        return new BitsPrograms(recipe);
    }

    @Override
    public Supply supply(Recipe recipe, Workplace place) throws IOException {
        return Supply.images(recipe, place, images -> new BitsTask(recipe, images));
    }

    @Override
    public Judge judge() {
        return new BitsJudge();
    }

    @Override
    public OnlineJudge online(Recipe recipe, Workplace place) throws IOException {
        return OnlineFeatures.ofImages(recipe, place, programs(recipe));
    }

    @Override
    public Map<String, String> meanings() {
        return Meanings
                .and("""
                        bce: Cross-entropy of the student's bits with the teacher's message on another crop.
                        cosine: The student's logits beside the message of the teacher on another crop; lower is better.
                        bit agreement: Share of bits on which the messages of an image's two large crops agree.
                        logit effective rank: Directions that the logits use; near 1 all images get one message.
                        """);
    }

    @Override
    public String sheetCaption() {
        return "What single bits mean, across classes";
    }

    @Override
    public boolean patchFeatures() {
        return true;
    }

    @Override
    public Optional<Function<Recipe, PlainEncoder>> plainEncoder() {
        return Optional.of(recipe -> new PlainEncoder(MethodPrograms.encoder(recipe), 0, true, null));
    }
}
