package dev.triptych.read;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.methods.Methods;
import dev.triptych.program.Program;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// A program as text that can be followed.
class ProgramTextTest {
    static List<String> recipes() {
        return Methods.RECIPES.names().stream().filter(name -> name.contains("-micro")).toList();
    }

    private static Program program(String name, String... overrides) {
        var recipe = Methods.RECIPES.load(name, List.of(overrides)).recipe();
        return Methods.ALL.of(recipe).programs(recipe).train(recipe.training().stages().getLast()).program();
    }

    @Test
    void anEquationIsALineForEachOfItsResultsAndTheirAdjoints() {
        var lines = ProgramText.of(program("stellar-micro"), false, "eq-14").lines().stream()
                .map(line -> line.replaceAll(" +", " ").replaceAll(":\\d+$", "").strip()).toList();
        assertEquals("""

                -- factorization: L = softmax(cos(D W1, S W2) / tau) (STELLAR Eq. 14) --
                43 a (16, 16, 32) = linear(dense, dense_proj.weight, dense_proj.bias) Factorization
                44 e (16, 3, 32) = linear(s, sparse_proj.weight, sparse_proj.bias) Factorization
                45 normalizeLength (16, 16, 32) = normalizeLength(a, eps 1e-7) Factorization
                46 normalizeLength (16, 3, 32) = normalizeLength(e, eps 1e-7) Factorization
                47 cosine (16, 16, 3) = productTransposed(normalizeLength@45, normalizeLength) Factorization
                48 l (16, 16, 3) = softmax(cosine, scale 1 / 0.06) Factorization""",
                String.join("\n", lines.subList(0, 8)));
        assertEquals("-- gradient of factorization: L = softmax(cos(D W1, S W2) / tau) (STELLAR Eq. 14) --",
                lines.get(9));
        assertTrue(lines.get(10).endsWith("dcosine (16, 16, 3) = softmax'(dl, l, scale 1 / 0.06) Factorization"),
                lines.get(10));
    }

    @Test
    void asAPageItTellsTheSame() {
        var text = ProgramText.of(program("stellar-micro"), true, "eq-14");
        String page = text.html("Eq. 14");
        assertTrue(page.contains("<td>l (16, 16, 3)</td><td>= softmax(cosine, scale 1 / 0.06)</td>"), page);
        long steps = text.lines().stream().filter(l -> l.contains(" = ") && !l.startsWith("--")).count();
        assertEquals(steps, page.split("<td>= ").length - 1);
    }

    @Test
    void blocksThatRepeatStandOnce() {
        var lines = ProgramText.of(program("stellar-micro", "encoder.depth=7"), false, "section-1").lines();
        assertEquals(2, lines.stream().filter(l -> l.contains("gelu(") && !l.contains("gelu'")).count(),
                "the last block makes fewer rows than the others and stands by itself");
        assertTrue(lines.contains("      ... the same 5 times more: 27 to 76, the last under encoder: block 5 "
                + "(STELLAR section 1)"), () -> String.join("\n", lines));
    }

    /// No step is lost: numbers run on, folded ones included.
    @ParameterizedTest
    @MethodSource("recipes")
    void everyStepIsToldOrFolded(String name) {
        int next = 1;
        for (String line : ProgramText.of(program(name), true).lines()) {
            var folded = java.util.regex.Pattern.compile("the same .*: (\\d+) to (\\d+)").matcher(line);
            var told = java.util.regex.Pattern.compile("^ *[\\d.]+ +[\\d.]+ +(\\d+)  ").matcher(line);
            if (folded.find()) {
                assertEquals(next, Integer.parseInt(folded.group(1)), line);
                next = Integer.parseInt(folded.group(2)) + 1;
            } else if (told.find()) {
                assertEquals(next++, Integer.parseInt(told.group(1)), line);
            }
        }
        long steps = program(name).launches().stream().map(l -> System.identityHashCode(l.step())).distinct().count();
        assertEquals(steps, next - 1);
    }

    /// Every value of the methods' own code has a name of the sources: what has none is called by its operation.
    @ParameterizedTest
    @MethodSource("recipes")
    void sourcesAreFound(String name) {
        var without = Results.of(program(name), new SourceTree()).stream()
                .filter(r -> r.source() == null || new SourceTree().file(r.source()).isEmpty()).toList();
        assertEquals(List.of(), without);
    }

    @ParameterizedTest
    @CsvSource({"16.666666,1 / 0.06", "0.0208333333,1 / 48", "0.1,0.1", "3,3", "1e-12,1e-12", "1.1111112,1 / 0.9",
            "-0.0625,-0.0625", "0.35355338,0.35355"})
    void constantsAreWrittenAsSomebodyWould(float value, String text) {
        assertEquals(text, Result.text(value));
    }
}
