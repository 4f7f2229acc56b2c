package dev.triptych.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.data.codes.SampleCodes;
import dev.triptych.io.Safetensors;
import dev.triptych.methods.Methods;
import dev.triptych.tokens.DecoderSection;
import dev.triptych.tokens.DecoderTargets;
import dev.triptych.train.Checkpoint;
import dev.triptych.train.CheckpointFiles;
import dev.triptych.train.RunLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Trainings in a process of their own that end suddenly, and what goes on from what they leave: the last checkpoint
/// of a whole run and that of a run killed and resumed are the same file, byte by byte.
class ResumeTest {
    /// How often a training is killed; `-Dkills=40` for more.
    private static final int KILLS = Integer.getInteger("kills", 3);
    private static final int MOST_SAVES = 3;
    private static final int MOST_MILLIS = 60;
    private static final int EPOCHS = 8 * KILLS;
    private static final int ENDLESS = 100_000;
    /// Of a training in parts: more than most machines have cores to spare, so that threads come late. The whole run
    /// has one, and so nothing to do with any other.
    private static final int THREADS = 4;
    /// The Vector API needs its compiler.
    private static final List<String> JUST_IN_TIME = List.of("-XX:TieredStopAtLevel=4");

    @TempDir
    private Path folder;
    private Process process;

    /// Nothing trains on where an assertion failed.
    @AfterEach
    void killWhatIsLeft() {
        if (process != null) {
            process.destroyForcibly();
        }
    }

    static List<String> micros() {
        return Methods.RECIPES.names().stream().filter(name -> name.contains("-micro")).toList();
    }

    /// A training long enough to be caught.
    private List<Object> train(String name, Path out, int epochs, int threads) throws IOException {
        var recipe = Methods.RECIPES.load(name, List.of()).recipe();
        var words = new ArrayList<>(List.<Object>of("train", "--recipe", name, "--quiet", "--threads", threads, "--out",
                out, "training.log-every=7", "training.checkpoint-every=1",
                "training.stages." + (recipe.training().stages().size() - 1) + ".epochs=" + epochs));
        if (recipe.method().equals("sorcen")) {
            Path codes = folder.resolve("micro.codes");
            if (!Files.exists(codes)) {
                SampleCodes.write(codes, 4, 32, 1, 32);
            }
            words.add("sorcen.codes=" + codes);
        } else {
            words.addAll(List.of("data.train-images=32", "data.test-images=8"));
        }
        boolean decodes = recipe.own().values().stream().anyMatch(DecoderSection.class::isInstance);
        if (decodes && DecoderSection.of(recipe).codes() > 0) {
            Path book = folder.resolve("book.safetensors");
            DecoderTargets.codebook(recipe).save(book, Map.of());
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

    /// SIGKILL again and again, at times drawn by a seed: after none to two further checkpoints, either some
    /// milliseconds later or when the next one is being written. Each time all checkpoints of the folder load, and the
    /// next process goes on from the newest.
    @ParameterizedTest
    @MethodSource("micros")
    void killedAndResumedIsTheWholeRun(String recipe) throws Exception {
        Path whole = folder.resolve("whole");
        done(Cli.run(train(recipe, whole, EPOCHS, 1).toArray()));
        long end = checkpoints(whole).newest().orElseThrow().step();
        Path parts = folder.resolve("parts");
        var files = checkpoints(parts);
        Object[] words = train(recipe, parts, EPOCHS, THREADS).toArray();
        Object[] resume = {"train", "--resume", parts, "--quiet", "--threads", THREADS};
        var random = new SplittableRandom(recipe.hashCode());
        int kills = 0;
        while (kills < KILLS && step(files) < end) { // a busy machine may let it end before it is killed
            long before = step(files);
            int saves = (kills == 0 ? 1 : 0) + random.nextInt(MOST_SAVES);
            String begun = kills == 0 ? "run folder:" : "resuming:   at step " + before + " of " + end;
            process = Fork.start(folder, JUST_IN_TIME, words);
            Fork.until(process, folder, () -> Files.readString(folder.resolve("err")).contains(begun));
            var seen = new TreeSet<>(Set.of(before));
            Fork.until(process, folder, () -> {
                seen.add(step(files));
                return seen.size() > saves;
            });
            int millis = random.nextInt(MOST_MILLIS);
            if (random.nextBoolean()) {
                Thread.sleep(millis);
            } else {
                Fork.until(process, folder, () -> Fork.writes(files.folder(), "step-"));
            }
            int code = process.destroyForcibly().waitFor();
            assertTrue(code == 137 || code == 0 && step(files) == end, () -> "code " + code + Fork.said(folder));
            kills += code == 137 ? 1 : 0;
            for (var checkpoint : files.list()) {
                assertEquals(checkpoint.step(), Checkpoint.position(checkpoint.file()).step());
                Safetensors.read(checkpoint.file());
            }
            assertTrue(step(files) >= before && step(files) > 0, () -> "a checkpoint is lost: " + Fork.said(folder));
            words = resume;
        }
        assertTrue(kills > 0, "it was always over before it was killed");
        done(Cli.run(resume)); // even where the last checkpoint is there: it may have died behind it
        assertEquals(-1, Files.mismatch(files.path(end), checkpoints(whole).path(end)));
        assertEquals(names(whole), names(parts), "the same best and the same last");
    }

    private static long step(CheckpointFiles files) throws IOException {
        return files.newest().map(CheckpointFiles.Checkpoint::step).orElse(0L);
    }

    private static List<String> names(Path run) throws IOException {
        return checkpoints(run).list().stream().map(c -> c.file().getFileName().toString()).toList();
    }

    @ParameterizedTest
    @CsvSource({"INT, 130", "TERM, 143"})
    void aSignalEndsItWithACheckpoint(String signal, int expected) throws Exception {
        String recipe = micros().getFirst();
        Path run = folder.resolve("run");
        process = Fork.start(folder, JUST_IN_TIME, train(recipe, run, ENDLESS, 1).toArray());
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
