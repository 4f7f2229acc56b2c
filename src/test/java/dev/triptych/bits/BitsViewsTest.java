package dev.triptych.bits;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.data.set.ImageSet;
import dev.triptych.data.set.ImageSets;
import dev.triptych.data.set.MemorySet;
import dev.triptych.data.set.Scenes;
import dev.triptych.data.view.ColourSettings;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BitsViewsTest {
    private static final int N = 12;
    private static final int STEPS = 40;
    private static final int GLOBAL = 3 * 32 * 32;
    private static final int LOCAL = 3 * 16 * 16;
    private static final ImageSet SET = MemorySet.of(new Scenes(1, 0, 30, 32));
    private static final ColourSettings NONE = ColourSettings.none();

    private static BitsViewSettings settings(ColourSettings first, ColourSettings second, ColourSettings local) {
        return new BitsViewSettings(N, 32, 3, 16, 0.4f, 1f, 0.15f, 0.4f, 0.5f, first, second, local);
    }

    /// The paper's probabilities.
    private static BitsViewSettings paper() {
        var colour = ColourSettings.stellar(3);
        return settings(colour.with(1, 0), colour.with(0.1f, 0.2f), colour.with(0.5f, 0));
    }

    @Test
    void shapesAndRanges() {
        var batch = new BitsViews(SET, paper(), 1).make(0, null);
        assertEquals(2 * N * GLOBAL, batch.global().length);
        assertEquals(3 * N * LOCAL, batch.local().length);
        for (float[] x : new float[][]{batch.global(), batch.local()}) {
            for (float value : x) {
                assertTrue(value >= 0 && value <= 1);
            }
        }
        var none = new BitsViewSettings(N, 32, 0, 0, 0.4f, 1f, 0, 0, 0.5f, NONE, NONE, NONE);
        assertEquals(0, new BitsViews(SET, none, 1).make(0, null).local().length);
    }

    @Test
    void aBatchDependsOnSeedAndStepOnly() {
        var views = new BitsViews(SET, paper(), 1);
        var fresh = views.make(7, null);
        var reused = views.make(7, views.make(3, null));
        assertEquals(7, reused.step());
        assertArrayEquals(fresh.global(), reused.global());
        assertArrayEquals(fresh.local(), reused.local());
        assertArrayEquals(fresh.labels(), reused.labels());
        assertFalse(Arrays.equals(fresh.global(), views.make(8, null).global()));
        assertFalse(Arrays.equals(fresh.global(), new BitsViews(SET, paper(), 2).make(7, null).global()));
    }

    /// Every crop of a plain image is that image's colour: view v of image i lies in row i * V + v.
    @Test
    void viewsAreImageMajor() {
        var views = new BitsViews(new PlainImages(), settings(NONE, NONE, NONE), 1);
        var batch = views.make(0, null);
        int[] indices = new int[N];
        views.order().indices(0, indices);
        for (int i = 0; i < N; i++) {
            float[] expected = new float[GLOBAL];
            Arrays.fill(expected, indices[i] / 255f);
            for (int v = 0; v < 2; v++) {
                assertArrayEquals(expected, view(batch.global(), 2 * i + v, GLOBAL), 1e-5f);
            }
            for (int v = 0; v < 3; v++) {
                assertArrayEquals(Arrays.copyOf(expected, LOCAL), view(batch.local(), 3 * i + v, LOCAL), 1e-5f);
            }
            assertEquals(indices[i], batch.labels()[i]);
        }
    }

    /// Image i is grey of level i.
    private record PlainImages() implements ImageSet {
        @Override
        public int size() {
            return 30;
        }

        @Override
        public int side() {
            return 32;
        }

        @Override
        public List<String> classes() {
            return List.of();
        }

        @Override
        public int label(int i) {
            return i;
        }

        @Override
        public void pixels(int i, byte[] rgbPlanar, int at) {
            Arrays.fill(rgbPlanar, at, at + GLOBAL, (byte) i);
        }

        @Override
        public boolean hasMasks() {
            return false;
        }

        @Override
        public void mask(int i, byte[] mask, int at) {
            throw new UnsupportedOperationException("plain images have no masks");
        }
    }

    @Test
    void eachViewBlursWithItsOwnProbability() {
        var blur = new ColourSettings(0, 0, 0, 0, 0, 0, 0, 3, 0.5f, 2f);
        var blurred = changed(settings(blur.with(1, 0), blur.with(0.1f, 0), blur.with(0.5f, 0)));
        assertEquals(1, blurred[0], 0.001);
        assertEquals(0.1, blurred[1], 0.05);
        assertEquals(0.5, blurred[2], 0.06);
    }

    @Test
    void onlyTheSecondGlobalViewIsSolarised() {
        var solarised = changed(settings(NONE, NONE.with(0, 0.2f), NONE));
        assertArrayEquals(new double[]{0, solarised[1], 0}, solarised);
        assertEquals(0.2, solarised[1], 0.06);
    }

    /// Shares of first, second and local views that differ from the same crops without colours.
    private static double[] changed(BitsViewSettings settings) {
        var coloured = new BitsViews(SET, settings, 1);
        var plain = new BitsViews(SET, settings(NONE, NONE, NONE), 1);
        double[] changes = new double[3];
        for (int step = 0; step < STEPS; step++) {
            var a = coloured.make(step, null);
            var b = plain.make(step, null);
            for (int k = 0; k < 2 * N; k++) {
                changes[k % 2] += same(a.global(), b.global(), k, GLOBAL) ? 0 : 1;
            }
            for (int k = 0; k < 3 * N; k++) {
                changes[2] += same(a.local(), b.local(), k, LOCAL) ? 0 : 1 / 3.0;
            }
        }
        return Arrays.stream(changes).map(c -> c / (N * STEPS)).toArray();
    }

    @Test
    void impossibleSettingsAreNamed() {
        var e = assertThrows(IllegalArgumentException.class,
                () -> new BitsViewSettings(N, 32, 2, 16, 0.4f, 1f, 0.5f, 0.4f, 0.5f, NONE, NONE, NONE));
        assertTrue(e.getMessage().contains("local") && e.getMessage().contains("0.5"), e.getMessage());
        assertThrows(IllegalArgumentException.class, () -> NONE.with(0, 1.5f));
        assertThrows(IllegalArgumentException.class,
                () -> new BitsViews(ImageSets.subset(SET, IntStream.range(0, 5).toArray()), paper(), 1));
    }

    private static float[] view(float[] x, int k, int length) {
        return Arrays.copyOfRange(x, k * length, (k + 1) * length);
    }

    private static boolean same(float[] a, float[] b, int k, int length) {
        return Arrays.equals(a, k * length, (k + 1) * length, b, k * length, (k + 1) * length);
    }
}
