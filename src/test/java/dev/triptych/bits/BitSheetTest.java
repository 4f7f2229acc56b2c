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
import java.util.List;
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

    /// Without classes: the bit of the largest entropy first, images with it set and without.
    @Test
    void withoutClassesImagesWithTheBitAndWithoutAreShown() {
        var photos = new ImageSetWithoutClasses();
        var logits = new float[40 * 4];
        for (int i = 0; i < logits.length; i++) {
            logits[i] = i % 4 == 2 ? i / 4 < 20 ? 1 : -1 : i / 4 < 10 ? 1 : -1; // bit 2 is even, the others are not
        }
        var codes = new BitStatistics(BitCodes.of(logits, 40, 4), new int[40]);
        var sheet = new BitSheet(codes, photos, true).sheet("title");
        assertEquals(List.of("bit set", "bit not set"), sheet.captions());
        var first = sheet.rows().getFirst();
        assertTrue(first.label().startsWith("bit 2\n"), first.label());
        assertEquals(List.of("50 %", "50 %"), first.notes());
        assertEquals(List.of("25 %", "75 %"), sheet.rows().get(1).notes());
        // image i has the grey i: the first with the bit is image 0, the first without is image 20
        assertEquals(0, first.cells().get(0).rgb()[0] & 0xFF);
        assertEquals(20, first.cells().get(1).rgb()[0] & 0xFF);
        assertTrue(sheet.note().contains("The images have no classes."), sheet.note());
    }

    private record ImageSetWithoutClasses() implements ImageSet {
        @Override
        public int size() {
            return 40;
        }

        @Override
        public int side() {
            return 4;
        }

        @Override
        public List<String> classes() {
            return List.of();
        }

        @Override
        public int label(int i) {
            return 0;
        }

        @Override
        public void pixels(int i, byte[] rgbPlanar, int at) {
            Arrays.fill(rgbPlanar, at, at + 48, (byte) i);
        }

        @Override
        public boolean hasMasks() {
            return false;
        }

        @Override
        public void mask(int i, byte[] mask, int at) {
            throw new UnsupportedOperationException();
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
