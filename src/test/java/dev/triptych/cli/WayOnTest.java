package dev.triptych.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Errors name the key or the file that is at fault, and the way on from there.
class WayOnTest {
    @TempDir
    private Path folder;

    private static void refused(Cli cli, Object... named) {
        assertEquals(2, cli.code(), cli::all);
        for (Object name : named) {
            assertTrue(cli.err().contains(name.toString()), () -> "'" + name + "' in " + cli.all());
        }
        assertFalse(cli.err().contains("-Xmx"), cli::all);
    }

    /// A run of two checkpoints.
    private Path run() {
        Path run = folder.resolve("runs/mine");
        Cli cli = Cli.train(run, "training.keep-checkpoints=2", "--stop-after", 1);
        assertEquals(0, cli.code(), cli::all);
        cli = Cli.run("train", "--resume", run, "--quiet", "--stop-after", 1);
        assertEquals(0, cli.code(), cli::all);
        return run;
    }

    @Test
    void aDamagedNewestCheckpointBesideAWholeOne() throws IOException {
        Path run = run();
        Path newest = run.resolve("checkpoints/step-00000002.safetensors");
        Path whole = run.resolve("checkpoints/step-00000001.safetensors");
        byte[] bytes = Files.readAllBytes(newest);
        Files.write(newest, Arrays.copyOf(bytes, bytes.length / 2));
        refused(Cli.run("train", "--resume", run, "--quiet"), newest, "--checkpoint " + whole, "remove "
                + newest.getFileName(), "--resume goes on at step 1");
        refused(Cli.run("eval", "--run", run), newest, "--checkpoint " + whole);
        refused(Cli.train(folder.resolve("other"), "--init-from", run), newest, whole);
        Cli older = Cli.run("embed", "--run", run, "--checkpoint", whole, "--to", folder.resolve("x.npy"), "--limit",
                4);
        assertFalse(older.err().contains(newest.toString()), older::all);
        Files.delete(newest);
        Cli resumed = Cli.run("train", "--resume", run, "--quiet", "--stop-after", 1);
        assertEquals(0, resumed.code(), resumed::all);
        assertTrue(resumed.err().contains("at step 1 of"), resumed::all);
    }

    @Test
    void aRunBesideNoWholeCheckpointIsNotPromisedOne() throws IOException {
        Path run = run();
        for (int step = 1; step <= 2; step++) {
            Files.write(run.resolve("checkpoints/step-0000000" + step + ".safetensors"), new byte[100]);
        }
        Cli cli = Cli.run("train", "--resume", run, "--quiet");
        refused(cli, "step-00000002.safetensors");
        assertFalse(cli.err().contains("whole"), cli::all);
    }

    @Test
    void aRunIsFoundByItsName() {
        Path run = run();
        Path runs = folder.resolve("runs");
        assertEquals(run, Runs.named(Path.of("mine"), runs));
        assertEquals(Path.of("theirs"), Runs.named(Path.of("theirs"), runs), "no such run: named as it was given");
        assertEquals(run, Runs.named(run, runs));
        assertEquals(Path.of("a/mine"), Runs.named(Path.of("a/mine"), runs));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "encoder.width=65536           | override 'encoder.width=65536': with it",
            "data.side=1024                | override 'data.side=1024': with it",
            "encoder.width=65535           | override 'encoder.width=65535': encoder.width is 65535",
            "stellar.tokens=17             | override 'stellar.tokens=17': ",
            "data.train-images=2000000000  | data.train-images is 2000000000: scenes of 16 px take"})
    void whatIsTooLargeIsNamed(String override, String named) {
        refused(Cli.run("train", "--recipe", "stellar-micro", "--out", folder.resolve("x"), "--quiet", override,
                "seed=3"), named);
        assertFalse(Files.exists(folder.resolve("x")));
    }

    @Test
    void imagesToJudgeThatAreTooMany() {
        refused(Cli.run("eval", "--run", run(), "data.test-images=2000000000"),
                "data.test-images is 2000000000: scenes of 16 px take", "TRIPTYCH_HEAP");
    }

    @Test
    void theBatchIsNamedWhereItIsTooLarge() {
        Cli cli = Cli.run("train", "--recipe", "stellar-scenes", "--out", folder.resolve("x"), "training.batch=2200",
                "data.train-images=100000");
        refused(cli, "override 'training.batch=2200': with it a step needs", "TRIPTYCH_HEAP=");
    }

    @Test
    void aFolderInPlaceOfARecipe() {
        refused(Cli.run("train", "--recipe", folder), folder + ": this is a folder", "data=" + folder);
    }

    @ParameterizedTest
    @ValueSource(strings = {"seed=1 seed=2", "data=a data.dir=b", "training.batch=8 seed=1 training.batch=8"})
    void aKeyGivenTwice(String settings) {
        var words = new ArrayList<Object>(List.of("train", "--recipe", "stellar-micro"));
        words.addAll(List.of(settings.split(" ")));
        refused(Cli.run(words.toArray()), "is given twice", "Leave one out");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "--stop-after | many                 | 'many' is not a whole number",
            "--stop-after | 99999999999999999999 | is not a whole number that small",
            "--threads    | 1.5                  | '1.5' is not a whole number"})
    void typesInWords(String option, String value, String said) {
        Cli cli = Cli.run("train", "--recipe", "stellar-micro", option, value);
        refused(cli, option, said);
        assertFalse(cli.err().matches("(?s).*\\b(int|long)\\b.*"), cli::all);
    }

    @Test
    void whatComesWithTheProgramIsFoundFromAnyFolder() throws Exception {
        Path home = folder.resolve("home");
        var there = List.of("-Dtriptych.home=" + home);
        Cli cli = Fork.run(there, "check-vectors", "none-such");
        refused(cli, "none-such: golden vectors: there is no such folder");
        Files.createDirectories(home.resolve("kept"));
        refused(Fork.run(there, "check-vectors", "kept"), home.resolve("kept"), "it holds no .json");
    }
}
