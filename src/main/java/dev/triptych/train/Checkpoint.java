package dev.triptych.train;

import dev.triptych.device.Session;
import dev.triptych.io.Safetensors;
import dev.triptych.io.SafetensorsFile;
import dev.triptych.io.TensorEntry;
import dev.triptych.nn.AdamWRates;
import dev.triptych.program.Arena;
import dev.triptych.program.State;
import dev.triptych.program.Tensor;
import dev.triptych.recipe.Recipe;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/// The content of a checkpoint: parameters by name, `buffer.*`, and what resuming needs besides: `teacher.*`,
/// `adam_m.*`,
/// `adam_v.*` and `adam_steps`. Metadata: step, stage, recipe.
public final class Checkpoint {
    private Checkpoint() {
    }

    /// Writes a checkpoint atomically.
    ///
    /// @param stage number of the stage whose next step is due
    /// @param rates the optimizer's counters; null leaves the optimizer out
    public static void save(Path file, State state, Session session, Recipe recipe, long step, int stage,
            AdamWRates rates) throws IOException {
        var entries = new ArrayList<TensorEntry>();
        for (var e : stored(state, rates != null).entrySet()) {
            entries.add(TensorEntry.of(e.getKey(), e.getValue().shape(), session.download(e.getValue())));
        }
        if (rates != null) {
            long[] steps = rates.steps();
            entries.add(TensorEntry.of("adam_steps", new int[]{steps.length}, steps));
        }
        var metadata = new LinkedHashMap<String, String>();
        metadata.put("format", "triptych-checkpoint-1");
        metadata.put("step", Long.toString(step));
        metadata.put("stage", Integer.toString(stage));
        metadata.put("recipe", recipe.toYaml());
        Safetensors.write(file, metadata, entries);
    }

    /// Where a checkpoint stands.
    ///
    /// @param step steps done
    /// @param stage whose next step is due
    public record Position(long step, int stage) {
    }

    /// Reads a checkpoint's position without its tensors' values.
    public static Position position(Path file) throws IOException {
        var metadata = Safetensors.read(file).metadata();
        if (!"triptych-checkpoint-1".equals(metadata.get("format"))) {
            throw new RunException(file + ": no checkpoint of Triptych (format is '" + metadata.get("format")
                    + "', expected 'triptych-checkpoint-1'). Give a file from a run's checkpoints folder.");
        }
        return new Position(Long.parseLong(metadata.get("step")), Integer.parseInt(metadata.get("stage")));
    }

    /// Whether a checkpoint was taken inside a stage and so holds the optimizer; one between stages holds none.
    public static boolean hasOptimizer(Path file) throws IOException {
        return Safetensors.read(file).has("adam_steps");
    }

    /// Copies parameters, buffers and, where both have one, the teacher into a session; with `rates` the optimizer too.
    public static void load(Path file, State state, Session session, AdamWRates rates) throws IOException {
        SafetensorsFile f = Safetensors.read(file);
        for (var e : stored(state, rates != null).entrySet()) {
            String name = e.getKey();
            if (!f.has(name)) {
                if (name.startsWith("teacher.")) {
                    continue;
                }
                throw new RunException(file + ": tensor '" + name + "' is missing; expected shape "
                        + Tensor.text(e.getValue().shape()) + ". The checkpoint belongs to another recipe.");
            }
            if (!Arrays.equals(f.shape(name), e.getValue().shape())) {
                throw new RunException(file + ": tensor '" + name + "' has shape " + Tensor.text(f.shape(name))
                        + ", expected " + Tensor.text(e.getValue().shape())
                        + ". The checkpoint belongs to another recipe.");
            }
            session.upload(e.getValue(), f.floats(name));
        }
        if (rates != null) {
            rates.restore(f.longs("adam_steps"));
        }
    }

    private static Map<String, Tensor> stored(State state, boolean optimizer) {
        var tensors = new LinkedHashMap<String, Tensor>(state.parameters());
        state.buffers().forEach((name, t) -> tensors.put("buffer." + name, t));
        state.teachers().forEach((name, t) -> tensors.put("teacher." + name, t));
        if (optimizer) {
            state.parameters().forEach((name, t) -> {
                tensors.put("adam_m." + name, state.mirror(t, Arena.FIRST_MOMENTS));
                tensors.put("adam_v." + name, state.mirror(t, Arena.SECOND_MOMENTS));
            });
        }
        return tensors;
    }
}
