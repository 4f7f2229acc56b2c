package dev.triptych.sheet;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.measure.code.BitCodes;
import dev.triptych.measure.feature.Features;
import dev.triptych.measure.retrieval.RetrievalExamples;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Neighbours that can be counted by hand, and the sheet of them.
class RetrievalSheetTest {
    /// Directions at 0, 90, 45, 180 degrees and one of length 0.
    private static final Features DATABASE = new Features(new float[]{3, 0, 0, 2, 1, 1, -1, 0, 0, 0}, 5, 2,
            new int[]{0, 1, 0, 1, 1});
    private static final Features QUERIES = new Features(new float[]{5, 0, 0, 1}, 2, 2, new int[]{0, 1});

    private static RetrievalSheet.Side side(Features features) {
        return new RetrievalSheet.Side(i -> Cell.plain(8, 8, 0xFF0000 + i),
                i -> features.labels()[i] == 0 ? "cat" : "a very long name");
    }

    @Test
    void nearestByCosine() {
        var found = RetrievalExamples.cosine("CLS", DATABASE, QUERIES, new int[]{0, 1});
        assertArrayEquals(new int[]{0, 2, 1, 4, 3}, found.nearest()[0]); // 1, .71, then two of 0 in their order
        assertArrayEquals(new String[]{"1.00", "0.71", "0.00", "0.00", "-1.00"}, found.closeness()[0]);
        assertEquals(1, found.nearest()[1][0]);
        assertEquals(5, found.k());
    }

    @Test
    void nearestByHammingDistance() {
        var database = new BitCodes(new long[]{0b1111, 0b0000, 0b0001, 0b1000}, 4, 4);
        var found = RetrievalExamples.hamming("4 bits", database, new BitCodes(new long[]{0b0001}, 1, 4),
                new int[]{0});
        assertArrayEquals(new int[]{2, 1, 3, 0}, found.nearest()[0]);
        assertArrayEquals(new String[]{"0", "1", "2", "3"}, found.closeness()[0]);
    }

    /// Class by class, or classes in turns: the queries are of many classes.
    @Test
    void queriesAreOfManyClasses() {
        int[] shown = RetrievalExamples.shown(10_000);
        assertEquals(8, Arrays.stream(shown).map(i -> i / 1000).distinct().count());
        assertEquals(6, Arrays.stream(shown).map(i -> i % 6).distinct().count());
        assertArrayEquals(new int[]{0, 1, 2}, RetrievalExamples.shown(3));
    }

    /// Without classes nothing is of the query's class, and nothing is said of it.
    @Test
    void withoutClassesClosenessAloneIsSaid() {
        var example = RetrievalExamples.cosine("CLS", DATABASE, QUERIES, new int[]{0, 1});
        var side = new RetrievalSheet.Side(i -> Cell.plain(8, 8, 0xFF0000 + i), i -> "");
        var sheet = new RetrievalSheet(List.of(example), side, side, false).sheet("t");
        assertEquals(List.of("", "1.00", "0.71", "0.00", "0.00", "-1.00"), sheet.rows().getFirst().notes());
        assertEquals("Nearest first; below each how close it is.", sheet.note());
        assertEquals(2, sheet.rows().stream().flatMap(row -> row.cells().stream())
                .flatMapToInt(cell -> Arrays.stream(cell.rgb())).distinct().count(), "the query, another");
    }

    @Test
    void aHiddenSheetShowsNoPixelOfThem() {
        var example = RetrievalExamples.cosine("CLS", DATABASE, QUERIES, new int[]{0, 1});
        var shown = new RetrievalSheet(List.of(example), side(QUERIES), side(DATABASE), true).sheet("t");
        assertEquals(List.of("query", "1", "2", "3", "4", "5"), shown.captions());
        assertEquals(List.of("cat", "cat 1.00", "cat 0.71", "a very lon… 0.00", "a very lon… 0.00",
                "a very lon… -1.00"), shown.rows().getFirst().notes());
        assertTrue(shown.note().contains("By CLS, cosine 5 of 10 shown are of the query's class."), shown.note());
        var picture = shown.rows().getFirst().cells().get(2);
        assertEquals(0xFF0002, picture.rgb()[0]);
        assertTrue(picture.rgb()[picture.rgb().length - 1] != 0xFF0002, "the bar");
        var hidden = new RetrievalSheet(List.of(example), side(QUERIES), side(DATABASE), false).sheet("t");
        var colours = hidden.rows().stream().flatMap(row -> row.cells().stream())
                .flatMapToInt(cell -> Arrays.stream(cell.rgb())).distinct().count();
        assertEquals(3, colours, "the query, its class, another class");
        var other = RetrievalExamples.cosine("D", DATABASE, QUERIES, new int[]{1});
        assertTrue(assertThrows(IllegalArgumentException.class, () -> new RetrievalSheet(List.of(example, other),
                side(QUERIES), side(DATABASE), true)).getMessage().contains("of other queries"));
    }
}
