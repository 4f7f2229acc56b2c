package dev.triptych.train;

import dev.triptych.device.Session;
import dev.triptych.io.Safetensors;
import dev.triptych.io.SafetensorsFile;
import dev.triptych.io.TensorEntry;
import dev.triptych.method.Task;
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
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/// The content of a checkpoint: parameters by name, `buffer.*`, and what resuming needs besides: `teacher.*`,
/// `adam_m.*`, `adam_v.*` and `adam_steps`. Metadata: step, stage, images, steps, window, examples, first-step, recipe,
/// `source.*`. Batches and draws are keyed by the recipe's seed and the step, so that these two are the cursor of the
/// data and the state of the generator.
public final class Checkpoint {
    private static final Pattern METHOD = Pattern.compile("(?m)^method: *([a-z0-9-]+)");
    private static final String ENCODER = "encoder.";
    private static final String FORMAT = "triptych-checkpoint-1";
    private static final String SOURCE = "source.";
    private static final String EXAMPLES = "examples";
    private static final String FIRST_STEP = "first-step";
    private static final String RECIPE = "recipe";

    private Checkpoint() {
    }

    /// Writes a checkpoint atomically.
    ///
    /// @param position where the training stands
    /// @param rates the optimizer's counters; null leaves the optimizer out
    public static void save(Path file, State state, Session session, Recipe recipe, Position position,
            AdamWRates rates) throws IOException {
        var entries = new ArrayList<TensorEntry>();
        for (var e : stored(state, rates != null).entrySet()) {
            entries.add(TensorEntry.of(e.getKey(), e.getValue().shape(), session.download(e.getValue())));
        }
        if (rates != null) {
            long[] steps = rates.steps();
            entries.add(TensorEntry.of("adam_steps", new int[]{steps.length}, steps));
        }
        write(file, recipe, position, entries);
    }

    /// Writes a checkpoint of given tensors atomically: all that [#load] asks for.
    public static void write(Path file, Recipe recipe, Position position, List<TensorEntry> entries)
            throws IOException {
        var metadata = new LinkedHashMap<String, String>();
        metadata.put("format", FORMAT);
        metadata.put("step", Long.toString(position.step()));
        metadata.put("stage", Integer.toString(position.stage()));
        metadata.put("images", Integer.toString(position.images()));
        metadata.put("steps", Long.toString(position.steps()));
        metadata.put("window", position.window().text());
        if (!position.examples().isEmpty()) {
            metadata.put(EXAMPLES, position.examples());
        }
        if (!position.firstStep().isEmpty()) {
            metadata.put(FIRST_STEP, position.firstStep());
        }
        position.sources().forEach((name, sha256) -> metadata.put(SOURCE + name, sha256));
        metadata.put(RECIPE, recipe.toYaml());
        Safetensors.write(file, metadata, entries);
    }

    /// Where a checkpoint stands.
    ///
    /// @param step steps done
    /// @param stage whose next step is due
    /// @param images of the training set; 0 where an older file does not say
    /// @param steps of all stages together; 0 where an older file does not say
    /// @param window the losses since the last full checkpoint; empty where an older file does not say
    /// @param examples SHA-256 of what it learns from ([Task#examples]); empty where an older file does not say
    /// @param firstStep SHA-256 of the gradient of the run's first step; empty where an older file does not say, and
    ///        before that step
    /// @param sources SHA-256 of what the training read besides recipe and images, by name ([Task#sources])
    public record Position(long step, int stage, int images, long steps, LossWindow window, String examples,
            String firstStep, Map<String, String> sources) {
        /// Checks that what is at hand is what the training read. (An older file does not say.)
        ///
        /// @param found SHA-256 by name
        /// @param remedy the rest of the message, behind "Restore the tokenizer"
        /// @throws RunException if one of them is another
        public void requireSources(Path checkpoint, Map<String, String> found, String remedy) {
            found.forEach((name, sha256) -> {
                String before = sources.getOrDefault(name, sha256);
                if (!before.equals(sha256)) {
                    throw new RunException(checkpoint + ": the run was trained with " + name + " of SHA-256 " + before
                            + ", but here it is " + sha256 + "; expected the same. Restore the " + name + remedy);
                }
            });
        }
    }

    /// Reads a checkpoint's position without its tensors' values.
    ///
    /// @throws RunException if the file is no checkpoint, or its metadata lack the position
    public static Position position(Path file) throws IOException {
        var metadata = open(file).metadata();
        int stage = (int) count(file, metadata, "stage", Integer.MAX_VALUE);
        return new Position(count(file, metadata, "step", Long.MAX_VALUE), stage,
                metadata.containsKey("images") ? (int) count(file, metadata, "images", Integer.MAX_VALUE) : 0,
                metadata.containsKey("steps") ? count(file, metadata, "steps", Long.MAX_VALUE) : 0,
                metadata.containsKey("window") ? window(file, metadata.get("window")) : LossWindow.begin(stage),
                metadata.getOrDefault(EXAMPLES, ""), metadata.getOrDefault(FIRST_STEP, ""),
                sources(metadata));
    }

    /// The resolved recipe that a checkpoint was trained with, as the YAML that it holds.
    ///
    /// @throws RunException if the file is no checkpoint, or holds none
    public static String recipe(Path file) throws IOException {
        String text = open(file).metadata().get(RECIPE);
        if (text == null) {
            throw new RunException(file + ": metadata '" + RECIPE + "' is missing; expected the recipe that it was "
                    + "trained with. The file is damaged or was written by another program: use an older checkpoint of "
                    + "the run.");
        }
        return text;
    }

    private static Map<String, String> sources(Map<String, String> metadata) {
        var sources = new LinkedHashMap<String, String>();
        metadata.forEach((key, value) -> {
            if (key.startsWith(SOURCE)) {
                sources.put(key.substring(SOURCE.length()), value);
            }
        });
        return sources;
    }

    private static LossWindow window(Path file, String text) {
        try {
            return LossWindow.parse(text);
        } catch (IllegalArgumentException e) {
            throw new RunException(file + ": metadata 'window' is '" + text + "'; expected a stage, a sum, a number of "
                    + "steps, full or open, and a score where there is one. The file is damaged: "
                    + "use an older checkpoint of the run.");
        }
    }

    private static long count(Path file, Map<String, String> metadata, String key, long largest) {
        String text = metadata.get(key);
        try {
            long value = text == null ? -1 : Long.parseLong(text);
            if (value >= 0 && value <= largest) {
                return value;
            }
        } catch (NumberFormatException e) {
            // told below
        }
        throw new RunException(file + ": metadata '" + key + "' is " + (text == null ? "missing" : "'" + text + "'")
                + "; expected a whole number of 0 to " + largest + ". The file is damaged or was written by another "
                + "program: use an older checkpoint of the run.");
    }

    private static SafetensorsFile open(Path file) throws IOException {
        var opened = Safetensors.read(file);
        String format = opened.metadata().get("format");
        if (!FORMAT.equals(format)) {
            throw new RunException(file + ": no checkpoint of Triptych (format is "
                    + (format == null ? "missing" : "'" + format + "'") + ", expected '" + FORMAT
                    + "'). Give a file from a run's checkpoints folder.");
        }
        return opened;
    }

    /// The method of the run that wrote a checkpoint; empty where its recipe does not say.
    private static String method(SafetensorsFile file) {
        var method = METHOD.matcher(file.metadata().getOrDefault("recipe", ""));
        return method.find() ? method.group(1) : "";
    }

    /// Copies the encoder of another method's run into a session, and nothing else.
    ///
    /// @return the method; empty if it is the recipe's own, and nothing was copied
    /// @throws RunException if the run has no such encoder
    public static Optional<String> loadEncoder(Path file, Recipe recipe, State state, Session session)
            throws IOException {
        SafetensorsFile f = open(file);
        String method = method(f);
        if (method.isEmpty() || Objects.equals(method, recipe.method())) {
            return Optional.empty();
        }
        for (var e : state.parameters().entrySet()) {
            String name = e.getKey();
            if (name.startsWith(ENCODER)) {
                if (!f.has(name) || !Arrays.equals(f.shape(name), e.getValue().shape())) {
                    throw new RunException(file + ": tensor '" + name + "' "
                            + (f.has(name) ? "has shape " + Tensor.text(f.shape(name)) : "is missing") + "; expected "
                            + "shape " + Tensor.text(e.getValue().shape()) + ". Of a run of another method, here "
                            + method + ", the encoder is taken: give one whose data.side and section encoder are "
                            + "those of this recipe.");
                }
                session.upload(e.getValue(), f.floats(name));
            }
        }
        return Optional.of(method);
    }

    /// Whether a checkpoint was taken inside a stage and so holds the optimizer; one between stages holds none.
    public static boolean hasOptimizer(Path file) throws IOException {
        return open(file).has("adam_steps");
    }

    /// Copies parameters, buffers and, where both have one, the teacher into a session; with `rates` the optimizer too.
    ///
    /// @return whether the teacher was copied; a file holds all of it or nothing
    public static boolean load(Path file, State state, Session session, AdamWRates rates) throws IOException {
        SafetensorsFile f = open(file);
        boolean teacher = state.teachers().keySet().stream().anyMatch(name -> f.has("teacher." + name));
        for (var e : stored(state, rates != null).entrySet()) {
            String name = e.getKey();
            if (!f.has(name)) {
                if (!teacher && name.startsWith("teacher.")) {
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
        return teacher;
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
