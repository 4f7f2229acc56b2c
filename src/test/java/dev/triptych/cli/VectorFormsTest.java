package dev.triptych.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.io.Safetensors;
import dev.triptych.io.SafetensorsFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The vector device in the forms that this machine's widest vectors and compiled code do not show: narrower vectors,
/// interpreted code, and no Vector API at all. Each trains three steps in a Java of its own.
class VectorFormsTest {
    @TempDir
    private Path folder;

    private Cli train(String name, List<String> java, Object... more) throws IOException, InterruptedException {
        var words = new ArrayList<Object>(List.of("train", "--recipe", "stellar-micro", "--quiet", "--stop-after", 3,
                "data.train-images=32", "data.test-images=8", "--out", folder.resolve(name)));
        words = Cli.with(words, more);
        var options = new ArrayList<>(java);
        options.add("-XX:TieredStopAtLevel=4");
        Cli cli = Fork.run(options, words.toArray());
        assertEquals(0, cli.code(), cli::all);
        return cli;
    }

    private SafetensorsFile weights(String name) throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve(name).resolve("checkpoints"))) {
            return Safetensors.read(files.filter(f -> f.toString().endsWith("step-00000003.safetensors")).findFirst()
                    .orElseThrow());
        }
    }

    private void compare(String expected, String actual, float tolerance) throws IOException {
        var a = weights(expected);
        var b = weights(actual);
        for (String name : a.names()) {
            if (!name.equals("adam_steps")) {
                assertArrayEquals(a.floats(name), b.floats(name), tolerance, name);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {16, 32, 64})
    void vectorsOfEveryWidthTrainAlike(int bytes) throws IOException, InterruptedException {
        Cli cli = train("narrow", List.of("-XX:MaxVectorSize=" + bytes));
        assertTrue(cli.all().contains("-bit vectors"), cli::all);
        train("plain", List.of(), "--device", "plain");
        compare("plain", "narrow", 2e-4f);
    }

    @Test
    void interpretedCodeGivesTheSameBits() throws IOException, InterruptedException {
        String[] smaller = {"training.batch=4", "encoder.depth=1", "decoder.depth=1"};
        train("compiled", List.of(), (Object[]) smaller);
        train("interpreted", List.of("-Xint"), (Object[]) smaller);
        compare("compiled", "interpreted", 0f);
    }

    @Test
    void withoutTheVectorApiOneWarningNamesTheFlag() throws IOException, InterruptedException {
        Cli cli = train("without", List.of(Fork.NO_VECTORS));
        assertTrue(cli.all().contains("no Vector API"), cli::all);
        assertEquals(2, cli.err().split("--add-modules jdk.incubator.vector", -1).length, cli::all);
        train("plain", List.of(), "--device", "plain");
        compare("plain", "without", 0f);
    }
}
