package dev.triptych.report;

import dev.triptych.method.Method;
import dev.triptych.method.Registry;
import dev.triptych.method.Verdict;
import dev.triptych.train.RunFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// The page of a run, `report.html`: warnings, evaluation with protocols and baselines, pictures, a curve for every
/// logged number, recipe and provenance. One file that needs nothing else.
public final class RunReport {
    private static final String GENERATED = "generated.png";
    /// Seconds until a page of a training loads itself again.
    private static final int RELOAD = 30;

    private RunReport() {
    }

    /// Writes the page of a run from what is in its folder.
    ///
    /// @return the file
    public static Path write(RunFolder run, Registry methods) throws IOException {
        return write(run, methods, false);
    }

    /// The same while the run is trained: the page loads itself again.
    public static Path writeLive(RunFolder run, Registry methods) throws IOException {
        return write(run, methods, true);
    }

    private static Path write(RunFolder run, Registry methods, boolean live) throws IOException {
        var record = RunRecord.read(run, methods.recipes());
        Path file = run.path().resolve("report.html");
        String title = record.name() + " · Triptych";
        String body = body(record, methods.of(record.recipe()), live);
        Html.write(file, live ? Html.reloading(title, RELOAD, body) : Html.page(title, body));
        return file;
    }

    private static String body(RunRecord run, Method method, boolean live) throws IOException {
        var out = new StringBuilder("<h1>").append(Html.text(run.name())).append("</h1>\n");
        out.append("<p class=\"pale\">").append(Html.text(live ? training(run, method) : summary(run, method)))
                .append("</p>\n");
        var warnings = run.lines("warning");
        if (!warnings.isEmpty()) {
            out.append(Html.heading("Warnings"));
            warnings.forEach(line -> out.append("<p class=\"warning\">").append(said(line)).append("</p>\n"));
        }
        FigureTable.write(run, out);
        pictures(run, method, out);
        looks(run, out);
        var curves = run.curves();
        if (!curves.isEmpty()) {
            out.append(Html.heading("Training, over steps")).append("<div class=\"charts\">\n");
            var meanings = method.meanings();
            curves.forEach((name, points) -> out.append(new Chart(name, meanings.getOrDefault(name, ""),
                    List.of(new Chart.Series("", points)), run.stages()).html()));
            out.append("</div>\n");
        }
        protocols(run, out);
        out.append(Glossary.html(out.toString()));
        var changes = run.lines("change");
        if (!changes.isEmpty()) {
            out.append(Html.heading("Changes on the way")).append("<ul>\n");
            changes.forEach(line -> out.append("<li>").append(said(line)).append("</li>\n"));
            out.append("</ul>\n");
        }
        out.append(Html.heading("Recipe")).append("<pre class=\"recipe\">").append(Html.text(run.recipe().toYaml()))
                .append("</pre>\n");
        if (!run.firstStep().isEmpty()) {
            out.append(Html.heading("First step"))
                    .append(Html.pairs(Map.of(RunComparison.FIRST_STEP, run.firstStep())));
        }
        for (int i = 0; i < run.provenances().size(); i++) {
            out.append(Html.heading(i == 0 ? "Provenance" : "Provenance of resumption " + i))
                    .append(Html.pairs(run.provenances().get(i)));
        }
        return out.toString();
    }

    private static String said(Map<String, Object> line) {
        return "step " + Html.text(line.get("step")) + ": " + Html.text(line.get("text"));
    }

    private static String training(RunRecord run, Method method) {
        var steps = run.lines("train");
        return method.title() + ", seed " + run.recipe().seed() + ", is being trained"
                + (steps.isEmpty() ? "" : ", step " + steps.getLast().get("step")) + "; this page is written anew at "
                + "each checkpoint and loads itself again every " + RELOAD + " seconds";
    }

    private static String summary(RunRecord run, Method method) {
        double seconds = 0;
        boolean stopped = false;
        Object step = null;
        for (var end : run.lines("end")) {
            seconds += end.get("seconds") instanceof Number s ? s.doubleValue() : 0;
            stopped = Boolean.TRUE.equals(end.get("stopped"));
            step = end.get("step");
        }
        return method.title() + ", seed " + run.recipe().seed() + (step == null
                ? ", no training came to its end"
                : String.format(Locale.ROOT, ", %s at step %s after %.1f minutes of training",
                        stopped ? "stopped" : "done", step, seconds / 60));
    }

    /// Curves of the looks at the weights, and a line for each look: what it cost to get there.
    private static void looks(RunRecord run, StringBuilder out) {
        var lines = run.lines("online");
        if (lines.isEmpty()) {
            return;
        }
        out.append(Html.heading("Looks at the weights on the way, over steps")).append("<div class=\"charts\">\n");
        run.looks().forEach((what, whose) -> out.append(new Chart(what, whose.entrySet().stream()
                .map(line -> new Chart.Series(line.getKey(), line.getValue())).toList(), run.stages()).html()));
        out.append("</div>\n");
        var names = new LinkedHashSet<String>();
        lines.forEach(line -> line.keySet().stream().filter(name -> !List.of("kind", "nonfinite", "score")
                .contains(name)).forEach(names::add));
        out.append(Html.table(List.copyOf(names), lines.stream().map(line -> names.stream().map(name -> {
            Object value = line.get(name);
            return value instanceof Double
                    ? RunRecord.number(value, RunRecord.decimals(lines.stream().map(l -> l.get(name)).toList()))
                    : value == null ? "n/a" : value.toString();
        }).toList()).toList(), List.of(List.copyOf(names).indexOf("stage"))));
    }

    private static void pictures(RunRecord run, Method method, StringBuilder out) throws IOException {
        if (!run.pictures().isEmpty()) {
            out.append(Html.heading("Pictures"));
            var names = new LinkedHashSet<>(List.of(Verdict.SHEET, Verdict.RETRIEVAL, Verdict.FEATURES,
                    GENERATED));
            names.addAll(run.pictures().keySet());
            for (String name : names) {
                if (run.pictures().containsKey(name)) {
                    out.append(Html.picture(caption(name, method), run.pictures().get(name)));
                }
            }
        }
    }

    private static String caption(String name, Method method) {
        return switch (name) {
            case Verdict.SHEET -> method.sheetCaption();
            case Verdict.RETRIEVAL -> "Retrieval: queries and what lies nearest to them";
            case Verdict.FEATURES -> "Features: a map of the test images, and which class is taken for which";
            case GENERATED -> "Generated images";
            default -> name;
        };
    }

    /// What was evaluated, and how.
    private static void protocols(RunRecord run, StringBuilder out) {
        if (run.evaluation().get("facts") instanceof Map<?, ?> facts) {
            var pairs = new LinkedHashMap<String, Object>();
            facts.forEach((name, value) -> pairs.put(name.toString(), value));
            out.append(Html.heading("What was evaluated")).append(Html.pairs(pairs));
        }
        var protocols = new LinkedHashMap<String, List<String>>();
        run.figures().forEach(figure -> protocols.computeIfAbsent(String.valueOf(figure.get("protocol")),
                p -> new ArrayList<>()).add(String.valueOf(figure.get("what"))));
        if (protocols.isEmpty()) {
            return;
        }
        out.append(Html.heading("Protocols")).append("<ul>\n");
        protocols.forEach((protocol, whats) -> {
            if (!protocol.isEmpty()) {
                out.append("<li><b>").append(Html.text(String.join(", ", whats))).append("</b>: ")
                        .append(Html.text(protocol)).append("</li>\n");
            }
        });
        out.append("</ul>\n");
    }
}
