package dev.triptych.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.device.plain.PlainDevice;
import dev.triptych.io.Safetensors;
import dev.triptych.methods.Methods;
import dev.triptych.stellar.StellarPrograms;
import dev.triptych.train.RunException;
import dev.triptych.train.RunFolder;
import dev.triptych.train.TokenizerFiles;
import dev.triptych.train.TrainedRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is known of a run when it is judged, and runs as tokenizers.
class TrainedRunTest {
    @TempDir
    private Path folder;

    private TrainedRun trained() throws IOException {
        Path run = folder.resolve("run");
        Cli cli = Cli.train(run, "seed=7");
        assertEquals(0, cli.code(), cli::all);
        var opened = RunFolder.open(run);
        return TrainedRun.open(opened, opened.newest(), opened.recipe(Methods.RECIPES), opened.recipe(Methods.RECIPES));
    }

    @Test
    void aReportBeginsWithWhatWasJudged() throws IOException {
        TrainedRun run = trained();
        try (var device = new PlainDevice()) {
            var facts = run.facts(Map.of("images", "some"), device);
            assertEquals(List.of("run", "checkpoint", "images", "training", "device", "seed", "commit"),
                    List.copyOf(facts.keySet()));
            assertEquals(run.folder().toString(), facts.get("run"));
            assertTrue(facts.get("checkpoint").matches("step-\\d{8}\\.safetensors, step " + run.step()),
                    facts::toString);
            assertTrue(facts.get("training").matches("\\d+\\.\\d minutes, \\d+ images/s"), facts::toString);
            assertEquals("7", facts.get("seed"));
            Files.delete(run.run().metrics());
            Files.delete(run.folder().resolve("provenance.json"));
            facts = run.facts(Map.of(), device);
            assertEquals("unknown", facts.get("training"));
            assertEquals("unknown", facts.get("commit"));
        }
        assertEquals("STELLAR, run, step " + run.step(), run.title("STELLAR"));
    }

    @Test
    void itsWeightsAreThoseOfTheFile() throws IOException {
        TrainedRun run = trained();
        var programs = new StellarPrograms(run.recipe());
        try (var session = new PlainDevice().bind(programs.state(), programs.evaluate(1).program())) {
            run.load(programs.state(), session);
            assertArrayEquals(Safetensors.read(run.checkpoint()).floats("sparse_tokens"),
                    session.download(programs.state().parameter("sparse_tokens")));
        }
    }

    @Test
    void notEveryFolderIsATokenizer() throws IOException {
        TrainedRun run = trained();
        try (var device = new PlainDevice()) {
            assertEquals(
                    run.folder() + ": the run's method is stellar; expected vqvae or vqgan. Give the folder of a run "
                            + "of recipe vqvae-cifar or maskgit-vqgan, or a saved codebook.",
                    assertThrows(RunException.class, () -> TokenizerFiles.open(run.folder(), Methods.ALL, device))
                            .getMessage());
            String absent = assertThrows(RunException.class,
                    () -> TokenizerFiles.open(folder.resolve("none"), Methods.ALL, device)).getMessage();
            assertTrue(absent.contains("there is no such file or folder"), absent);
        }
    }
}
