package dev.triptych.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.io.Json;
import dev.triptych.io.Safetensors;
import dev.triptych.train.CheckpointFiles;
import dev.triptych.train.MetricsLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Looks at weights on the way, from the command line: the training is the same, and what is seen is what `eval` finds.
class OnlineRunTest {
    @TempDir
    private Path folder;

    private Path train(String name, String recipe, Object... more) {
        Path run = folder.resolve(name);
        var words = new ArrayList<Object>(List.of("train", "--quiet", "--out", run, "--recipe", recipe));
        words = Cli.with(words, more);
        Cli cli = Cli.run(words.toArray());
        assertEquals(0, cli.code(), cli::all);
        return run;
    }

    private static List<Map<String, Object>> looks(Path run) throws IOException {
        return MetricsLog.read(run.resolve("metrics.jsonl")).stream().filter(line -> line.get("kind").equals("online"))
                .toList();
    }

    /// A line without what time says.
    private static Map<String, Object> timeless(Map<String, Object> look) {
        var rest = new LinkedHashMap<>(look);
        rest.remove("cpu seconds");
        rest.remove("look seconds");
        return rest;
    }

    private static void assertSameTensors(Path one, Path other) throws IOException {
        var files = new CheckpointFiles(one.resolve("checkpoints")).list();
        assertFalse(files.isEmpty());
        int compared = 0;
        for (var file : files) {
            Path beside = other.resolve("checkpoints").resolve(file.file().getFileName());
            if (Files.exists(beside)) {
                var a = Safetensors.read(file.file());
                var b = Safetensors.read(beside);
                assertEquals(a.names(), b.names());
                for (String name : a.names()) {
                    if (name.equals("adam_steps")) {
                        assertArrayEquals(a.longs(name), b.longs(name));
                    } else {
                        assertArrayEquals(a.floats(name), b.floats(name), 0f, name);
                    }
                }
                compared++;
            }
        }
        assertTrue(compared >= 2, compared + " checkpoints compared");
    }

    /// Two stages with a teacher and without, resets of heads, dropout, codebooks that are revived.
    @ParameterizedTest
    @ValueSource(strings = {"stellar-micro", "bits-micro", "vqvae-micro"})
    void trainingIsTheSameWithAndWithoutLooks(String recipe) throws IOException {
        Path plain = train("plain", recipe, "training.keep-checkpoints=9");
        Path looked = train("looked", recipe, "training.keep-checkpoints=9", "eval.every=0.5");
        assertTrue(looks(looked).size() > 3);
        assertEquals(List.of(), looks(plain));
        assertSameTensors(plain, looked);
    }

    @Test
    void aRunThatGoesOnSeesWhatAWholeOneSees() throws IOException {
        Path whole = train("whole", "stellar-micro", "eval.every=0.5");
        Path cut = train("cut", "stellar-micro", "eval.every=0.5", "--stop-after", 5);
        Cli on = Cli.run("train", "--resume", cut, "--quiet");
        assertEquals(0, on.code(), on::all);
        var expected = looks(whole).stream().map(OnlineRunTest::timeless).toList();
        var found = looks(cut).stream().map(OnlineRunTest::timeless).toList();
        assertEquals(expected.size(), found.size());
        for (int i = 0; i < expected.size(); i++) {
            var a = new LinkedHashMap<>(expected.get(i));
            var b = new LinkedHashMap<>(found.get(i));
            a.remove("loss since the last look"); // of the steps since the run went on
            b.remove("loss since the last look");
            assertEquals(a, b);
        }
    }

    /// All images as keys and queries; the weights that the method's evaluation reads.
    @ParameterizedTest
    @CsvSource({"stellar-micro,'kNN on sparse, student',kNN on mean of S",
            "bits-micro,'kNN on cls, teacher',kNN on CLS", "mae-micro,'kNN on dense, student',kNN on mean of D"})
    void theLastLookFindsWhatEvalFinds(String recipe, String look, String figure) throws IOException {
        Path run = train("run", recipe, "eval.every=1", "eval.keys=0", "eval.queries=0");
        Cli eval = Cli.run("eval", "--run", run);
        assertEquals(0, eval.code(), eval::all);
        var figures = (List<?>) Json.read(Files.readString(run.resolve("eval.json"))).get("figures");
        var found = figures.stream().map(f -> (Map<?, ?>) f)
                .filter(f -> f.get("what").toString().startsWith(figure)).findFirst().orElseThrow();
        assertEquals((Double) found.get("value"), (Double) looks(run).getLast().get(look), 1e-9, found.toString());
        assertTrue(Files.readString(run.resolve("report.html")).contains("Looks at the weights on the way"));
    }

    @Test
    void studentAndTeacherAreToldApartAndFewerImagesAreTaken() throws IOException {
        Path run = train("run", "bits-micro", "eval.every=1", "eval.keys=40", "eval.queries=16", "eval.by=logits");
        var last = looks(run).getLast();
        assertTrue(last.keySet().containsAll(List.of("kNN on cls, student", "kNN on cls, teacher",
                "kNN on logits, student", "agreement on logits of student and teacher")), last::toString);
        assertEquals(last.get("kNN on logits, teacher"), last.get("score"), "evaluation reads the teacher");
        assertEquals(0, (Double) last.get("score") % 6.25, 1e-9, "of 16 queries");
        assertTrue(looks(run).stream().anyMatch(look -> !look.get("kNN on cls, student")
                .equals(look.get("kNN on cls, teacher"))), "the teacher is another one");
        double agreement = (Double) looks(run).getFirst().get("agreement on logits of student and teacher");
        assertEquals(100, agreement, "they begin alike");
    }

    @Test
    void whatDoesNotFitIsRefusedBeforeAnythingIsWritten() {
        refused("'cis'; expected one of cls, sparse, localization, dense, lowrank", "eval.every=1", "eval.by=cis");
        refused("expected at least 20", "eval.every=1", "eval.keys=10");
        refused("expected 0 while eval.every is 0", "eval.patience=2");
    }

    private void refused(String text, Object... keys) {
        Path out = folder.resolve("none");
        var words = new ArrayList<Object>(List.of("train", "--recipe", "stellar-micro", "--out", out));
        words.addAll(List.of(keys));
        Cli cli = Cli.run(words.toArray());
        assertEquals(2, cli.code(), cli::all);
        assertTrue(cli.err().contains(text), cli::all);
        assertFalse(Files.exists(out));
    }

    /// Pictures of one class have no labels that say anything.
    @Test
    void withoutLabelsTheDirectionsOfFeaturesAreLookedAt() throws IOException {
        Path pictures = folder.resolve("pictures");
        Files.createDirectories(pictures);
        for (int i = 0; i < 40; i++) {
            var image = new java.awt.image.BufferedImage(16, 16, java.awt.image.BufferedImage.TYPE_INT_RGB);
            for (int p = 0; p < 256; p++) {
                image.setRGB(p % 16, p / 16, (p * (i + 3) * 7919) ^ i * 65599);
            }
            javax.imageio.ImageIO.write(image, "png", pictures.resolve("p" + i + ".png").toFile());
        }
        Path run = train("run", "mae-micro", "data=" + pictures, "data.train-images=0", "data.test-images=0",
                "eval.every=1", "data.cache=" + folder.resolve("cache"), "training.stages.0.epochs=2");
        var last = looks(run).getLast();
        assertTrue(last.keySet().containsAll(List.of("r_eff of cls, student", "d_eff of dense, student",
                "mean cosine of cls, student")), last::toString);
        assertTrue((Double) last.get("score") >= 1, last::toString);
        Cli cli = Cli.run("train", "--recipe", "mae-micro", "data=" + pictures, "data.train-images=0",
                "data.test-images=0", "eval.every=1", "eval.patience=2", "--out", folder.resolve("none"));
        assertEquals(2, cli.code(), cli::all);
        assertTrue(cli.err().contains("expected labels"), cli::all);
    }
}
