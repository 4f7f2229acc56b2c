package dev.triptych.check.vectors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.eval.EvaluationVectors;
import dev.triptych.io.vectors.VectorCase;
import dev.triptych.io.vectors.VectorReport;
import dev.triptych.io.vectors.VectorRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// Every golden vector in both precisions, and what happens to cases that nothing knows.
class GoldenVectorsTest {
    private static final Path VECTORS = Path.of("reference-checks");

    @TestFactory
    Stream<DynamicTest> allCases() throws IOException {
        List<VectorReport> reports = VectorRun.run(VECTORS, EvaluationVectors.or("float32", VectorCheck::run),
                EvaluationVectors.or("float64", dev.triptych.twin.check.vectors.VectorCheck::run));
        assertEquals(2 * 64, reports.size());
        return reports.stream()
                .map(report -> DynamicTest.dynamicTest(report.file().getFileName() + " in " + report.precision(),
                        () -> assertTrue(report.passed(), String.join("\n", report.text()))));
    }

    @Test
    void namesAndTitlesDecideNothing(@TempDir Path folder) throws IOException {
        int number = 0;
        for (Path file : VectorCase.find(VECTORS)) {
            String json = Files.readString(file).replaceFirst("\"case\": \"[^\"]*\"", "\"case\": \"x\"")
                    .replaceFirst("\"title\": \"[^\"]*\"", "\"title\": \"y\"")
                    .replaceFirst("\"file\": \"[^\"]*\"", "\"file\": \"z\"");
            Path copy = Files.createDirectories(folder.resolve("deep")).resolve("case" + number++ + ".json");
            Files.writeString(copy, json);
            Files.copy(Path.of(file.toString().replace(".json", ".safetensors")),
                    Path.of(copy.toString().replace(".json", ".safetensors")));
        }
        for (VectorReport report : VectorRun.run(folder, EvaluationVectors.or("float32", VectorCheck::run))) {
            assertTrue(report.passed(), String.join("\n", report.text()));
        }
    }

    @Test
    void whatNothingRecognisesFails(@TempDir Path folder) throws IOException {
        copy(folder, "gelu_erf", "\"method\": \"common\"", "\"method\": \"alchemy\"");
        copy(folder, "linear", "", "");
        copy(folder, "ema", "", "");
        Files.write(folder.resolve("ema.safetensors"), new byte[1], java.nio.file.StandardOpenOption.APPEND);
        copy(folder, "groupnorm", "\"groups\": 3", "\"groups\": 2");
        Files.writeString(folder.resolve("notes.json"), "{\"about\": \"no case\"}");
        List<VectorReport> reports = VectorRun.run(folder, VectorCheck::run);
        assertEquals(4, reports.size());
        assertTrue(reports.get(0).failures().getFirst().contains("checksum"), reports.get(0).toString());
        assertTrue(reports.get(1).failures().getFirst().contains("alchemy"), reports.get(1).toString());
        assertFalse(reports.get(2).passed(), "another number of groups gives other values");
        assertTrue(reports.get(3).passed(), reports.get(3).toString());
    }

    private static void copy(Path folder, String name, String from, String to) throws IOException {
        Path source = VECTORS.resolve("common");
        Files.writeString(folder.resolve(name + ".json"),
                Files.readString(source.resolve(name + ".json")).replace(from, to));
        Files.copy(source.resolve(name + ".safetensors"), folder.resolve(name + ".safetensors"));
    }
}
