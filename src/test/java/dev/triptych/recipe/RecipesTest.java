package dev.triptych.recipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.data.view.MaskKind;
import dev.triptych.methods.Methods;
import dev.triptych.stellar.StellarSection;
import dev.triptych.stellar.StellarWeights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Recipes that fit: built-in ones, overrides, round trips, the table of keys.
class RecipesTest {
    static List<String> names() {
        return Methods.RECIPES.names();
    }

    @ParameterizedTest
    @MethodSource("names")
    void everyBuiltInRecipeLoadsAndReadsBack(String name) {
        var loaded = Methods.RECIPES.load(name, List.of());
        assertEquals(name, loaded.name());
        assertTrue(loaded.echo().isEmpty());
        var recipe = loaded.recipe();
        assertEquals(recipe, Methods.RECIPES.parse(recipe.toYaml(), "again.yaml", List.of()).recipe());
        var comment = Methods.RECIPES.comment(name);
        assertTrue(comment.startsWith("./triptych ") && comment.lines().count() >= 3, comment);
    }

    @Test
    void theListOfNamesIsTheFolder() throws Exception {
        try (var files = Files.list(Path.of("src/main/resources/recipes"))) {
            var stems = new HashSet<>(files.map(f -> f.getFileName().toString().replace(".yaml", "")).toList());
            assertEquals(stems, new HashSet<>(Methods.RECIPES.names()));
        }
    }

    @Test
    void thePaperRecipeHasThePapersSizes() {
        var recipe = Methods.RECIPES.load("stellar-paper", List.of()).recipe();
        assertEquals(196, recipe.patches());
        assertEquals(39, recipe.training().stages().getFirst().kept(196));
        assertEquals(new Interval(0.36, 1.0), recipe.augment().globalScale());
        assertEquals(new StellarWeights(null, 0.1, 0.1, 1, 1, 1, 1), StellarSection.of(recipe).weights());
        assertEquals(1e-12, recipe.encoder().layerNormEps());
        assertEquals(MaskKind.GAUSSIAN, StellarSection.of(recipe).maskKind());
        assertEquals(0.06, StellarSection.of(recipe).spatialTemperature());
    }

    @Test
    void theCifarRecipeHasAPriorWithATeacher() {
        var stages = Methods.RECIPES.load("stellar-cifar", List.of()).recipe().training().stages();
        assertEquals(List.of("prior", "main"), stages.stream().map(Stage::name).toList());
        assertTrue(stages.getFirst().teacher());
        assertFalse(stages.getLast().teacher());
        assertEquals(16, stages.getLast().kept(64));
        assertEquals(1560, stages.getLast().steps(50_000, 128));
        assertEquals(0.996, stages.getFirst().momentumAt(5, 10));
    }

    @Test
    void overridesReplaceValuesAndAreEchoed() {
        var loaded = Methods.RECIPES.load("stellar-micro",
                List.of("optimizer.lr=5e-3", "data=my photos", "data.skip-bad=true", "stellar.spatial-temperature=null",
                        "training.stages.1.epochs=0.5", "augment.blur-sigma=[0.5, 1]", "optimizer.clip=per-tensor"));
        var recipe = loaded.recipe();
        assertEquals(5e-3, recipe.optimizer().lr());
        assertEquals("my photos", recipe.data().dir());
        assertTrue(recipe.data().skipBad());
        assertNull(StellarSection.of(recipe).spatialTemperature());
        assertEquals(0.5, recipe.training().stages().get(1).epochs());
        assertEquals(new Interval(0.5, 1), recipe.augment().blurSigma());
        assertEquals(Clip.PER_TENSOR, recipe.optimizer().clip());
        assertEquals(List.of("optimizer.lr=5e-3 (was 1e-3)", "data.dir=my photos (was null, the default)",
                "data.skip-bad=true (was null, the default)",
                "stellar.spatial-temperature=null (was 0.06, the default)", "training.stages.1.epochs=0.5 (was 2)",
                "augment.blur-sigma=[0.5, 1] (was [0.1, 2.0], the default)",
                "optimizer.clip=per-tensor (was global, the default)"), loaded.echo());
    }

    @Test
    void aWholeListCanBeReplaced() {
        var recipe = Methods.RECIPES.load("stellar-micro", List.of("training.stages=[{name: only, epochs: 3}]"))
                .recipe();
        assertEquals(1, recipe.training().stages().size());
        assertEquals(0.75, recipe.training().stages().getFirst().maskRatio());
    }

    @Test
    void foldersAreTextWhateverTheyLookLike() {
        for (var dir : List.of("123", "true", "a: b # c", "[x]", "1e3", "C:\\images")) {
            var recipe = Methods.RECIPES.load("stellar-micro", List.of("data=" + dir)).recipe();
            assertEquals(dir, recipe.data().dir());
            assertEquals(recipe, Methods.RECIPES.parse(recipe.toYaml(), "again.yaml", List.of()).recipe());
        }
        assertEquals("7", Methods.RECIPES.load("stellar-micro", List.of("data.dir=7")).recipe().data().dir());
        assertTrue(Methods.RECIPES.load("stellar-micro", List.of("data=null")).recipe().data().generated());
    }

    @Test
    void filesAreFoundByPath(@TempDir Path folder) throws IOException {
        var file = folder.resolve("mine.yaml");
        Files.writeString(file, Methods.RECIPES.text("stellar-micro"));
        var loaded = Methods.RECIPES.load(file.toString(), List.of("seed=7"));
        assertEquals("mine", loaded.name());
        assertEquals(7, loaded.recipe().seed());
        assertEquals(file.toString(), loaded.origin());
    }

    private static Recipe with(Recipe recipe, String... overrides) {
        return Methods.RECIPES.parse(recipe.toYaml(), "recipe", List.of(overrides)).recipe();
    }

    @Test
    void whatIsWrittenCanBeChanged() {
        var recipe = Methods.RECIPES.load("stellar-micro", List.of()).recipe();
        assertEquals(5, StellarSection.of(with(recipe, "stellar.tokens=5")).tokens());
        assertThrows(RecipeException.class, () -> with(recipe, "stellar.tokens=16"));
    }

    @Test
    void describeListsEveryKey() {
        var table = Methods.RECIPES.describe();
        for (var word : List.of("stellar.weights.masked-koleo", "training.stages.*.momentum-final", "augment.hue",
                "(required)", "[0, 0.5]", "global, per-tensor, none", "number or null")) {
            assertTrue(table.contains(word), word);
        }
        for (var key : Methods.RECIPES.keys()) {
            assertFalse(key.doc().isEmpty(), key.path() + " has no @Doc");
            assertTrue(table.contains(key.path()), key.path());
        }
    }

    @Test
    void aliasesMayRepeatAStage() {
        var text = Methods.RECIPES.text("stellar-micro").replace("mask-ratio: 0.6", "mask-ratio: &ratio 0.6")
                .replace("mask-ratio: 0.75", "mask-ratio: *ratio");
        assertEquals(0.6, Methods.RECIPES.parse(text, "r", List.of()).recipe().training().stages().get(1).maskRatio());
    }

    @Property(tries = 50)
    void anyRecipeReadsBack(@ForAll @LongRange(min = 0) long seed, @ForAll @DoubleRange(min = 0.01, max = 10) double lr,
            @ForAll @IntRange(min = 2, max = 15) int tokens, @ForAll @StringLength(min = 1, max = 12) String dir,
            @ForAll MaskKind kind, @ForAll @DoubleRange(min = 0, max = 100) double weight) {
        var loaded = Methods.RECIPES.load("stellar-micro", List.of("seed=" + seed, "optimizer.lr=" + lr,
                "stellar.tokens=" + tokens, "stellar.mask-kind=" + Field.kebab(kind.name()),
                "stellar.weights.mask=" + weight)).recipe();
        loaded = with(loaded, "optimizer.lr=" + lr / 1024);
        assertEquals(lr / 1024, loaded.optimizer().lr());
        assertEquals(weight, StellarSection.of(loaded).weights().mask());
        assertEquals(loaded, Methods.RECIPES.parse(loaded.toYaml(), "again.yaml", List.of()).recipe());
        var printable = dir.codePoints().allMatch(c -> c >= 32 && c < 127);
        if (printable && !dir.equals("null")) {
            var moved = with(loaded, "data=" + dir);
            assertEquals(dir, moved.data().dir());
            assertEquals(moved, Methods.RECIPES.parse(moved.toYaml(), "again.yaml", List.of()).recipe());
        }
    }
}
