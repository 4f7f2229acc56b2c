package dev.triptych.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.io.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetricsLogTest {
    @Test
    void linesAreWrittenAtOnceAndReadBack(@TempDir Path folder) throws IOException {
        var file = folder.resolve("metrics.jsonl");
        try (var log = MetricsLog.open(file)) {
            var values = new LinkedHashMap<String, Object>();
            values.put("stage", "main");
            values.put("loss", 1.5f);
            values.put("rate", 1e-6);
            values.put("used", new float[]{0.25f, Float.NaN});
            values.put("koleo", Double.NEGATIVE_INFINITY);
            values.put("terms", Map.of("mask", Double.NaN));
            values.put("ok", false);
            log.write("train", 3, values);
            assertEquals("{\"kind\":\"train\",\"step\":3,\"stage\":\"main\",\"loss\":1.5,\"rate\":1.0E-6,"
                    + "\"used\":[0.25,null],\"koleo\":null,\"terms\":{\"mask\":null},\"ok\":false,"
                    + "\"nonfinite\":[\"used.1\",\"koleo\",\"terms.mask\"]}\n", Files.readString(file));
            assertThrows(IllegalArgumentException.class, () -> log.write("train", 4, Map.of("step", 1)));
            assertThrows(IllegalArgumentException.class, () -> log.write("train", 4, Map.of("x", new Object())));
        }
        var line = MetricsLog.read(file).getFirst();
        assertEquals(3L, line.get("step"));
        assertEquals(1.5, line.get("loss"));
        assertEquals(List.of("used.1", "koleo", "terms.mask"), line.get("nonfinite"));
    }

    @Test
    void resumingDropsLaterStepsAndATornLine(@TempDir Path folder) throws IOException {
        var file = folder.resolve("metrics.jsonl");
        try (var log = MetricsLog.open(file)) {
            for (int step = 1; step <= 5; step++) {
                log.write("train", step, Map.of("loss", 1.0 / step));
            }
        }
        Files.writeString(file, "{\"kind\":\"train\",\"ste", StandardOpenOption.APPEND);
        try (var log = MetricsLog.resume(file, 3)) {
            log.write("train", 4, Map.of("loss", 9.0));
        }
        var lines = MetricsLog.read(file);
        assertEquals(List.of(1L, 2L, 3L, 4L), lines.stream().map(line -> line.get("step")).toList());
        assertEquals(1.0 / 3, lines.get(2).get("loss"));
        assertEquals(9.0, lines.get(3).get("loss"));
        try (var log = MetricsLog.resume(folder.resolve("new.jsonl"), 0)) {
            log.write("train", 1, Map.of());
        }
    }

    @Test
    void aBrokenLineIsNamed(@TempDir Path folder) throws IOException {
        var file = folder.resolve("metrics.jsonl");
        Files.writeString(file, "{}\nhello\n{}\n");
        var message = assertThrows(RunException.class, () -> MetricsLog.read(file)).getMessage();
        assertTrue(message.startsWith(file + ":2: 'hello' is not a line of metrics; expected a JSON object"), message);
    }

    @Property
    void numbersAndTextSurvive(@ForAll double number, @ForAll long whole, @ForAll String text) throws IOException {
        var read = Json.read(Json.write(Map.of("number", number, "whole", whole, "text", text, "list",
                List.of(text, number)), true));
        assertEquals(Double.isFinite(number) ? number : null, read.get("number"));
        assertEquals(whole, read.get("whole"));
        assertEquals(text, read.get("text"));
    }
}
