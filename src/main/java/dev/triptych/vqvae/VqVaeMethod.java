package dev.triptych.vqvae;

import dev.triptych.device.Device;
import dev.triptych.measure.feature.OnlineFeatures;
import dev.triptych.method.Judge;
import dev.triptych.method.Method;
import dev.triptych.method.OnlineJudge;
import dev.triptych.method.Supply;
import dev.triptych.method.TokenizerSource;
import dev.triptych.method.Trained;
import dev.triptych.method.Workplace;
import dev.triptych.recipe.Recipe;
import dev.triptych.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// A small VQ-VAE: a tokenizer that a run trains.
public final class VqVaeMethod implements Method {
    @Override
    public String name() {
        return "vqvae";
    }

    @Override
    public List<Class<? extends Record>> sections() {
        return List.of(VqVaeSection.class);
    }

    @Override
    public boolean encoder() {
        return false;
    }

    @Override
    public void check(Recipe recipe) {
        VqVaeSection.of(recipe).check(recipe);
    }

    @Override
    public List<String> recipes() {
        return List.of("vqvae-micro", "vqvae-cifar");
    }

    @Override
    public VqVaePrograms programs(Recipe recipe) {
        return new VqVaePrograms(recipe);
    }

    @Override
    public Supply supply(Recipe recipe, Workplace place) throws IOException {
        return Supply.images(recipe, place, images -> new VqVaeTask(recipe, images));
    }

    @Override
    public Judge judge() {
        return new VqVaeJudge();
    }

    @Override
    public OnlineJudge online(Recipe recipe, Workplace place) throws IOException {
        return OnlineFeatures.ofImages(recipe, place, programs(recipe));
    }

    @Override
    public String sheetCaption() {
        return "Images through their codes";
    }

    @Override
    public Optional<TokenizerSource> tokenizer() {
        return Optional.of(new TokenizerSource() {
            @Override
            public Tokenizer open(Trained run, Device device) throws IOException {
                return VqVaeTokenizer.open(run, device);
            }

            @Override
            public String objection(Path run, Tokenizer tokenizer) throws IOException {
                return Acceptance.objection(run, tokenizer);
            }
        });
    }
}
