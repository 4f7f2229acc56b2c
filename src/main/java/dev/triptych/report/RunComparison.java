package dev.triptych.report;

import dev.triptych.recipe.RecipeBook;
import dev.triptych.train.RunException;
import dev.triptych.train.RunFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

/// Runs side by side: what their recipes differ in, their figures, their curves over each other. A column is a run.
public final class RunComparison {
    /// What two runs that began alike have in common.
    static final String FIRST_STEP = "SHA-256 of the first step's gradient";
    /// Facts of an evaluation that do not say how it was made.
    private static final List<String> NO_PROTOCOL = List.of("run", "training", "device", "seed", "commit");

    private final List<RunRecord> runs = new ArrayList<>();
    private final List<String> names = new ArrayList<>();
    private final List<Path> folders;

    /// Reads the runs.
    ///
    /// @throws RunException if there are fewer than two, or a folder holds none
    public RunComparison(List<Path> folders, RecipeBook recipes) throws IOException {
        if (folders.size() < 2) {
            throw new RunException(folders.size() + " run to compare; expected two or more. Name another.");
        }
        this.folders = List.copyOf(folders);
        for (Path folder : folders) {
            runs.add(RunRecord.read(RunFolder.open(folder), recipes));
            String name = runs.getLast().name();
            names.add(names.contains(name) ? folder.toString() : name);
        }
    }

    /// Column titles: an empty one for the first, then the runs.
    public List<String> header() {
        var header = new ArrayList<>(List.of(""));
        header.addAll(names);
        return header;
    }

    /// Keys of the recipes whose values differ, and those values.
    public List<List<String>> differences() {
        var recipes = runs.stream().map(run -> flat(run.recipe().toYaml())).toList();
        return rows(recipes).stream().filter(row -> row.stream().skip(1).distinct().count() > 1).toList();
    }

    /// What was evaluated, by the names that `eval.json` gives it: images or codes with their numbers, the checkpoint,
    /// what was left out. The place of a run and its machine are not among it.
    public List<List<String>> judged() {
        return rows(runs.stream().map(run -> {
            var facts = new LinkedHashMap<String, String>();
            if (run.evaluation().get("facts") instanceof Map<?, ?> all) {
                all.forEach((name, value) -> facts.put(name.toString(), String.valueOf(value)));
            }
            facts.keySet().removeAll(NO_PROTOCOL);
            return (Map<String, String>) facts;
        }).toList());
    }

    /// Why figures may not stand side by side: they are of other images, other checkpoints, or were measured otherwise.
    public List<String> warnings() {
        var warnings = new ArrayList<String>();
        for (List<String> row : judged()) {
            var values = row.subList(1, row.size());
            if (values.stream().distinct().count() > 1) {
                warnings.add("They were not evaluated alike: " + row.getFirst() + " is "
                        + String.join(" | ", values) + ".");
            }
        }
        var protocols = new LinkedHashMap<String, LinkedHashSet<String>>();
        runs.forEach(run -> run.figures().forEach(figure -> protocols.computeIfAbsent(
                String.valueOf(figure.get("what")), _ -> new LinkedHashSet<>())
                .add(String.valueOf(figure.get("protocol")))));
        protocols.forEach((what, said) -> {
            if (said.size() > 1) {
                warnings.add(what + " was not measured alike: " + String.join(" | ", said) + ".");
            }
        });
        for (int i = 0; i < runs.size(); i++) {
            if (runs.get(i).figures().isEmpty()) {
                warnings.add(names.get(i) + " was not evaluated: `triptych eval --run " + folders.get(i) + "` does.");
            }
        }
        return warnings;
    }

    /// How each figure was measured, a line for each protocol.
    public List<String> protocols() {
        var protocols = new LinkedHashMap<String, LinkedHashSet<String>>();
        runs.forEach(run -> run.figures().forEach(figure -> protocols.computeIfAbsent(
                String.valueOf(figure.get("protocol")), _ -> new LinkedHashSet<>())
                .add(String.valueOf(figure.get("what")))));
        return protocols.entrySet().stream().filter(entry -> !entry.getKey().isEmpty())
                .map(entry -> String.join(", ", entry.getValue()) + ": " + entry.getKey()).toList();
    }

    /// Hashes of the gradients of the first steps, where a run has one.
    public List<List<String>> firstSteps() {
        return rows(runs.stream().map(run -> run.firstStep().isEmpty()
                ? Map.<String, String>of()
                : Map.of(FIRST_STEP, run.firstStep())).toList());
    }

    /// Figures of the evaluations, with their unit and n, the pictures that each was measured on, and those of each
    /// run's baselines below.
    public List<List<String>> figures() {
        var columns = new ArrayList<Map<String, String>>();
        for (RunRecord run : runs) {
            var column = new LinkedHashMap<String, String>();
            for (var figure : run.figures()) {
                String unit = String.valueOf(figure.get("unit"));
                String what = figure.get("what") + (unit.isEmpty() ? "" : " (" + unit + ")");
                String n = figure.get("n") instanceof Number count ? ", n = " + count : "";
                column.put(what, RunRecord.number(figure.get("value")) + n);
                ((Map<?, ?>) figure.get("baselines")).forEach((name, value) -> column.put(what + ", " + name,
                        RunRecord.number(value) + n));
            }
            columns.add(column);
        }
        return rows(columns);
    }

    private static List<List<String>> rows(List<Map<String, String>> columns) {
        var keys = new LinkedHashSet<String>();
        columns.forEach(column -> keys.addAll(column.keySet()));
        var rows = new ArrayList<List<String>>();
        for (String key : keys) {
            var row = new ArrayList<>(List.of(key));
            columns.forEach(column -> row.add(Objects.requireNonNullElse(column.get(key), "–")));
            rows.add(row);
        }
        return rows;
    }

    private List<Integer> wordy() {
        return IntStream.rangeClosed(1, names.size()).boxed().toList();
    }

    /// Keys with their sections before them. The YAML is our own: two spaces for each level, lists by their number.
    private static Map<String, String> flat(String yaml) {
        var values = new LinkedHashMap<String, String>();
        var path = new ArrayList<String>();
        var counts = new LinkedHashMap<String, Integer>();
        for (String line : yaml.lines().filter(l -> !l.isBlank() && !l.strip().startsWith("#")).toList()) {
            int depth = (line.length() - line.stripLeading().length()) / 2;
            String text = line.strip();
            while (path.size() > depth) {
                path.removeLast();
            }
            if (text.startsWith("- ")) {
                String parent = String.join(".", path);
                path.add(Integer.toString(counts.merge(parent, 1, Integer::sum) - 1));
                text = text.substring(2);
            }
            int colon = text.indexOf(':');
            String key = colon < 0 ? text : text.substring(0, colon);
            String value = colon < 0 ? "" : text.substring(colon + 1).strip();
            path.add(key);
            if (!value.isEmpty()) {
                values.put(String.join(".", path), value);
                path.removeLast();
            }
        }
        return values;
    }

    /// Writes the comparison as a page that stands alone.
    public void write(Path file) throws IOException {
        var out = new StringBuilder("<h1>").append(Html.text(String.join(" · ", names))).append("</h1>\n");
        var judged = judged();
        if (!judged.isEmpty()) {
            out.append(Html.heading("What was evaluated")).append(Html.table(header(), judged, wordy()));
        }
        warnings().forEach(text -> out.append("<p class=\"warning\">").append(Html.text(text)).append("</p>\n"));
        out.append(Html.heading("Figures")).append(Html.table(header(), figures(), List.of()));
        var protocols = protocols();
        if (!protocols.isEmpty()) {
            out.append(Html.heading("Protocols")).append("<ul>\n");
            protocols.forEach(text -> out.append("<li>").append(Html.text(text)).append("</li>\n"));
            out.append("</ul>\n");
        }
        var differences = differences();
        out.append(Html.heading("What the recipes differ in")).append(differences.isEmpty()
                ? "<p>Nothing.</p>\n"
                : Html.table(header(), differences, List.of()));
        out.append(Html.heading("First step")).append(Html.table(header(), firstSteps(), List.of()));
        var curves = new LinkedHashMap<String, List<Chart.Series>>();
        for (int i = 0; i < runs.size(); i++) {
            String name = names.get(i);
            runs.get(i).curves().forEach((what, points) -> curves.computeIfAbsent(what, w -> new ArrayList<>())
                    .add(new Chart.Series(name, points)));
        }
        if (!curves.isEmpty()) {
            out.append(Html.heading("Training, over steps")).append("<div class=\"charts\">\n");
            curves.forEach((what, series) -> out.append(new Chart(what, series, List.of()).html()));
            out.append("</div>\n");
        }
        for (int i = 0; i < runs.size(); i++) {
            String name = names.get(i);
            for (var picture : runs.get(i).pictures().entrySet()) {
                out.append(Html.picture(name + ", " + picture.getKey(), picture.getValue()));
            }
        }
        Html.write(file, Html.page(String.join(" · ", names) + " · Triptych", out.toString()));
    }
}
