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
import dev.triptych.methods.Methods;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BitsViewsTest {
    private static final int N = 12;
    private static final int STEPS = 40;
    private static final int GLOBAL = 3 * 32 * 32;
    private static final int LOCAL = 3 * 16 * 16;
    private static final ImageSet SET = MemorySet.of(new Scenes(1, 0, 30, 32));
    private static final List<String> NONE = List.of("augment.jitter-probability=0", "augment.grayscale=0",
            "bits.blur-first=0", "bits.blur-second=0", "bits.blur-local=0", "bits.solarise=0");

    /// The paper's probabilities.
    private static BitsViews paper(String... overrides) {
        return views(SET, List.of(), overrides);
    }

    private static BitsViews views(ImageSet set, List<String> overrides, String... more) {
        var all = new ArrayList<>(List.of("training.batch=" + N, "data.side=32", "bits.local-crops=3",
                "bits.local-side=16"));
        all.addAll(overrides);
        all.addAll(List.of(more));
        var latest = new LinkedHashMap<String, String>(); // a key given twice is refused
        all.forEach(setting -> latest.put(setting.replaceFirst("=.*", ""), setting));
        return new BitsViews(set, Methods.RECIPES.load("bits-micro", List.copyOf(latest.values())).recipe());
    }

    @Test
    void shapesAndRanges() {
        var batch = paper().make(0, null);
        assertEquals(2 * N * GLOBAL, batch.global().length);
        assertEquals(3 * N * LOCAL, batch.local().length);
        for (float[] x : new float[][]{batch.global(), batch.local()}) {
            for (float value : x) {
                assertTrue(value >= 0 && value <= 1);
            }
        }
        assertEquals(0, paper("bits.local-crops=0").make(0, null).local().length);
        var globals = BitsViews.globals(SET, Methods.RECIPES.load("bits-micro", List.of()).recipe(), 5).make(0, null);
        assertEquals(2 * 5 * 3 * 16 * 16, globals.global().length);
        assertEquals(0, globals.local().length);
    }

    @Test
    void aBatchDependsOnSeedAndStepOnly() {
        var views = paper();
        var fresh = views.make(7, null);
        var reused = views.make(7, views.make(3, null));
        assertEquals(7, reused.step());
        assertArrayEquals(fresh.global(), reused.global());
        assertArrayEquals(fresh.local(), reused.local());
        assertArrayEquals(fresh.labels(), reused.labels());
        assertFalse(Arrays.equals(fresh.global(), views.make(8, null).global()));
        assertFalse(Arrays.equals(fresh.global(), paper("seed=2").make(7, null).global()));
    }

    /// Every crop of a plain image is that image's colour: view v of image i lies in row i * V + v.
    @Test
    void viewsAreImageMajor() {
        var views = views(new PlainImages(), NONE);
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
        var blurred = changed("augment.blur-sigma=[0.5, 2.0]", "bits.blur-first=1", "bits.blur-second=0.1",
                "bits.blur-local=0.5");
        assertEquals(1, blurred[0], 0.001);
        assertEquals(0.1, blurred[1], 0.05);
        assertEquals(0.5, blurred[2], 0.06);
    }

    @Test
    void onlyTheSecondGlobalViewIsSolarised() {
        var solarised = changed("bits.solarise=0.2");
        assertArrayEquals(new double[]{0, solarised[1], 0}, solarised);
        assertEquals(0.2, solarised[1], 0.06);
    }

    /// Shares of first, second and local views that differ from the same crops without colours.
    private static double[] changed(String... colours) {
        var coloured = views(SET, NONE, colours);
        var plain = views(SET, NONE);
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
        assertThrows(IllegalArgumentException.class, () -> ColourSettings.none().with(0, 1.5f));
        var few = ImageSets.subset(SET, IntStream.range(0, 5).toArray());
        assertThrows(IllegalArgumentException.class, () -> views(few, NONE));
    }

    private static float[] view(float[] x, int k, int length) {
        return Arrays.copyOfRange(x, k * length, (k + 1) * length);
    }

    private static boolean same(float[] a, float[] b, int k, int length) {
        return Arrays.equals(a, k * length, (k + 1) * length, b, k * length, (k + 1) * length);
    }
}
