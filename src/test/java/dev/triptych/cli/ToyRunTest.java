package dev.triptych.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.io.Json;
import dev.triptych.method.Registry;
import dev.triptych.methods.Methods;
import dev.triptych.toy.ToyMethod;
import dev.triptych.train.CheckpointFiles;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A fifth method is a room, a line of the registry and a recipe: all commands serve it as it is.
class ToyRunTest {
    private static final Registry WITH_TOY = new Registry(
            Stream.concat(Methods.ALL.all().stream(), Stream.of(new ToyMethod())).toList());

    @TempDir
    private Path folder;

    private static Cli run(Registry methods, Object... words) {
        var out = new StringWriter();
        var err = new StringWriter();
        int code = Main.execute(methods, Main.COLUMNS, new PrintWriter(out), new PrintWriter(err),
                Stream.of(words).map(Object::toString).toArray(String[]::new));
        return new Cli(code, out.toString(), err.toString());
    }

    private static Cli done(Object... words) {
        Cli cli = run(WITH_TOY, words);
        assertEquals(0, cli.code(), cli::all);
        return cli;
    }

    private static void refused(String message, Object... words) {
        Cli cli = run(WITH_TOY, words);
        assertEquals(2, cli.code(), cli::all);
        assertTrue(cli.err().contains(message), cli::all);
    }

    private Path train(String name, Object... more) {
        Path run = folder.resolve(name);
        var words = new ArrayList<Object>(List.of("train", "--recipe", "toy-micro", "--quiet", "--device", "plain",
                "--out", run));
        words = Cli.with(words, more);
        done(words.toArray());
        return run;
    }

    private static Path checkpoint(Path run) {
        return new CheckpointFiles(run.resolve("checkpoints")).path(16);
    }

    @Test
    void trainsAndGoesOnWhereItStood() throws IOException {
        Path whole = train("whole");
        Path parts = train("parts", "--stop-after", 6);
        done("train", "--resume", parts, "--quiet", "--device", "plain");
        assertEquals(-1, Files.mismatch(checkpoint(whole), checkpoint(parts)));
        assertTrue(Files.readString(whole.resolve("report.html")).contains("toy"));
        done("compare", whole, parts, "--out", folder.resolve("both.html"));
    }

    @Test
    void isJudgedBesideWhatItWas() throws IOException {
        Path run = train("run", "training.stages.0.epochs=20");
        double error = error(run);
        Cli cli = done("eval", "--run", run, "--quiet", "--toy-times", 3, "--device", "plain");
        assertTrue(cli.out().contains("Report: " + run.resolve("eval.json")), cli::all);
        assertEquals(3 * error, error(run), 1e-9);
        refused("--no-pixels goes with a run of stellar or bits", "eval", "--run", run, "--no-pixels");
        refused("which have features of patches", "eval", "--run", run, "--segmentation", "scenes");
    }

    /// The error of a run on test images, which is below that of one that learnt nothing.
    private static double error(Path run) throws IOException {
        if (!Files.exists(run.resolve("eval.json"))) {
            done("eval", "--run", run, "--quiet", "--device", "plain");
        }
        var figure = (Map<?, ?>) ((List<?>) Json.read(Files.readString(run.resolve("eval.json"))).get("figures"))
                .getFirst();
        double value = ((Number) figure.get("value")).doubleValue();
        double untrained = ((Number) ((Map<?, ?>) figure.get("baselines")).get("untrained")).doubleValue();
        assertTrue(value < untrained, value + " is not below " + untrained);
        return value;
    }

    @Test
    void itsProgramAndItsRecipesAreShown() throws IOException {
        Cli program = done("program", "--recipe", "toy-micro");
        assertTrue(program.out().contains("encoder (Toy)"), program::all);
        Path page = folder.resolve("toy.md");
        done("read", "toy", "--markdown", "--out", page);
        String woven = Files.readString(page);
        assertTrue(woven.contains("## <a id=\"encoder-toy-\"></a>encoder (Toy)"), woven);
        assertTrue(woven.contains("public static void linear("), woven);
        assertTrue(done("recipes").out().contains("toy-micro"));
        assertTrue(done("recipes", "keys").out().contains("toy.width"));
        assertTrue(done("eval", "--help").out().contains("--toy-times"));
        done("bench", "step", "--recipe", "toy-micro", "--steps", 2, "--warmup", 1, "--device", "plain");
        done("check-device", "--recipe", "toy-micro", "--no-kernels", "--steps", 2, "--device", "vector");
    }

    @Test
    void whatItCannotDoIsRefused() {
        Path run = train("run");
        refused("a run of TOY; expected one of SORCEN", "generate", "--run", run);
        refused("a run of TOY", "tokens", "--run", run, "x.png");
        refused("toy", "tokenize", "--tokenizer", run, "out=" + folder.resolve("x.codes"));
        refused("Give --as stellar-b16", "import", "--from", checkpoint(run), "--as", "toy-micro");
        refused("toy.width", "train", "--recipe", "toy-micro", "toy.width=1000");
        refused("toy", "train", "--recipe", "bits-micro", "toy.width=3");
    }

    @Test
    void withoutItsLineItIsUnknown() {
        Cli cli = run(Methods.ALL, "train", "--recipe", "toy-micro");
        assertEquals(2, cli.code(), cli::all);
        assertFalse(run(Methods.ALL, "recipes").out().contains("toy"));
        assertFalse(run(Methods.ALL, "eval", "--help").out().contains("--toy-times"));
    }
}
