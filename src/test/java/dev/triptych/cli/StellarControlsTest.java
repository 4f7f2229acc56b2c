package dev.triptych.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.io.Safetensors;
import dev.triptych.train.MetricsLog;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Every control of STELLAR is a recipe with some keys changed: it trains, and the term that it leaves out is gone.
class StellarControlsTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            stellar.weights.clustering=0 stellar.weights.cls-clustering=0 | clustering
            stellar.weights.mask=0 stellar.weights.cls=0                  | mask
            stellar.weights.reconstruction=0                              | reconstruction
            stellar.weights.koleo=0 stellar.weights.masked-koleo=0        | koleo
            stellar.match=false                                           | nothing
            stellar.masked-views=2 stellar.local-crops=0                  | cls local
            decoder.reads=dense                                           | nothing
            """)
    void trainsWithoutItsTerm(String overrides, String gone) throws IOException {
        Path run = folder.resolve("run");
        var words = new ArrayList<Object>(List.of("train", "--recipe", "stellar-micro", "--quiet", "--out", run,
                "--stop-after", 3));
        words.addAll(List.of(overrides.split(" ")));
        Cli cli = Cli.run(words.toArray());
        assertEquals(0, cli.code(), cli::all);
        var steps = MetricsLog.read(run.resolve("metrics.jsonl")).stream()
                .filter(values -> values.containsKey("total")).toList();
        assertTrue(!steps.isEmpty());
        for (var values : steps) {
            assertTrue(!values.containsKey(gone), () -> gone + " in " + values);
            assertTrue(((Number) values.get("total")).doubleValue() < 1e6, values::toString);
        }
    }

    /// The teacher of a stage begins as the student whom the stage before left: the first update averages two that are
    /// the same.
    @Test
    void theTeacherOfALaterStageBeginsAsTheStudent() throws IOException {
        Path run = folder.resolve("run");
        Cli cli = Cli.run("train", "--recipe", "stellar-micro", "--quiet", "--out", run, "--stop-after", 5,
                "training.stages.0.teacher=false", "training.stages.1.teacher=true");
        assertEquals(0, cli.code(), cli::all);
        var before = Safetensors.read(run.resolve("checkpoints/step-00000004.safetensors"));
        var after = Safetensors.read(run.resolve("checkpoints/step-00000005.safetensors"));
        var teachers = after.names().stream().filter(name -> name.startsWith("teacher.")).toList();
        assertTrue(teachers.size() > 10, teachers::toString);
        for (String name : teachers) {
            assertArrayEquals(before.floats(name.substring("teacher.".length())), after.floats(name), 1e-6f, name);
        }
    }
}
