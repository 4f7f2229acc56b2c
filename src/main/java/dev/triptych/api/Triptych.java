package dev.triptych.api;

import dev.triptych.device.vector.VectorDevice;
import dev.triptych.methods.Methods;
import dev.triptych.report.RunReport;
import dev.triptych.train.BuildStamp;
import dev.triptych.train.EventFile;
import dev.triptych.train.MetricsLog;
import dev.triptych.train.Progress;
import dev.triptych.train.ProgressListener;
import dev.triptych.train.Provenance;
import dev.triptych.train.RunFolder;
import dev.triptych.train.RunLock;
import dev.triptych.train.TrainedRun;
import dev.triptych.train.Trainer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/// The beginning of everything: opens trained runs and trains new ones.
public final class Triptych {
    private Triptych() {
    }

    /// The version of this program, and the commit that it was built of.
    public static String version() {
        return BuildStamp.ofThisProgram().toString();
    }

    /// Opens the newest checkpoint of a run, on all cores.
    ///
    /// @param run its folder
    /// @throws TriptychException if the folder holds no run, or the run no checkpoint
    public static Encoder open(Path run) throws IOException {
        return open(run, Runtime.getRuntime().availableProcessors());
    }

    /// The same on some cores. The numbers are the same on any.
    ///
    /// @param threads 1 or more
    public static Encoder open(Path run, int threads) throws IOException {
        if (threads < 1 || threads > 1024) {
            throw new IllegalArgumentException("threads is " + threads + "; expected 1 to 1024. Leave it out for all "
                    + "cores.");
        }
        return Work.told(() -> new Encoder(RunFolder.open(run), threads));
    }

    /// Trains a recipe from its beginning, on all cores, in the calling thread.
    ///
    /// @param recipe the name of a built-in one, or the path of a file
    /// @param source pictures: a folder or whatever else `data=` may name; null for those that the recipe names
    /// @param run the folder of the new run: none, or an empty one
    /// @param listener told of every step that is logged
    /// @param settings `key=value` each, as on the command line
    /// @return the folder, for [#open]
    /// @throws TriptychException if anything does not fit; nothing is written then
    public static Path train(String recipe, Path source, Path run, TrainingListener listener, String... settings)
            throws IOException {
        var words = new ArrayList<>(List.of(settings));
        if (source != null) {
            words.add("data.dir=" + source);
        }
        return Work.told(() -> trained(recipe, words, run, listener));
    }

    private static Path trained(String name, List<String> settings, Path path, TrainingListener listener)
            throws IOException {
        var recipe = Methods.RECIPES.load(name, settings).recipe();
        var method = Methods.ALL.of(recipe);
        method.requireData(recipe);
        RunFolder.requireNew(path);
        try (var device = new VectorDevice(); var place = new Place(device, listener::remark)) {
            var task = method.supply(recipe, place).task();
            try (var judge = recipe.eval().every() == 0 ? null : method.online(recipe, place);
                    var trainer = new Trainer(recipe, task, device)) {
                var folder = RunFolder.create(path, recipe, Provenance.collect(device.name() + ": "
                        + device.description(), device.details(), recipe.seed(), settings)
                        .with("sources", task.sources()));
                try (var _ = RunLock.take(path);
                        var metrics = MetricsLog.open(folder.metrics()).beside(EventFile.begin(path, 0))) {
                    var told = new Told(listener, new AtomicBoolean());
                    var summary = trainer.run(
                            new Trainer.Surroundings(folder, metrics, told, _ -> told.ends.get(), judge),
                            null);
                    metrics.write(TrainedRun.END, summary.step(), summary.values());
                }
                RunReport.write(folder, Methods.ALL);
                return path;
            }
        }
    }

    /// @param ends whether the listener wants no more
    private record Told(TrainingListener listener, AtomicBoolean ends) implements ProgressListener {
        @Override
        public void update(Progress.Status status) {
            if (!listener.step(new TrainingListener.Step(status.stage(), status.step(), status.steps(),
                    status.losses()))) {
                ends.set(true);
            }
        }

        @Override
        public void message(String text) {
            listener.remark(text);
        }
    }
}
