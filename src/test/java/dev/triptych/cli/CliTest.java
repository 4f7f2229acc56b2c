package dev.triptych.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.io.Json;
import dev.triptych.io.Safetensors;
import dev.triptych.io.SafetensorsFile;
import dev.triptych.methods.Methods;
import dev.triptych.train.MetricsLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The commands, in process, on the smallest recipe.
class CliTest {
    private static final int STEPS = 6;

    @TempDir
    private Path folder;

    private static SafetensorsFile checkpoint(Path run, int step) throws IOException {
        return Safetensors.read(run.resolve(String.format("checkpoints/step-%08d.safetensors", step)));
    }

    private static Cli done(Cli cli) {
        assertEquals(0, cli.code(), cli::all);
        return cli;
    }

    /// Stops inside the first stage, at its end, and inside the second.
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void aResumedRunEndsWithTheSameBits(int first) throws IOException {
        Path whole = folder.resolve("whole");
        done(Cli.train(whole));
        Path parts = folder.resolve("parts");
        Cli begun = Cli.train(parts, "--stop-after", first);
        done(begun);
        assertTrue(begun.out().contains("Stopped at step " + first) && begun.out().contains("--resume " + parts),
                begun::all);
        done(Cli.run("train", "--resume", parts, "--quiet"));
        SafetensorsFile expected = checkpoint(whole, STEPS);
        SafetensorsFile found = checkpoint(parts, STEPS);
        assertEquals(expected.names(), found.names());
        assertTrue(found.has("adam_steps"));
        for (String name : expected.names()) {
            assertArrayEquals(expected.doubles(name), found.doubles(name), 0, name);
        }
        List<Long> logged = MetricsLog.read(parts.resolve("metrics.jsonl")).stream()
                .filter(l -> l.get("kind").equals("train")).map(l -> (Long) l.get("step")).toList();
        assertEquals(List.of(1L, 2L, 3L, 4L, 5L, 6L), logged);
        assertTrue(Files.exists(parts.resolve("provenance-2.json")));
    }

    /// What is left of a run that died after its last checkpoint: files to be deleted, and no page.
    @Test
    void aRunThatIsOverIsTidied() throws IOException {
        Path run = folder.resolve("run");
        done(Cli.train(run));
        List<String> files = Cli.files(run.resolve("checkpoints"));
        Path stopped = folder.resolve("stopped"); // inside a stretch: it is nobody's best
        done(Cli.train(stopped, "--stop-after", 1));
        String name = "checkpoints/step-00000001.safetensors";
        Files.copy(stopped.resolve(name), run.resolve(name));
        Files.delete(run.resolve("report.html"));
        Cli again = Cli.run("train", "--resume", run, "--quiet");
        assertTrue(again.code() == 0 && again.err().contains("nothing is left to do"), again::all);
        assertEquals(files, Cli.files(run.resolve("checkpoints")));
        assertTrue(Files.exists(run.resolve("report.html")));
    }

    @Test
    void aRunCanBeginWithAnothersWeights() throws IOException {
        Path first = folder.resolve("first");
        done(Cli.train(first));
        Path second = folder.resolve("second");
        Cli cli = Cli.train(second, "--init-from", first, "--stop-after", 1, "optimizer.lr=1e-12",
                "optimizer.min-lr=0", "seed=5");
        done(cli);
        assertTrue(cli.err().contains("optimizer.lr=1e-12 (was 1e-3)"), cli::all);
        SafetensorsFile from = checkpoint(first, STEPS);
        SafetensorsFile to = checkpoint(second, 1);
        for (String name : from.names()) {
            if (name.startsWith("encoder.")) {
                assertArrayEquals(from.doubles(name), to.doubles(name), 1e-6, name);
            }
        }
        assertEquals(1, to.longs("adam_steps")[0], "a fresh optimizer counts from 1");
    }

    @Test
    void evaluationWritesItsReportAndASheet() throws IOException {
        Path run = folder.resolve("run");
        done(Cli.train(run));
        Cli cli = Cli.run("eval", "--run", run, "--out", run, "--limit-train", 24);
        done(cli);
        StageLines.requireText(cli);
        for (String what : List.of("kNN on mean of S", "linear probe on CLS", "PSNR", "object mIoU",
                "untrained encoder",
                "raw pixels", "colour k-means", "fixed grid", "24 to learn from, 8 to judge")) {
            assertTrue(cli.out().contains(what), () -> what + " in " + cli.all());
        }
        var json = Json.read(Files.readString(run.resolve("eval.json")));
        assertEquals(11, ((List<?>) json.get("figures")).size());
        byte[] png = Files.readAllBytes(run.resolve("sheet.png"));
        assertEquals("PNG", new String(png, 1, 3, java.nio.charset.StandardCharsets.US_ASCII));
        Cli older = Cli.run("eval", "--run", run, "--checkpoint", run.resolve("checkpoints/step-00000004.safetensors"));
        assertTrue(older.out().contains("step 4"), older::all);
        StageLines.requireJson(done(Cli.run("eval", "--run", run, "--json")));
        StageLines.requireNone(done(Cli.run("eval", "--run", run, "--quiet", "--no-pixels")));
    }

    @Test
    void bitsAreEvaluatedWithTheirCodes() throws IOException {
        Path run = folder.resolve("bits");
        done(Cli.run("train", "--recipe", "bits-micro", "--quiet", "--out", run, "training.stages.0.epochs=1"));
        Cli cli = Cli.run("eval", "--run", run);
        done(cli);
        StageLines.requireText(cli);
        for (String what : List.of("kNN on CLS", "linear probe on [CLS; mean of D]", "mAP, cosine of CLS",
                "mAP, Hamming, 16 bits", "mAP, Hamming, 8 random bits", "mAP, asymmetric", "d_eff", "r_eff",
                "bit entropy", "block entropy", "agreement of two views", "I(b; class)", "classes within which a bit",
                "untrained encoder", "raw pixels", "Hamming retrieval: 32 queries x 64 codes of 16 bits in")) {
            assertTrue(cli.out().contains(what), () -> what + " in " + cli.all());
        }
        assertTrue(Files.size(run.resolve("sheet.png")) > 0);
        byte[] shown = Files.readAllBytes(run.resolve("sheet.png"));
        StageLines.requireJson(done(Cli.run("eval", "--run", run, "--hide-images", "--no-pixels", "--json")));
        assertFalse(Arrays.equals(shown, Files.readAllBytes(run.resolve("sheet.png"))));
    }

    @Test
    void theDemoTrainsAndEvaluates() {
        Path run = folder.resolve("demo");
        Cli cli = Cli.run("demo", "--seed", 3, "--quiet", "--out", run, "data.side=16", "data.train-images=32",
                "data.test-images=8", "training.batch=16", "encoder.width=24", "encoder.depth=1", "decoder.width=16",
                "decoder.depth=1", "stellar.local-side=8", "training.stages.0.epochs=1", "training.stages.1.epochs=1");
        done(cli);
        assertTrue(cli.out().contains("object mIoU") && cli.out().contains("sheet.png")
                && cli.out().contains("minutes."), cli::all);
    }

    static List<String> recipes() {
        return Methods.RECIPES.names();
    }

    @ParameterizedTest
    @MethodSource("recipes")
    void everyRecipesProgramIsPrintedWithoutMemory(String recipe) {
        for (List<String> more : List.of(List.<String>of(), List.of("--memory"), List.of("--evaluate"))) {
            Cli cli = Cli.run(Stream.concat(Stream.of("program", "--recipe", recipe), more.stream()).toArray());
            done(cli);
            for (String what : List.of("parameters", "launches", "GFLOP", "with the memory plan")) {
                assertTrue(cli.out().contains(what), () -> what + " in " + cli.all());
            }
            String paper = "(" + recipe.replaceFirst("-.*", "").replace("vqvae", "vq-vae").replace("maskgit", "vqgan")
                    + " ";
            assertEquals(more.contains("--memory"), !cli.out().toLowerCase(Locale.ROOT).contains(paper), cli::all);
        }
    }

    @Test
    void goldenVectorsAreCheckedInBothPrecisions() throws IOException {
        for (String end : List.of(".json", ".safetensors")) {
            Files.copy(Path.of("reference-checks/common/gelu_erf" + end), folder.resolve("case" + end));
        }
        Cli cli = Cli.run("check-vectors", folder);
        done(cli);
        assertTrue(cli.out().contains("float32") && cli.out().contains("float64")
                && cli.out().contains("1 cases, 2 checks in float64 and float32: all passed"), cli::all);
        Files.write(folder.resolve("case.safetensors"), new byte[]{1});
        assertEquals(1, Cli.run("check-vectors", folder).code());
        Cli nothing = Cli.run("check-vectors", folder.resolve("nowhere"));
        assertTrue(nothing.code() == 2 && nothing.err().contains("there is no such folder"), nothing::all);
    }

    @ParameterizedTest
    @CsvSource({"recipes,stellar-paper", "recipes keys,stellar.tokens", "recipes stellar-micro,patch: 4",
            "devices,plain", "devices,tornado", "doctor,Vector API", "--help,check-gradients", "--version,triptych",
            "train --help,Examples:", "eval --help,Examples:", "demo --help,Examples:", "program --help,Examples:",
            "check-gradients --help,JSON", "check-vectors --help,reference-checks"})
    void smallCommandsAnswer(String words, String expected) {
        Cli cli = Cli.run((Object[]) words.split(" "));
        done(cli);
        assertTrue(cli.out().contains(expected), cli::all);
    }
}
