package dev.triptych.cli;

import dev.triptych.io.Json;
import dev.triptych.recipe.RecipeException;
import dev.triptych.report.RunReport;
import dev.triptych.train.MetricsLog;
import dev.triptych.train.RunException;
import dev.triptych.train.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/// What commands want to know of finished runs.
final class Runs {
    /// The kind of the line that a training leaves in the metrics when it ends.
    static final String END = "end";

    private Runs() {
    }

    /// The newest checkpoint of a run.
    ///
    /// @throws RunException if it has none
    static Path newest(RunFolder run) throws IOException {
        var newest = run.checkpoints().newest();
        if (newest.isEmpty()) {
            throw new RunException(run.path() + ": the run has no checkpoint in " + run.checkpoints().folder()
                    + "; expected at least one. Train it first, or choose another run.");
        }
        return newest.get().file();
    }

    /// Writes the page of a run anew; a page that cannot be written is a remark, for what it shows is in the folder.
    static void page(RunFolder run, Terminal terminal) {
        try {
            terminal.print("Page:   " + RunReport.write(run));
        } catch (IOException | RunException | RecipeException e) {
            terminal.remark("The page report.html was not written: " + e.getMessage());
        }
    }

    /// Minutes and images per second of all trainings of a run, in words; "unknown" where none came to an end.
    static String cost(RunFolder run) throws IOException {
        if (!Files.exists(run.metrics())) {
            return "unknown";
        }
        double seconds = 0;
        double images = 0;
        for (var line : MetricsLog.read(run.metrics())) {
            if (END.equals(line.get("kind")) && line.get("seconds") instanceof Number s
                    && line.get("images/s") instanceof Number rate) {
                seconds += s.doubleValue();
                images += s.doubleValue() * rate.doubleValue();
            }
        }
        return seconds == 0
                ? "unknown"
                : String.format(Locale.ROOT, "%.1f minutes, %.0f images/s", seconds / 60, images / seconds);
    }

    /// The commit of the program that trained a run, from its provenance.
    static String commit(RunFolder run) throws IOException {
        Path file = run.path().resolve("provenance.json");
        Map<String, Object> values = Files.exists(file) ? Json.read(Files.readString(file)) : Map.of();
        Object commit = values.get("commit");
        String changed = Boolean.TRUE.equals(values.get("commit-changed")) ? ", with changes" : "";
        return commit == null ? "unknown" : commit + changed;
    }

    /// The name of a run: that of its folder.
    static String name(RunFolder run) {
        return run.path().toAbsolutePath().normalize().getFileName().toString();
    }
}
