package dev.triptych.stellar;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.data.codes.CodeTargets;
import dev.triptych.data.set.ImageSet;
import dev.triptych.data.set.MemorySet;
import dev.triptych.data.set.Scenes;
import dev.triptych.methods.Methods;
import dev.triptych.tokens.DecoderTargets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StellarViewsTest {
    private static final int B = 6;
    private static final int LENGTH = 3 * 32 * 32;
    private static final ImageSet SET = MemorySet.of(new Scenes(1, 0, 20, 32));

    private static final String[] PLAIN = {"augment.jitter-probability=0", "augment.grayscale=0",
            "augment.blur-probability=0"};

    private static StellarViews views(CodeTargets targets, String... colours) {
        var all = new ArrayList<>(List.of("training.batch=" + B, "data.side=32", "stellar.local-side=16",
                "augment.blur-kernel=3", "augment.blur-sigma=[0.1, 2.0]"));
        all.addAll(List.of(colours));
        var recipe = Methods.RECIPES.load("stellar-micro", all).recipe();
        return new StellarViews(SET, recipe, recipe.training().stages().getLast(), targets);
    }

    private static StellarViews views(String... colours) {
        return views((CodeTargets) null, colours);
    }

    @Test
    void shapesAndRanges() {
        var batch = views().make(0, null);
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
        var batch = views(PLAIN).make(4, null);
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
        var views = views(targets);
        var batch = views.make(5, views.make(4, null));
        int[] codes = new int[B * 64];
        tokenizer.encode(batch.image(), B, codes);
        assertArrayEquals(codes, batch.codes());
        assertEquals(0, views(PLAIN).make(0, null)
                .codes().length);
    }

    @Test
    void aBatchDependsOnSeedAndStepOnly() {
        var views = views();
        var fresh = views.make(7, null);
        var reused = views.make(7, views.make(3, null));
        assertEquals(7, reused.step());
        assertArrayEquals(fresh.globalViews(), reused.globalViews());
        assertArrayEquals(fresh.localViews(), reused.localViews());
        assertArrayEquals(fresh.idsKeep(), reused.idsKeep());
        assertArrayEquals(fresh.labels(), reused.labels());
        assertFalse(Arrays.equals(fresh.image(), views.make(8, null).image()));
        assertFalse(Arrays.equals(fresh.image(), views("seed=2").make(7, null).image()));
    }

    @Test
    void sharedColourIsOneDrawForAllViews() {
        assertEquals(1, factors(brightness(true).make(0, null)));
        assertEquals(B, factors(brightness(false).make(0, null)));
    }

    /// Brightness alone, which is one factor a draw.
    private static StellarViews brightness(boolean shared) {
        return views("augment.jitter-probability=1", "augment.contrast=0", "augment.saturation=0", "augment.hue=0",
                "augment.grayscale=0", "augment.blur-probability=0", "augment.shared-colour=" + shared);
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

    private static float[] slice(float[] x, int i) {
        return Arrays.copyOfRange(x, i * LENGTH, (i + 1) * LENGTH);
    }
}
