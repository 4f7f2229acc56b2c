package dev.triptych.bench;

import dev.triptych.device.Device;
import dev.triptych.device.Session;
import dev.triptych.io.AtomicFile;
import dev.triptych.io.Json;
import dev.triptych.io.Safetensors;
import dev.triptych.io.TensorEntry;
import dev.triptych.program.Program;
import dev.triptych.program.Tensor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Writes down the steps of a training, so that another program can take them: what it begins with, what every step is
/// given, and its losses. `bench/pytorch_train.py` trains the same objective on them by libtorch's autograd and AdamW.
public final class StepRecording {
    private static final String FORMAT = "triptych-steps-1";

    private StepRecording() {
    }

    /// Takes the steps and writes `start.safetensors` (parameters, teacher's averages, buffers; the recipe as
    /// metadata), `step-00000.safetensors` and so on (the inputs), and `losses.csv`.
    ///
    /// @param steps how many
    /// @param folder which is made
    public static void write(Device device, RecipeStep workload, long steps, Path folder) throws IOException {
        Files.createDirectories(folder);
        try (Session session = device.bind(workload.state(),
                workload.programs().toArray(new Program[0]))) {
            workload.begin(session);
            start(session, workload, steps, folder.resolve("start.safetensors"));
            var losses = new StringBuilder("step,total\n");
            for (long step = 0; step < steps; step++) {
                workload.feed(session, step);
                inputs(session, workload, folder.resolve(String.format(Locale.ROOT, "step-%05d.safetensors", step)));
                session.run(workload.program());
                losses.append(step).append(',').append(session.value(workload.loss())).append('\n');
            }
            AtomicFile.write(folder.resolve("losses.csv"), losses.toString().getBytes(StandardCharsets.UTF_8));
        }
    }

    private static void start(Session session, RecipeStep workload, long steps, Path file) throws IOException {
        var entries = new LinkedHashMap<String, TensorEntry>();
        var state = workload.state();
        state.parameters().forEach((name, tensor) -> add(entries, name, session, tensor));
        state.teachers().forEach((name, tensor) -> add(entries, "teacher." + name, session, tensor));
        state.buffers().forEach((name, tensor) -> add(entries, name, session, tensor));
        var metadata = new LinkedHashMap<String, String>();
        metadata.put("format", FORMAT);
        metadata.put("steps", Long.toString(steps));
        metadata.put("stage", workload.description().get("stage").toString());
        metadata.put("parameters", Json.write(Map.of("names",
                workload.parameters().stream().map(Tensor::name).toList()), false));
        metadata.put("recipe", Json.write(workload.recipe().values(), false));
        Safetensors.write(file, metadata, List.copyOf(entries.values()));
    }

    private static void add(Map<String, TensorEntry> to, String name, Session session, Tensor tensor) {
        to.put(name, TensorEntry.of(name, tensor.shape(), session.download(tensor)));
    }

    private static void inputs(Session session, RecipeStep workload, Path file) throws IOException {
        var entries = new ArrayList<TensorEntry>();
        workload.program().inputs().forEach((name, tensor) -> entries.add(tensor.arena().isInteger()
                ? TensorEntry.of(name, tensor.shape(), session.downloadIntegers(tensor))
                : TensorEntry.of(name, tensor.shape(), session.download(tensor))));
        Safetensors.write(file, Map.of("format", FORMAT), entries);
    }
}
