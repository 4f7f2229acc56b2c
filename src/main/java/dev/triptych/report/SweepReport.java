package dev.triptych.report;

import dev.triptych.io.AtomicFile;
import dev.triptych.method.Table;
import dev.triptych.recipe.RecipeBook;
import dev.triptych.train.RunFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;

/// Arms of a sweep beside each other, each trained with several seeds: mean, spread and number of every figure, the
/// differences from the first arm by pairs of one seed, and curves with bands from the lowest seed to the highest.
public final class SweepReport {
    private static final int POINTS = 150;

    private final String title;
    /// Runs by arm, of each arm by seed.
    private final SequencedMap<String, TreeMap<Long, RunRecord>> arms = new LinkedHashMap<>();

    /// Reads the runs that are there.
    ///
    /// @param runs folders of runs that were judged, by arm; an arm may have none yet
    public SweepReport(String title, SequencedMap<String, List<Path>> runs, RecipeBook recipes) throws IOException {
        this.title = title;
        for (var arm : runs.entrySet()) {
            var bySeed = new TreeMap<Long, RunRecord>();
            for (Path run : arm.getValue()) {
                var record = RunRecord.read(RunFolder.open(run), recipes);
                bySeed.put(record.recipe().seed(), record);
            }
            arms.put(arm.getKey(), bySeed);
        }
    }

    /// Names of all figures with their units.
    private List<String> figures() {
        var names = new LinkedHashSet<String>();
        arms.values().forEach(runs -> runs.values().forEach(run -> names.addAll(values(run).keySet())));
        return List.copyOf(names);
    }

    /// The figures that are meant: those that begin with one of the words; without words all.
    private List<String> figures(List<String> words) {
        return figures().stream().filter(name -> words.isEmpty() || words.stream().anyMatch(name::startsWith))
                .toList();
    }

    private static Map<String, Double> values(RunRecord run) {
        var values = new LinkedHashMap<String, Double>();
        for (var figure : run.figures()) {
            String unit = String.valueOf(figure.get("unit"));
            if (figure.get("value") instanceof Number value) {
                values.put(figure.get("what") + (unit.isEmpty() ? "" : " (" + unit + ")"), value.doubleValue());
            }
        }
        return values;
    }

    private static double minutes(RunRecord run) {
        return run.lines("end").stream().mapToDouble(end -> ((Number) end.get("seconds")).doubleValue()).sum() / 60;
    }

    private static Spread spread(TreeMap<Long, RunRecord> runs, String figure) {
        return Spread.of(runs.values().stream().map(run -> values(run).get(figure)).filter(v -> v != null)
                .mapToDouble(Double::doubleValue).toArray());
    }

    /// A row an arm: number of seeds, minutes of training, mean and standard deviation of each figure.
    ///
    /// @param words with which the names of the figures begin; none for all
    public Table table(List<String> words) {
        var names = figures(words);
        var header = new ArrayList<>(List.of("arm", "n", "minutes"));
        header.addAll(names);
        var rows = new ArrayList<List<String>>();
        arms.forEach((arm, runs) -> {
            var row = new ArrayList<>(List.of(arm, Integer.toString(runs.size()), runs.isEmpty()
                    ? "–"
                    : String.format(Locale.ROOT, "%.1f",
                            runs.values().stream().mapToDouble(SweepReport::minutes).average().orElseThrow())));
            names.forEach(name -> row.add(spread(runs, name).text()));
            rows.add(row);
        });
        return new Table(header, rows);
    }

    /// A row for each other arm: what it has more than the first one, by pairs of one seed, and the probability of that
    /// by chance (paired t-test, two-sided).
    public Table differences(List<String> words) {
        var names = figures(words);
        var first = arms.firstEntry();
        var header = new ArrayList<>(List.of("arm less " + first.getKey(), "pairs"));
        names.forEach(name -> header.addAll(List.of(name, "p")));
        var rows = new ArrayList<List<String>>();
        arms.forEach((arm, runs) -> {
            if (!arm.equals(first.getKey())) {
                var both = runs.keySet().stream().filter(first.getValue()::containsKey).toList();
                var row = new ArrayList<>(List.of(arm, Integer.toString(both.size())));
                for (String name : names) {
                    var spread = Spread.of(both.stream().filter(seed -> values(runs.get(seed)).containsKey(name)
                            && values(first.getValue().get(seed)).containsKey(name))
                            .mapToDouble(seed -> values(runs.get(seed)).get(name)
                                    - values(first.getValue().get(seed)).get(name))
                            .toArray());
                    row.add(spread.text());
                    row.add(Double.isNaN(spread.chance())
                            ? "–"
                            : String.format(Locale.ROOT, "%.3f", spread.chance()));
                }
                rows.add(row);
            }
        });
        return new Table(header, rows);
    }

    /// Both tables as Markdown.
    public void writeMarkdown(Path file, List<String> words) throws IOException {
        String text = table(words).markdown() + (arms.size() < 2 ? "" : "\n" + differences(words).markdown());
        AtomicFile.write(file, text.getBytes(StandardCharsets.UTF_8));
    }

    /// The page: tables and curves.
    public void write(Path file, List<String> words) throws IOException {
        var out = new StringBuilder("<h1>").append(Html.text(title)).append("</h1>\n");
        out.append("<p class=\"pale\">Mean ± standard deviation over n seeds; bands from the lowest seed to the "
                + "highest.</p>\n");
        html(out, "Figures", table(words));
        if (arms.size() > 1) {
            html(out, "Differences from the first arm, by pairs of one seed", differences(words));
        }
        charts(out, "Looks at the weights on the way, over steps", RunRecord::lookCurves);
        charts(out, "The same over processor minutes", RunRecord::lookCurvesOfMinutes);
        charts(out, "Training, over steps", RunRecord::curves);
        Html.write(file, Html.page(title + " · Triptych", out.toString()));
    }

    private static void html(StringBuilder out, String heading, Table table) {
        out.append(Html.heading(heading)).append(Html.table(table.header(), table.rows(), List.of()));
    }

    private void charts(StringBuilder out, String heading,
            java.util.function.Function<RunRecord, Map<String, List<double[]>>> curves) {
        var charts = new LinkedHashMap<String, List<Chart.Series>>();
        arms.forEach((arm, runs) -> {
            var ofSeeds = runs.values().stream().map(curves).toList();
            var names = new LinkedHashSet<String>();
            ofSeeds.forEach(seed -> names.addAll(seed.keySet()));
            for (String name : names) {
                charts.computeIfAbsent(name, n -> new ArrayList<>()).add(together(arm, ofSeeds.stream()
                        .filter(seed -> seed.containsKey(name)).map(seed -> seed.get(name)).toList()));
            }
        });
        if (!charts.isEmpty()) {
            out.append(Html.heading(heading)).append("<div class=\"charts\">\n");
            charts.forEach((name, series) -> out.append(new Chart(name, series, List.of()).html()));
            out.append("</div>\n");
        }
    }

    /// The mean of several curves, point by point as far as all go, with a band around it.
    static Chart.Series together(String name, List<List<double[]>> curves) {
        int length = curves.stream().mapToInt(List::size).min().orElse(0);
        int stride = Math.max(1, length / POINTS);
        var mean = new ArrayList<double[]>();
        var band = new ArrayList<double[]>();
        for (int i = 0; i < length; i += stride) {
            int at = i;
            double x = curves.stream().mapToDouble(curve -> curve.get(at)[0]).average().orElseThrow();
            var y = curves.stream().mapToDouble(curve -> curve.get(at)[1]).summaryStatistics();
            mean.add(new double[]{x, y.getAverage()});
            if (curves.size() > 1 && Double.isFinite(y.getAverage())) {
                band.add(new double[]{x, y.getMin(), y.getMax()});
            }
        }
        return new Chart.Series(name, mean, band);
    }
}
