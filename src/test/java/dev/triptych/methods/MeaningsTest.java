package dev.triptych.methods;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.method.Method;
import dev.triptych.method.TestPlace;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every term of a loss has a line that says what it means.
class MeaningsTest {
    static List<Method> methods() {
        return List.copyOf(Methods.ALL.all());
    }

    @ParameterizedTest
    @MethodSource("methods")
    void everyTermIsExplained(Method method) throws IOException {
        var recipe = Methods.RECIPES.load(method.name() + "-micro", List.of()).recipe();
        var task = method.supply(recipe, new TestPlace()).task();
        var meanings = method.meanings();
        for (var stage : recipe.training().stages()) {
            assertEquals(List.of(), task.part(stage).step().descent().figures().stream().map(figure -> figure.name())
                    .filter(name -> !meanings.containsKey(name)).toList(), stage.name());
        }
        meanings.forEach((name, meaning) -> assertTrue(meaning.endsWith(".") && meaning.length() > 15, name));
    }
}
