package dev.triptych.data.view;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.data.view.ColourAugmentation.Draw;
import dev.triptych.data.view.RandomResizedCrop.Box;
import dev.triptych.random.CounterRandom;
import dev.triptych.random.Stream;
import java.util.Arrays;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class AugmentationTest {
    private static final int[] ORDER = {0, 1, 2, 3};

    @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
    void boxesLieInsideAndKeepTheScale(@ForAll long seed, @ForAll @IntRange(min = 8, max = 300) int height,
            @ForAll @IntRange(min = 8, max = 300) int width) {
        var box = RandomResizedCrop.draw(CounterRandom.of(seed, Stream.CROP, 0, 0), height, width, 0.36f, 1f,
                0.5f);
        assertTrue(box.top() >= 0 && box.left() >= 0 && box.height() > 0 && box.width() > 0);
        assertTrue(box.top() + box.height() <= height && box.left() + box.width() <= width);
        double share = (double) box.height() * box.width() / (height * width);
        boolean square = height * 4 > width * 3 && width * 4 > height * 3;
        assertTrue(share <= 1 && (!square || share > 0.25));
        double ratio = (double) box.width() / box.height();
        assertTrue(ratio > 0.6 && ratio < 1.7);
    }

    @Test
    void flipsAreFairAndBoxesVary() {
        int flips = 0;
        int sizes = 0;
        for (int s = 0; s < 1000; s++) {
            var random = CounterRandom.of(1, Stream.CROP, 0, s);
            var box = RandomResizedCrop.draw(random, 32, 32, 0.4f, 1f, 0.5f);
            assertEquals(s % 2 == 1, RandomResizedCrop.draw(random, 32, 32, 0.4f, 1f, s % 2).flip());
            flips += box.flip() ? 1 : 0;
            sizes += box.height() * box.width();
        }
        assertEquals(500, flips, 60);
        assertEquals(0.66 * 1024, sizes / 1000.0, 40); // large wide boxes do not fit and are drawn again
    }

    @Test
    void theWholeImageAtItsOwnSizeStaysAsItIs() {
        float[] x = noise(12, 3);
        float[] y = new float[x.length];
        new RandomResizedCrop(12, Resampling.HALF_PIXEL).apply(x, 0, 12, 12, new Box(0, 0, 12, 12, false), y, 0);
        assertArrayEquals(x, y, 1e-6f);
        new RandomResizedCrop(12, Resampling.HALF_PIXEL).apply(x, 0, 12, 12, new Box(0, 0, 12, 12, true), y, 0);
        for (int i = 0; i < x.length; i++) {
            assertEquals(x[i / 12 * 12 + 11 - i % 12], y[i], 1e-6f);
        }
    }

    /// Expected values: torch.nn.functional.interpolate([0, 0.2, 0.8, 1], size 8, bicubic, align_corners False), whose
    /// kernel at offsets 0.25 and 0.75 has the weights -27/256, 225/256, 67/256, -9/256.
    @Test
    void bicubicWeightsAreThoseOfTorch() {
        float[] row = {0, 0.2f, 0.8f, 1};
        float[] x = new float[3 * 16];
        for (int i = 0; i < x.length; i++) {
            x[i] = row[i % 4];
        }
        float[] y = new float[3 * 64];
        new RandomResizedCrop(8, Resampling.HALF_PIXEL).apply(x, 0, 4, 4, new Box(0, 0, 4, 4, false), y, 0);
        double[] w = {-27 / 256.0, 225 / 256.0, 67 / 256.0, -9 / 256.0};
        double at225 = w[3] * 1 + w[2] * 0.8 + w[1] * 0.2 + w[0] * 0;
        double at1 = w[0] * 0 + w[1] * 0 + w[2] * 0.2 + w[3] * 0.8;
        double at0 = w[0] * 0.2; // below zero: clamped
        assertTrue(at0 < 0);
        assertEquals(0, y[0], 1e-6);
        assertEquals(at1, y[1], 1e-6);
        assertEquals(w[0] * 0.8 + w[1] * 0.2 + w[2] * 0 + w[3] * 0, y[2], 1e-6);
        assertEquals(at225, y[3], 1e-6);
        assertEquals(1, y[7], 1e-6);
    }

    private static float[] resampled(Resampling resampling, int side, float... row) {
        int n = row.length;
        float[] x = new float[3 * n * n];
        for (int i = 0; i < x.length; i++) {
            x[i] = row[i % n];
        }
        float[] y = new float[3 * side * side];
        new RandomResizedCrop(side, resampling).apply(x, 0, n, n, new Box(0, 0, n, n, false), y, 0);
        return java.util.Arrays.copyOf(y, side);
    }

    /// Pillow 12: Image.fromarray(rows, "F").resize((n, n), Image.BICUBIC).
    @Test
    void theKernelOfBitsIsPillows() {
        assertArrayEquals(new float[]{0.19874477f, 0.75496185f, 0.44811717f},
                resampled(Resampling.PILLOW, 3, 0.1f, 0.2f, 0.8f, 0.9f, 0.3f, 0.5f), 2e-6f, "smaller: antialiased");
        assertArrayEquals(new float[]{0.09117647f, 0.10583942f, 0.13664122f, 0.33359376f, 0.69453126f, 0.7969466f,
                0.6510949f, 0.58235294f}, resampled(Resampling.PILLOW, 8, 0.1f, 0.2f, 0.8f, 0.6f), 2e-6f, "larger");
    }

    /// torch.nn.functional.interpolate(rows, size 4, bicubic, align_corners True): both ends stay.
    @Test
    void theCropsOfStellarAlignCorners() {
        assertArrayEquals(new float[]{0.1f, 0.6056f, 0.7111f, 0.5f},
                resampled(Resampling.ALIGN_CORNERS, 4, 0.1f, 0.2f, 0.8f, 0.9f, 0.3f, 0.5f), 5e-5f);
    }

    @Test
    void jitterOperationsDoWhatTheyAreNamedFor() {
        float[] red = {1, 0, 0};
        apply(new Draw(true, ORDER, 1, 1, 1, 1 / 3f, false, false, 1, false), red, 1);
        assertArrayEquals(new float[]{0, 1, 0}, red, 1e-5f);
        float[] any = {0.2f, 0.5f, 0.9f};
        apply(new Draw(true, ORDER, 1, 1, 1, -0.1f, false, false, 1, false), any, 1);
        assertArrayEquals(new float[]{0.2f, 0.9f, 0.88f}, any, 1e-5f); // Python: colorsys.hsv_to_rgb(h - 0.1, s, v)
        float[] bright = {0.2f, 0.5f, 0.9f};
        apply(new Draw(true, ORDER, 1.4f, 1, 1, 0, false, false, 1, false), bright, 1);
        assertArrayEquals(new float[]{0.28f, 0.7f, 1}, bright, 1e-5f);
        float[] grey = {0.2f, 0.5f, 0.9f};
        apply(new Draw(false, ORDER, 1, 1, 1, 0, true, false, 1, false), grey, 1);
        float g = 0.299f * 0.2f + 0.587f * 0.5f + 0.114f * 0.9f;
        assertArrayEquals(new float[]{g, g, g}, grey, 1e-5f);
        float[] flat = noise(4, 1);
        apply(new Draw(true, ORDER, 1, 0, 1, 0, false, false, 1, false), flat, 4);
        for (float value : flat) {
            assertEquals(flat[0], value, 1e-6f);
        }
        float[] bad = {Float.NaN, Float.POSITIVE_INFINITY, -1};
        apply(new Draw(false, ORDER, 1, 1, 1, 0, false, false, 1, false), bad, 1);
        assertArrayEquals(new float[]{0, 1, 0}, bad);
    }

    @Test
    void orderMatters() {
        float[] a = noise(4, 2);
        float[] b = a.clone();
        apply(new Draw(true, new int[]{0, 1, 2, 3}, 1.4f, 1.4f, 0.8f, 0.05f, false, false, 1, false), a, 4);
        apply(new Draw(true, new int[]{3, 1, 0, 2}, 1.4f, 1.4f, 0.8f, 0.05f, false, false, 1, false), b, 4);
        float difference = 0;
        for (int i = 0; i < a.length; i++) {
            difference = Math.max(difference, Math.abs(a[i] - b[i]));
        }
        assertTrue(difference > 0.01);
    }

    @Test
    void blurKeepsConstantsAndSpreadsAPoint() {
        var augmentation = new ColourAugmentation(ColourSettings.stellar(3));
        var draw = new Draw(false, ORDER, 1, 1, 1, 0, false, true, 0.8f, false);
        float[] flat = new float[75];
        Arrays.fill(flat, 0.3f);
        augmentation.apply(draw, flat, 0, 5);
        for (float value : flat) {
            assertEquals(0.3f, value, 1e-6f);
        }
        float[] point = new float[75];
        point[12] = 1;
        augmentation.apply(draw, point, 0, 5);
        double e = Math.exp(-1 / (2 * 0.8f * 0.8f));
        double side = e / (1 + 2 * e);
        assertEquals(side * side, point[6], 1e-6);
        assertEquals((1 - 2 * side) * (1 - 2 * side), point[12], 1e-6);
        assertEquals(0, point[0]);
        assertThrows(IllegalArgumentException.class, () -> new ColourAugmentation(ColourSettings.stellar(9))
                .apply(draw, new float[48], 0, 4));
    }

    @Test
    void nothingStaysNothing() {
        var augmentation = new ColourAugmentation(ColourSettings.none());
        float[] x = noise(4, 9);
        float[] y = x.clone();
        augmentation.apply(augmentation.draw(CounterRandom.of(1, Stream.COLOUR, 0, 0)), y, 0, 4);
        assertArrayEquals(x, y);
        assertThrows(IllegalArgumentException.class, () -> ColourSettings.stellar(4));
    }

    @Test
    void solariseInvertsTheUpperHalfOfTheBytes() {
        float[] x = {127 / 255f, 128 / 255f, 1};
        apply(new Draw(false, ORDER, 1, 1, 1, 0, false, false, 1, true), x, 1);
        assertArrayEquals(new float[]{127 / 255f, 127 / 255f, 0}, x, 1e-6f);
    }

    @Test
    void solariseTakesTheLastDrawOfAll() {
        var plain = new ColourAugmentation(ColourSettings.stellar(3));
        var solarising = new ColourAugmentation(ColourSettings.stellar(3).with(0.5f, 1));
        for (int s = 0; s < 50; s++) {
            var a = plain.draw(CounterRandom.of(1, Stream.COLOUR, 0, s));
            var b = solarising.draw(CounterRandom.of(1, Stream.COLOUR, 0, s));
            assertTrue(b.solarise() && !a.solarise());
            assertArrayEquals(a.order(), b.order());
            assertEquals(a, new Draw(b.jitter(), a.order(), b.brightness(), b.contrast(), b.saturation(), b.hue(),
                    b.grey(), b.blur(), b.sigma(), false));
        }
    }

    private static void apply(Draw draw, float[] x, int side) {
        new ColourAugmentation(ColourSettings.stellar(3)).apply(draw, x, 0, side);
    }

    private static float[] noise(int side, int seed) {
        var random = CounterRandom.of(seed, Stream.CHECK, 0, 0);
        float[] x = new float[3 * side * side];
        for (int i = 0; i < x.length; i++) {
            x[i] = random.uniform();
        }
        return x;
    }
}
