package dev.triptych.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Links of the pages lead to files and anchors that are there; one to a Java file names a class or a method in it.
class LinksTest {
    private static final Pattern LINK = Pattern.compile("\\[(?<text>[^\\]\\[]*)\\]\\((?<target>[^)\\s]+)\\)");
    private static final Pattern HEADING = Pattern.compile("(?m)^#+ +(?<text>.+)$");
    private static final Pattern ANCHOR = Pattern.compile("<a id=\"(?<id>[^\"]+)\">");
    private static final Pattern JAVA_NAME = Pattern.compile("(?<type>[A-Z]\\w*)(\\.(?<member>\\w+))?");

    private static List<Path> pages() throws IOException {
        var pages = new ArrayList<>(List.of(Path.of("README.md"), Path.of("CONTRIBUTING.md"),
                Path.of("reference-checks/README.md")));
        try (Stream<Path> docs = Files.walk(Path.of("docs"))) {
            docs.filter(f -> f.toString().endsWith(".md")).sorted().forEach(pages::add);
        }
        return pages;
    }

    @Test
    void linksLeadSomewhere() throws IOException {
        var errors = new ArrayList<String>();
        int links = 0;
        for (Path page : pages()) {
            for (var link : LINK.matcher(withoutCode(Files.readString(page))).results().toList()) {
                if (!link.group(2).matches("[a-z]+:.*")) {
                    links++;
                    problem(page, link.group(1).replace("`", ""), link.group(2))
                            .forEach(problem -> errors.add(page + ": " + link.group() + ": " + problem));
                }
            }
        }
        assertEquals(List.of(), errors);
        assertTrue(links > 100, "only " + links + " links were found");
    }

    @Test
    void whatLeadsNowhereIsFound() throws IOException {
        var page = Path.of("docs/reading.md");
        assertEquals(List.of("there is no docs/none.md"), problem(page, "x", "none.md"));
        assertEquals(List.of("docs/decisions.md has no anchor none"), problem(page, "x", "decisions.md#none"));
        String norm = "../src/main/java/dev/triptych/kernel/Norm.java";
        assertEquals(List.of(), problem(page, "Norm.layerNorm", norm));
        assertEquals(List.of("it has no layerNorms"), problem(page, "Norm.layerNorms", norm));
        assertEquals(List.of("it is not Norms"), problem(page, "Norms", norm));
    }

    /// The text without blocks of code, which hold brackets of their own.
    private static String withoutCode(String text) {
        return text.replaceAll("(?ms)^```.*?^```$", "").replaceAll("(?s)<pre>.*?</pre>", "");
    }

    private static List<String> problem(Path page, String text, String target) throws IOException {
        String[] parts = target.split("#", 2);
        Path file = parts[0].isEmpty() ? page : page.resolveSibling(parts[0]).normalize();
        if (!Files.exists(file)) {
            return List.of("there is no " + file);
        }
        if (file.toString().endsWith(".md") && parts.length == 2 && !anchors(file).contains(parts[1])) {
            return List.of(file + " has no anchor " + parts[1]);
        }
        var name = JAVA_NAME.matcher(text);
        if (!file.toString().endsWith(".java") || !name.matches()) {
            return List.of();
        }
        if (!file.getFileName().toString().equals(name.group("type") + ".java")) {
            return List.of("it is not " + name.group("type"));
        }
        String member = name.group("member");
        return member == null || Pattern.compile("\\b" + member + "\\(").matcher(Files.readString(file)).find()
                ? List.of()
                : List.of("it has no " + member);
    }

    /// Anchors by name, and headings as GitHub names them.
    private static Set<String> anchors(Path page) throws IOException {
        String text = withoutCode(Files.readString(page));
        var anchors = new HashSet<String>();
        ANCHOR.matcher(text).results().forEach(a -> anchors.add(a.group(1)));
        HEADING.matcher(text).results().map(h -> h.group(1).replaceAll("<[^>]*>|[`*]", "").strip()
                .toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-')).forEach(anchors::add);
        return anchors;
    }
}
