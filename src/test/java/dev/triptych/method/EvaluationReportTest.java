package dev.triptych.method;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluationReportTest {

    private static EvaluationReport report() {
        var baselines = new LinkedHashMap<String, Double>();
        baselines.put("untrained", 30.0);
        baselines.put("raw pixels", 33.333);
        return new EvaluationReport(Map.of("run", "runs/a \"b\""),
                List.of(new EvaluationReport.Figure("kNN on S", 41.256, "%", "cosine, k = 20", baselines),
                        new EvaluationReport.Figure("mIoU", 0.51, "IoU", "one-to-one", Map.of("fixed grid", 0.25)),
                        new EvaluationReport.Figure("PSNR", Double.NaN, "dB", "", Map.of())));
    }

    @Test
    void textShowsEveryFigureBesideItsBaselines() {
        assertEquals("""
                run: runs/a "b"

                figure    value  untrained  raw pixels  fixed grid  unit
                --------  -----  ---------  ----------  ----------  ----
                kNN on S  41.26      30.00       33.33           –  %
                mIoU      0.510          –           –       0.250  IoU
                PSNR        n/a          –           –           –  dB

                kNN on S: cosine, k = 20
                mIoU: one-to-one
                """, report().text(200));
    }

    @Test
    void jsonIsCompleteAndWrittenWhole(@TempDir Path folder) throws IOException {
        var file = folder.resolve("deep/eval.json");
        report().write(file);
        var json = Files.readString(file);
        assertEquals(report().json(), json);
        assertTrue(json.contains("\"what\" : \"kNN on S\""), json);
        assertTrue(json.contains("\"untrained\" : 30.0"), json);
        assertTrue(json.contains("\"value\" : null"), json);
        assertTrue(json.contains("runs/a \\\"b\\\""), json);
        try (var files = Files.list(file.getParent())) {
            assertEquals(1, files.count());
        }
    }
}
