package dev.triptych.data.set;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Which entries are used, and which instead of them.
class StretchesTest {
    /// All places together try every entry once, each those of its stretch, the drawn one first and then in order.
    @ParameterizedTest
    @CsvSource({"10, 3", "100, 7", "8, 2", "5, 5", "1, 1"})
    void everyEntryIsTriedOnce(int all, int count) {
        var stretches = new Stretches(all, count);
        int[] drawn = Subset.drawn(all, count);
        var tried = new ArrayList<Integer>();
        for (int place = 0; place < count; place++) {
            var own = new ArrayList<Integer>();
            for (int entry = stretches.candidate(place, 0); entry >= 0;) {
                own.add(entry);
                entry = stretches.candidate(place, own.size());
            }
            assertEquals(drawn[place], own.getFirst());
            int least = own.stream().mapToInt(e -> e).min().orElseThrow();
            for (int i = 1; i < own.size(); i++) {
                assertEquals((own.get(i - 1) - least + 1) % own.size(), own.get(i) - least, "the next one");
            }
            tried.addAll(own);
        }
        assertEquals(all, tried.size());
        assertEquals(new HashSet<>(IntStream.range(0, all).boxed().toList()), new HashSet<>(tried));
        assertEquals(count == all, stretches.whole());
        assertEquals(List.of(-1), List.of(stretches.candidate(0, all)));
    }
}
