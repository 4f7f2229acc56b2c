package dev.triptych.read;

import dev.triptych.program.Program;
import dev.triptych.report.Html;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/// A program that can be followed: under each section of the specification a line for each result, with its name, its
/// shape, the operation and its operands, and the line of source that asks for it. What repeats stands once.
public final class ProgramText {
    private static final int LINE = 64;
    private static final int LEFT = 34;
    private static final int RIGHT = 72;

    private final List<Fold> folds;
    private final boolean cost;

    private ProgramText(List<Fold> folds, boolean cost) {
        this.folds = folds;
        this.cost = cost;
    }

    /// Of a whole program.
    ///
    /// @param cost whether MFLOP and MB of each step are told
    public static ProgramText of(Program program, boolean cost) {
        return of(program, cost, _ -> true);
    }

    /// Of the sections that cite a part of the specification.
    ///
    /// @param anchor of the method's page, such as `eq-14` or `section-4-2`
    public static ProgramText of(Program program, boolean cost, String anchor) {
        return of(program, cost, section -> Citation.in(section).stream().anyMatch(c -> c.anchors().contains(anchor)));
    }

    private static ProgramText of(Program program, boolean cost, Predicate<String> sections) {
        return new ProgramText(Fold.of(Results.of(program, new SourceTree()).stream()
                .filter(r -> sections.test(r.step().section())).toList()), cost);
    }

    /// Anchors of the specification that a program cites, in order.
    public static List<String> anchors(Program program) {
        return program.launches().stream().flatMap(l -> Citation.in(l.section()).stream())
                .flatMap(c -> c.anchors().stream()).distinct().toList();
    }

    /// As lines.
    public List<String> lines() {
        var lines = new ArrayList<String>();
        write(folds, lines, "");
        return lines;
    }

    private String write(List<Fold> parts, List<String> lines, String before) {
        String section = before;
        for (Fold part : parts) {
            switch (part) {
                case Fold.One one -> {
                    String heading = one.result().heading();
                    if (!heading.equals(section)) {
                        section = heading;
                        lines.add("");
                        lines.add("-- " + heading + " " + "-".repeat(Math.max(2, LINE - heading.length())));
                    }
                    lines.add(line(one.result()));
                }
                case Fold.Several several -> {
                    write(several.body(), lines, section);
                    section = several.last().heading();
                    lines.add(again(several));
                }
            }
        }
        return section;
    }

    static String again(Fold.Several several) {
        int more = several.times() - 1;
        String here = Fold.last(several.body()).heading();
        String there = several.last().heading();
        return String.format(Locale.ROOT, "      ... the same %s: %d to %d",
                more == 1 ? "once more" : more + " times more",
                several.second(), several.last().number()) + (there.equals(here) ? "" : ", the last under " + there);
    }

    private String line(Result r) {
        String text = String.format(Locale.ROOT, "%4d  %-" + LEFT + "s = %-" + RIGHT + "s  %s", r.number(), r.left(),
                r.right(), r.place()).stripTrailing();
        return cost
                ? String.format(Locale.ROOT, "%10.3f %8.3f  %s", r.flops() / 1e6, r.bytes() / 1e6, text)
                : text;
    }

    /// As a page that stands alone; what repeats opens at a click.
    public String html(String title) {
        var body = new StringBuilder("<h1>" + Html.text(title) + "</h1>\n<div class=\"wide\"><table>\n");
        rows(folds, body, "");
        return Html.page(title, body.append("</table></div>\n").toString());
    }

    private String rows(List<Fold> parts, StringBuilder body, String before) {
        String section = before;
        for (Fold part : parts) {
            switch (part) {
                case Fold.One one -> {
                    Result r = one.result();
                    if (!r.heading().equals(section)) {
                        section = r.heading();
                        body.append("<tr><th colspan=\"6\"><br />").append(Html.text(section)).append("</th></tr>\n");
                    }
                    cells(body, String.valueOf(r.number()), r.left(), "= " + r.right(), r.place(),
                            cost ? String.format(Locale.ROOT, "%.3f MFLOP", r.flops() / 1e6) : "",
                            cost ? String.format(Locale.ROOT, "%.3f MB", r.bytes() / 1e6) : "");
                }
                case Fold.Several several -> {
                    rows(several.body(), body, section);
                    section = several.last().heading();
                    body.append("<tr><td></td><td colspan=\"5\" class=\"pale\">")
                            .append(Html.text(again(several).strip()))
                            .append("</td></tr>\n");
                }
            }
        }
        return section;
    }

    private static void cells(StringBuilder body, String... texts) {
        body.append("<tr>");
        for (String text : texts) {
            body.append("<td>").append(Html.text(text)).append("</td>");
        }
        body.append("</tr>\n");
    }
}
