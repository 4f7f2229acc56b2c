package dev.triptych.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Whoever trains on the processor needs nothing of TornadoVM, and nothing of it is loaded.
class WithoutTornadoTest {
    private static final String TORNADO = "uk.ac.manchester.tornado";

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"plain", "vector"})
    void aTrainingLoadsNoClassOfTornado(String device) throws IOException, InterruptedException {
        Cli cli = Fork.run(List.of("-Xlog:class+load=info:stdout:tags"), "train", "--recipe", "stellar-micro",
                "--quiet", "--device", device, "--stop-after", 1, "--out", folder.resolve(device),
                "data.train-images=32", "data.test-images=8");
        assertEquals(0, cli.code(), cli::err);
        List<String> loaded = cli.out().lines().filter(l -> l.contains("[class,load]")).toList();
        assertTrue(loaded.stream().anyMatch(l -> l.contains(" dev.triptych.program.Launch ")), "classes are listed");
        assertFalse(loaded.stream().anyMatch(l -> l.contains("] " + TORNADO)), "classes of TornadoVM are loaded");
    }

    /// Not that TornadoVM is missing, which is no error.
    @Test
    void doctorTellsAWrongOptionFromWhatIsOptional() throws IOException, InterruptedException {
        Cli wrong = Fork.run(List.of("-Dtriptych.tornado.groups=maybe"), "doctor");
        assertEquals(1, wrong.code(), wrong::all);
        assertTrue(wrong.out().replaceAll("\\s+", " ").contains("TornadoVM WRONG -Dtriptych.tornado.groups is 'maybe'; "
                + "expected true "), wrong::all);
        assertTrue(wrong.out().contains("An option of Java is wrong."), wrong::all);
        Cli right = Fork.run(List.of("-Dtriptych.tornado.groups=true"), "doctor");
        assertFalse(right.out().contains("WRONG") || right.out().contains("An option"), right::all);
    }
}
