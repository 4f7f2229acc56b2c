package dev.triptych.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.data.codes.SampleCodes;
import dev.triptych.io.Json;
import dev.triptych.io.Safetensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntToDoubleFunction;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Sorcen from the command line: it trains on a code file alone, begins with echoes when it says so, and goes on where
/// it stopped.
class SorcenTrainingTest {
    private static final Pattern INITIALISED = Pattern.compile("Initializing '([\\w/]+)");

    @TempDir
    private Path folder;
    private Path codes;

    @BeforeEach
    void write() {
        codes = folder.resolve("micro.codes");
        SampleCodes.write(codes, 4, 32, 1, 64);
    }

    private Cli train(Path out, Object... more) {
        List<Object> words = new ArrayList<>(List.of("train", "--recipe", "sorcen-micro", "--quiet", "--out", out,
                "sorcen.codes=" + codes));
        words = Cli.with(words, more);
        return Cli.run(words.toArray());
    }

    private static List<Map<String, Object>> lines(Path run, String kind) throws IOException {
        var lines = new ArrayList<Map<String, Object>>();
        for (String line : Files.readAllLines(run.resolve("metrics.jsonl"))) {
            var values = Json.read(line);
            if (values.containsValue(kind)) {
                lines.add(values);
            }
        }
        return lines;
    }

    /// Codes of other images lie beside those that it is trained on.
    @Test
    void looksOnTheWayReadTestCodes() throws IOException {
        Path run = folder.resolve("looked");
        refused(train(run, "eval.every=1"), "test.codes");
        Path test = folder.resolve("test.codes");
        SampleCodes.write(test, 4, 32, 1, 32);
        refused(train(run, "eval.every=1"), "of the very images");
        SampleCodes.write(test, 4, 32, 1, 32, "ef".repeat(32));
        Cli cli = train(run, "eval.every=1", "eval.keys=0", "eval.queries=0");
        assertEquals(0, cli.code(), cli::all);
        var looks = lines(run, "online");
        assertEquals(4, looks.size(), cli::all);
        assertTrue(looks.getLast().keySet().containsAll(List.of("kNN on features, student",
                "kNN on features, teacher")), looks::toString);
    }

    @Test
    void echoesBeginOnceAndAreTold() throws IOException {
        Path run = folder.resolve("run");
        Cli cli = train(run, "sorcen.echo-ready=0");
        assertEquals(0, cli.code(), cli::all);
        assertTrue(cli.all().contains("64 as 16 codes each"), cli::all);
        var changes = lines(run, "change");
        assertEquals(1, changes.size());
        assertTrue(changes.getFirst().get("text").toString().startsWith("echoes begin: "), changes::toString);
        var steps = lines(run, "train");
        assertEquals(12, steps.size());
        for (int i = 0; i < 12; i++) {
            assertEquals(i < 2 ? 0.0 : 1.0, ((Number) steps.get(i).get("echoes")).doubleValue(), "step " + (i + 1));
            for (String name : List.of("masked accuracy", "commonest code", "echo match", "effective rank",
                    "reconstruction", "contrast", "uniformity")) {
                assertTrue(steps.get(i).get(name) instanceof Number, () -> name + " in " + steps.getFirst());
            }
        }
    }

    @Test
    void aRunThatStoppedGoesOnToTheSameBits() throws IOException {
        Path whole = folder.resolve("whole");
        assertEquals(0, train(whole).code());
        Path parts = folder.resolve("parts");
        assertEquals(0, train(parts, "--stop-after", 3).code());
        for (int i = 0; i < 2; i++) {
            Cli cli = Cli.run("train", "--resume", parts, "--quiet", "--stop-after", i == 0 ? 4 : 100);
            assertEquals(0, cli.code(), cli::all);
        }
        String last = "checkpoints/step-00000012.safetensors";
        var a = Safetensors.read(whole.resolve(last));
        var b = Safetensors.read(parts.resolve(last));
        assertEquals(a.names(), b.names());
        for (String name : a.names()) {
            if (!name.equals("adam_steps")) {
                assertArrayEquals(a.floats(name), b.floats(name), name);
            }
        }
    }

    /// Q2: the teacher begins as the student, but for what one step moved, or with numbers of its own by the same rule.
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theTeacherBeginsAsTheStudentOrByADrawOfItsOwn(boolean random) throws IOException {
        Path run = folder.resolve("run");
        assertEquals(0, train(run, "sorcen.random-teacher=" + random, "training.stages.0.momentum=0.999",
                "--stop-after", 1).code());
        var tensors = Safetensors.read(run.resolve("checkpoints/step-00000001.safetensors"));
        String name = "encoder.blocks.0.attn.qkv.weight";
        float[] student = tensors.floats(name);
        float[] teacher = tensors.floats("teacher." + name);
        // the mean square of the difference of two independent draws is twice that of one
        double apart = meanSquare(i -> student[i] - teacher[i], student.length)
                / meanSquare(i -> student[i], student.length);
        assertEquals(random ? 2 : 0, apart, 0.2);
        double size = meanSquare(i -> teacher[i], teacher.length) / meanSquare(i -> student[i], student.length);
        assertEquals(1, size, 0.1);
    }

    private static double meanSquare(IntToDoubleFunction x, int n) {
        return IntStream.range(0, n).mapToDouble(x).map(value -> value * value).average().orElseThrow();
    }

    /// Section 9.3: training opens only the code file. What a whole training initialises, a class's first use, holds
    /// neither images nor tokenizers. (The names of some are loaded, as parts of other commands' signatures.)
    @Test
    void neitherImagesNorTokenizersAreUsed() throws IOException, InterruptedException {
        Path log = folder.resolve("classes");
        Cli cli = Fork.run(List.of("-Xlog:class+init=info:file=" + log), "train", "--recipe", "sorcen-micro", "--quiet",
                "--out", folder.resolve("run"), "sorcen.codes=" + codes, "--stop-after", 2);
        assertEquals(0, cli.code(), cli::all);
        Set<String> used = INITIALISED.matcher(Files.readString(log)).results()
                .map(found -> found.group(1).replace('/', '.')).collect(Collectors.toCollection(TreeSet::new));
        assertTrue(used.contains("dev.triptych.data.codes.CodeSet") && used.contains("dev.triptych.train.Trainer"),
                used::toString);
        used.removeIf(name -> !name.startsWith("dev.triptych.data.") && !name.startsWith("dev.triptych.tokenizer.")
                && !name.startsWith("javax.imageio.") && !name.startsWith("java.awt."));
        used.removeIf(name -> name.startsWith("dev.triptych.data.codes."));
        // batches and their order, the fingerprint of codes and class names, words of recipes
        assertEquals(Set.of("dev.triptych.data.set.BatchLoader", "dev.triptych.data.set.EpochOrder",
                "dev.triptych.data.set.Fingerprint", "dev.triptych.data.set.ClassNames",
                "dev.triptych.data.source.SourceOptions", "dev.triptych.data.view.MaskKind"), used);
    }

    /// The arms of section 9.7 and the quirks of section 4.9.
    @ParameterizedTest
    @ValueSource(strings = {"sorcen.contrast-weight=0 sorcen.uniformity-weight=0", "sorcen.echo=truth",
            "sorcen.echo=argmax", "sorcen.echo=softmax", "sorcen.window=whole", "sorcen.window=scattered",
            "sorcen.predictor-hidden=0", "sorcen.contrast-rows=both", "sorcen.train-teacher-projector=true",
            "sorcen.random-teacher=true", "sorcen.echo-keep-visible=true", "sorcen.echo-skip-ties=true",
            "sorcen.shared-draws=16", "sorcen.momentum-epochs=1600", "sorcen.dropout=0",
            "sorcen.project-cls=true sorcen.uniformity-cls=false"})
    void everySwitchTrains(String switches) {
        Path run = folder.resolve("run");
        List<Object> words = new ArrayList<>(List.of("sorcen.echo-warmup=0", "sorcen.echo-ready=0", "--stop-after", 2));
        words.addAll(List.of(switches.split(" ")));
        Cli cli = train(run, words.toArray());
        assertEquals(0, cli.code(), cli::all);
    }

    @Test
    void codesThatDoNotFitAreRefused() {
        Path run = folder.resolve("run");
        refused(Cli.run("train", "--recipe", "sorcen-micro", "--out", run), "sorcen.codes is null", "tokenize");
        refused(train(run, "sorcen.codebook=64"), "32 codes; expected the recipe's 64", "sorcen.codebook=32");
        refused(train(run, "data.side=32"), "16 codes an image; expected the recipe's 64", "data.side=16");
        refused(train(run, "sorcen.codes=" + folder.resolve("none.codes")), "none.codes");
        refused(train(run, "sorcen.echo-k=32"), "sorcen.echo-k", "at most 31");
        refused(train(run, "training.stages.0.teacher=false"), "training.stages.0.teacher", "sorcen.contrast-weight=0");
        assertFalse(Files.exists(run));
    }

    private static void refused(Cli cli, String... parts) {
        assertEquals(2, cli.code(), cli::all);
        for (String part : parts) {
            assertTrue(cli.err().contains(part), () -> "'" + part + "' in " + cli.all());
        }
    }

    /// Section 10.12, much smaller: a few images without dropout begin to be learnt by heart; their masked codes are
    /// predicted three times as well as by saying the commonest one.
    @Test
    void aFewImagesAreLearntByHeart() throws IOException {
        SampleCodes.write(codes, 4, 32, 1, 16);
        Path run = folder.resolve("run");
        Cli cli = train(run, "sorcen.dropout=0", "training.stages.0.epochs=400", "optimizer.lr=3e-3",
                "training.log-every=100", "training.checkpoint-every=400", "optimizer.weight-decay=0");
        assertEquals(0, cli.code(), cli::all);
        var last = lines(run, "train").getLast();
        double accuracy = ((Number) last.get("masked accuracy")).doubleValue();
        double commonest = ((Number) last.get("commonest code")).doubleValue();
        assertTrue(accuracy > 3 * commonest, last::toString);
    }
}
