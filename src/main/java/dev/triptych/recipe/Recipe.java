package dev.triptych.recipe;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/// Everything that a run depends on besides the images. Made by a [RecipeBook]; written back by [#toYaml].
///
/// Keys in YAML are the component names in kebab-case: `optimizer.minLr` is `optimizer: min-lr:`.
///
/// @param encoder null where the method has none
/// @param own     sections of the recipe's method, by their key
public record Recipe(
        @Doc("what is learned") String method,
        @Doc("seed of every random draw") @Range(min = 0) @Default("1") long seed,
        DataSection data,
        AugmentSection augment,
        EncoderSection encoder,
        SequencedMap<String, Record> own,
        OptimizerSection optimizer,
        TrainingSection training,
        EvalSection eval) {
    public Recipe {
        own = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(own));
    }

    /// A section of the recipe's method.
    ///
    /// @throws IllegalArgumentException if it is one of another method
    public <S extends Record> S section(Class<S> type) {
        return own.values().stream().filter(type::isInstance).map(type::cast).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("a recipe of method " + method + " has no "
                        + type.getSimpleName() + ", only " + own.keySet()));
    }

    /// Patches N of a full image.
    public int patches() {
        return Checks.patches(data, encoder);
    }

    /// This recipe as YAML with every key, which reads back to an equal recipe.
    public String toYaml() {
        return YamlWriter.write(this);
    }

    /// Every value in words by its dotted key, in the order of the YAML: `training.stages.0.epochs` is `10.0`.
    public SequencedMap<String, String> values() {
        return YamlWriter.values(this);
    }
}
