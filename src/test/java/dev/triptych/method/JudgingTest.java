package dev.triptych.method;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.data.set.ImageSet;
import dev.triptych.data.set.MemorySet;
import dev.triptych.data.set.Scenes;
import dev.triptych.method.EvaluationReport.Figure;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// How a run is to be judged, and what was found.
class JudgingTest {
    private static final Option<Integer> COUNT = new Option<>("--count", Integer.class, "N", "How many.");
    private static final Option<Boolean> FLAG = new Option<>("--flag", Boolean.class, "", "Whether.");
    private static final ImageSet SET = MemorySet.of(new Scenes(1, 0, 20, 8));

    @Test
    void anOptionHasTheValueThatWasGiven() {
        var how = new Judging(0, true, Map.of(COUNT, 5));
        assertEquals(5, how.value(COUNT, 3));
        assertEquals(false, how.value(FLAG, false));
        assertEquals(3, new Judging(0, true, Map.of(FLAG, true)).value(COUNT, 3));
        assertThrows(ClassCastException.class, () -> new Judging(0, true, Map.of(COUNT, "5")).value(COUNT, 3));
    }

    @Test
    void imagesAreLimitedAsAsked() {
        assertSame(SET, new Judging(0, true, Map.of()).limited(SET));
        assertSame(SET, new Judging(20, true, Map.of()).limited(SET));
        assertEquals(7, new Judging(7, true, Map.of()).limited(SET).size());
        String message = assertThrows(InputException.class, () -> new Judging(21, true, Map.of()).limited(SET))
                .getMessage();
        assertTrue(message.startsWith("--limit-train is 21, but there are 20 images"), message);
        assertTrue(assertThrows(InputException.class, () -> Judging.limited(SET, 30, "data.test-images")).getMessage()
                .startsWith("data.test-images is 30"));
    }

    @Test
    void aVerdictIsOneReportForProgramsAndTablesForPeople() {
        var first = new Figure("first", 1, "%", "p", Map.of());
        var second = new Figure("second", 2, "", "q", Map.of("floor", 0.5));
        var verdict = new Verdict(Map.of("run", "r"), List.of(List.of(first), List.of(second)), List.of());
        assertEquals(List.of(first, second), verdict.report().figures());
        assertEquals(Map.of("run", "r"), verdict.report().facts());
        String text = verdict.text(200);
        assertEquals(text.strip(), text.stripTrailing());
        assertTrue(text.matches("(?s).*first.*\n\n.*second.*"), text);
        assertEquals(1, text.split("run", -1).length - 1, "facts stand above the first table alone");
        assertEquals("", new Verdict.Picture("a.png", null).absence());
    }
}
