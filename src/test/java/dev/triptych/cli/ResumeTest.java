package dev.triptych.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.bench.StandIns;
import dev.triptych.data.codes.SampleCodes;
import dev.triptych.recipe.Method;
import dev.triptych.recipe.Recipes;
import dev.triptych.train.Checkpoint;
import dev.triptych.train.CheckpointFiles;
import dev.triptych.train.RunLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Trainings in a process of their own that end suddenly, and what goes on from what they leave: the last checkpoint
/// of a whole run and that of a run killed and resumed are the same file, byte by byte.
class ResumeTest {
    private static final int EPOCHS = 60;

    @TempDir
    private Path folder;

    static List<String> micros() {
        return Recipes.names().stream().filter(name -> name.contains("-micro")).toList();
    }

    /// A training long enough to be caught.
    private List<Object> train(String name, Path out) throws IOException {
        var recipe = Recipes.load(name, List.of()).recipe();
        var words = new ArrayList<>(List.<Object>of("train", "--recipe", name, "--quiet", "--device", "plain", "--out",
                out, "training.log-every=7", "training.checkpoint-every=4",
                "training.stages." + (recipe.training().stages().size() - 1) + ".epochs=" + EPOCHS));
        if (recipe.method() == Method.SORCEN) {
            Path codes = folder.resolve("micro.codes");
            if (!Files.exists(codes)) {
                SampleCodes.write(codes, 4, 32, 1, 32);
            }
            words.add("sorcen.codes=" + codes);
        } else {
            words.addAll(List.of("data.train-images=32", "data.test-images=8"));
        }
        if (recipe.decoder() != null && recipe.decoder().codes() > 0) {
            Path book = folder.resolve("book.safetensors");
            StandIns.codebook(recipe).save(book, Map.of());
            words.add("decoder.tokenizer=" + book);
        }
        return words;
    }

    private static void done(Cli cli) {
        assertEquals(0, cli.code(), cli::all);
    }

    private static CheckpointFiles checkpoints(Path run) {
        return new CheckpointFiles(run.resolve("checkpoints"));
    }

    /// Waits for the first checkpoint of a training and a little longer.
    private void untilItSaves(Process process, Path run) throws IOException, InterruptedException {
        while (process.isAlive() && checkpoints(run).list().isEmpty()) {
            Thread.sleep(2);
        }
        assertTrue(process.isAlive(), () -> {
            try {
                return Fork.result(folder, process.exitValue()).all();
            } catch (IOException e) {
                return e.toString();
            }
        });
    }

    @ParameterizedTest
    @MethodSource("micros")
    void killedAndResumedIsTheWholeRun(String recipe) throws IOException, InterruptedException {
        Path whole = folder.resolve("whole");
        done(Cli.run(train(recipe, whole).toArray()));
        Path parts = folder.resolve("parts");
        Process process = Fork.start(folder, List.of(), train(recipe, parts).toArray());
        untilItSaves(process, parts);
        process.destroyForcibly().waitFor();
        var files = checkpoints(parts);
        for (var checkpoint : files.list()) {
            Checkpoint.position(checkpoint.file());
        }
        Path last = checkpoints(whole).newest().orElseThrow().file();
        assertTrue(files.newest().orElseThrow().step() < checkpoints(whole).newest().orElseThrow().step(),
                "killed before its end");
        Cli resumed = Cli.run("train", "--resume", parts, "--quiet", "--device", "plain");
        done(resumed);
        assertEquals(-1, Files.mismatch(last, files.newest().orElseThrow().file()), resumed::all);
        assertEquals(names(whole), names(parts), "the same best and the same last");
    }

    private static List<String> names(Path run) throws IOException {
        return checkpoints(run).list().stream().map(c -> c.file().getFileName().toString()).toList();
    }

    @ParameterizedTest
    @CsvSource({"INT, 130", "TERM, 143"})
    void aSignalEndsItWithACheckpoint(String signal, int expected) throws Exception {
        String recipe = micros().getFirst();
        Path run = folder.resolve("run");
        Process process = Fork.start(folder, List.of(), train(recipe, run).toArray());
        Fork.until(process, folder, () -> checkpoints(run).newest().isPresent());
        Cli cli = Fork.end(process, signal, folder);
        assertEquals(expected, cli.code(), cli::all);
        assertTrue(cli.err().contains("Stopping after this step, with a checkpoint."), cli::all);
        assertTrue(cli.out().contains("--resume " + run), cli::all);
        var newest = checkpoints(run).newest().orElseThrow();
        assertTrue(cli.out().contains("Stopped at step " + newest.step() + ":"), cli::all);
        assertEquals(newest.step(), Checkpoint.position(newest.file()).step());
    }

    @Test
    void twoTrainingsInOneFolderAreRefused() throws IOException, InterruptedException {
        Path run = folder.resolve("run");
        done(Cli.train(run, "--stop-after", 1));
        List<String> before = Cli.files(run);
        try (var _ = RunLock.take(run)) {
            for (Cli second : List.of(Cli.run("train", "--resume", run, "--quiet"),
                    Fork.run(List.of(), "train", "--resume", run, "--quiet"))) {
                assertEquals(2, second.code(), second::all);
                assertTrue(second.err().contains(run + ": another training (process " + ProcessHandle.current().pid()
                        + ") writes to this run"), second::all);
            }
        }
        assertEquals(before, Cli.files(run), "nothing is written");
        done(Cli.run("train", "--resume", run, "--quiet"));
    }
}
