package dev.triptych.data.set;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashSet;
import org.junit.jupiter.api.Test;

class ScenesTest {
    private static final int SIDE = 32;

    @Test
    void aSceneDependsOnlyOnSeedAndIndex() {
        var all = new Scenes(5, 0, 30, SIDE);
        var late = new Scenes(5, 20, 10, SIDE);
        assertArrayEquals(pixels(all, 23), pixels(late, 3));
        assertEquals(all.label(23), late.label(3));
        assertFalse(Arrays.equals(pixels(all, 3), pixels(new Scenes(6, 0, 30, SIDE), 3)));
        assertFalse(Arrays.equals(pixels(all, 3), pixels(all, 15)), "same class, other scene");
    }

    @Test
    void classesAreBalancedAndNamedOnce() {
        var scenes = new Scenes(1, 0, 60, SIDE);
        assertEquals(6, new HashSet<>(scenes.classes()).size());
        int[] count = new int[6];
        for (int i = 0; i < 60; i++) {
            count[scenes.label(i)]++;
        }
        assertTrue(Arrays.stream(count).allMatch(c -> c == 10));
    }

    @Test
    void masksShowOneToThreeVisibleObjects() {
        var scenes = new Scenes(1, 0, 60, SIDE);
        byte[] mask = new byte[SIDE * SIDE];
        int[] scenesWith = new int[4];
        for (int i = 0; i < 60; i++) {
            scenes.mask(i, mask, 0);
            int[] area = new int[4];
            for (byte object : mask) {
                area[object]++;
            }
            int objects = 0;
            while (objects < 3 && area[objects + 1] > 0) {
                objects++;
                assertTrue(area[objects] > 20, "object too small in scene " + i);
            }
            assertEquals(SIDE * SIDE, Arrays.stream(area, 0, objects + 1).sum(), "numbers without a gap");
            assertTrue(area[0] > SIDE * SIDE / 4);
            scenesWith[objects]++;
        }
        assertTrue(scenesWith[0] == 0 && scenesWith[1] > 8 && scenesWith[2] > 8 && scenesWith[3] > 8);
    }

    @Test
    void objectsDifferFromTheirBackground() {
        var scenes = new Scenes(2, 0, 30, SIDE);
        byte[] mask = new byte[SIDE * SIDE];
        for (int i = 0; i < 30; i++) {
            byte[] rgb = pixels(scenes, i);
            scenes.mask(i, mask, 0);
            float[] back = new float[3];
            int n = 0;
            for (int p = 0; p < mask.length; p++) {
                for (int c = 0; c < 3 && mask[p] == 0; c++) {
                    back[c] += rgb[c * mask.length + p] & 0xFF;
                    n++;
                }
            }
            double distance = 0;
            int inside = 0;
            for (int p = 0; p < mask.length; p++) {
                for (int c = 0; c < 3 && mask[p] > 0; c++) {
                    distance += Math.pow((rgb[c * mask.length + p] & 0xFF) - back[c] * 3 / n, 2);
                    inside++;
                }
            }
            assertTrue(Math.sqrt(distance / inside) > 25, "scene " + i);
        }
    }

    @Test
    void aSetInMemoryIsACopy() {
        var scenes = new Scenes(2, 7, 12, 16);
        var copy = MemorySet.of(scenes);
        assertEquals(scenes.classes(), copy.classes());
        byte[] a = new byte[256];
        byte[] b = new byte[256];
        for (int i = 0; i < 12; i++) {
            assertEquals(scenes.label(i), copy.label(i));
            assertArrayEquals(pixels(scenes, i), pixels(copy, i));
            scenes.mask(i, a, 0);
            copy.mask(i, b, 0);
            assertArrayEquals(a, b);
        }
        float[] images = new float[2 * 3 * 256];
        copy.images(new int[]{4, 1}, images, 0);
        assertEquals((pixels(scenes, 1)[5] & 0xFF) / 255f, images[3 * 256 + 5], 1e-6f);
    }

    @Test
    void impossibleSetsAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new Scenes(1, 0, 10, 7));
        assertThrows(IllegalArgumentException.class, () -> new Scenes(1, -1, 10, 32));
        assertThrows(IndexOutOfBoundsException.class, () -> new Scenes(1, 0, 10, 32).label(10));
    }

    private static byte[] pixels(ImageSet set, int i) {
        byte[] rgb = new byte[3 * set.side() * set.side()];
        set.pixels(i, rgb, 0);
        return rgb;
    }
}
