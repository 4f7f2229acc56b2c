package dev.triptych.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.train.Checkpoint;
import dev.triptych.train.CheckpointFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The hash of the first step's gradient: the same for runs that begin alike, another one where anything differs that
/// reaches the gradient.
class FirstStepTest {
    @TempDir
    private Path folder;

    private static Cli done(Cli cli) {
        assertEquals(0, cli.code(), cli::all);
        return cli;
    }

    private static String hash(Path run) throws IOException {
        String hash = Checkpoint.position(new CheckpointFiles(run.resolve("checkpoints")).newest().orElseThrow().file())
                .firstStep();
        assertTrue(hash.matches("[0-9a-f]{64}"), hash);
        return hash;
    }

    private Path begun(String out, String name, Object... more) throws IOException {
        Path run = folder.resolve(out);
        var words = new ArrayList<Object>(List.of("train", "--recipe", name, "--quiet", "--out", run, "--stop-after",
                1));
        words.addAll(ResumeChangesTest.little(name, folder));
        words = Cli.with(words, more);
        done(Cli.run(words.toArray()));
        return run;
    }

    @ParameterizedTest
    @MethodSource("dev.triptych.cli.ResumeChangesTest#micros")
    void itIsThatOfAnyNumberOfThreads(String name) throws IOException {
        String one = hash(begun("one", name, "--threads", 1));
        assertEquals(one, hash(begun("four", name, "--threads", 4)));
        assertEquals(one, hash(begun("rate", name, "optimizer.lr=2e-3")), "a step does not change its own gradient");
        assertNotEquals(one, hash(begun("seed", name, "seed=2")));
        assertNotEquals(one, hash(begun("other", name, "training.batch=8")));
    }

    @Test
    void aRunKeepsItAndShowsIt() throws IOException {
        Path a = begun("a", "stellar-micro");
        String one = hash(a);
        done(Cli.run("train", "--resume", a, "--quiet"));
        assertEquals(one, hash(a));
        assertTrue(Files.readString(a.resolve("report.html")).contains(one));
        Path b = begun("b", "stellar-micro", "seed=7");
        Path page = folder.resolve("compare.html");
        Cli cli = done(Cli.run("compare", a, b, "--out", page));
        for (String hash : List.of(one, hash(b))) {
            assertTrue(cli.out().contains(hash), cli::all);
            assertTrue(Files.readString(page).contains(hash));
        }
    }
}
