package dev.triptych.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.architecture.Citations.Citation;
import dev.triptych.architecture.Citations.Method;
import dev.triptych.methods.Methods;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The specification, `docs/stellar.md` and its sisters, beside the sources that cite it: every section and equation
/// that is cited is there; every equation that is there has its class; links lead somewhere; defaults are the
/// recipe's.
class SpecificationTest {
    private static final List<String> ROOTS = List.of("src/main/java", "src/main/resources/recipes", "src/test/java",
            "reference-checks/live", "bench");
    /// Speaks of citations, and plants some that lead nowhere.
    private static final Path OF_CITATIONS = Path.of("src/test/java/dev/triptych/architecture");
    private static final String MAIN = "src/main/java";
    private static final String CODE = "Where the code is";
    private static final Pattern LINK = Pattern.compile("\\[(?<text>[^\\]]*)\\]\\((?<target>[^)\\s]+)\\)");
    private static final Pattern TEST_CLASS = Pattern.compile("`(?<name>\\w+Test)`");

    private static List<Path> files(String root, String suffixes) throws IOException {
        if (!Files.exists(Path.of(root))) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(Path.of(root))) {
            return files.filter(f -> f.toString().matches(".*\\.(" + suffixes + ")") && Files.isRegularFile(f))
                    .sorted().toList();
        }
    }

    private static List<Path> sources() throws IOException {
        var sources = new ArrayList<Path>();
        for (String root : ROOTS) {
            sources.addAll(files(root, "java|yaml|py"));
        }
        sources.removeIf(file -> file.startsWith(OF_CITATIONS));
        for (Method method : Method.values()) {
            sources.add(method.page());
        }
        return sources;
    }

    static Map<Method, SpecificationPage> pages() throws IOException {
        var pages = new EnumMap<Method, SpecificationPage>(Method.class);
        for (Method method : Method.values()) {
            pages.put(method, SpecificationPage.read(method));
        }
        return pages;
    }

    @Test
    void everyCitationIsAnAnchorOfItsPage() throws IOException {
        var pages = pages();
        var errors = new ArrayList<String>();
        for (Path source : sources()) {
            Citations.in(source, Files.readString(source)).problems(pages)
                    .forEach(problem -> errors.add(source + ":" + problem));
        }
        assertEquals(List.of(), errors);
    }

    /// Else the test above would hold whatever the pages say.
    @ParameterizedTest
    @EnumSource
    void theCodeOfEveryMethodCitesItsPage(Method method) throws IOException {
        var cited = new TreeSet<String>();
        for (Path source : files(MAIN, "java")) {
            Citations.in(source, Files.readString(source)).found().stream().filter(c -> c.page() == method)
                    .forEach(c -> cited.add(c.anchor()));
        }
        assertTrue(cited.size() >= 5, () -> method + " is cited by " + cited + " alone");
    }

    @ParameterizedTest
    @EnumSource
    void anchorsStandWhereTheirNumberIs(Method method) throws IOException {
        assertEquals(List.of(), SpecificationPage.read(method).errors());
    }

    @ParameterizedTest
    @EnumSource
    void rowsOfATableHaveAsManyCellsAsItsHead(Method method) throws IOException {
        var wrong = new ArrayList<String>();
        int head = 0;
        for (String line : SpecificationPage.read(method).lines()) {
            int cells = line.startsWith("|") ? SpecificationPage.cells(line).size() : 0;
            if (head > 0 && cells > 0 && cells != head) {
                wrong.add(line);
            }
            head = cells;
        }
        assertEquals(List.of(), wrong);
    }

    /// The table at a page's end names every equation; where a row names classes, one of them cites what the row does.
    @ParameterizedTest
    @EnumSource
    void everyEquationHasTheClassThatComputesIt(Method method) throws IOException {
        SpecificationPage page = SpecificationPage.read(method);
        var equations = new TreeSet<String>();
        for (List<String> row : page.table(CODE)) {
            Set<Citation> what = Set.copyOf(cited(method.page(), row.getFirst()));
            what.stream().filter(c -> c.page() == method && c.anchor().startsWith("eq-"))
                    .forEach(c -> equations.add(c.anchor()));
            List<Path> classes = LINK.matcher(row.get(2)).results()
                    .map(r -> Path.of("docs").resolve(r.group(2)).normalize()).toList();
            assertEquals(row.get(2).equals("–"), classes.isEmpty(), () -> method + ": no class in " + row);
            var by = new ArrayList<Citation>();
            for (Path file : classes.stream().filter(Files::exists).toList()) {
                by.addAll(cited(file, Files.readString(file)));
            }
            assertTrue(classes.isEmpty() || what.stream().anyMatch(c -> by.stream().anyMatch(d -> meet(c, d))),
                    () -> method + ": none of the classes cites what the row is about, " + row);
        }
        assertEquals(page.anchors().keySet().stream().filter(a -> a.startsWith("eq-"))
                .collect(Collectors.toCollection(TreeSet::new)), equations);
    }

    private static List<Citation> cited(Path file, String text) {
        return Citations.in(file, text).found();
    }

    /// Whether both are the same, or one is a part of the other, as section 6.7 is of section 6.
    private static boolean meet(Citation a, Citation b) {
        return a.page() == b.page() && ((a.anchor() + "-").startsWith(b.anchor() + "-")
                || (b.anchor() + "-").startsWith(a.anchor() + "-"));
    }

    /// A link to a class names it; the class lies where the link says. After a class has moved, `mvn -B test
    /// -Dtest=SpecificationTest -Dspecification.rewrite=true` finds it by its name and writes the links anew.
    @ParameterizedTest
    @EnumSource
    void linksToClassesLeadToThem(Method method) throws IOException {
        Map<String, List<Path>> classes = files(MAIN, "java").stream()
                .filter(f -> !f.startsWith(MAIN + "/dev/triptych/twin"))
                .collect(Collectors.groupingBy(f -> f.getFileName().toString().replace(".java", "")));
        var errors = new ArrayList<String>();
        String text = Files.readString(method.page());
        String rewritten = LINK.matcher(text).replaceAll(link -> {
            if (!link.group(2).endsWith(".java")) {
                return Matcher.quoteReplacement(link.group());
            }
            String name = link.group(1);
            List<Path> found = classes.getOrDefault(name, List.of());
            Path target = Path.of("docs").resolve(link.group(2)).normalize();
            if (found.contains(target)) {
                return Matcher.quoteReplacement(link.group());
            }
            errors.add(method.page() + " links " + name + " to " + target + "; expected " + (found.isEmpty()
                    ? "the name of a class in " + MAIN
                    : found + ". Run mvn -B test -Dtest=SpecificationTest -Dspecification.rewrite=true"));
            return Matcher.quoteReplacement(
                    found.size() == 1 ? "[" + name + "](../" + found.getFirst() + ")" : link.group());
        });
        if (Boolean.getBoolean("specification.rewrite")) {
            Files.writeString(method.page(), rewritten);
        }
        assertEquals(List.of(), errors);
    }

    @ParameterizedTest
    @EnumSource
    void otherLinksLeadToAFileAndAnAnchor(Method method) throws IOException {
        var pages = pages();
        var errors = new ArrayList<String>();
        for (String line : pages.get(method).lines()) {
            for (var link : LINK.matcher(line).results().toList()) {
                String target = link.group(2);
                if (target.startsWith("https:") || target.endsWith(".java")) {
                    continue;
                }
                String[] parts = target.split("#", 2);
                Path file = parts[0].isEmpty() ? method.page() : Path.of("docs").resolve(parts[0]).normalize();
                if (!Files.exists(file)) {
                    errors.add("there is no " + file + ": " + link.group());
                } else if (parts.length == 2) {
                    Stream.of(Method.values()).filter(m -> m.page().equals(file)).map(pages::get)
                            .filter(p -> !p.anchors().containsKey(parts[1]) && !p.headings().contains(parts[1]))
                            .forEach(p -> errors.add(file + " has no anchor " + parts[1] + ": " + link.group()));
                }
            }
        }
        assertEquals(List.of(), errors);
    }

    @ParameterizedTest
    @EnumSource
    void testsThatAreNamedExist(Method method) throws IOException {
        Set<String> tests = Stream.concat(files("src/test/java", "java").stream(),
                files("reference-checks/live", "java").stream())
                .map(f -> f.getFileName().toString().replace(".java", "")).collect(Collectors.toSet());
        Set<String> named = TEST_CLASS.matcher(Files.readString(method.page())).results().map(r -> r.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
        assertFalse(named.isEmpty(), () -> method.page() + " names no test");
        named.removeAll(tests);
        assertEquals(Set.of(), named);
    }

    /// Every key of a method's own section, and whatever else its table names, with the default that the recipe has.
    @ParameterizedTest
    @EnumSource
    void defaultsAreThoseOfTheRecipe(Method method) throws IOException {
        Map<String, String> keys = Methods.RECIPES.describe().lines().map(line -> line.split(" {2,}"))
                .collect(Collectors.toMap(k -> k[0], k -> k[2]));
        String own = method.name().toLowerCase(Locale.ROOT) + ".";
        var named = new TreeSet<String>();
        for (List<String> row : SpecificationPage.read(method).table("Defaults")) {
            String key = row.getFirst().replace("`", "");
            named.add(key);
            assertEquals(keys.get(key), row.get(1), () -> "the default of " + key + " in " + method.page());
        }
        assertEquals(below(own, keys.keySet()), below(own, named));
    }

    private static Set<String> below(String section, Set<String> keys) {
        return keys.stream().filter(key -> key.startsWith(section)).collect(Collectors.toCollection(TreeSet::new));
    }
}
