package dev.triptych.architecture;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Finds what a text cites of the specification, in the forms that sources use: "STELLAR section 4.7", "sections 2.2
/// and 2.3", "section 3.1, Eq. 1-2", "sections 1 to 3 and 5", "section 6.7e", "section 8, point 14", "appendix A.1",
/// "table 10", "Q4", "U7".
///
/// A citation belongs to the method that was named last before it in its passage; else to the method whose file it is;
/// else to the only one that the file names at all. One that belongs to none, or has a form that is none of these, is
/// an error, and so is a range whose ends do not fit. What is cited of other papers is left alone: "Wu et al. 2018,
/// section 3.4", "the paper's section 5".
///
/// @param found every anchor that is cited
/// @param errors what cannot be understood, with its line
record Citations(List<Citation> found, List<String> errors) {
    /// One anchor that is cited.
    ///
    /// @param page of the method
    /// @param anchor such as `section-4-7`, `eq-9`, `appendix-a-1`, `table-10`, `q4`, `u7`
    /// @param line where
    record Citation(Method page, String anchor, int line) {
    }

    /// The methods, each with a page of its own.
    enum Method {
        STELLAR("STELLAR", "stellar", "Stellar"), BITS("BITS", "bits", "Bits"), SORCEN("Sorcen", "sorcen",
                "Sorcen"), VQVAE("VQ-VAE", "vqvae",
                        "VqVae"), MAE("MAE", "mae", "Mae"), VQGAN("VQGAN", "vqgan",
                                "Vqgan"), TRIPTYCH("Triptych", "triptych", "Triptych");

        private final String title;
        private final String room;
        private final Pattern own;

        /// @param title as texts write it
        /// @param room its package, page and recipes
        /// @param classes how the names of its classes begin
        Method(String title, String room, String classes) {
            this.title = title;
            this.room = room;
            this.own = Pattern.compile("(?:" + classes + "(?![a-z])|" + room + "[-_.]).*");
        }

        /// Its page.
        Path page() {
            return Path.of("docs", room + ".md");
        }

        /// Whether a file is the method's by its folder or by how its name begins.
        private boolean owns(Path file) {
            return file.getParent() != null && file.getParent().endsWith(room)
                    || own.matcher(file.getFileName().toString()).matches();
        }
    }

    private static final String ITEM = "(?:\\d++(?:\\.\\d++)*+[a-e]?+(?!\\w)|[A-Z](?:\\.\\d++)++(?!\\w))";
    private static final String JOIN = "(?:, (?:and )?| and | to |-|–)";
    private static final Pattern REFERENCE = Pattern.compile("\\b(?<kind>[Ss]ections?|[Ee]qs?\\.|[Ee]quations?|"
            + "[Aa]ppendix|[Tt]ables?) (?<list>" + ITEM + "(?:" + JOIN + ITEM + ")*)(?:, point (?<point>\\d+))?");
    private static final Pattern NUMBERED = Pattern.compile("(?<![\\w.#-])(?<name>[QU]\\d{1,2})(?!\\w|\\.\\d)");
    private static final Pattern ITEMS = Pattern.compile("(?<join>" + JOIN + ")?(?<item>" + ITEM + ")");

    /// What looks like a citation; each has to be one.
    private static final Pattern LOOKS_LIKE_ONE = Pattern.compile("§ ?\\d"
            + "|(?i:\\b(?:sections?|sect?\\.|chapters?|eqs?\\.?|eqns?\\.?|equations?|appendix|appendices|app\\.)"
            + "[ (.~]*(?:\\d|[A-Z]\\.\\d))"
            + "|\\b(?:STELLAR|BITS|Sorcen|VQ-VAE|MAE|VQGAN|Triptych)(?:'s)?,?(?: specification,?)? "
            + "(?:[Ss]ections? |[Ee]qs?\\.|[Aa]ppendix )");
    /// A method, perhaps with its authors behind it; authors alone are another paper, but for those of the VQ-VAE.
    /// Triptych is the project too, so that its name is the method's only where a section follows.
    private static final Pattern NAME = Pattern.compile("\\b(?<method>STELLAR|BITS|Sorcen|VQ-VAE|MAE|VQGAN|"
            + "Triptych(?= (?:sections? |$)))\\b"
            + "(?: \\([\\w ]+ et al\\b)?|(?<oord>van den Oord et al\\b)|\\bet al\\b");
    private static final Pattern NEXT_SENTENCE = Pattern.compile("[.;:] [A-Z]|; |\\. $");

    /// What a file cites.
    static Citations in(Path file, String text) {
        var citations = new Citations(new ArrayList<>(), new ArrayList<>());
        Method home = home(file, text);
        for (Passage passage : Passage.of(file.toString(), text)) {
            citations.read(passage, home);
        }
        return citations;
    }

    /// What is wrong with the citations, a line each: errors, and anchors that are on no page.
    List<String> problems(Map<Method, SpecificationPage> pages) {
        var problems = new ArrayList<>(errors);
        for (Citation citation : found) {
            if (!pages.get(citation.page()).anchors().containsKey(citation.anchor())) {
                problems.add(citation.line() + ": " + citation.page().page() + " has no anchor " + citation.anchor());
            }
        }
        return problems;
    }

    /// The method that a citation of a file belongs to where its passage names none; null for none.
    private static Method home(Path file, String text) {
        for (Method method : Method.values()) {
            if (method.owns(file)) {
                return method;
            }
        }
        List<Method> named = NAME.matcher(text).results().map(Citations::method).filter(Objects::nonNull).distinct()
                .toList();
        return named.size() == 1 ? named.getFirst() : null;
    }

    /// The method that a name means; null for another paper.
    private static Method method(MatchResult name) {
        for (Method method : Method.values()) {
            if (method.title.equals(name.group("method"))) {
                return method;
            }
        }
        return name.group("oord") == null ? null : Method.VQVAE;
    }

    private void read(Passage passage, Method home) {
        String text = passage.text();
        var taken = new boolean[text.length() + 1];
        Matcher m = REFERENCE.matcher(text);
        while (m.find()) {
            for (int i = m.start(); i < m.end(); i++) {
                taken[i] = true;
            }
            boolean table = m.group("kind").toLowerCase(Locale.ROOT).startsWith("table");
            Owner owner = owner(text, m, home);
            if (owner.foreign() || owner.method() == null && table) {
                continue;
            }
            if (owner.method() == null) {
                errors.add(passage.line(m.start()) + ": '" + m.group() + "' belongs to no method");
                continue;
            }
            try {
                for (String anchor : anchors(m)) {
                    found.add(new Citation(owner.method(), anchor, passage.line(m.start())));
                }
            } catch (IllegalArgumentException e) {
                errors.add(passage.line(m.start()) + ": " + e.getMessage());
            }
        }
        numbered(passage, home);
        Matcher look = LOOKS_LIKE_ONE.matcher(text);
        while (look.find()) {
            if (!taken[look.start()] && !taken[look.end() - 1] && !taken[look.end()]) {
                errors.add(passage.line(look.start()) + ": '"
                        + text.substring(look.start(), Math.min(text.length(), look.end() + 12))
                        + "' looks like a citation, in a form that is not known");
            }
        }
    }

    /// Quirks and unknowns, which only Sorcen's page numbers.
    private void numbered(Passage passage, Method home) {
        Matcher m = NUMBERED.matcher(passage.text());
        while (m.find()) {
            if (owner(passage.text(), m, home).method() == Method.SORCEN) {
                found.add(new Citation(Method.SORCEN, m.group("name").toLowerCase(Locale.ROOT),
                        passage.line(m.start())));
            }
        }
    }

    /// Whose a citation is.
    ///
    /// @param method null where nobody knows
    /// @param foreign whether it is another paper's
    private record Owner(Method method, boolean foreign) {
    }

    private static Owner owner(String text, Matcher at, Method home) {
        String before = text.substring(0, at.start());
        Method method = home;
        for (MatchResult name : NAME.matcher(before).results().toList()) {
            Method named = method(name);
            if (named != null) {
                method = named;
            } else if (!NEXT_SENTENCE.matcher(before.substring(name.end())).find()) {
                return new Owner(null, true);
            }
        }
        boolean section = at.group().matches("(?i)(section|appendix).*");
        return new Owner(method, section && before.endsWith("paper's ") && method != Method.VQVAE);
    }

    /// The anchors of a reference, in order.
    private static Iterable<String> anchors(Matcher m) {
        String kind = m.group("kind").toLowerCase(Locale.ROOT);
        String prefix = kind.startsWith("eq")
                ? "eq"
                : kind.startsWith("section")
                        ? "section"
                        : kind.startsWith("table") ? "table" : "appendix";
        var anchors = new TreeSet<String>();
        String last = null;
        Matcher items = ITEMS.matcher(m.group("list"));
        while (items.find()) {
            String item = items.group("item");
            String join = items.group("join");
            if (join != null && (join.equals(" to ") || join.equals("-") || join.equals("–"))) {
                for (String between : range(last, item)) {
                    anchors.add(anchor(prefix, between));
                }
            }
            anchors.add(anchor(prefix, item));
            last = item;
        }
        if (m.group("point") != null) {
            anchors.add(anchor(prefix, last + "." + m.group("point")));
        }
        return anchors;
    }

    /// The name of an anchor: "section", "4.7" is `section-4-7`.
    static String anchor(String kind, String number) {
        return kind + "-" + number.toLowerCase(Locale.ROOT).replace('.', '-');
    }

    /// From "4.1" to "4.3": both and what lies between.
    private static List<String> range(String from, String to) {
        String stem = from.replaceFirst("\\d+$", "");
        if (!to.startsWith(stem) || !from.matches(".*\\d") || !to.substring(stem.length()).matches("\\d+")) {
            throw new IllegalArgumentException("'" + from + " to " + to + "' is no range; expected two numbers that "
                    + "differ in their last part");
        }
        int first = Integer.parseInt(from.substring(stem.length()));
        int end = Integer.parseInt(to.substring(stem.length()));
        if (end <= first) {
            throw new IllegalArgumentException("'" + from + " to " + to + "' goes backwards");
        }
        var range = new ArrayList<String>();
        for (int i = first; i <= end; i++) {
            range.add(stem + i);
        }
        return range;
    }
}
