package dev.triptych.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.io.Safetensors;
import dev.triptych.io.SafetensorsFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// MAE from the command line: training, going on after a stop, evaluation, and as the prior of other methods.
class MaeRunTest {
    @TempDir
    private Path folder;

    private Path train(String name, String recipe, Object... more) {
        Path run = folder.resolve(name);
        var words = new ArrayList<Object>(List.of("train", "--recipe", recipe, "--quiet", "--out", run));
        words = Cli.with(words, more);
        Cli cli = Cli.run(words.toArray());
        assertEquals(0, cli.code(), cli::all);
        return run;
    }

    private static SafetensorsFile checkpoint(Path run, boolean first) throws IOException {
        try (Stream<Path> files = Files.list(run.resolve("checkpoints"))) {
            var sorted = files.filter(f -> f.toString().endsWith(".safetensors")).sorted().toList();
            return Safetensors.read(first ? sorted.getFirst() : sorted.getLast());
        }
    }

    @Test
    void aRunGoesOnWhereItStoppedAndIsJudged() throws IOException {
        Path whole = train("whole", "mae-micro");
        Path stopped = train("stopped", "mae-micro", "--stop-after", 7);
        Cli resumed = Cli.run("train", "--resume", stopped, "--quiet");
        assertEquals(0, resumed.code(), resumed::all);
        SafetensorsFile a = checkpoint(whole, false);
        SafetensorsFile b = checkpoint(stopped, false);
        assertEquals(a.names(), b.names());
        for (String name : a.names()) {
            if (!name.equals("adam_steps")) {
                assertArrayEquals(a.floats(name), b.floats(name), 0f, name);
            }
        }
        Cli eval = Cli.run("eval", "--run", whole);
        assertEquals(0, eval.code(), eval::all);
        for (String figure : List.of("kNN on CLS", "kNN on mean of D", "linear probe on CLS",
                "PSNR of dropped patches", "patches' own means")) {
            assertTrue(eval.out().contains(figure), eval::all);
        }
        for (String file : List.of("sheet.png", "retrieval.png", "features.png", "eval.json")) {
            assertTrue(Files.exists(whole.resolve(file)), file);
        }
        var events = new StringBuilder();
        for (String file : Cli.files(whole)) {
            if (file.startsWith("events.out.tfevents")) {
                events.append(Files.readString(whole.resolve(file), StandardCharsets.ISO_8859_1));
            }
        }
        for (String tag : List.of("train/total", "eval/sheet", "eval/retrieval", "eval/features")) {
            assertTrue(events.indexOf(tag) > 0, tag);
        }
    }

    @Test
    void otherMethodsBeginWithItsEncoderAndNothingElse() throws IOException {
        Path mae = train("mae", "mae-micro");
        SafetensorsFile prior = checkpoint(mae, false);
        for (String method : List.of("stellar", "bits")) {
            Path alone = train(method + "-alone", method + "-micro", "--stop-after", 1, "optimizer.warmup=0.5");
            Path after = train(method, method + "-micro", "--init-from", mae, "--stop-after", 1,
                    "optimizer.warmup=0.5"); // the first step has a rate of 0
            SafetensorsFile begun = checkpoint(after, false);
            SafetensorsFile other = checkpoint(alone, false);
            for (String name : begun.names()) {
                boolean ofEncoder = name.matches("(teacher\\.)?encoder\\..+");
                if (ofEncoder) {
                    // an average of equal numbers rounds
                    assertArrayEquals(prior.floats(name.replace("teacher.", "")), begun.floats(name),
                            name.startsWith("teacher") ? 1e-6f : 0f, name);
                } else if (!name.startsWith("adam") && !name.startsWith("buffer")) {
                    assertArrayEquals(other.floats(name), begun.floats(name), 0f, name);
                }
            }
            assertFalse(Arrays.equals(other.floats("encoder.cls"), begun.floats("encoder.cls")), method);
        }
    }

    @Test
    void anEncoderOfAnotherShapeIsRefused() {
        Path mae = train("mae", "mae-micro", "encoder.width=16", "--stop-after", 1);
        Cli cli = Cli.run("train", "--recipe", "stellar-micro", "--init-from", mae, "--out", folder.resolve("none"));
        assertEquals(2, cli.code(), cli::all);
        assertTrue(cli.all().contains("of another method, here mae, the encoder is taken"), cli::all);
        assertTrue(cli.all().contains("expected shape"), cli::all);
        assertFalse(Files.exists(folder.resolve("none")));
    }
}
