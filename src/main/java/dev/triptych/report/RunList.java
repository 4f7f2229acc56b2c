package dev.triptych.report;

import dev.triptych.io.FormatException;
import dev.triptych.recipe.RecipeBook;
import dev.triptych.recipe.RecipeException;
import dev.triptych.train.Checkpoint;
import dev.triptych.train.RunException;
import dev.triptych.train.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// The runs below a folder, the newest first: what each learnt, how far it is, and its best figure beside the baseline.
/// A run that cannot be read is listed with the reason.
public final class RunList {
    /// Runs lie in a folder, those of a sweep in `ARM/seed-N`.
    private static final int DEEPEST = 3;

    private final Path folder;
    private final List<Entry> entries;

    /// One run.
    ///
    /// @param name its folder, seen from that of all
    /// @param recipe as `train` was told, else the method
    /// @param images what it learns from
    /// @param step steps done, `12 of 775`
    /// @param started day and minute
    /// @param figure the best one beside its baseline, in words; `not evaluated yet` where there is none
    /// @param problem why it cannot be read; empty where it can
    public record Entry(String name, String recipe, String images, String step, String started, String figure,
            String problem) {
        /// What programs read.
        public Map<String, Object> values() {
            var values = new LinkedHashMap<String, Object>();
            values.put("run", name);
            values.put("recipe", recipe);
            values.put("images", images);
            values.put("step", step);
            values.put("started", started);
            values.put("figure", figure);
            if (!problem.isEmpty()) {
                values.put("problem", problem);
            }
            return values;
        }
    }

    /// Looks for runs.
    ///
    /// @throws RunException if there is no such folder, or it is a run itself
    public RunList(Path folder, RecipeBook recipes) throws IOException {
        if (!Files.isDirectory(folder) || RunFolder.isRun(folder)) {
            throw new RunException(folder + ": this is " + (Files.isDirectory(folder)
                    ? "a run"
                    : Files.exists(folder) ? "a file" : "not there") + "; expected a folder of runs, such as runs. "
                    + "Name the folder that the runs lie in.");
        }
        this.folder = folder;
        var found = new ArrayList<Entry>();
        try (Stream<Path> files = Files.walk(folder, DEEPEST)) {
            for (Path run : files.filter(RunFolder::isRun).sorted().toList()) {
                found.add(entry(folder.relativize(run).toString().replace('\\', '/'), run, recipes));
            }
        }
        found.sort(Comparator.comparing(Entry::started).reversed());
        entries = List.copyOf(found);
    }

    /// All runs, the newest first.
    public List<Entry> entries() {
        return entries;
    }

    private static Entry entry(String name, Path path, RecipeBook recipes) throws IOException {
        try {
            var folder = RunFolder.open(path);
            var run = RunRecord.read(folder, recipes);
            Map<String, Object> begun = run.provenances().isEmpty() ? Map.of() : run.provenances().getFirst();
            return new Entry(name, recipe(begun, run), begun.get("images") instanceof String images
                    ? images
                    : run.recipe().data().side() + " px, " + (run.recipe().data().generated()
                            ? "generated scenes"
                            : run.recipe().data().dir()),
                    step(run, folder),
                    begun.get("started") instanceof String s ? s.replaceAll("T(\\d\\d:\\d\\d).*", " $1") : "",
                    best(run), "");
        } catch (RunException | RecipeException | FormatException e) {
            return new Entry(name, "", "", "", "", "", e.getMessage());
        }
    }

    private static String recipe(Map<String, Object> begun, RunRecord run) {
        if (begun.get("command-line") instanceof List<?> words) {
            for (int i = 0; i < words.size(); i++) {
                String word = words.get(i).toString();
                if (word.startsWith("--recipe=")) {
                    return word.substring("--recipe=".length());
                }
                if (word.equals("--recipe") && i + 1 < words.size()) {
                    return words.get(i + 1).toString();
                }
            }
        }
        return run.recipe().method();
    }

    /// Of a run that is being trained the metrics are newer than the checkpoint.
    private static String step(RunRecord run, RunFolder folder) throws IOException {
        long step = run.lines().stream().mapToLong(line -> line.get("step") instanceof Number s ? s.longValue() : 0)
                .max().orElse(0);
        var newest = folder.checkpoints().newest();
        if (newest.isEmpty()) {
            return Long.toString(step);
        }
        long all;
        try {
            all = Checkpoint.position(newest.get().file()).steps();
        } catch (RunException | FormatException e) {
            all = 0; // a damaged checkpoint does not say
        }
        long done = Math.max(step, newest.get().step());
        return all == 0 ? Long.toString(done) : done + " of " + all;
    }

    /// The highest percentage beside what the same encoder has untrained; where a method has no such figure, the first
    /// one.
    private static String best(RunRecord run) {
        Map<?, ?> best = null;
        for (var figure : run.figures()) {
            if (figure.get("value") instanceof Number value && "%".equals(figure.get("unit"))
                    && ((Map<?, ?>) figure.get("baselines")).get(RunRecord.UNTRAINED) instanceof Number
                    && (best == null || value.doubleValue() > ((Number) best.get("value")).doubleValue())) {
                best = figure;
            }
        }
        if (best == null) {
            best = run.figures().stream().filter(f -> f.get("value") instanceof Number).findFirst().orElse(null);
        }
        if (best == null) {
            return "not evaluated yet";
        }
        String unit = best.get("unit").toString().isEmpty() ? "" : " " + best.get("unit");
        var text = new StringBuilder().append(best.get("what")).append(' ').append(RunRecord.number(best.get("value")))
                .append(unit);
        ((Map<?, ?>) best.get("baselines")).entrySet().stream().filter(b -> b.getValue() instanceof Number).findFirst()
                .ifPresent(b -> text.append(", ").append(b.getKey()).append(' ').append(RunRecord.number(b.getValue()))
                        .append(unit));
        return text.toString();
    }

    /// Writes the page of all runs, with links to the page of each that has one.
    ///
    /// @return the file
    public Path write() throws IOException {
        String name = folder.toAbsolutePath().normalize().getFileName() + "";
        var out = new StringBuilder("<h1>Runs in ").append(Html.text(name)).append("</h1>\n").append(
                "<div class=\"wide\"><table><thead><tr><th>run</th><th>best figure</th><th>recipe</th><th>images</th>"
                        + "<th class=\"n\">step</th><th>started</th></tr></thead><tbody>\n");
        for (Entry run : entries) {
            String page = run.name + "/report.html";
            String link = Files.isRegularFile(folder.resolve(page))
                    ? "<a href=\"" + Html.address(page) + "\">" + Html.text(run.name) + "</a>"
                    : Html.text(run.name);
            out.append("<tr><td>").append(link).append("</td><td>")
                    .append(Html.text(run.problem.isEmpty() ? run.figure : run.problem)).append("</td><td>")
                    .append(Html.text(run.recipe)).append("</td><td>").append(Html.text(run.images))
                    .append("</td><td class=\"n\">").append(Html.text(run.step)).append("</td><td>")
                    .append(Html.text(run.started)).append("</td></tr>\n");
        }
        Path file = folder.resolve("index.html");
        Html.write(file, Html.page("Runs in " + name + " · Triptych", out.append("</tbody></table></div>\n")
                .toString()));
        return file;
    }
}
