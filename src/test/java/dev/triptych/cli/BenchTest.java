package dev.triptych.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.bench.RecipeStep;
import dev.triptych.data.codes.SampleCodes;
import dev.triptych.io.Json;
import dev.triptych.io.Safetensors;
import dev.triptych.io.SafetensorsFile;
import dev.triptych.mae.MaePrograms;
import dev.triptych.methods.Methods;
import dev.triptych.sorcen.SorcenTask;
import dev.triptych.train.MetricsLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// `triptych bench` on the smallest sizes: what it prints, what it writes, what it refuses. Never how long it took.
class BenchTest {
    private static final List<String> SMALL = List.of("--dim", "8", "--depth", "1", "--heads", "2", "--batch", "2",
            "--steps", "3", "--warmup", "1");

    @TempDir
    private Path folder;

    private static Cli small(String command, Object... more) {
        var words = new ArrayList<Object>(List.of("bench", command));
        words.addAll(SMALL);
        words = Cli.with(words, more);
        Cli cli = Cli.run(words.toArray());
        assertEquals(0, cli.code(), cli::all);
        return cli;
    }

    private static List<?> losses(Map<String, Object> json) {
        return (List<?>) json.get("losses");
    }

    /// What is recorded is what a training takes: the same losses, from the weights that it draws.
    @Test
    void recordedStepsAreThoseOfTheTraining() throws IOException {
        Path steps = folder.resolve("steps");
        Cli recorded = Cli.run("bench", "step", "--recipe", "mae-micro", "--warmup", 0, "--steps", 5, "--record",
                steps);
        assertEquals(0, recorded.code(), recorded::all);
        Path run = folder.resolve("run");
        Cli trained = Cli.run("train", "--recipe", "mae-micro", "--quiet", "--out", run, "--stop-after", 5);
        assertEquals(0, trained.code(), trained::all);
        var expected = MetricsLog.read(run.resolve("metrics.jsonl")).stream()
                .filter(line -> line.get("kind").equals("train")).map(line -> ((Double) line.get("total")).floatValue())
                .toList();
        var losses = Files.readAllLines(steps.resolve("losses.csv"));
        assertEquals(6, losses.size());
        for (int i = 0; i < 5; i++) {
            assertEquals(i + "," + expected.get(i), losses.get(i + 1));
        }
        var start = Safetensors.read(steps.resolve("start.safetensors"));
        var recipe = Methods.RECIPES.load("mae-micro", List.of()).recipe();
        var state = new MaePrograms(recipe).state();
        for (String name : state.parameters().keySet()) {
            assertArrayEquals(state.draw(name, recipe.seed()), start.floats(name), name);
        }
        assertEquals(recipe.values(), Json.read(start.metadata().get("recipe")));
        var second = Safetensors.read(steps.resolve("step-00001.safetensors"));
        assertTrue(second.names().containsAll(List.of("image", "masked.cells", "rates")), () -> "" + second.names());
        Cli without = Cli.run("bench", "step", "--record", steps);
        assertEquals(2, without.code(), without::all);
        assertTrue(without.err().contains("goes with --recipe"), without::all);
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "vector"})
    void aStepIsOneLineOfJson(String device) throws IOException {
        Cli cli = small("step", "--json", "--device", device);
        assertEquals(1, cli.out().lines().count(), cli::all);
        var json = Json.read(cli.out().strip());
        assertEquals(65L, json.get("tokens"));
        assertEquals(3L, json.get("steps"));
        assertEquals(device, json.get("device"));
        assertEquals(4, losses(json).size());
        for (String key : List.of("ms_median", "ms_q1", "ms_q3", "gflop", "gflop_per_s", "images_per_s",
                "peak_heap_mb", "arena_bytes", "first_step_ms", "bind_ms", "threads", "jdk", "cpu")) {
            assertNotNull(json.get(key), key);
        }
        double first = (Double) losses(json).getFirst();
        assertTrue(first > 2 && first < 3 && (Double) losses(json).getLast() < first, cli::all);
    }

    @Test
    void lossesAreThoseOfEveryDevice() throws IOException {
        var plain = losses(Json.read(small("step", "--json", "--device", "plain").out().strip()));
        var vector = losses(Json.read(small("step", "--json", "--threads", 2).out().strip()));
        for (int i = 0; i < plain.size(); i++) {
            assertEquals((Double) plain.get(i), (Double) vector.get(i), 1e-5);
        }
    }

    @Test
    void aTableIsPrintedWithoutJson() {
        Cli cli = small("step");
        assertTrue(cli.out().contains("ms_median") && cli.out().contains("images_per_s"), cli::all);
        assertTrue(Cli.run("bench").out().contains("profile"));
    }

    @Test
    void exportedWeightsAndBatchSayAllThatAnotherFrameworkNeeds() throws IOException {
        Path file = folder.resolve("step.safetensors");
        small("step", "--export", file);
        SafetensorsFile read = Safetensors.read(file);
        assertEquals("triptych-bench-1", read.metadata().get("format"));
        for (String key : List.of("dim", "depth", "heads", "batch", "hidden", "layer_norm_eps", "lr", "weight_decay",
                "beta1", "beta2", "adam_eps", "gflop")) {
            assertTrue(Double.parseDouble(read.metadata().get(key)) > 0, key);
        }
        assertArrayEquals(new int[]{2, 3, 32, 32}, read.shape("images"));
        assertArrayEquals(new int[]{24, 8}, read.shape("encoder.blocks.0.attn.qkv.weight"));
        assertArrayEquals(new int[]{10, 8}, read.shape("head.weight"));
        assertEquals(2, read.longs("labels").length);
        assertFalse(read.has("sparse_tokens"), "an empty tensor");
        Path again = folder.resolve("again.safetensors");
        small("step", "--export", again);
        assertArrayEquals(Files.readAllBytes(file), Files.readAllBytes(again));
    }

    @ParameterizedTest
    @CsvSource({"stellar-micro,stellar,false", "stellar-micro,stellar,true", "bits-micro,bits,false",
            "bits-micro,bits,true", "stellar-micro-codes,stellar,false", "vqvae-micro,vqvae,false",
            "vqvae-micro,vqvae,true"})
    void aRecipesStepIsMeasured(String recipe, String model, boolean fixed) throws IOException {
        var words = new ArrayList<Object>(List.of("bench", "step", "--recipe", recipe, "training.batch=4",
                "data.train-images=8", "--steps", 2, "--warmup", 1, "--json"));
        if (fixed) {
            words.add("--fixed-batch");
        }
        Cli cli = Cli.run(words.toArray());
        assertEquals(0, cli.code(), cli::all);
        var json = Json.read(cli.out().strip());
        assertEquals(model, json.get("model"));
        assertEquals(4L, json.get("batch"));
        assertEquals(fixed, json.get("fixed_batch"));
        assertNotNull(json.get("wait_share"));
    }

    /// What a step was opened with, such as a VQ-VAE and its device, goes when the step does.
    @Test
    void aRecipesStepGivesBackWhatItWasOpenedWith() throws IOException {
        var recipe = Methods.RECIPES.load("sorcen-micro", List.of("training.batch=4")).recipe();
        var codes = SampleCodes.write(folder.resolve("some.codes"), 4, 32, 1, 12);
        var closed = new AtomicInteger();
        try (var step = new RecipeStep(recipe, recipe.training().stages().getLast(), new SorcenTask(recipe, codes), 1,
                true, closed::incrementAndGet)) {
            assertEquals(4, step.images());
            assertEquals(0, closed.get());
        }
        assertEquals(1, closed.get());
    }

    /// Codes are made up where the recipe names no file; on every device the same step.
    @ParameterizedTest
    @CsvSource({"sorcen-micro,plain,false", "sorcen-micro,vector,false", "sorcen-micro,vector,true"})
    void aStepOnCodesIsMeasured(String recipe, String device, boolean fixed) throws IOException {
        var words = new ArrayList<Object>(List.of("bench", "step", "--recipe", recipe, "--device", device,
                "training.batch=4", "--steps", 2, "--warmup", 1, "--json"));
        if (fixed) {
            words.add("--fixed-batch");
        }
        Cli cli = Cli.run(words.toArray());
        assertEquals(0, cli.code(), cli::all);
        var json = Json.read(cli.out().strip());
        assertEquals("sorcen", json.get("model"));
        assertEquals(3, losses(json).size());
        assertTrue(cli.err().contains("at random") && cli.err().contains("sorcen.codes=FILE"), cli::all);
        Path file = folder.resolve("few.codes");
        SampleCodes.write(file, 4, 32, 1, 12);
        words.add("sorcen.codes=" + file);
        Cli own = Cli.run(words.toArray());
        assertEquals(0, own.code(), own::all);
        assertFalse(own.err().contains("at random"), own::all);
    }

    @ParameterizedTest
    @ValueSource(strings = {"sorcen-micro", "vqvae-micro", "stellar-micro-codes", "triptych-micro"})
    void aRecipesProfileNamesItsKernels(String recipe) throws IOException {
        Cli cli = Cli.run("bench", "profile", "--recipe", recipe, "training.batch=4", "--steps", 1, "--warmup", 1,
                "--json");
        assertEquals(0, cli.code(), cli::all);
        var kernels = Json.read(cli.out().strip()).get("kernels").toString();
        assertTrue(kernels.contains("adamw") && kernels.contains("linear"), cli::all);
    }

    @Test
    void aRecipeThatAwaitsAFolderIsMeasuredOnScenesAndSaysSo() {
        Cli cli = Cli.run("bench", "step", "--recipe", "stellar-cifar", "training.batch=2", "encoder.depth=1",
                "encoder.width=24", "--steps", 1, "--warmup", 0);
        assertEquals(0, cli.code(), cli::all);
        assertTrue(cli.err().contains("generated scenes") && cli.err().contains("data=DIR"), cli::all);
    }

    @Test
    void theProfileNamesEveryKernelOfTheStep() throws IOException {
        var json = Json.read(small("profile", "--json", "--roofline").out().strip());
        var kernels = ((List<?>) json.get("kernels")).stream().map(k -> ((Map<?, ?>) k).get("kernel").toString())
                .toList();
        assertTrue(String.join(" ", kernels).contains("adamw"), kernels::toString);
        assertNotNull(((Map<?, ?>) ((List<?>) json.get("kernels")).getFirst()).get("roofline"));
        Cli table = small("profile");
        assertTrue(table.out().contains("GFLOP/s") && table.out().contains("crossEntropy"), table::all);
    }

    @Test
    void theMachinesPeakIsMeasured() throws IOException {
        var json = Json.read(Cli.run("bench", "machine", "--threads", 1, "--json").out().strip());
        assertEquals(1L, json.get("threads"));
        assertTrue(Set.of(64L, 128L, 256L, 512L).contains(json.get("vector_bits")), json.toString());
        // a factor of a thousand too much or too little is no machine's
        for (String peak : List.of("peak_gflop_per_s", "peak_read_gb_per_s")) {
            double value = (Double) json.get(peak);
            assertTrue(value > 0.05 && value < 5000, () -> peak + " is " + value);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "step --heads 5 | --heads is 5 | --dim 192",
            "step --dim 0 | --dim is 0 | 1 to",
            "step --steps 0 | --steps is 0 | 1 to",
            "step --warmup -1 | --warmup is -1 | 0 to",
            "step --batch 65536 | --batch is 65536 | Lower --batch",
            "step --dim many | --dim | many",
            "step --fixed-batch | --fixed-batch | --recipe",
            "step training.batch=4 | training.batch=4 | --recipe",
            "step --recipe stellar-micro --dim 8 | --dim | key=value",
            "step --recipe stellar-micro --export x | --export | --recipe",
            "step --recipe stellar-micro --stage mian | mian | prior, main",
            "step --recipe stellar-mikro | stellar-mikro | stellar-micro",
            "step --device gpu | 'gpu' | tornado",
            "step --dim 8 --depth 1 --heads 2 --batch 2 --export pom.xml/x | pom.xml | path",
            "profile --roofline --device tornado | tornado | --roofline",
            "machine --threads 0 | --threads is 0 | 1024",
            "stpe | stpe | step"})
    void whatDoesNotFitIsRefused(String words, String thing, String remedy) {
        Cli cli = Cli.run((Object[]) ("bench " + words).split(" "));
        assertEquals(2, cli.code(), cli::all);
        assertTrue(cli.err().contains(thing) && cli.err().contains(remedy), cli::all);
        assertFalse(cli.err().contains("\tat "), cli::all);
    }
}
