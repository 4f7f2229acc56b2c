package dev.triptych.train;

import dev.triptych.device.Device;
import dev.triptych.device.Session;
import dev.triptych.io.Json;
import dev.triptych.method.Trained;
import dev.triptych.program.State;
import dev.triptych.recipe.Recipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/// A checkpoint of a run.
///
/// @param run its folder
/// @param checkpoint the file
/// @param position where the checkpoint stands
/// @param own the recipe of the run
/// @param recipe the same, possibly with other images
public record TrainedRun(RunFolder run, Path checkpoint, Checkpoint.Position position, Recipe own, Recipe recipe)
        implements
            Trained {
    /// The kind of the line that a training leaves in the metrics when it ends.
    public static final String END = "end";

    /// Opens a checkpoint.
    ///
    /// @param recipe of the run, possibly with other images
    /// @throws RunException if the file is no checkpoint
    public static TrainedRun open(RunFolder run, Path checkpoint, Recipe own, Recipe recipe) throws IOException {
        return new TrainedRun(run, checkpoint, Checkpoint.position(checkpoint), own, recipe);
    }

    @Override
    public Path folder() {
        return run.path();
    }

    @Override
    public long step() {
        return position.step();
    }

    @Override
    public Map<String, String> sources() {
        return position.sources();
    }

    @Override
    public void requireSources(Map<String, String> found, String remedy) {
        position.requireSources(checkpoint, found, remedy);
    }

    @Override
    public void load(State state, Session into) throws IOException {
        Checkpoint.load(checkpoint, state, into, null);
    }

    @Override
    public Map<String, String> facts(Map<String, String> judged, Device device) throws IOException {
        var facts = new LinkedHashMap<String, String>();
        facts.put("run", folder().toString());
        facts.put("checkpoint", checkpoint.getFileName() + ", step " + step());
        facts.putAll(judged);
        facts.put("training", cost());
        facts.put("device", device.name() + ", " + device.description());
        facts.put("seed", Long.toString(recipe.seed()));
        facts.put("commit", commit());
        return facts;
    }

    /// Minutes and images per second of all trainings of the run, in words; "unknown" where none came to an end.
    private String cost() throws IOException {
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

    /// The commit of the program that trained the run, from its provenance.
    private String commit() throws IOException {
        Path file = folder().resolve("provenance.json");
        Map<String, Object> values = Files.exists(file) ? Json.read(Files.readString(file)) : Map.of();
        Object commit = values.get("commit");
        String changed = Boolean.TRUE.equals(values.get("commit-changed")) ? ", with changes" : "";
        return commit == null ? "unknown" : commit + changed;
    }
}
