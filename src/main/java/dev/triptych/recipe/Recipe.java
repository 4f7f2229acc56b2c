package dev.triptych.recipe;

import java.util.List;

/// Everything that a run depends on besides the images. Made by [Recipes]; written back by [#toYaml].
///
/// Keys in YAML are the component names in kebab-case: `stellar.spatialTemperature` is `stellar: spatial-temperature:`.
public record Recipe(
        @Doc("what is learned") Method method,
        @Doc("seed of every random draw") @Range(min = 0) @Default("1") long seed,
        Data data,
        Augment augment,
        Encoder encoder,
        Stellar stellar,
        Decoder decoder,
        Optimizer optimizer,
        Training training) {

    public Recipe {
        Checks.divisible("data.side", data.side(), "encoder.patch", encoder.patch());
        int n = square(data.side() / encoder.patch());
        if (stellar.tokens() >= n) {
            throw RecipeException.value("stellar.tokens", stellar.tokens(),
                    "fewer tokens K than the N = " + n + " patches of an image (data.side " + data.side()
                            + ", encoder.patch " + encoder.patch() + ")",
                    n > 1
                            ? "Set stellar.tokens to " + (n - 1) + " or less (about N/12 is usual)."
                            : "Set a smaller encoder.patch.");
        }
        int smallest = data.side();
        if (stellar.localCrops() > 0) {
            Checks.divisible("stellar.local-side", stellar.localSide(), "encoder.patch", encoder.patch());
            if (stellar.localSide() > data.side()) {
                throw RecipeException.value("stellar.local-side", stellar.localSide(),
                        "at most data.side, " + data.side(), "Set stellar.local-side to about half of data.side.");
            }
            smallest = stellar.localSide();
        }
        if (augment.blurKernel() / 2 >= smallest) {
            throw RecipeException.value("augment.blur-kernel", augment.blurKernel(),
                    "a kernel whose half is smaller than the smallest view, " + smallest + " px",
                    "Set augment.blur-kernel to " + (2 * smallest - 1) + " or less.");
        }
        for (int i = 0; i < training.stages().size(); i++) {
            checkStage(training.stages().get(i), "training.stages." + i, stellar, n);
        }
        if (data.generated() && data.trainImages() > 0 && training.batch() > data.trainImages()) {
            throw RecipeException.value("training.batch", training.batch(),
                    "at most data.train-images, " + data.trainImages(),
                    "Set training.batch=" + data.trainImages() + " or generate more scenes.");
        }
    }

    private static void checkStage(Stage stage, String key, Stellar stellar, int n) {
        if (stellar.maskedViews() > 0 && stage.kept(n) < 1) {
            throw RecipeException.value(key + ".mask-ratio", stage.maskRatio(),
                    "a ratio that keeps at least one of the " + n + " patches",
                    "Set it to " + Math.floor(1000.0 * (n - 1) / n) / 1000 + " or less.");
        }
        if (stage.teacher() && stellar.maskedViews() < 2) {
            throw RecipeException.value(key + ".teacher", true,
                    "stellar.masked-views of at least 2 (the teacher sees view 1), found " + stellar.maskedViews(),
                    "Set stellar.masked-views=2 or teacher: false.");
        }
    }

    private static int square(int x) {
        return Math.multiplyExact(x, x);
    }

    /// Patches N of a full image.
    public int patches() {
        return square(data.side() / encoder.patch());
    }

    /// Patches of a local crop; 0 without local crops.
    public int localPatches() {
        return stellar.localCrops() == 0 ? 0 : square(stellar.localSide() / encoder.patch());
    }

    /// This recipe with overrides (`stellar.tokens=6`), checked like any other.
    ///
    /// @throws RecipeException if an override does not fit
    public Recipe with(String... overrides) {
        return Recipes.parse(toYaml(), "recipe", List.of(overrides)).recipe();
    }

    /// This recipe as YAML with every key, which reads back to an equal recipe.
    public String toYaml() {
        return YamlWriter.write(this);
    }

    /// A table of all keys: key, type, default, range, meaning.
    public static String describe() {
        return Key.table(Key.all(Recipe.class));
    }
}
