package dev.triptych.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.io.Json;
import java.io.IOException;
import java.util.LinkedHashMap;
import org.junit.jupiter.api.Test;

class ProgressTest {
    private static final long SECOND = 1_000_000_000L;

    private final StringBuilder out = new StringBuilder();
    private long now = 5 * SECOND;

    private static Progress.Status status(long step) {
        var losses = new LinkedHashMap<String, Double>();
        losses.put("loss", 12.3456);
        losses.put("mse", 0.01);
        return new Progress.Status("main", step, 100, step / 10.0, losses, 1e-3, 64 * step, 0.25 * step);
    }

    private Progress progress(boolean terminal, int columns) {
        return new Progress(out, terminal, columns, 3, () -> now);
    }

    @Test
    void plainLinesComeEveryFewSeconds() {
        try (var progress = progress(false, 80)) {
            for (int step = 1; step <= 9; step++) {
                progress.update(status(step));
                now += SECOND;
            }
        }
        assertEquals("""
                main  step 4/100  epoch 0.40  loss 12.35 mse 0.010  lr 1.00e-03  64.00 images/s  data 25%  left 1m36s
                main  step 7/100  epoch 0.70  loss 12.35 mse 0.010  lr 1.00e-03  64.00 images/s  data 25%  left 1m33s
                main  step 9/100  epoch 0.90  loss 12.35 mse 0.010  lr 1.00e-03  42.67 images/s  data 17%  left 1m42s
                """, out.toString());
    }

    @Test
    void aTerminalLineIsRewrittenAndCut() {
        try (var progress = progress(true, 40)) {
            for (int step = 1; step <= 4; step++) {
                progress.update(status(step));
                now += SECOND;
            }
            progress.message("checkpoint written");
        }
        assertEquals("\r[..........] main  step 4/100  epoch 0.\ncheckpoint written\n", out.toString());
    }

    @Test
    void linesOfJson() throws IOException {
        try (var progress = Progress.json(out, 3, () -> now)) {
            for (int step = 1; step <= 4; step++) {
                progress.update(status(step));
                now += SECOND;
            }
            progress.message("a \"remark\"");
        }
        var lines = out.toString().lines().toList();
        assertEquals(2, lines.size());
        var object = Json.read(lines.getFirst());
        assertEquals("progress", object.get("kind"));
        assertEquals(4L, object.get("step"));
        assertEquals(100L, object.get("steps"));
        assertEquals(64.0, object.get("images/s"));
        assertEquals(96.0, (Double) object.get("seconds left"), 1e-6);
        assertEquals("a \"remark\"", Json.read(lines.getLast()).get("text"));
    }

    @Test
    void aRunOfOneStepStillShowsIt() {
        try (var progress = progress(false, 80)) {
            progress.update(status(1));
        }
        assertEquals("main  step 1/100  epoch 0.10  loss 12.35 mse 0.010  lr 1.00e-03\n", out.toString());
    }

    @Test
    void nothingHappensWithoutSteps() {
        progress(true, 80).close();
        assertTrue(out.isEmpty());
    }

    @Test
    void figuresAndDurations() {
        assertEquals("0.000", Progress.figure(0));
        assertEquals("-1.25e-05", Progress.figure(-1.25e-5));
        assertEquals("123.5", Progress.figure(123.45678));
        assertEquals("12346", Progress.figure(12345.6));
        assertEquals("NaN", Progress.figure(Double.NaN));
        assertEquals("59s", Progress.duration(59.4));
        assertEquals("1m00s", Progress.duration(59.6));
        assertEquals("2h07m", Progress.duration(7651));
        assertEquals("1d01h", Progress.duration(90_000));
    }
}
