package dev.triptych.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.io.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A sweep from the command line: two arms and two seeds; each run in a Java of its own.
class SweepTest {
    private static final List<String> SMALL = List.of("data.train-images=32", "data.test-images=16",
            "training.stages.0.epochs=1", "eval.every=1", "eval.keys=0");

    @TempDir
    private Path folder;

    private Cli sweep(Object... more) {
        var words = new ArrayList<Object>(List.of("sweep", "--recipe", "mae-micro", "--out", folder, "--eval",
                "--hide-images", "--figure", "kNN on CLS"));
        words.addAll(SMALL);
        words.addAll(List.of(more));
        return Cli.run(words.toArray());
    }

    private static double knn(Path run) throws IOException {
        var figures = (List<?>) Json.read(Files.readString(run.resolve("eval.json"))).get("figures");
        return figures.stream().map(f -> (Map<?, ?>) f).filter(f -> f.get("what").equals("kNN on CLS"))
                .mapToDouble(f -> ((Number) f.get("value")).doubleValue()).findFirst().orElseThrow();
    }

    @Test
    void armsAreTrainedJudgedComparedAndGoneOnWith() throws IOException {
        Path wide = folder.resolve("encoder.width=48");
        Cli stopped = Cli.run("train", "--recipe", "mae-micro", "--quiet", "--out", wide.resolve("seed-2"),
                SMALL.get(0), SMALL.get(1), SMALL.get(2), SMALL.get(3), SMALL.get(4), "encoder.width=48",
                "seed=2", "--stop-after", 1);
        assertEquals(0, stopped.code(), stopped::all);
        Path killed = folder.resolve("encoder.width=32").resolve("seed-1");
        Files.createDirectories(killed.resolve("checkpoints")); // before it was a run

        Object[] arms = {"--over", "encoder.width=32", "--seeds", "1,2", "--side-by-side", 2};
        Cli one = sweep(arms);
        assertEquals(2, one.code(), one::all);
        assertTrue(one.err().contains("expected a key and two or more values"), one::all);
        arms[1] = "encoder.width=32,48";
        Cli cli = sweep(arms);
        assertEquals(0, cli.code(), cli::all);
        String log = Files.readString(wide.resolve("seed-2.log"));
        assertTrue(log.contains("resuming:   at step 1 of"), log);

        double[] of = {knn(wide.resolve("seed-1")), knn(wide.resolve("seed-2"))};
        double mean = (of[0] + of[1]) / 2;
        double deviation = Math.abs(of[0] - of[1]) / Math.sqrt(2);
        String number = Math.abs(mean) >= 10 ? "%.2f ± %.2f" : "%.3f ± %.3f";
        String markdown = Files.readString(folder.resolve("sweep.md"));
        String row = markdown.lines().filter(line -> line.startsWith("| encoder.width=48 ")).findFirst()
                .orElseThrow();
        assertTrue(row.matches(".*\\|\\s+2 \\|.*")
                && row.contains(String.format(Locale.ROOT, number, mean, deviation)),
                markdown);
        assertTrue(markdown.contains("arm less encoder.width=32"), markdown);
        String page = Files.readString(folder.resolve("sweep.html"));
        assertTrue(
                page.contains("kNN on cls, student") && page.contains("<polygon") && page.contains("encoder.width=48"),
                page);
        assertFalse(Files.exists(folder.resolve("encoder.width=32/seed-1/provenance-2.json")));

        Path checkpoints = wide.resolve("seed-1").resolve("checkpoints");
        FileTime then = Files.getLastModifiedTime(checkpoints);
        Cli again = sweep(arms);
        assertEquals(0, again.code(), again::all);
        assertEquals(4, again.out().lines().filter(line -> line.endsWith("done before")).count(), again::all);
        assertEquals(then, Files.getLastModifiedTime(checkpoints));

        Cli other = sweep("--arm", "encoder.width=48: encoder.width=16", "--seeds", "1");
        assertEquals(2, other.code(), other::all);
        assertTrue(other.err().contains("encoder.width 48, but arm 'encoder.width=48' has 16"), other::all);
    }

    @Test
    void whatFailsIsNamedWithItsLog() {
        Cli cli = sweep("--arm", "none: --init-from " + folder.resolve("nothing"));
        assertEquals(2, cli.code(), cli::all);
        assertTrue(cli.err().contains("none, seed 1: `train` ended with exit code 2"), cli::all);
        assertTrue(cli.err().contains("seed-1.log"), cli::all);
        Cli word = sweep("--arm", "odd: --quiet");
        assertTrue(word.code() == 2 && word.err().contains("expected key=value, or --init-from RUN"), word::all);
        Cli twice = sweep("--arm", "a b", "--arm", "a-b");
        assertTrue(twice.code() == 2 && twice.err().contains("both go to"), twice::all);
    }
}
