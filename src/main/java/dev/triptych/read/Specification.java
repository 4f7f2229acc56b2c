package dev.triptych.read;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A method's page of `docs` as what is cited of it: the title and the formulas of each anchor, and the recipe's keys.
final class Specification {
    /// A row of the page's table of defaults.
    ///
    /// @param key of the recipe
    /// @param authors what the authors have
    record Key(String key, String authors) {
    }

    private static final int LONGEST = 60;
    private static final Pattern HEADING = Pattern.compile(
            "#+ <a id=\"(?<anchor>[^\"]+)\"></a>(?:(?:Appendix )?[\\dA-Z.]+[.:]? )?(?<title>.*)");
    private static final Pattern EQUATION = Pattern.compile(
            "<a id=\"(?<anchor>eq-[^\"]+)\"></a>(?:<a id=\"[^\"]+\"></a>)*"
                    + "\\*\\*[^*]+\\*\\*[,:;]? ?(?<title>.*?)(?=[.:;]( |$)|$)");
    private static final Pattern ANCHOR = Pattern.compile("<a id=\"(?<anchor>eq-[^\"]+)\">");

    private final Map<String, String> titles = new LinkedHashMap<>();
    private final Map<String, List<String>> formulas = new LinkedHashMap<>();
    private final Map<String, String> sections = new LinkedHashMap<>();
    private final Map<String, List<Key>> keys = new LinkedHashMap<>();

    private Specification(String page) {
        List<String> lines = page.lines().toList();
        String section = "";
        var open = new LinkedHashSet<String>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            Matcher heading = HEADING.matcher(line);
            if (heading.matches()) {
                section = heading.group("anchor");
                open.clear();
                titles.put(section, shortened(heading.group("title")));
                sections.put(section, section);
            } else if (line.startsWith("#")) {
                open.clear();
                section = line.equals("## Defaults") ? line : "";
            }
            // titles may go on in the next line
            String two = line + " " + (i + 1 < lines.size() ? lines.get(i + 1) : "");
            for (var anchor : ANCHOR.matcher(line).results().toList()) {
                open.removeIf(o -> !line.contains(o + "\""));
                open.add(anchor.group(1));
                sections.put(anchor.group(1), section);
            }
            Matcher equation = EQUATION.matcher(two);
            while (equation.find() && equation.start() < line.length()) {
                titles.put(equation.group("anchor"), shortened(equation.group("title")));
            }
            if (line.equals("```math")) {
                int end = i + 1;
                while (!lines.get(end).equals("```")) {
                    end++;
                }
                String formula = String.join("\n", lines.subList(i + 1, end));
                for (String anchor : open.isEmpty() ? List.of(section) : List.copyOf(open)) {
                    formulas.computeIfAbsent(anchor, _ -> new ArrayList<>()).add(formula);
                }
                if (!open.isEmpty()) {
                    formulas.computeIfAbsent(section, _ -> new ArrayList<>()).add(formula);
                }
                i = end;
            }
            if (section.equals("## Defaults") && line.startsWith("| `")) {
                String[] cells = line.split("\\|");
                String at = "section-" + cells[cells.length - 1].strip().replaceAll(",.*", "").replace('.', '-');
                keys.computeIfAbsent(at, _ -> new ArrayList<>())
                        .add(new Key(cells[1].strip().replace("`", ""), cells[3].strip()));
            }
        }
    }

    /// Of a page's text.
    static Specification of(String page) {
        return new Specification(page);
    }

    /// What follows an equation's number, without the sources of the statement, as far as a heading takes it.
    private static String shortened(String title) {
        String text = title.replaceAll(" ?\\[[^\\]]*\\]", "").strip();
        int comma = text.length() <= LONGEST ? text.length() : text.lastIndexOf(',', LONGEST);
        return comma < 0 ? "" : text.substring(0, comma).replaceAll(",$", "");
    }

    /// Titles of what is cited: those of sections alone where there are some.
    List<String> titles(Citation cited) {
        boolean sections = cited.anchors().stream().anyMatch(a -> !a.startsWith("eq-") && titles.containsKey(a));
        return cited.anchors().stream().filter(a -> !sections || !a.startsWith("eq-")).map(titles::get)
                .filter(t -> t != null && !t.isEmpty()).distinct().toList();
    }

    /// Formulas of what is cited, in its order; each once. Of a section that holds a cited equation only that one's.
    List<String> formulas(Citation cited) {
        var told = cited.anchors().stream().filter(a -> a.startsWith("eq-") && formulas.containsKey(a))
                .map(sections::get).toList();
        return cited.anchors().stream().filter(a -> a.startsWith("eq-") || !told.contains(a))
                .flatMap(a -> formulas.getOrDefault(a, List.of()).stream()).distinct().toList();
    }

    /// Keys of the recipe that the sections of what is cited name.
    List<Key> keys(Citation cited) {
        return cited.anchors().stream().map(a -> sections.getOrDefault(a, a)).distinct()
                .flatMap(s -> keys.getOrDefault(s, List.of()).stream()).toList();
    }
}
