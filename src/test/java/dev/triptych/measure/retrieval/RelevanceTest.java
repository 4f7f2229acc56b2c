package dev.triptych.measure.retrieval;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.triptych.data.source.SeveralLabels;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What is relevant to a query by the names of classes.
class RelevanceTest {
    private static final List<String> CLASSES = List.of("a", "a; b", "b;c", "c", "d");

    private static byte[] marked(Relevance relevance, int q) {
        var relevant = new byte[relevance.items()];
        int count = relevance.mark(q, relevant);
        int sum = 0;
        for (byte r : relevant) {
            sum += r;
        }
        assertEquals(sum, count);
        return relevant;
    }

    @Test
    void ofSeveralLabelsOneIsShared() {
        int[] database = {0, 1, 2, 3, 4, 1};
        var relevance = Relevance.of(CLASSES, new int[]{0, 1, 2, 3, 4}, database);
        assertArrayEquals(new byte[]{1, 1, 0, 0, 0, 1}, marked(relevance, 0));
        assertArrayEquals(new byte[]{1, 1, 1, 0, 0, 1}, marked(relevance, 1));
        assertArrayEquals(new byte[]{0, 1, 1, 1, 0, 1}, marked(relevance, 2));
        assertArrayEquals(new byte[]{0, 0, 1, 1, 0, 0}, marked(relevance, 3));
        assertArrayEquals(new byte[]{0, 0, 0, 0, 1, 0}, marked(relevance, 4));
    }

    @Test
    void ofOneLabelItIsTheSame() {
        var classes = List.of("tench, Tinca tinca", "hen;", "cat");
        assertEquals(List.of("hen"), SeveralLabels.of("hen;"));
        var relevance = Relevance.of(classes, new int[]{1}, new int[]{0, 1, 2, 1});
        assertArrayEquals(new byte[]{0, 1, 0, 1}, marked(relevance, 0));
    }
}
