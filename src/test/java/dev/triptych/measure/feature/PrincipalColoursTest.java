package dev.triptych.measure.feature;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PrincipalColoursTest {
    private static final int ROWS = 400;

    /// Columns 2, 0 and 3 of five carry the variance, in this order.
    private static float[] features() {
        var random = new SplittableRandom(4);
        float[] deviation = {3, 0.01f, 9, 1, 0.02f};
        var a = new float[ROWS * 5];
        for (int i = 0; i < a.length; i++) {
            a[i] = 7 + deviation[i % 5] * (float) random.nextDouble();
        }
        return a;
    }

    @Test
    void theStrongestDirectionsBecomeRedGreenAndBlue() {
        var a = features();
        var rgb = PrincipalColours.fit(a, 0, ROWS, 5).colours(a, 0, ROWS);
        int[] column = {2, 0, 3};
        for (int c = 0; c < 3; c++) {
            double least = 1;
            double most = 0;
            for (int i = 1; i < ROWS; i++) {
                float v = rgb[c * ROWS + i];
                least = Math.min(least, v);
                most = Math.max(most, v);
                double step = a[i * 5 + column[c]] - a[(i - 1) * 5 + column[c]];
                if (Math.abs(step) > 0.5) {
                    assertTrue((v - rgb[c * ROWS + i - 1]) * step >= 0);
                }
            }
            assertEquals(0, least);
            assertEquals(1, most);
        }
    }

    @Test
    void scaleAndOffsetOfTheFeaturesDoNotMatter() {
        var a = features();
        var b = a.clone();
        for (int i = 0; i < b.length; i++) {
            b[i] = 4 * b[i] - 30;
        }
        assertArrayEquals(PrincipalColours.fit(a, 0, ROWS, 5).colours(a, 50, 7),
                PrincipalColours.fit(b, 0, ROWS, 5).colours(b, 50, 7), 1e-4f);
    }

    @Test
    void missingDirectionsAreGrey() {
        float[] a = {0, 0, 1, 2, 2, 4};
        var rgb = PrincipalColours.fit(a, 0, 3, 2).colours(a, 0, 3);
        assertArrayEquals(new float[]{0, 0.5f, 1, 0.5f, 0.5f, 0.5f, 0.5f, 0.5f, 0.5f}, rgb, 1e-6f);
        assertThrows(IllegalArgumentException.class, () -> PrincipalColours.fit(a, 0, 4, 2));
    }
}
