package dev.triptych.read;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What a page tells under one heading: all steps of a program whose sections cite the same part of the specification.
///
/// @param cited that part; null where nothing is cited
/// @param title of the sections, without what they cite, each once
/// @param forward steps of a program
/// @param adjoint steps that carry gradients back through them
record Chapter(Citation cited, List<String> title, List<Result> forward, List<Result> adjoint) {
    /// The chapters of a program, in order of their first steps.
    static List<Chapter> of(List<Result> results) {
        Map<String, List<Result>> byPart = new LinkedHashMap<>();
        for (Result result : results) {
            byPart.computeIfAbsent(part(result), _ -> new ArrayList<>()).add(result);
        }
        return byPart.values().stream().map(steps -> {
            String section = steps.getFirst().step().section();
            var cited = Citation.in(section);
            return new Chapter(cited.isEmpty() ? null : cited.getLast(),
                    steps.stream().map(r -> plain(r.step().section())).distinct().toList(),
                    steps.stream().filter(r -> !r.step().isAdjoint()).toList(),
                    steps.stream().filter(r -> r.step().isAdjoint()).toList());
        }).toList();
    }

    /// What the section of a step cites, or its title where it cites nothing.
    static String part(Result result) {
        String section = result.step().section();
        var cited = Citation.in(section);
        return cited.isEmpty() ? section : cited.getLast().text();
    }

    private static String plain(String section) {
        return section.replaceAll(" \\([^()]*(?:Eq\\.|section|appendix) [^()]*\\)$", "");
    }

    /// Whether a section's text cites this chapter's part, or is of it.
    boolean isCitedBy(String section) {
        return cited == null
                ? title.contains(section)
                : Citation.in(section).stream().anyMatch(c -> c.text().equals(cited.text()));
    }
}
