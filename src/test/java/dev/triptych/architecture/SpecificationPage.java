package dev.triptych.architecture;

import dev.triptych.architecture.Citations.Citation;
import dev.triptych.architecture.Citations.Method;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// A page of the specification. Its anchors are written out, `<a id="section-4-7"></a>`, so that a heading may change
/// and a citation still leads to it.
///
/// @param method whose page it is
/// @param lines of the file
/// @param anchors line of each, from 0
/// @param errors anchors that are there twice, or stand where their number does not
record SpecificationPage(Method method, List<String> lines, Map<String, Integer> anchors, List<String> errors) {
    private static final Pattern ANCHOR = Pattern.compile("<a id=\"([^\"]*)\"></a>");
    private static final Pattern HEADING = Pattern.compile("#+ (.*)");
    private static final Pattern NUMBER = Pattern
            .compile("(?<section>\\d+(?:\\.\\d+)*)\\.? .*|Appendix (?<appendix>[A-Z](?:\\.\\d+)*): .*");

    /// Reads a method's page.
    static SpecificationPage read(Method method) throws IOException {
        return of(method, Files.readAllLines(method.page()));
    }

    /// Reads lines as if they were a method's page.
    static SpecificationPage of(Method method, List<String> lines) {
        var page = new SpecificationPage(method, lines, new LinkedHashMap<>(), new ArrayList<>());
        for (int i = 0; i < lines.size(); i++) {
            page.read(i);
        }
        return page;
    }

    private void read(int i) {
        Set<String> here = ANCHOR.matcher(lines.get(i)).results().map(r -> r.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
        for (String anchor : here) {
            if (anchors.putIfAbsent(anchor, i) != null) {
                errors.add((i + 1) + ": the anchor " + anchor + " is there twice");
            }
        }
        String bare = bare(i);
        Matcher heading = HEADING.matcher(bare);
        if (heading.matches()) {
            Matcher number = NUMBER.matcher(heading.group(1));
            String expected = !number.matches()
                    ? null
                    : number.group("section") != null
                            ? Citations.anchor("section", number.group("section"))
                            : Citations.anchor("appendix", number.group("appendix"));
            if (expected != null && !here.remove(expected)) {
                errors.add((i + 1) + ": the heading '" + heading.group(1) + "' has no anchor " + expected);
            }
        }
        for (String anchor : here) {
            if (!stands(anchor, i)) {
                errors.add((i + 1) + ": the anchor " + anchor + " stands beside another number: " + bare);
            }
        }
    }

    /// Whether an anchor stands where its number is written: "Eq. 8-10", "Table 3", "Q4", or "14." and "(e)" in a list
    /// of the section before.
    private boolean stands(String anchor, int i) {
        Matcher item = Pattern.compile("section-(?<list>\\d+(?:-\\d+)*?)(?:-(?<number>\\d+)|(?<letter>[a-e]))")
                .matcher(anchor);
        String bare = bare(i).strip();
        if (item.matches()) {
            String number = item.group("number");
            boolean written = number == null
                    ? bare.startsWith("- (" + item.group("letter") + ")")
                    : bare.startsWith(number + ". ") || bare.startsWith("| " + number + " |");
            return written && anchors.containsKey("section-" + item.group("list"));
        }
        if (anchor.matches("[qu]\\d+")) {
            return bare.startsWith("| " + anchor.toUpperCase(Locale.ROOT) + " |");
        }
        StringBuilder paragraph = new StringBuilder();
        for (int k = i; k < Math.min(lines.size(), i + 2) && !lines.get(k).isBlank(); k++) {
            paragraph.append(' ').append(bare(k));
        }
        return Citations.in(method.page(), paragraph.toString()).found().stream().map(Citation::anchor)
                .anyMatch(anchor::equals);
    }

    private String bare(int i) {
        return ANCHOR.matcher(lines.get(i)).replaceAll("");
    }

    /// The cells of the rows of the table below a heading, without its head.
    List<List<String>> table(String heading) {
        var rows = new ArrayList<List<String>>();
        int i = lines.indexOf("## " + heading) + 1;
        while (i > 0 && i < lines.size() && !lines.get(i).startsWith("#")) {
            if (lines.get(i).startsWith("|")) {
                rows.add(cells(lines.get(i)));
            }
            i++;
        }
        return rows.size() < 3 ? List.of() : rows.subList(2, rows.size());
    }

    /// The cells of a row.
    static List<String> cells(String row) {
        String inner = row.strip().replaceFirst("^\\|", "").replaceFirst("\\|$", "");
        return Pattern.compile("\\|").splitAsStream(inner).map(String::strip).toList();
    }

    /// What GitHub makes of a heading, for links to one that has no anchor of its own.
    Set<String> headings() {
        return lines.stream().map(line -> HEADING.matcher(ANCHOR.matcher(line).replaceAll("")))
                .filter(Matcher::matches).map(m -> m.group(1).toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-'))
                .collect(Collectors.toSet());
    }
}
