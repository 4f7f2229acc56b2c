package dev.triptych.measure.segment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.data.file.RgbImage;
import java.util.Arrays;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class PictureWindowsTest {
    private static RgbImage picture(int width, int height) {
        return new RgbImage(width, height, new byte[3 * width * height]);
    }

    @Property(tries = 200)
    void coverEveryPixelAndStayInside(@ForAll @IntRange(min = 1, max = 90) int width,
            @ForAll @IntRange(min = 1, max = 90) int height, @ForAll @IntRange(min = 16, max = 40) int shortSide) {
        var windows = PictureWindows.of(picture(width, height), shortSide, 16, 4);
        assertEquals(shortSide, Math.min(windows.scaled().width(), windows.scaled().height()));
        for (int w = 0; w < windows.count(); w++) {
            assertTrue(windows.top(w) >= 0 && windows.top(w) + 16 <= windows.scaled().height());
            assertTrue(windows.left(w) >= 0 && windows.left(w) + 16 <= windows.scaled().width());
        }
        // class 1 wins everywhere by the same margin: a pixel that no window covers would be of class 0
        float[] scores = new float[windows.count() * 16 * 2];
        for (int i = 1; i < scores.length; i += 2) {
            scores[i] = 1;
        }
        int[] ones = new int[width * height];
        Arrays.fill(ones, 1);
        assertArrayEquals(ones, windows.classes(scores, 2));
    }

    @Test
    void scoresAreInterpolatedBetweenTheMiddlesOfPatches() {
        var windows = PictureWindows.of(picture(8, 8), 8, 8, 4);
        // patches in a row score 0 and 4 for class 1, class 0 has 1 everywhere: 1 is passed a quarter of the way
        int[] predicted = windows.classes(new float[]{1, 0, 1, 4, 1, 0, 1, 4}, 2);
        // pixel middles lie at 0.5 ... 7.5, the patches' at 2 and 6, so the crossing is at 3
        assertArrayEquals(new int[]{0, 0, 0, 1, 1, 1, 1, 1}, Arrays.copyOf(predicted, 8));
        assertArrayEquals(Arrays.copyOf(predicted, 8), Arrays.copyOfRange(predicted, 56, 64));
    }

    @Test
    void overlappingWindowsAddUp() {
        var windows = PictureWindows.of(picture(12, 8), 8, 8, 8);
        assertEquals(2, windows.count());
        assertEquals(4, windows.left(1));
        // class 0: 1 and 1; class 1: 3 in the left window, -2 in the right one: together 1 < 2
        int[] predicted = windows.classes(new float[]{1, 3, 1, -2}, 2);
        assertArrayEquals(new int[]{1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0}, Arrays.copyOf(predicted, 12));
    }

    @Test
    void aPatchHasTheClassOfMostOfItsPixels() {
        var windows = PictureWindows.of(picture(16, 16), 8, 8, 4); // a patch is 8 x 8 pixels of the picture
        int[] labels = new int[256];
        for (int p = 0; p < 256; p++) {
            int x = p % 16;
            int y = p / 16;
            labels[p] = x < 8 ? y < 8 ? 2 : -1 : y < 8 ? x < 11 ? 1 : 0 : x < 11 ? -1 : 1;
        }
        assertArrayEquals(new int[]{2, 0, -1, 1}, windows.patchLabels(0, labels, 3));
    }

    @Test
    void squaresAreCutWhereTheyLie() {
        var random = new SplittableRandom(4);
        byte[] planes = new byte[3 * 20 * 10];
        random.nextBytes(planes);
        var image = new RgbImage(20, 10, planes);
        float[] square = new float[3 * 16];
        image.square(7, 5, 4, square, 0);
        assertEquals((planes[200 + 6 * 20 + 9] & 0xFF) / 255f, square[16 + 1 * 4 + 2], 1e-6);
    }

    @Test
    void aPictureLikeAThreadIsRefused() {
        var e = assertThrows(IllegalArgumentException.class, () -> PictureWindows.of(picture(100_000, 1), 16, 16, 4));
        assertTrue(e.getMessage().contains("100000x1") && e.getMessage().contains("4096"), e.getMessage());
    }
}
