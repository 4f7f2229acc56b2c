package dev.triptych.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.data.set.DataSource;
import dev.triptych.data.set.ImageSets;
import dev.triptych.data.source.Split;
import dev.triptych.device.plain.PlainDevice;
import dev.triptych.io.Json;
import dev.triptych.methods.Methods;
import dev.triptych.stellar.StellarTask;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The bytes of a real checkpoint against the rules of safetensors, read without our own reader.
class CheckpointFormatTest {
    private static final Map<String, Integer> BYTES = Map.of("F32", 4, "I64", 8);

    @Test
    void aCheckpointKeepsTheRulesOfSafetensors(@TempDir Path folder) throws IOException {
        var recipe = Methods.RECIPES.load("stellar-micro", List.of("data.train-images=32", "data.test-images=8"))
                .recipe();
        var images = ImageSets.open(new DataSource.Generated(1, 32, 8), Split.TRAIN, recipe.data().side(),
                folder.resolve("cache"), false);
        var run = RunFolder.create(folder.resolve("run"), recipe, new Provenance(Map.of()));
        try (var trainer = new Trainer(recipe, new StellarTask(recipe, images, null), new PlainDevice());
                var metrics = MetricsLog.open(run.metrics())) {
            var progress = new Progress(new StringWriter(), false, 80, 1e9, System::nanoTime);
            trainer.run(new Trainer.Surroundings(run, metrics, progress, step -> step == 1), null);
        }
        byte[] file = Files.readAllBytes(run.checkpoints().newest().orElseThrow().file());
        long length = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong();
        assertTrue(length > 0 && length <= file.length - 8 && length % 8 == 0);
        assertEquals('{', file[8]);
        String text = new String(file, 8, (int) length, StandardCharsets.UTF_8);
        Map<String, Object> header = Json.read(text);
        ((Map<?, ?>) header.remove("__metadata__")).forEach((key, value) -> assertTrue(
                key instanceof String && value instanceof String, () -> key + " is text"));
        long at = 0;
        for (var slot : header.values().stream().map(v -> (Map<?, ?>) v)
                .sorted(Comparator.comparingLong(v -> offset(v, 0))).toList()) {
            int bytes = BYTES.get(slot.get("dtype"));
            long count = ((List<?>) slot.get("shape")).stream().mapToLong(n -> (Long) n).reduce(1, Math::multiplyExact);
            assertEquals(at, offset(slot, 0), "no gap, no overlap");
            assertEquals(count * bytes, offset(slot, 1) - at, "as many bytes as its shape says");
            assertEquals(0, at % bytes, "aligned");
            at = offset(slot, 1);
        }
        assertEquals(file.length - 8 - length, at, "nothing behind");
        for (String kind : List.of("encoder.", "adam_m.encoder.", "adam_v.encoder.", "teacher.")) {
            assertTrue(header.keySet().stream().anyMatch(name -> name.startsWith(kind)), kind);
        }
        assertTrue(header.containsKey("adam_steps"));
    }

    private static long offset(Map<?, ?> slot, int which) {
        return (Long) ((List<?>) slot.get("data_offsets")).get(which);
    }
}
