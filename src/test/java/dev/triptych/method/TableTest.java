package dev.triptych.method;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

class TableTest {
    private final Table table = new Table(List.of("what", "value", "other"),
            List.of(List.of("kNN|S", "41.20", "–"), List.of("mIoU, long", "7.1 ± 0.3", "x")));

    @Test
    void plainTextAlignsNumbersToTheRight() {
        assertEquals("""
                what            value  other
                ----------  ---------  -----
                kNN|S           41.20  –
                mIoU, long  7.1 ± 0.3  x
                """, table.plain());
    }

    @Test
    void markdownMarksTheAlignmentAndEscapesBars() {
        assertEquals("""
                | what       |     value | other |
                | ---------- | --------: | ----- |
                | kNN\\|S     |     41.20 | –     |
                | mIoU, long | 7.1 ± 0.3 | x     |
                """, table.markdown());
    }

    @Test
    void aShortRowIsAnError() {
        assertThrows(IllegalArgumentException.class, () -> new Table(List.of("a", "b"), List.of(List.of("1"))));
    }
}
