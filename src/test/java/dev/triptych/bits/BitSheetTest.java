package dev.triptych.bits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.data.set.ImageSet;
import dev.triptych.data.set.ImageSets;
import dev.triptych.data.set.MemorySet;
import dev.triptych.data.set.Scenes;
import dev.triptych.measure.code.BitCodes;
import dev.triptych.measure.code.BitStatistics;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BitSheetTest {
    private static final ImageSet SET = MemorySet.of(new Scenes(1, 0, 60, 16));

    /// Bit 5 says whether the class is 0; the others know nothing of it: classes take turns.
    private static BitStatistics codes() {
        var logits = new float[60 * 12];
        for (int i = 0; i < logits.length; i++) {
            logits[i] = (i / 12 / SET.classes().size() >> i % 12) % 2 == 0 ? 1 : -1;
        }
        for (int i = 0; i < 60; i++) {
            logits[i * 12 + 5] = SET.label(i) == 0 ? 1 : -1;
        }
        return new BitStatistics(BitCodes.of(logits, 60, 12), IntStream.range(0, 60).map(SET::label).toArray());
    }

    @Test
    void theMostInformativeBitComesFirstWithItsFigures() {
        var codes = codes();
        for (boolean images : new boolean[]{true, false}) {
            var sheet = new BitSheet(codes, SET, images).sheet("title");
            assertEquals(8, sheet.rows().size());
            assertEquals(SET.classes(), sheet.captions());
            var first = sheet.rows().getFirst();
            assertTrue(first.label().startsWith("bit 5\n") && first.label().contains("I = "), first.label());
            assertEquals("100 %", first.notes().getFirst());
            assertTrue(first.notes().stream().skip(1).allMatch("0 %"::equals), first.notes().toString());
            assertTrue(sheet.draw().picture().getWidth() > 300);
        }
    }

    @Test
    void withoutImagesNoPixelOfThemIsShown() {
        var codes = codes();
        var other = MemorySet.of(new Scenes(2, 0, 60, 16));
        var hidden = new BitSheet(codes, SET, false).sheet("").rows().getFirst().cells().getFirst();
        assertTrue(Arrays.equals(hidden.rgb(),
                new BitSheet(codes, other, false).sheet("").rows().getFirst().cells().getFirst().rgb()));
        assertEquals(1, Arrays.stream(hidden.rgb()).distinct().count(), "a share of 100 % fills the cell");
    }

    @Test
    void codesOfOtherImagesAreRefused() {
        var few = ImageSets.subset(SET, new int[]{1, 2});
        assertThrows(IllegalArgumentException.class, () -> new BitSheet(codes(), few, true).sheet(""));
    }
}
