package dev.triptych.methods;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.method.Method;
import dev.triptych.method.TestPlace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every term of a loss has a line that says what it means.
class MeaningsTest {
    private static final Pattern HEALTH = Pattern.compile(
            "(?:put\\(|static final String (?:\\w+) = |perplexity\\(figures, )\"([^\"]+)\"");

    static List<Method> methods() {
        return List.copyOf(Methods.ALL.all());
    }

    /// Health figures have names in the classes that compute them.
    @ParameterizedTest
    @MethodSource("methods")
    void everyHealthFigureIsExplained(Method method) throws IOException {
        var names = new ArrayList<String>();
        Path room = Path.of("src/main/java", method.getClass().getPackageName().replace('.', '/'));
        try (var files = Files.list(room)) {
            for (Path file : files.filter(f -> f.getFileName().toString().endsWith("Health.java")).toList()) {
                HEALTH.matcher(Files.readString(file)).results().map(m -> m.group(1)).forEach(names::add);
            }
        }
        assertTrue(!names.isEmpty() || method.name().startsWith("vq"), "the codebooks' figures are the task's");
        assertEquals(List.of(), names.stream().filter(name -> !method.meanings().containsKey(name)).toList());
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
