package dev.triptych.data.set;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class WholeImagesTest {
    private static final ImageSet SCENES = new Scenes(1, 0, 24, 8);
    private static final int LENGTH = 3 * 64;

    @Test
    void everyImageOfAnEpochIsThereOnceAsItIsOrMirrored() {
        var plain = new WholeImages(SCENES, 6, 0f, 3);
        var turned = new WholeImages(SCENES, 6, 1f, 3);
        int[] all = new int[24];
        Arrays.setAll(all, i -> i);
        float[] source = new float[24 * LENGTH];
        SCENES.images(all, source, 0);
        boolean[] seen = new boolean[24];
        for (int step = 0; step < 4; step++) {
            float[] image = plain.make(step, null).image();
            float[] mirror = turned.make(step, null).image();
            for (int b = 0; b < 6; b++) {
                int at = b * LENGTH;
                int found = index(source, image, at);
                assertTrue(found >= 0 && !seen[found], "image " + found);
                seen[found] = true;
                for (int i = 0; i < LENGTH; i++) {
                    assertEquals(image[at + i], mirror[at + i - i % 8 + 7 - i % 8]);
                }
            }
        }
    }

    private static int index(float[] source, float[] image, int at) {
        for (int i = 0; i < 24; i++) {
            if (Arrays.equals(source, i * LENGTH, (i + 1) * LENGTH, image, at, at + LENGTH)) {
                return i;
            }
        }
        return -1;
    }

    @Test
    void aBatchDependsOnItsStepAlone() {
        var first = new WholeImages(SCENES, 5, 0.5f, 3);
        var used = first.make(2, null);
        var again = new WholeImages(SCENES, 5, 0.5f, 3).make(7, first.make(3, used));
        assertEquals(7, again.step());
        assertArrayEquals(first.make(7, null).image(), again.image());
    }
}
