package dev.triptych.train;

import dev.triptych.io.AtomicFile;
import dev.triptych.io.Json;
import java.io.BufferedWriter;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Metrics as JSON lines: one object per line, flushed at once, `kind` and `step` first.
///
/// NaN and infinities are written as null and their names listed under `nonfinite` (see [Json]).
public final class MetricsLog implements Closeable {
    private final Path file;
    private final BufferedWriter out;
    private EventFile events;

    private MetricsLog(Path file, BufferedWriter out) {
        this.file = file;
        this.out = out;
    }

    /// Opens a log at its end; it is created where there is none.
    public static MetricsLog open(Path file) throws IOException {
        return new MetricsLog(file, Files.newBufferedWriter(file, StandardCharsets.UTF_8, StandardOpenOption.CREATE,
                StandardOpenOption.APPEND));
    }

    /// Opens a log to go on after `step`, the step of the checkpoint: lines of later steps, which are about to be done
    /// again, and a last line that a crash cut short are removed.
    public static MetricsLog resume(Path file, long step) throws IOException {
        if (Files.exists(file)) {
            var kept = new ArrayList<String>();
            for (var line : read(file)) {
                if (!(line.get("step") instanceof Long s) || s <= step) {
                    kept.add(Json.write(line, false));
                }
            }
            AtomicFile.write(file,
                    (String.join("\n", kept) + (kept.isEmpty() ? "" : "\n")).getBytes(StandardCharsets.UTF_8));
        }
        return open(file);
    }

    /// Writes the numbers of every further line to an event file too, which is closed with this log.
    public MetricsLog beside(EventFile events) {
        this.events = events;
        return this;
    }

    /// Appends one line.
    ///
    /// @param kind   what the values are, such as `train`, `health`, `eval`
    /// @param step   training steps done
    /// @param values names and values; `kind` and `step` are taken
    public void write(String kind, long step, Map<String, ?> values) throws IOException {
        var line = new LinkedHashMap<String, Object>();
        line.put("kind", kind);
        line.put("step", step);
        for (var entry : values.entrySet()) {
            if (line.put(entry.getKey(), entry.getValue()) != null
                    && (entry.getKey().equals("kind") || entry.getKey().equals("step"))) {
                throw new IllegalArgumentException("a metric is named '" + entry.getKey()
                        + "'; expected another name, because every line has this key. Rename it.");
            }
        }
        try {
            out.write(Json.write(line, false));
            out.write('\n');
            out.flush();
        } catch (IOException e) {
            throw AtomicFile.notWritten(file, e);
        }
        if (events != null) {
            events.write(kind, step, values);
        }
    }

    /// The lines of a log, in order. A last line that is not complete, as a crash leaves it, is left out.
    ///
    /// @throws RunException if a line before the last is not a JSON object
    public static List<Map<String, Object>> read(Path file) throws IOException {
        var lines = Files.readAllLines(file, StandardCharsets.UTF_8);
        var objects = new ArrayList<Map<String, Object>>();
        for (int i = 0; i < lines.size(); i++) {
            try {
                objects.add(Json.read(lines.get(i)));
            } catch (IOException e) {
                if (i < lines.size() - 1) {
                    throw new RunException(file + ":" + (i + 1) + ": '" + shorten(lines.get(i))
                            + "' is not a line of metrics; expected a JSON object. Remove the line.");
                }
            }
        }
        return objects;
    }

    private static String shorten(String text) {
        return text.length() <= 60 ? text : text.substring(0, 60) + "...";
    }

    @Override
    public void close() throws IOException {
        try (var _ = events) {
            out.close();
        }
    }
}
