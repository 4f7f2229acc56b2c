package dev.triptych.cli;

import dev.triptych.device.Device;
import dev.triptych.method.Method;
import dev.triptych.method.OnlineJudge;
import dev.triptych.method.Registry;
import dev.triptych.method.Supply;
import dev.triptych.method.Task;
import dev.triptych.recipe.Recipe;
import dev.triptych.train.Checkpoint;
import dev.triptych.train.EventFile;
import dev.triptych.train.MetricsLog;
import dev.triptych.train.Provenance;
import dev.triptych.train.Resumption;
import dev.triptych.train.RunFolder;
import dev.triptych.train.RunLock;
import dev.triptych.train.TrainedRun;
import dev.triptych.train.Trainer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;

/// One training from the command line: images, device, run folder, progress, summary. Nothing is written to the run
/// folder before everything that can be refused has been checked.
final class TrainingRun {
    private final Terminal terminal;
    private final Registry methods;
    private final List<String> commandLine;
    private final long stopAfter;

    /// @param methods of which the recipe's is one
    /// @param commandLine for the provenance
    /// @param stopAfter steps after which this call ends; 0 for none
    TrainingRun(Terminal terminal, Registry methods, List<String> commandLine, long stopAfter) {
        this.terminal = terminal;
        this.methods = methods;
        this.commandLine = commandLine;
        this.stopAfter = stopAfter;
    }

    /// Where a new run goes.
    ///
    /// @param runs folder of all runs
    /// @param name the run's name below it
    /// @param out the run's own folder; null for the next number below `runs`
    record Place(Path runs, String name, Path out) {
        RunFolder create(Recipe recipe, Provenance provenance) throws IOException {
            return out == null
                    ? RunFolder.create(runs, name, recipe, provenance)
                    : RunFolder.create(out, recipe, provenance);
        }
    }

    /// Trains from the beginning.
    ///
    /// @param origin of the recipe, for what is said where it does not fit
    /// @param weights a checkpoint whose weights it begins with; null for drawn ones
    RunFolder start(Recipe recipe, MemoryCheck.Origin origin, Place place, Path weights, Device device)
            throws IOException {
        if (place.out() != null) {
            RunFolder.requireNew(place.out());
        }
        Method method = methods.of(recipe);
        MemoryCheck.require(recipe, method, origin);
        try (var at = new CommandPlace(terminal, methods, device);
                var work = new Work(recipe, method.supply(recipe, at), judge(recipe, method, at), device)) {
            return start(work, place, weights);
        }
    }

    /// What is trained, and what looks at it.
    ///
    /// @param judge null where nothing does
    private record Work(Recipe recipe, Supply supply, OnlineJudge judge, Device device) implements AutoCloseable {
        @Override
        public void close() {
            if (judge != null) {
                judge.close();
            }
        }
    }

    /// What looks at the weights on the way; null for nothing.
    private static OnlineJudge judge(Recipe recipe, Method method, CommandPlace at) throws IOException {
        if (recipe.eval().every() == 0) {
            return null;
        }
        OnlineJudge judge = method.online(recipe, at);
        at.remark("looks:      " + judge.description());
        return judge;
    }

    private RunFolder start(Work work, Place place, Path weights) throws IOException {
        Recipe recipe = work.recipe();
        Device device = work.device();
        Supply supply = work.supply();
        Task task = supply.task();
        try (var trainer = new Trainer(recipe, task, device)) {
            describe(supply, task, trainer, device);
            if (weights != null) {
                var other = trainer.initializeFrom(weights);
                terminal.remark("weights:    from " + weights
                        + other.map(name -> ": the encoder of " + name + ", all else begins anew").orElse(""));
            }
            RunFolder folder = place.create(recipe, provenance(device, recipe, supply, task));
            try (var _ = RunLock.take(folder.path());
                    var metrics = MetricsLog.open(folder.metrics())
                            .beside(EventFile.begin(folder.path(), 0))) {
                train(trainer, folder, metrics, null, work.judge());
            }
            return folder;
        }
    }

    /// Continues a run from its newest checkpoint.
    RunFolder resume(Path path, Device device) throws IOException {
        RunFolder.open(path).newest();
        try (var _ = RunLock.take(path)) {
            return resumeLocked(path, device);
        }
    }

    private RunFolder resumeLocked(Path path, Device device) throws IOException {
        var folder = RunFolder.open(path);
        folder.checkpoints().deleteRemains();
        Recipe recipe = folder.recipe(methods.recipes());
        Path checkpoint = Runs.readable(folder, folder.newest());
        Resumption.requireRecipe(folder, checkpoint, recipe, methods.recipes());
        Method method = methods.of(recipe);
        MemoryCheck.require(recipe, method, null);
        try (var at = new CommandPlace(terminal, methods, device);
                var work = new Work(recipe, method.supply(recipe, at), judge(recipe, method, at), device)) {
            return resume(path, checkpoint, work);
        }
    }

    private RunFolder resume(Path path, Path checkpoint, Work work) throws IOException {
        Recipe recipe = work.recipe();
        Device device = work.device();
        Supply supply = work.supply();
        Task task = supply.task();
        try (var trainer = new Trainer(recipe, task, device)) {
            var position = trainer.resumable(RunFolder.open(path), checkpoint, terminal::remark);
            describe(supply, task, trainer, device);
            if (position.step() >= trainer.steps()) {
                terminal.remark("The run has done all of its " + trainer.steps() + " steps: nothing is left to do.");
                RunFolder folder = RunFolder.open(path);
                folder.checkpoints().keepLastAndBest(recipe.training().keepCheckpoints()); // it may have died before
                Runs.page(folder, methods, terminal);
                return folder;
            }
            terminal.remark("resuming:   at step " + position.step() + " of " + trainer.steps());
            RunFolder folder = RunFolder.resume(path, provenance(device, recipe, supply, task));
            try (var metrics = MetricsLog.resume(folder.metrics(), position.step())
                    .beside(EventFile.begin(folder.path(), position.step()))) {
                train(trainer, folder, metrics, checkpoint, work.judge());
            }
            return folder;
        }
    }

    private Provenance provenance(Device device, Recipe recipe, Supply supply, Task task) {
        return Provenance.collect(device.name() + ": " + device.description(), device.details(), recipe.seed(),
                commandLine).with("images", supply.description()).with("sources", task.sources());
    }

    private void describe(Supply supply, Task task, Trainer trainer, Device device) {
        terminal.remark("device:     " + device.name() + ", " + device.description());
        terminal.remark("images:     " + supply.description());
        terminal.remark(String.format(Locale.ROOT, "model:      %,d parameters, %.0f MB of memory for %d steps",
                task.programs().state().parameterCount(), trainer.bytes() / 1e6, trainer.steps()));
    }

    private void train(Trainer trainer, RunFolder folder, MetricsLog metrics, Path resume, OnlineJudge judge)
            throws IOException {
        terminal.remark("run folder: " + folder.path());
        terminal.remark("page:       " + folder.path().resolve("report.html") + ", anew at each checkpoint");
        long until = stopAfter == 0
                ? Long.MAX_VALUE
                : stopAfter + (resume == null ? 0 : Checkpoint.position(resume).step());
        try (var interruption = new Interruption(terminal)) {
            Trainer.Summary summary;
            try (var progress = terminal.progress()) {
                var page = new LivePage(progress, folder, methods);
                try {
                    summary = trainer.run(new Trainer.Surroundings(folder, metrics, page,
                            step -> step >= until || interruption.asked(), judge), resume);
                } catch (IOException | RuntimeException | Error e) {
                    page.broken();
                    throw e;
                }
            }
            var end = summary.values();
            metrics.write(TrainedRun.END, summary.step(), end);
            var result = new LinkedHashMap<String, Object>();
            result.put("run", folder.path().toString());
            result.put("step", summary.step());
            result.putAll(end);
            terminal.result(result);
            terminal.print(String.format(Locale.ROOT,
                    "%s at step %d: %.1f minutes, %.0f images/s, %.1f%% of the time spent waiting for images",
                    summary.stopped() ? "Stopped" : "Trained", summary.step(), summary.seconds() / 60,
                    summary.imagesPerSecond(), 100 * summary.waitShare()));
            terminal.print(summary.stopped()
                    ? "Go on with: triptych train --resume " + folder.path()
                    : "Run folder: " + folder.path());
            Runs.page(folder, methods, terminal);
        }
    }
}
