package dev.triptych.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.io.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
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
        String rest = "  loss 12.35  mse 0.010  lr 1.00e-03  epoch 0.%d0  stage main  data %d%%\n";
        assertEquals("step 4/100  64 images/s  left 1m36s" + rest.formatted(4, 25)
                + "step 7/100  64 images/s  left 1m33s" + rest.formatted(7, 25)
                + "step 9/100  43 images/s  left 1m42s" + rest.formatted(9, 17), out.toString());
    }

    private List<String> onTerminal(int columns) {
        out.setLength(0);
        try (var progress = progress(true, columns)) {
            progress.begin("main", 0, 100);
            for (int step = 1; step <= 4; step++) {
                progress.update(status(step));
                now += SECOND;
            }
            progress.message("checkpoint written");
        }
        return List.of(out.toString().split("[\r\n]+")).stream().map(String::stripTrailing)
                .filter(line -> !line.isEmpty()).toList();
    }

    /// From the beginning, with what fits, the most important first.
    @Test
    void aTerminalLineIsRewrittenAndHoldsWhatFits() {
        assertEquals(List.of("[..........] step 0/100",
                "[..........] step 1/100  loss 12.35  mse 0.010  lr 1.00e-03  epoch 0.10",
                "[..........] step 4/100  64 images/s  left 1m36s  loss 12.35  mse 0.010", "checkpoint written"),
                onTerminal(80));
        assertEquals(List.of("[..........] step 0/100", "step 1/100  loss 12.35  mse 0.010",
                "step 4/100  64 images/s  left 1m36s", "checkpoint written"), onTerminal(40));
        assertEquals("4/100  64/s  1m36s", onTerminal(24).get(2));
        assertEquals("4/100  64/s  1m36s", onTerminal(3).get(2), "20 columns at least");
    }

    /// Whatever the columns and the numbers: in one line, every field whole, none before one that is more important.
    @Property(edgeCases = EdgeCasesMode.NONE)
    void aLineFitsItsColumns(@ForAll @IntRange(min = 20, max = 200) int columns,
            @ForAll @LongRange(min = 1, max = 9_999_999) long step, @ForAll @LongRange(max = 9_999_999) long more,
            @ForAll @IntRange(min = 1, max = 100_000) int images, @ForAll @IntRange(max = 12) int terms,
            @ForAll @LongRange(min = 1, max = 100_000) long seconds) {
        out.setLength(0);
        var losses = new LinkedHashMap<String, Double>();
        losses.put("total", 5.0);
        for (int i = 0; i < terms; i++) {
            losses.put("term" + i, -1e-9 * i);
        }
        String[] lines;
        try (var progress = progress(true, columns)) {
            progress.begin("main", step, step + more);
            progress.update(new Progress.Status("main", step, step + more + 9, 1, losses, 1e-3, 0, 0));
            now += seconds * SECOND + 3 * SECOND;
            progress.update(new Progress.Status("main", step + 5, step + more + 9, 1, losses, 1e-3, images, 0));
            lines = out.toString().split("\r");
        }
        for (String line : lines) {
            assertTrue(line.length() < columns, line);
        }
        String line = lines[lines.length - 1].stripTrailing();
        String said = line.replaceAll("^\\[[#.]{10}] ", "");
        var whole = new ArrayList<>(List.of("(step )?\\d+/\\d+", "[\\d.]+( images)?/s", "(left )?[\\ddhms]+"));
        losses.keySet().forEach(name -> whole.add(name + " [-\\d.e]+"));
        whole.addAll(List.of("lr 1.00e-03", "epoch 1.00", "stage main", "data 0%"));
        var fields = said.isEmpty() ? List.<String>of() : List.of(said.split("  "));
        for (int i = 0; i < fields.size(); i++) {
            assertTrue(fields.get(i).matches(whole.get(i)), line + ": " + fields.get(i) + " is no " + whole.get(i));
        }
        assertTrue(fields.size() >= 3 || columns < 40, line);
        assertTrue(fields.size() >= 4 || columns < 80, line);
        assertEquals(line.length() != said.length(), line.startsWith("["), line);
    }

    /// The first steps are slow, and of two of them nothing follows.
    @Test
    void theTimeLeftComesOnceItIsKnown() {
        try (var progress = progress(true, 80)) {
            for (int step = 1; step <= 3; step++) {
                progress.update(status(step));
                now += 4 * SECOND;
            }
            assertFalse(out.toString().contains("left"), out::toString);
            progress.update(status(4));
            assertTrue(out.toString().contains("left 6m24s"), out::toString);
        }
        out.setLength(0);
        try (var progress = new Progress(out, true, 80, 0, () -> now)) {
            for (int step = 1; step <= 90; step++) {
                progress.update(status(step));
                now += SECOND / 100;
            }
        }
        assertFalse(out.toString().contains("left"), "a second of training");
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
        assertEquals("step 1/100  loss 12.35  mse 0.010  lr 1.00e-03  epoch 0.10  stage main\n", out.toString());
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
