package dev.triptych.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.io.Json;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The command that compares a device with the plain one.
class CheckDeviceTest {
    @Test
    void theVectorDeviceAgreesOnSomeKernelsAndOnSteps() throws IOException {
        Cli cli = Cli.run("check-device", "--device", "vector", "--kernel", "Elementwise.", "--recipe",
                "stellar-micro", "--steps", 2, "--json", "training.batch=4", "data.train-images=8");
        assertEquals(0, cli.code(), cli::all);
        assertEquals(1, cli.out().lines().count(), cli::all);
        Map<String, Object> report = Json.read(cli.out());
        assertEquals(true, report.get("passed"));
        assertEquals("vector", report.get("device"));
        List<?> steps = (List<?>) report.get("steps");
        assertEquals(2, steps.size());
        for (Object step : steps) {
            Map<?, ?> stage = (Map<?, ?>) step;
            assertEquals(stage.get("launches"), stage.get("executed"));
            assertEquals(0L, stage.get("flips"));
            assertTrue((Double) stage.get("loss_error") <= 1e-5);
        }
    }

    /// Recipes that await a file of codes or a tokenizer are checked on made-up ones.
    @ParameterizedTest
    @CsvSource({"stellar-micro-codes,2", "sorcen-micro,1", "triptych-micro,1"})
    void stepsOnCodesAreChecked(String recipe, int stages) throws IOException {
        Cli cli = Cli.run("check-device", "--device", "vector", "--no-kernels", "--recipe", recipe, "--steps", 2,
                "--json", "training.batch=4", "data.train-images=8");
        assertEquals(0, cli.code(), cli::all);
        Map<String, Object> report = Json.read(cli.out());
        assertEquals(true, report.get("passed"));
        assertEquals(stages, ((List<?>) report.get("steps")).size());
    }

    @Test
    void withoutTheSdkTheTornadoDeviceIsRefused() {
        Cli cli = Cli.run("check-device", "--device", "tornado:4321");
        assertEquals(2, cli.code(), cli::all);
        assertTrue(cli.err().contains("tornado"), cli::all);
    }

    /// Before any work: nothing is printed but the error.
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "--no-kernels --no-steps | --no-kernels goes with --no-steps; expected one of them at most",
            "--no-steps --one-form | --one-form goes with --device plain, whose kernels have one form only; expected a",
            "--no-steps --kernel gleu | --kernel is 'gleu', which is in the name of no kernel; expected one such as",
            "--kernel Elementwise.gelu --recipe stellar-mikro | stellar-mikro",
            "--kernel Elementwise.gelu --recipe stellar-micro --recipe none.yaml | none.yaml",
            "--kernel Elementwise.gelu --recipe stellar-micro training.bach=4 | training.bach"})
    void whatCannotBeCheckedIsRefused(String words, String expected) {
        Cli cli = Cli.run((Object[]) ("check-device --device plain " + words).split(" "));
        assertEquals(2, cli.code(), cli::all);
        assertEquals("", cli.out());
        assertTrue(cli.err().contains(expected), cli::all);
    }

    @Test
    void stepsAreCounted() {
        Cli cli = Cli.run("check-device", "--device", "plain", "--steps", 0);
        assertEquals(2, cli.code(), cli::all);
        assertTrue(cli.err().contains("--steps is 0; expected 1 to 1000"), cli::all);
    }
}
