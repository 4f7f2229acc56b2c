package dev.triptych.cli;

import dev.triptych.method.InputException;
import dev.triptych.recipe.Recipe;
import dev.triptych.recipe.RecipeBook;
import dev.triptych.train.Resumption;
import dev.triptych.train.RunException;
import dev.triptych.train.RunFolder;
import dev.triptych.train.RunLock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/// The runs of a sweep, each in a Java of its own, so that those side by side share nothing but the machine. What a run
/// prints goes to `seed-N.log` beside its folder.
final class SweepRuns {
    /// One run.
    ///
    /// @param folder of the run; it is done when `eval.json` lies there
    /// @param recipe that it must have
    /// @param start words of `train` that begin it
    record Job(String arm, long seed, Path folder, Recipe recipe, List<String> start) {
        boolean done() {
            return Files.exists(folder.resolve("eval.json"));
        }

        Path log() {
            return folder.resolveSibling(folder.getFileName() + ".log");
        }

        @Override
        public String toString() {
            return arm + ", seed " + seed;
        }
    }

    /// How they run.
    ///
    /// @param sideBySide runs at a time
    /// @param device words of all commands that choose the device
    /// @param eval words of the evaluations
    record Setting(RecipeBook recipes, int sideBySide, List<String> device, List<String> eval) {
    }

    /// Is told of each run that is done, one at a time.
    @FunctionalInterface
    interface Done {
        void with(Job job) throws IOException;
    }

    private final List<Job> jobs;
    private final Setting how;
    private final Consumer<String> say;
    private final Done done;
    private final Set<Process> living = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean ending = new AtomicBoolean();

    SweepRuns(List<Job> jobs, Setting how, Consumer<String> say, Done done) {
        this.jobs = jobs;
        this.how = how;
        this.say = say;
        this.done = done;
    }

    /// Trains and judges what is not done yet. What is interrupted ends with its checkpoints.
    ///
    /// @throws InputException if a folder holds another run
    /// @throws RunException if a command failed; runs at work beside it are finished first
    void run() throws IOException {
        for (Job job : jobs) {
            requireOwn(job);
        }
        var hook = new Thread(this::end);
        Runtime.getRuntime().addShutdownHook(hook);
        try (var threads = Executors.newFixedThreadPool(how.sideBySide)) {
            var futures = new ArrayList<Future<?>>();
            for (Job job : jobs) {
                futures.add(threads.submit(() -> {
                    if (!ending.get()) {
                        work(job);
                    }
                    return null;
                }));
            }
            for (Future<?> future : futures) {
                await(future);
            }
        } finally {
            Runtime.getRuntime().removeShutdownHook(hook);
        }
    }

    private void await(Future<?> future) throws IOException {
        try {
            future.get();
        } catch (ExecutionException e) {
            ending.set(true);
            switch (e.getCause()) {
                case IOException io -> throw io;
                case RuntimeException runtime -> throw runtime;
                default -> throw new IllegalStateException(e.getCause());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /// Ends what is at work: a training that hears SIGTERM ends with a checkpoint.
    private void end() {
        ending.set(true);
        living.forEach(Process::destroy);
        living.forEach(process -> process.onExit().join());
    }

    /// Checks that a folder holds nothing, or the very run.
    private void requireOwn(Job job) {
        if (!RunFolder.isRun(job.folder())) {
            return;
        }
        var own = RunFolder.open(job.folder()).recipe(how.recipes).values();
        job.recipe().values().forEach((key, value) -> {
            if (!Resumption.FREE.contains(key) && !value.equals(own.get(key))) {
                throw new InputException(job.folder() + ": the run there has " + key + " " + own.get(key)
                        + ", but arm '" + job.arm() + "' has " + value
                        + "; expected the same. Choose another --out, or "
                        + "another name of the arm.");
            }
        });
    }

    private void work(Job job) throws IOException, InterruptedException {
        long begun = System.nanoTime();
        boolean before = job.done();
        if (!before) {
            Files.createDirectories(job.folder().getParent());
            train(job);
            command(job, "eval", List.of("--run", job.folder().toString(), "--out", job.folder().toString()), how.eval);
        }
        synchronized (done) {
            done.with(job);
            say.accept(job + (before
                    ? ": done before"
                    : String.format(Locale.ROOT, ": trained and judged in %.1f minutes",
                            (System.nanoTime() - begun) * 1e-9 / 60)));
        }
    }

    private void train(Job job) throws IOException, InterruptedException {
        if (RunFolder.isRun(job.folder())
                && RunFolder.open(job.folder()).checkpoints().newest().isPresent()) {
            command(job, "train", List.of("--resume", job.folder().toString()), List.of());
            return;
        }
        if (RunFolder.isRun(job.folder())) {
            RunLock.take(job.folder()).close(); // nobody is at work there
        }
        delete(job.folder());
        command(job, "train", List.of("--out", job.folder().toString()), job.start());
    }

    /// Deletes what a start that was killed before its first checkpoint has left.
    private static void delete(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (var files = Files.walk(folder)) {
                files.sorted(Comparator.reverseOrder()).forEach(file -> {
                    try {
                        Files.delete(file);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });
            }
        }
    }

    private void command(Job job, String name, List<String> first, List<String> more)
            throws IOException, InterruptedException {
        var words = new ArrayList<>(java());
        words.add(name);
        words.addAll(first);
        words.addAll(more);
        words.addAll(how.device);
        Process process = new ProcessBuilder(words).redirectErrorStream(true)
                .redirectOutput(Redirect.appendTo(job.log().toFile())).start();
        living.add(process);
        try {
            if (ending.get()) {
                process.destroy();
            }
            int code = process.waitFor();
            if (code != 0) {
                throw new RunException(job + ": `" + name + "` ended with exit code " + code + ", expected 0: "
                        + lastLine(job.log()) + " See " + job.log() + "; the same sweep goes on from here.");
            }
        } finally {
            living.remove(process);
        }
    }

    private static String lastLine(Path log) throws IOException {
        var lines = Files.readAllLines(log).stream().filter(line -> !line.isBlank()).toList();
        return lines.isEmpty() ? "it said nothing." : lines.getLast();
    }

    /// The Java that this one is, with its share of the memory.
    private List<String> java() {
        var words = new ArrayList<String>();
        words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        words.add("-Xmx" + Math.max(64, Runtime.getRuntime().maxMemory() / how.sideBySide >> 20) + "m");
        words.addAll(List.of("-Dtriptych.terminal=false", "--add-modules", "jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"),
                Main.class.getName()));
        return words;
    }
}
