package dev.triptych.read;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.method.Method;
import dev.triptych.method.TestPlace;
import dev.triptych.methods.Methods;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The pages of `docs/read` are what `triptych read` weaves of the sources as they are. `mvn -B test
/// -Dtest=ReadPagesTest -Dpages=write` writes them anew, to be read before they are committed. Gradient errors are
/// measured for that alone; other tests hold them.
class ReadPagesTest {
    private static final Path FOLDER = Path.of("docs/read");
    private static final boolean WRITE = "write".equals(System.getProperty("pages"));
    private static final Pattern NUMBER = Pattern.compile("-?\\d+(?:\\.\\d+)?(?:e-?\\d+)?");
    private static final Pattern CHECK = Pattern.compile("(?m)^\\* (?<name>.+): (?<error>\\S+ of \\S+ allowed)$");
    private static final Pattern OPERATION = Pattern.compile("operation <code>(?<name>\\w+)</code>(?s:(?:(?!operation "
            + "<code>).)*?)table of operations: error (?<error>\\S+ of \\S+ allowed)");
    private static final Map<String, String> ERRORS = new HashMap<>();

    private static Evidence evidence;

    static List<Method> methods() {
        return Methods.ALL.all();
    }

    private static Path file(Method method) {
        return FOLDER.resolve(method.name() + ".md");
    }

    @BeforeAll
    static void gather() throws IOException {
        evidence = Evidence.gather(Path.of("reference-checks"), WRITE
                ? Evidence.measured()
                : name -> ERRORS.getOrDefault(name, "no page says what"));
    }

    private static String woven(Method method) throws IOException {
        String name = method.recipes().stream().filter(r -> r.endsWith("-micro")).findFirst().orElseThrow();
        var recipe = Methods.RECIPES.load(name, List.of()).recipe();
        return new Weaver(method, Methods.RECIPES, recipe, name, evidence)
                .weave(method.supply(recipe, new TestPlace()));
    }

    @ParameterizedTest
    @MethodSource("methods")
    void thePageIsWhatIsWoven(Method method) throws IOException {
        String page = Files.exists(file(method)) ? Files.readString(file(method)) : "";
        for (Pattern pattern : List.of(CHECK, OPERATION)) {
            pattern.matcher(page).results().forEach(m -> ERRORS.put(m.group("name"), m.group("error")));
        }
        String woven = woven(method);
        if (WRITE) {
            Files.createDirectories(FOLDER);
            Files.writeString(file(method), woven);
        }
        var now = woven.lines().toList();
        var then = Files.readString(file(method)).lines().toList();
        for (int i = 0; i < Math.min(now.size(), then.size()); i++) {
            int line = i;
            assertTrue(alike(now.get(i), then.get(i)), () -> file(method) + ":" + (line + 1) + ": " + then.get(line)
                    + "\nwoven: " + now.get(line) + "\nThe class says how to write the page anew");
        }
        assertEquals(now.size(), then.size(), () -> file(method) + " has another end");
    }

    /// The same but for the last digits of decimals, which another machine may round otherwise.
    private static boolean alike(String a, String b) {
        if (a.equals(b)) {
            return true;
        }
        if (!NUMBER.matcher(a).replaceAll("#").equals(NUMBER.matcher(b).replaceAll("#"))) {
            return false;
        }
        List<String> left = NUMBER.matcher(a).results().map(m -> m.group()).toList();
        List<String> right = NUMBER.matcher(b).results().map(m -> m.group()).toList();
        for (int i = 0; i < left.size(); i++) {
            double x = Double.parseDouble(left.get(i));
            double y = Double.parseDouble(right.get(i));
            boolean decimal = left.get(i).contains(".") && right.get(i).contains(".");
            if (x != y && !(decimal && Math.abs(x - y) <= 2e-3 * Math.max(Math.abs(x), Math.abs(y)))) {
                return false;
            }
        }
        return true;
    }

    @Test
    void numbersThatDifferAreFound() {
        assertTrue(alike("| l | 0.2134 to 0.5 |", "| l | 0.2135 to 0.5 |"));
        assertTrue(!alike("| l | 0.2134 to 0.5 |", "| l | 0.2234 to 0.5 |"));
        assertTrue(!alike("| 41 | `l (16, 16, 3)`", "| 42 | `l (16, 16, 3)`"));
        assertTrue(!alike("l = softmax(a)", "l = softmax(b)"));
    }

    @Test
    void noPageIsLeftOver() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            assertEquals(methods().stream().map(m -> m.name() + ".md").sorted().toList(),
                    files.map(f -> f.getFileName().toString()).sorted().toList());
        }
    }

    /// Every part of the specification that a step of the smallest recipe computes has its formula or its methods, its
    /// steps, and something that holds it.
    @ParameterizedTest
    @MethodSource("methods")
    void aPageIsWhole(Method method) throws IOException {
        String page = Files.readString(file(method));
        var poor = new ArrayList<String>();
        for (String chapter : page.split("(?m)^## ")) {
            boolean steps = chapter.contains("| step | gives | by |");
            if (steps && !(chapter.contains("```java") || chapter.contains(", as above."))) {
                poor.add(chapter.lines().findFirst().orElse(""));
            }
        }
        assertEquals(List.of(), poor);
        assertTrue(page.contains("the adjoint: <code>"), "no adjoint is told");
        assertTrue(page.contains("Golden cases"), "no golden case is named");
        assertTrue(page.contains("in TorchScript"), "no TorchScript is shown");
        assertTrue(!page.contains("no page says what"), "an error is missing");
    }

    static List<String> formulas() throws IOException {
        var formulas = new ArrayList<String>();
        try (Stream<Path> files = Files.list(Path.of("docs"))) {
            for (Path file : files.filter(f -> f.toString().endsWith(".md")).sorted().toList()) {
                Pattern.compile("(?s)```math\n(.*?)```").matcher(Files.readString(file)).results()
                        .forEach(m -> formulas.add(m.group(1)));
            }
        }
        assertTrue(formulas.size() > 40, formulas.size() + " formulas");
        return formulas;
    }

    @ParameterizedTest
    @MethodSource("formulas")
    void formulasOfThePagesAreMathMl(String formula) throws Exception {
        var parser = javax.xml.parsers.DocumentBuilderFactory.newInstance().newDocumentBuilder();
        var root = parser.parse(new org.xml.sax.InputSource(new java.io.StringReader(TexMath.display(formula))))
                .getDocumentElement();
        assertEquals("math", root.getTagName());
        for (String kind : List.of("mfrac", "msub", "msup", "mover", "munder")) {
            var elements = root.getElementsByTagName(kind);
            for (int i = 0; i < elements.getLength(); i++) {
                assertEquals(2, elements.item(i).getChildNodes().getLength(), () -> kind + " in " + formula);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"\\nonsense", "\\left( x", "\\mathbb{Q}", "\\mathrm x", "\\begin{array} x \\end{array}"})
    void whatIsNotKnownOfTexIsRefused(String formula) {
        assertThrows(IllegalArgumentException.class, () -> TexMath.display(formula));
    }
}
