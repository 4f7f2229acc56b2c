package dev.triptych.stellar;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.data.codes.CodeTargets;
import dev.triptych.data.set.EpochOrder;
import dev.triptych.data.set.ImageSet;
import dev.triptych.data.set.MemorySet;
import dev.triptych.data.set.Scenes;
import dev.triptych.data.view.ColourSettings;
import dev.triptych.methods.Methods;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StellarViewsTest {
    private static final int B = 6;
    private static final int LENGTH = 3 * 32 * 32;
    private static final ImageSet SET = MemorySet.of(new Scenes(1, 0, 20, 32));

    private static StellarViewSettings settings(int views, boolean teacher, ColourSettings colour, boolean shared) {
        return new StellarViewSettings(B, 32, views, 2, 16, 0.4f, 1f, 0.15f, 0.5f, 0.5f, colour, shared, teacher, 4,
                0.75, MaskKind.GAUSSIAN);
    }

    @Test
    void shapesAndRanges() {
        var batch = new StellarViews(SET, settings(2, false, ColourSettings.stellar(3), false), 1).make(0, null);
        assertEquals(B * LENGTH, batch.image().length);
        assertEquals(2 * B * LENGTH, batch.globalViews().length);
        assertEquals(2 * B * 3 * 16 * 16, batch.localViews().length);
        assertEquals(B * 2 * 16, batch.idsKeep().length);
        for (float[] x : new float[][]{batch.image(), batch.globalViews(), batch.localViews()}) {
            for (float value : x) {
                assertTrue(value >= 0 && value <= 1);
            }
        }
    }

    @Test
    void viewZeroSharesTheCropOfTheImage() {
        var batch = new StellarViews(SET, settings(2, false, ColourSettings.none(), false), 1).make(4, null);
        for (int b = 0; b < B; b++) {
            float[] image = slice(batch.image(), b);
            assertArrayEquals(image, slice(batch.globalViews(), 2 * b));
            assertFalse(Arrays.equals(image, slice(batch.globalViews(), 2 * b + 1)));
        }
    }

    @Test
    void codesAreThoseOfTheVeryCropThatIsReconstructed() {
        var tokenizer = DecoderTargets.codebook(Methods.RECIPES.load("stellar-cifar-codes", List.of()).recipe());
        var targets = CodeTargets.of(tokenizer, 32, 8);
        var views = new StellarViews(SET, settings(2, false, ColourSettings.stellar(3), false), 1, targets);
        var batch = views.make(5, views.make(4, null));
        int[] codes = new int[B * 64];
        tokenizer.encode(batch.image(), B, codes);
        assertArrayEquals(codes, batch.codes());
        assertEquals(0, new StellarViews(SET, settings(2, false, ColourSettings.none(), false), 1).make(0, null)
                .codes().length);
    }

    @Test
    void aTeacherHasItsViewEvenWithoutMaskedOnes() {
        var batch = new StellarViews(SET, settings(1, true, ColourSettings.none(), false), 1).make(0, null);
        assertEquals(2 * B * LENGTH, batch.globalViews().length);
        assertEquals(B * 16, batch.idsKeep().length);
    }

    @Test
    void aBatchDependsOnSeedAndStepOnly() {
        var views = new StellarViews(SET, settings(2, false, ColourSettings.stellar(3), false), 1);
        var fresh = views.make(7, null);
        var reused = views.make(7, views.make(3, null));
        assertEquals(7, reused.step());
        assertArrayEquals(fresh.globalViews(), reused.globalViews());
        assertArrayEquals(fresh.localViews(), reused.localViews());
        assertArrayEquals(fresh.idsKeep(), reused.idsKeep());
        assertArrayEquals(fresh.labels(), reused.labels());
        assertFalse(Arrays.equals(fresh.image(), views.make(8, null).image()));
        assertFalse(Arrays.equals(fresh.image(),
                new StellarViews(SET, settings(2, false, ColourSettings.stellar(3), false), 2).make(7, null).image()));
    }

    @Test
    void sharedColourIsOneDrawForAllViews() {
        var onlyBrightness = new ColourSettings(1, 0.4f, 0, 0, 0, 0, 0, 0, 1, 1); // brightness: a factor per draw
        assertEquals(1, factors(new StellarViews(SET, settings(2, false, onlyBrightness, true), 1).make(0, null)));
        assertEquals(B, factors(new StellarViews(SET, settings(2, false, onlyBrightness, false), 1).make(0, null)));
    }

    /// How many different brightness factors lie between the images and their views 0.
    private static long factors(StellarBatch batch) {
        return IntStream.range(0, B).mapToObj(b -> {
            float[] image = slice(batch.image(), b);
            float[] view = slice(batch.globalViews(), 2 * b);
            for (int i = 0; i < LENGTH; i++) {
                if (image[i] > 0.2f && image[i] < 0.6f) {
                    return Math.round(100 * view[i] / image[i]);
                }
            }
            return -1;
        }).distinct().count();
    }

    @Test
    void anEpochShowsEveryImageOnce() {
        var order = new EpochOrder(20, 6, 3);
        assertEquals(3, order.stepsPerEpoch());
        int[] seen = new int[20];
        int[] indices = new int[6];
        for (long step = 3; step < 6; step++) {
            assertEquals(1, order.epoch(step));
            order.indices(step, indices);
            for (int i : indices) {
                seen[i]++;
            }
        }
        assertEquals(18, Arrays.stream(seen).filter(n -> n == 1).count());
        assertThrows(IllegalArgumentException.class, () -> new EpochOrder(5, 6, 0));
    }

    @Test
    void impossibleSettingsAreNamed() {
        var e = assertThrows(IllegalArgumentException.class,
                () -> new StellarViewSettings(B, 30, 2, 2, 16, 0.4f, 1, 0.1f, 1,
                        0.5f, ColourSettings.none(), false, false, 4, 0.75, MaskKind.UNIFORM));
        assertTrue(e.getMessage().contains("30") && e.getMessage().contains("4"));
    }

    private static float[] slice(float[] x, int i) {
        return Arrays.copyOfRange(x, i * LENGTH, (i + 1) * LENGTH);
    }
}
