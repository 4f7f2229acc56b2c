package dev.triptych.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.io.Json;
import dev.triptych.io.Safetensors;
import dev.triptych.io.SafetensorsFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// BITS from the command line: resets, going on after a stop, adaptation, evaluation.
class BitsRunTest {
    @TempDir
    private Path folder;

    /// `train --recipe bits-micro`: 12 steps, resets before steps 4 and 8.
    private Path train(String name, Object... more) {
        Path run = folder.resolve(name);
        var words = new ArrayList<Object>(List.of("train", "--recipe", "bits-micro", "--quiet", "--out", run));
        words = Cli.with(words, more);
        Cli cli = Cli.run(words.toArray());
        assertEquals(0, cli.code(), cli::all);
        return run;
    }

    private static SafetensorsFile last(Path run) throws IOException {
        try (Stream<Path> files = Files.list(run.resolve("checkpoints"))) {
            return Safetensors.read(files.filter(f -> f.toString().endsWith(".safetensors")).sorted().toList()
                    .getLast());
        }
    }

    /// Texts of the changes between steps, each with the step before which it was made.
    private static List<String> changes(Path run) throws IOException {
        var changes = new ArrayList<String>();
        for (String line : Files.readAllLines(run.resolve("metrics.jsonl"))) {
            var values = Json.read(line);
            if ("change".equals(values.get("kind"))) {
                changes.add(values.get("step") + ": " + values.get("text"));
            }
        }
        return changes;
    }

    @Test
    void resetsAreLoggedAndARunGoesOnWhereItStopped() throws IOException {
        Path whole = train("whole");
        assertEquals(List.of("4: the head of student and teacher was re-initialised, reset 1",
                "8: the head of student and teacher was re-initialised, reset 2"), changes(whole));
        Path stopped = train("stopped", "--stop-after", 8); // the second reset is due, and not yet made
        Cli cli = Cli.run("train", "--resume", stopped, "--quiet");
        assertEquals(0, cli.code(), cli::all);
        assertEquals(changes(whole), changes(stopped));
        SafetensorsFile a = last(whole);
        SafetensorsFile b = last(stopped);
        assertEquals(a.names(), b.names());
        for (String name : a.names()) {
            if (!name.equals("adam_steps")) {
                assertArrayEquals(a.floats(name), b.floats(name), 0f, name);
            }
        }
        assertArrayEquals(a.longs("adam_steps"), b.longs("adam_steps"));
        assertTrue(a.longs("adam_steps")[0] > a.longs("adam_steps")[a.longs("adam_steps").length - 1],
                () -> "the head's counters began again: " + text(a));
    }

    private static String text(SafetensorsFile file) {
        return Arrays.toString(file.longs("adam_steps"));
    }

    @Test
    void fixedMeansWithoutResets() throws IOException {
        assertEquals(List.of(), changes(train("fixed", "bits.reset-every=null", "--stop-after", 9)));
    }

    @Test
    void adaptationBeginsAsTheOtherRunsTeacher() throws IOException {
        Path source = train("source", "bits.reset-every=null");
        // a rate of almost nothing: what is saved after a step is what it began with
        String[] still = {"optimizer.lr=1e-12", "optimizer.min-lr=0", "training.stages.0.momentum=1",
                "training.stages.0.momentum-final=1", "seed=2", "bits.reset-every=null"};
        Path fixed = train("adapted", Stream.concat(Stream.of("--init-from", source, "--stop-after", 1),
                Stream.of(still)).toArray());
        Path reset = train("reset", Stream.concat(Stream.of("--init-from", source, "--stop-after", 1,
                "bits.reset-first=true"), Stream.of(still)).toArray());
        assertEquals(List.of("0: the head of student and teacher was re-initialised"), changes(reset));
        SafetensorsFile from = last(source);
        SafetensorsFile same = last(fixed);
        SafetensorsFile fresh = last(reset);
        for (String name : from.names()) {
            if (!name.startsWith("teacher.")) {
                continue;
            }
            String student = name.substring("teacher.".length());
            assertArrayEquals(from.floats(name), same.floats(student), 1e-9f, student);
            assertArrayEquals(from.floats(name), same.floats(name), 0f, name);
            if (!student.startsWith("head.")) {
                assertArrayEquals(from.floats(name), fresh.floats(name), 0f, name);
            } else if (student.endsWith("weight")) {
                assertFalse(Arrays.equals(from.floats(name), fresh.floats(name)), name);
                assertArrayEquals(fresh.floats(name), fresh.floats(student), 1e-9f, name);
            }
        }
    }

    @Test
    void evaluationPrintsItsFiguresAndThePicture() throws IOException {
        Path run = train("evaluated", "--stop-after", 2);
        Cli cli = Cli.run("eval", "--run", run);
        assertEquals(0, cli.code(), cli::all);
        for (String figure : List.of("kNN on CLS", "linear probe", "mAP, cosine", "mAP, Hamming, 16 bits",
                "mAP, Hamming, 8 random bits", "mAP, asymmetric", "d_eff", "r_eff", "bit entropy", "block entropy",
                "agreement of two views", "I(b; class), mean", "Hamming retrieval", "codes of 16 bits in")) {
            assertTrue(cli.out().contains(figure), () -> figure + " in " + cli.all());
        }
        String json = Files.readString(run.resolve("eval.json"));
        assertTrue(json.contains("protocol") && json.contains("mAP@ALL"), json);
        assertTrue(Files.size(run.resolve("sheet.png")) > 1000);
    }
}
