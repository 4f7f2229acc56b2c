package dev.triptych.sorcen;

import dev.triptych.data.codes.CodeSet;
import dev.triptych.method.Generator;
import dev.triptych.method.InputException;
import dev.triptych.method.Judge;
import dev.triptych.method.Meanings;
import dev.triptych.method.Method;
import dev.triptych.method.OnlineJudge;
import dev.triptych.method.Supply;
import dev.triptych.method.Workplace;
import dev.triptych.recipe.Recipe;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Sorcen: masked prediction of a tokenizer's codes, and a contrast with echoes drawn from that prediction.
public final class SorcenMethod implements Method {
    @Override
    public String name() {
        return "sorcen";
    }

    @Override
    public List<Class<? extends Record>> sections() {
        return List.of(SorcenSection.class);
    }

    @Override
    public Set<String> files() {
        return Set.of("sorcen.codes");
    }

    @Override
    public void check(Recipe recipe) {
        SorcenSection.of(recipe).check(recipe);
    }

    @Override
    public List<String> recipes() {
        return List.of("sorcen-micro", "sorcen-scenes", "sorcen-cifar", "sorcen-cifar-gpu", "sorcen-paper");
    }

    @Override
    public SorcenPrograms programs(Recipe recipe) {
        return new SorcenPrograms(recipe);
    }

    @Override
    public boolean learnsFromImages() {
        return false;
    }

    /// Training opens nothing but the code file.
    @Override
    public void requireData(Recipe recipe) {
        if (SorcenSection.of(recipe).codes() == null) {
            throw new InputException("sorcen.codes is null; expected a code file. Write one with `triptych tokenize`, "
                    + "then give sorcen.codes=FILE.");
        }
    }

    @Override
    public Supply supply(Recipe recipe, Workplace place) throws IOException {
        String file = SorcenSection.of(recipe).codes();
        if (file == null && !place.makesUp()) {
            requireData(recipe);
        }
        CodeSet codes = file == null ? StandInCodes.of(recipe, place) : CodeSet.open(Path.of(file));
        return new Supply(() -> new SorcenTask(recipe, codes), codes.size() + " as " + recipe.patches()
                + " codes each, " + file);
    }

    @Override
    public Judge judge() {
        return new SorcenJudge();
    }

    @Override
    public OnlineJudge online(Recipe recipe, Workplace place) throws IOException {
        return OnlineCodes.open(recipe, place);
    }

    @Override
    public Map<String, String> meanings() {
        return Meanings.and("""
                echoes: 1 once the decoder's echoes serve as the other half of pairs.
                echo match: Share of echoes that find their own image among the batch.
                """);
    }

    @Override
    public String sheetCaption() {
        return "Generated images, and test images through the tokenizer";
    }

    @Override
    public Optional<Generator> generator() {
        return Optional.of(new SorcenGenerator());
    }
}
