package dev.triptych.cli;

import dev.triptych.data.codes.CodeSet;
import dev.triptych.data.set.Split;
import dev.triptych.device.Device;
import dev.triptych.method.Task;
import dev.triptych.methods.Methods;
import dev.triptych.recipe.Method;
import dev.triptych.recipe.Recipe;
import dev.triptych.sorcen.SorcenTask;
import dev.triptych.train.Checkpoint;
import dev.triptych.train.EventFile;
import dev.triptych.train.MetricsLog;
import dev.triptych.train.Provenance;
import dev.triptych.train.RunFolder;
import dev.triptych.train.RunLock;
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
    private final List<String> commandLine;
    private final long stopAfter;

    /// @param commandLine for the provenance
    /// @param stopAfter steps after which this call ends; 0 for none
    TrainingRun(Terminal terminal, List<String> commandLine, long stopAfter) {
        this.terminal = terminal;
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
    /// @param weights a checkpoint whose weights it begins with; null for drawn ones
    RunFolder start(Recipe recipe, Place place, Path weights, Device device) throws IOException {
        if (place.out() != null) {
            RunFolder.requireNew(place.out());
        }
        MemoryCheck.require(recipe);
        try (var tokenizer = TargetTokenizer.open(recipe, device)) {
            tokenizer.describe(terminal);
            return start(recipe, task(recipe, tokenizer), place, weights, device);
        }
    }

    private RunFolder start(Recipe recipe, Task task, Place place, Path weights, Device device) throws IOException {
        try (var trainer = new Trainer(recipe, task, device)) {
            describe(recipe, task, trainer, device);
            if (weights != null) {
                trainer.initializeFrom(weights);
                terminal.remark("weights:    from " + weights);
            }
            RunFolder folder = place.create(recipe, provenance(device, recipe, task));
            try (var _ = RunLock.take(folder.path());
                    var metrics = MetricsLog.open(folder.metrics())
                            .beside(EventFile.begin(folder.path(), 0))) {
                train(trainer, folder, metrics, null);
            }
            return folder;
        }
    }

    /// Continues a run from its newest checkpoint.
    RunFolder resume(Path path, Device device) throws IOException {
        Runs.newest(RunFolder.open(path));
        try (var _ = RunLock.take(path)) {
            return resumeLocked(path, device);
        }
    }

    private RunFolder resumeLocked(Path path, Device device) throws IOException {
        RunFolder.open(path).checkpoints().deleteRemains();
        Recipe recipe = RunFolder.open(path).recipe();
        Path checkpoint = Runs.newest(RunFolder.open(path));
        MemoryCheck.require(recipe);
        try (var tokenizer = TargetTokenizer.open(recipe, device)) {
            tokenizer.describe(terminal);
            return resume(path, checkpoint, recipe, task(recipe, tokenizer), device);
        }
    }

    private RunFolder resume(Path path, Path checkpoint, Recipe recipe, Task task, Device device) throws IOException {
        try (var trainer = new Trainer(recipe, task, device)) {
            var position = trainer.resumable(checkpoint);
            describe(recipe, task, trainer, device);
            if (position.step() >= trainer.steps()) {
                terminal.remark("The run has done all of its " + trainer.steps() + " steps: nothing is left to do.");
                return RunFolder.open(path);
            }
            terminal.remark("resuming:   at step " + position.step() + " of " + trainer.steps());
            RunFolder folder = RunFolder.resume(path, provenance(device, recipe, task));
            try (var metrics = MetricsLog.resume(folder.metrics(), position.step())
                    .beside(EventFile.begin(folder.path(), position.step()))) {
                train(trainer, folder, metrics, checkpoint);
            }
            return folder;
        }
    }

    private Task task(Recipe recipe, TargetTokenizer tokenizer) throws IOException {
        return recipe.method() == Method.SORCEN
                ? new SorcenTask(recipe, codes(recipe))
                : Methods.task(recipe, Images.open(recipe, Split.TRAIN, terminal), tokenizer.tokenizer());
    }

    private static CodeSet codes(Recipe recipe) throws IOException {
        String file = recipe.sorcen().codes();
        if (file == null) {
            throw new InputException("sorcen.codes is null; expected a code file. Write one with `triptych tokenize`, "
                    + "then give sorcen.codes=FILE.");
        }
        return CodeSet.open(Path.of(file));
    }

    private Provenance provenance(Device device, Recipe recipe, Task task) {
        return Provenance.collect(device.name() + ": " + device.description(), device.details(), recipe.seed(),
                commandLine).with("sources", task.sources());
    }

    private void describe(Recipe recipe, Task task, Trainer trainer, Device device) {
        terminal.remark("device:     " + device.name() + ", " + device.description());
        terminal.remark("images:     " + (recipe.method() == Method.SORCEN
                ? task.size() + " as " + recipe.patches() + " codes each, " + recipe.sorcen().codes()
                : task.size() + " of " + recipe.data().side() + " px, "
                        + (recipe.data().generated() ? "generated scenes" : recipe.data().dir())));
        terminal.remark(String.format(Locale.ROOT, "model:      %,d parameters, %.0f MB of memory for %d steps",
                task.programs().state().parameterCount(), trainer.bytes() / 1e6, trainer.steps()));
    }

    private void train(Trainer trainer, RunFolder folder, MetricsLog metrics, Path resume) throws IOException {
        terminal.remark("run folder: " + folder.path());
        long until = stopAfter == 0
                ? Long.MAX_VALUE
                : stopAfter + (resume == null ? 0 : Checkpoint.position(resume).step());
        try (var interruption = new Interruption(terminal)) {
            Trainer.Summary summary;
            try (var progress = terminal.progress()) {
                summary = trainer.run(new Trainer.Surroundings(folder, metrics, progress,
                        step -> step >= until || interruption.asked()), resume);
            }
            var end = new LinkedHashMap<String, Object>();
            end.put("seconds", summary.seconds());
            end.put("images/s", summary.imagesPerSecond());
            end.put("wait share", summary.waitShare());
            end.put("stopped", summary.stopped());
            metrics.write(Runs.END, summary.step(), end);
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
            Runs.page(folder, terminal);
        }
    }
}
