package dev.triptych.method;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.methods.Methods;
import dev.triptych.recipe.Recipe;
import dev.triptych.toy.ToyMethod;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What every method of the registry keeps, whatever it computes.
class ContractTest {
    static List<Method> methods() {
        return Methods.ALL.all();
    }

    private static Recipe smallest(Method method, String... overrides) {
        return Methods.RECIPES.load(method.recipes().getFirst(), List.of(overrides)).recipe();
    }

    @ParameterizedTest
    @MethodSource("methods")
    void itsRecipesAreItsOwn(Method method) {
        assertFalse(method.recipes().isEmpty());
        for (String name : method.recipes()) {
            Recipe recipe = Methods.RECIPES.load(name, List.of()).recipe();
            assertEquals(method.name(), recipe.method());
            assertEquals(method, Methods.ALL.of(recipe));
        }
        assertTrue(method.recipes().getFirst().endsWith("-micro"), "the smallest comes first");
    }

    @ParameterizedTest
    @MethodSource("methods")
    void itsEvaluationGivesTheFeaturesThatItSays(Method method) {
        Recipe recipe = smallest(method);
        var evaluation = method.programs(recipe).evaluate(3);
        assertEquals(3, evaluation.batch());
        assertEquals(method.patchFeatures(), evaluation.values() instanceof PatchFeatures);
        if (evaluation.values() instanceof PatchFeatures features) {
            assertEquals(3 * recipe.patches(), features.dense().rows());
        }
    }

    @ParameterizedTest
    @MethodSource("methods")
    void itsStepReportsTheTotalItsTermsAndTheGradient(Method method) {
        Recipe recipe = smallest(method);
        for (var stage : recipe.training().stages()) {
            var step = method.programs(recipe).train(stage);
            var names = step.descent().figures().stream().map(Descent.Reported::name).toList();
            assertEquals("total", names.getFirst());
            assertEquals("gradient norm", names.getLast());
            assertEquals(step.program().outputs().keySet(), Map.copyOf(step.program().outputs()).keySet());
            assertEquals(step.program().outputs().size(), names.size());
            assertEquals(List.of(step.descent().parameters().size(), 4),
                    List.of(step.descent().rates().side(0), step.descent().rates().side(1)));
            assertEquals(stage.teacher(), step.momentum() != null);
        }
    }

    @ParameterizedTest
    @MethodSource("methods")
    void itOpensWhatTrainingReadsOrMakesItUp(Method method) throws IOException {
        Recipe recipe = smallest(method, "data.train-images=0", "data.test-images=0");
        var place = new TestPlace();
        Supply supply = method.supply(recipe, place);
        Task task = supply.task();
        assertTrue(task.size() >= recipe.training().batch());
        assertNotSame(task, supply.task(), "each task is new");
        assertTrue(place.remarks().stream().anyMatch(text -> text.contains("because the recipe names no")),
                () -> "nothing said of what is made up: " + place.remarks());
        assertThrows(RuntimeException.class, () -> method.requireData(recipe));
        assertFalse(method.sheetCaption().isBlank());
    }

    @Test
    void imagesThatDoNotFillABatchAreRefused() throws IOException {
        Method method = new ToyMethod();
        var recipe = new Registry(List.of(method)).recipes().load("toy-micro", List.of("data.train-images=8"))
                .recipe();
        assertEquals(8, method.supply(recipe, new TestPlace()).task().size());
        var place = new TestPlace() {
            @Override
            public dev.triptych.data.set.ImageSet images(Recipe r, dev.triptych.data.source.Split split)
                    throws IOException {
                return dev.triptych.data.set.ImageSets.subset(super.images(r, split), new int[]{0, 1, 2});
            }
        };
        String message = assertThrows(InputException.class, () -> method.supply(recipe, place)).getMessage();
        assertEquals("training.batch is 8, but the training set has 3 images; expected at most as many. Lower "
                + "training.batch.", message);
    }

    /// Two methods may have one and the same option, never two of one name.
    @Test
    void optionsOfOneNameAreOne() {
        var options = new HashMap<String, Option<?>>();
        for (Method method : methods()) {
            for (Option<?> option : method.judge().options()) {
                assertEquals(option, options.getOrDefault(option.name(), option));
                options.put(option.name(), option);
                assertTrue(option.name().startsWith("--"), option.name());
                assertFalse(option.description().isEmpty(), option.name());
                assertEquals(option.type() == Boolean.class, option.label().isEmpty(), option.name());
            }
        }
    }

    @Test
    void aRegistryFindsTheMethodOfARecipe() {
        var toy = new ToyMethod();
        var alone = new Registry(List.of(toy));
        Recipe recipe = alone.recipes().load("toy-micro", List.of()).recipe();
        assertEquals(toy, alone.of(recipe));
        assertEquals("no method is called toy, only [stellar, bits, vqvae, sorcen, mae, vqgan, triptych]",
                assertThrows(IllegalArgumentException.class, () -> Methods.ALL.of(recipe)).getMessage());
        assertEquals("STELLAR and BITS and MAE and Triptych", Methods.ALL.titles(Method::patchFeatures, " and "));
        assertThrows(IllegalArgumentException.class, () -> new Registry(List.of(toy, new ToyMethod())));
    }
}
