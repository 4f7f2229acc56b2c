package dev.triptych.read;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a text cites of the specification: `(STELLAR Eq. 6, section 4.2)`.
///
/// @param text as it is written, without brackets
/// @param method whose page it is, as the text has it
/// @param anchors of that page
record Citation(String text, String method, List<String> anchors) {
    private static final String PART = "(?:Eq\\.|section|appendix) [A-Z0-9.]*[A-Z0-9](?:-\\d+)?";
    private static final Pattern CITATION = Pattern.compile("(?<method>[A-Z][A-Za-z]+(?:-[A-Z]+)?) (?<parts>" + PART
            + "(?:, " + PART + ")*)");
    private static final Pattern ONE = Pattern.compile("(?<kind>Eq\\.|section|appendix) (?<from>[A-Z0-9.]*[A-Z0-9])"
            + "(?:-(?<to>\\d+))?");

    /// All citations of a text.
    static List<Citation> in(String text) {
        var citations = new ArrayList<Citation>();
        Matcher matcher = CITATION.matcher(text);
        while (matcher.find()) {
            citations.add(new Citation(matcher.group(), matcher.group("method"),
                    ONE.matcher(matcher.group("parts")).results().flatMap(one -> anchors(one).stream()).toList()));
        }
        return List.copyOf(citations);
    }

    private static List<String> anchors(MatchResult one) {
        String kind = one.group("kind").equals("Eq.") ? "eq" : one.group("kind");
        String from = one.group("from").toLowerCase(Locale.ROOT).replace('.', '-');
        if (one.group("to") == null) {
            return List.of(kind + "-" + from);
        }
        var anchors = new ArrayList<String>();
        for (int n = Integer.parseInt(from); n <= Integer.parseInt(one.group("to")); n++) {
            anchors.add(kind + "-" + n);
        }
        return anchors;
    }

    /// The page's path in the repository.
    String page() {
        return "docs/" + file();
    }

    /// The page's name.
    String file() {
        return method.toLowerCase(Locale.ROOT).replace("-", "") + ".md";
    }

    /// Whether any of these anchors is cited.
    boolean meets(Citation other) {
        return method.equals(other.method) && anchors.stream().anyMatch(other.anchors::contains);
    }
}
