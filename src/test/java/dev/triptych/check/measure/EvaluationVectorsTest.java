package dev.triptych.check.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.io.vectors.VectorCase;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

class EvaluationVectorsTest {
    private static final Path VECTORS = Path.of("reference-checks");

    @Test
    void goldenVectorsOfEvaluation() throws IOException {
        var families = new ArrayList<String>();
        for (Path file : VectorCase.find(VECTORS)) {
            for (String precision : new String[]{"float64", "float32"}) {
                EvaluationVectors.run(VectorCase.open(file), precision).ifPresent(report -> {
                    assertTrue(report.passed(), String.join("\n", report.text()));
                    families.add(report.family());
                });
            }
        }
        assertEquals(4, families.stream().distinct().count(), families.toString());
        assertEquals(8, families.size());
    }
}
