package dev.triptych.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.triptych.io.FormatException;
import dev.triptych.io.Json;
import dev.triptych.recipe.Recipe;
import dev.triptych.recipe.RecipeBook;
import dev.triptych.train.Checkpoint;
import dev.triptych.train.MetricsLog;
import dev.triptych.train.RunException;
import dev.triptych.train.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/// What a run folder holds, read for a page: it is read as it is, so that a run whose training or evaluation has not
/// happened yet has a page too.
///
/// @param name of the folder
/// @param recipe resolved
/// @param provenances of its start and each resumption
/// @param lines of the metrics
/// @param evaluation `eval.json`; empty where there is none
/// @param pictures PNG files of the folder by name
/// @param firstStep SHA-256 of the gradient of the first step; empty where no checkpoint says
record RunRecord(String name, Recipe recipe, List<Map<String, Object>> provenances, List<Map<String, Object>> lines,
        Map<String, Object> evaluation, Map<String, byte[]> pictures, String firstStep) {
    /// The baseline of figures of features.
    static final String UNTRAINED = "untrained encoder";
    private static final List<String> NO_CURVES = List.of("kind", "step", "stage", "epoch", "images", "nonfinite");
    private static final List<String> NO_LOOKS = List.of("score", "look seconds", "cpu seconds",
            "loss since the last look");
    private static final long LARGEST_PICTURE = 32L << 20;
    private static final byte[] PNG = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
    private static final int PNG_HEADER = 33;

    /// Reads a run.
    ///
    /// @throws RunException if the folder holds none, or a file of it is damaged
    static RunRecord read(RunFolder run, RecipeBook recipes) throws IOException {
        Path folder = run.path();
        var provenances = new ArrayList<Map<String, Object>>();
        for (int n = 1; provenances.size() == n - 1; n++) {
            Path file = folder.resolve(n == 1 ? "provenance.json" : "provenance-" + n + ".json");
            if (Files.isRegularFile(file)) {
                provenances.add(object(file));
            }
        }
        Path evaluation = folder.resolve("eval.json");
        var pictures = new TreeMap<String, byte[]>();
        try (var files = Files.list(folder)) {
            for (Path file : files.filter(f -> f.getFileName().toString().endsWith(".png")).toList()) {
                if (Files.isRegularFile(file) && Files.size(file) <= LARGEST_PICTURE) {
                    byte[] png = Files.readAllBytes(file);
                    if (png.length > PNG_HEADER && Arrays.equals(png, 0, PNG.length, PNG, 0, PNG.length)) {
                        pictures.put(file.getFileName().toString(), png);
                    }
                }
            }
        }
        return new RunRecord(folder.toAbsolutePath().normalize().getFileName().toString(), run.recipe(recipes),
                provenances,
                Files.isRegularFile(run.metrics()) ? MetricsLog.read(run.metrics()) : List.of(),
                Files.isRegularFile(evaluation) ? object(evaluation) : Map.of(), pictures, firstStep(run));
    }

    /// A page of a run whose newest checkpoint is damaged does without.
    private static String firstStep(RunFolder run) throws IOException {
        var newest = run.checkpoints().newest();
        if (newest.isEmpty()) {
            return "";
        }
        try {
            return Checkpoint.position(newest.get().file()).firstStep();
        } catch (FormatException | RunException e) {
            return "";
        }
    }

    private static Map<String, Object> object(Path file) throws IOException {
        try {
            return Json.read(Files.readString(file));
        } catch (JsonProcessingException e) {
            throw new RunException(file + ": it is not a JSON object (" + e.getOriginalMessage()
                    + "); expected what Triptych wrote. Restore or delete it.");
        }
    }

    /// Lines of a kind.
    List<Map<String, Object>> lines(String kind) {
        return lines.stream().filter(line -> kind.equals(line.get("kind"))).toList();
    }

    /// Every number that training logs, by name: points of step and value. A null is a value that was not finite.
    Map<String, List<double[]>> curves() {
        var curves = new LinkedHashMap<String, List<double[]>>();
        for (var line : lines("train")) {
            double step = ((Number) line.get("step")).doubleValue();
            line.forEach((name, value) -> {
                if (!NO_CURVES.contains(name) && (value == null || value instanceof Number)) {
                    curves.computeIfAbsent(name, n -> new ArrayList<>()).add(new double[]{step,
                            value == null ? Double.NaN : ((Number) value).doubleValue()});
                }
            });
        }
        return curves;
    }

    /// What looks at the weights found, over steps, by figure: a line for the student and one for the teacher.
    Map<String, Map<String, List<double[]>>> looks() {
        var looks = new LinkedHashMap<String, Map<String, List<double[]>>>();
        for (var line : lines("online")) {
            double step = ((Number) line.get("step")).doubleValue();
            line.forEach((name, value) -> {
                if (!NO_CURVES.contains(name) && !NO_LOOKS.contains(name)
                        && (value == null || value instanceof Number)) {
                    int comma = name.lastIndexOf(", ");
                    looks.computeIfAbsent(comma < 0 ? name : name.substring(0, comma), n -> new LinkedHashMap<>())
                            .computeIfAbsent(comma < 0 ? "" : name.substring(comma + 2), n -> new ArrayList<>())
                            .add(new double[]{step, value == null ? Double.NaN : ((Number) value).doubleValue()});
                }
            });
        }
        return looks;
    }

    /// The figures of looks over steps, by name.
    Map<String, List<double[]>> lookCurves() {
        return lookCurves(line -> ((Number) line.get("step")).doubleValue());
    }

    /// The same over processor minutes.
    Map<String, List<double[]>> lookCurvesOfMinutes() {
        return lookCurves(line -> ((Number) line.get("cpu seconds")).doubleValue() / 60);
    }

    private Map<String, List<double[]>> lookCurves(ToDoubleFunction<Map<String, Object>> x) {
        var curves = new LinkedHashMap<String, List<double[]>>();
        for (var line : lines("online")) {
            line.forEach((name, value) -> {
                if (!NO_CURVES.contains(name) && !NO_LOOKS.contains(name) && value instanceof Number number) {
                    curves.computeIfAbsent(name, n -> new ArrayList<>())
                            .add(new double[]{x.applyAsDouble(line), number.doubleValue()});
                }
            });
        }
        return curves;
    }

    /// Where stages begin.
    List<Chart.Mark> stages() {
        var marks = new ArrayList<Chart.Mark>();
        Object stage = null;
        for (var line : lines("train")) {
            if (!line.get("stage").equals(stage)) {
                stage = line.get("stage");
                marks.add(new Chart.Mark(((Number) line.get("step")).doubleValue(), stage.toString()));
            }
        }
        return marks;
    }

    /// The figures of the evaluation, as they are in `eval.json`.
    List<Map<?, ?>> figures() {
        var figures = new ArrayList<Map<?, ?>>();
        if (evaluation.get("figures") instanceof List<?> list) {
            for (Object figure : list) {
                if (figure instanceof Map<?, ?> map) {
                    figures.add(map);
                }
            }
        }
        return figures;
    }

    /// Decimals that the numbers of a column have, all the same.
    static int decimals(List<?> column) {
        return column.stream().anyMatch(v -> v instanceof Number n && Math.abs(n.doubleValue()) >= 10) ? 2 : 3;
    }

    /// A number with so many decimals.
    static String number(Object value, int decimals) {
        return value instanceof Number number
                ? String.format(Locale.ROOT, "%." + decimals + "f", number.doubleValue())
                : "n/a";
    }

    /// A figure's number in words.
    static String number(Object value) {
        return value instanceof Number number
                ? String.format(Locale.ROOT, Math.abs(number.doubleValue()) >= 10 ? "%.2f" : "%.3f",
                        number.doubleValue())
                : "n/a";
    }
}
