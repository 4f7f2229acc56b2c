package dev.triptych.recipe;

import java.util.List;
import java.util.Map;

/// What turning images into a code file depends on, besides the tokenizer: overrides of the command line, bound as
/// strictly as a recipe.
public record Tokenization(
        @Doc("seed of k-means and of generated scenes") @Range(min = 0) @Default("1") long seed,
        @Doc("the code file to be written") @Nullable @Default("null") String out,
        DataSection data,
        KmeansSection kmeans) {
    private static final Shape SHAPE = Shape.of(Tokenization.class);

    /// Binds overrides such as `data=DIR`, `out=FILE`, `kmeans.codes=256`.
    ///
    /// @param side of the images where `data.side` does not say otherwise
    /// @throws RecipeException if one does not fit
    public static Tokenization of(int side, List<String> overrides) {
        var document = Yaml.document("data:\n  side: " + side + "\n", "tokenize");
        var keys = Key.all(SHAPE);
        overrides.forEach(override -> Setting.apply(override, document, keys));
        return (Tokenization) Binder.bind(SHAPE, document, Map.of());
    }

    /// A table of all keys: key, type, default, range, meaning.
    public static String describe() {
        return Key.table(Key.all(SHAPE));
    }
}
