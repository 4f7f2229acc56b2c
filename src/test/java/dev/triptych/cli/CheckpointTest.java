package dev.triptych.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.io.Dtype;
import dev.triptych.io.Safetensors;
import dev.triptych.io.TensorEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the commands do with checkpoints that do not fit, are older, or are damaged.
class CheckpointTest {
    @TempDir
    private Path folder;

    private Path stopped() {
        Path run = folder.resolve("first");
        Cli cli = Cli.train(run, "--stop-after", 1);
        assertEquals(0, cli.code(), cli::all);
        return run;
    }

    private static Path newest(Path run) {
        return run.resolve("checkpoints/step-00000001.safetensors");
    }

    /// Writes a checkpoint again with other metadata, and with NaN in the tensor `poisoned` (null for none).
    private static void rewrite(Path file, Consumer<Map<String, String>> change, String poisoned) throws IOException {
        var from = Safetensors.read(file);
        var entries = new ArrayList<TensorEntry>();
        for (String name : from.names()) {
            if (from.dtype(name) == Dtype.I64) {
                entries.add(TensorEntry.of(name, from.shape(name), from.longs(name)));
                continue;
            }
            float[] values = from.floats(name);
            if (name.equals(poisoned)) {
                Arrays.fill(values, Float.NaN);
            }
            entries.add(TensorEntry.of(name, from.shape(name), values));
        }
        var metadata = new HashMap<>(from.metadata());
        change.accept(metadata);
        Safetensors.write(file, metadata, entries);
    }

    private static void refused(Cli cli, Object... named) {
        assertEquals(2, cli.code(), cli::all);
        for (Object name : named) {
            assertTrue(cli.err().contains(name.toString()), () -> "'" + name + "' in " + cli.all());
        }
    }

    @Test
    void aRunDoesNotGoOnWithOtherImagesOrSteps() throws IOException {
        Path run = stopped();
        Path recipe = run.resolve("recipe.yaml");
        String text = Files.readString(recipe);
        List<String> before = Cli.files(run);
        Files.writeString(recipe, text.replace("train-images: 32", "train-images: 48"));
        refused(Cli.run("train", "--resume", run, "--quiet"), newest(run),
                "data.train-images: 32 then, 48 now", "--init-from");
        Files.writeString(recipe, text.replace("epochs: 2", "epochs: 3"));
        refused(Cli.run("train", "--resume", run, "--quiet"), newest(run),
                "epochs: 2.0 then, 3.0 now", "recipe.yaml");
        assertEquals(before, Cli.files(run), "nothing is written");
    }

    @Test
    void anOlderCheckpointWithoutTheseNumbersIsResumed() throws IOException {
        Path run = stopped();
        byte[] whole = Files.readAllBytes(newest(run));
        rewrite(newest(run), m -> {
            m.remove("examples");
            m.put("images", "48");
        }, null);
        refused(Cli.run("train", "--resume", run, "--quiet"), newest(run), "on 48 images", "has 32", "--init-from");
        Files.write(newest(run), whole);
        rewrite(newest(run), m -> m.put("steps", "8"), null);
        refused(Cli.run("train", "--resume", run, "--quiet"), newest(run), "for 8 steps", "gives 6", "recipe.yaml");
        rewrite(newest(run), m -> m.remove("recipe"), null);
        refused(Cli.run("train", "--resume", run, "--quiet"), newest(run), "'recipe' is missing");
        Files.write(newest(run), whole);
        rewrite(newest(run), m -> m.keySet().removeAll(List.of("images", "steps", "examples")), null);
        Files.delete(run.resolve("examples.safetensors"));
        Cli cli = Cli.run("train", "--resume", run, "--quiet", "--stop-after", 1);
        assertEquals(0, cli.code(), cli::all);
        assertTrue(cli.err().contains("does not say what it learnt from"), cli::all);
        assertTrue(Files.exists(run.resolve("examples.safetensors")));
        assertEquals("32", Safetensors.read(run.resolve("checkpoints/step-00000002.safetensors")).metadata()
                .get("images"));
    }

    @Test
    void damagedMetadataAreNamed() throws IOException {
        Path run = stopped();
        rewrite(newest(run), m -> m.put("step", "one"), null);
        refused(Cli.run("train", "--resume", run, "--quiet"), newest(run), "'step' is 'one'", "older checkpoint");
        rewrite(newest(run), m -> m.put("step", "1"), null);
        rewrite(newest(run), m -> m.remove("stage"), null);
        refused(Cli.run("train", "--resume", run, "--quiet"), newest(run), "'stage' is missing");
        rewrite(newest(run), m -> m.put("stage", "7"), null);
        refused(Cli.run("train", "--resume", run, "--quiet"), newest(run), "'stage' is 7", "2 stages");
        rewrite(newest(run), m -> m.put("format", "pt"), null);
        Path second = folder.resolve("second");
        refused(Cli.train(second, "--init-from", newest(run)), newest(run), "format is 'pt'", "checkpoints folder");
        assertFalse(Files.exists(second));
    }

    @Test
    void aValueThatIsNotFiniteStopsTheRun() throws IOException {
        Path run = stopped();
        rewrite(newest(run), m -> {
        }, "encoder.blocks.0.mlp.fc1.weight");
        Path second = folder.resolve("second");
        Cli cli = Cli.train(second, "--init-from", run);
        refused(cli, "step 1: ", "expected a finite number", "First: NaN at ", ", written by ", "in section '",
                "optimizer.lr");
        assertEquals(List.of(), Cli.files(second.resolve("checkpoints")));
    }
}
