package dev.triptych.measure.feature;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

/// What lies in the span of L, beside numbers of NumPy (`qr`, `svd`).
class LowRankShareTest {
    private static final int N = 6;
    private static final int WIDTH = 4;
    private static final int K = 3;

    private static float[] dense() {
        float[] d = new float[2 + N * WIDTH];
        for (int i = 0; i < N * WIDTH; i++) {
            d[2 + i] = (i / WIDTH * 7 + i % WIDTH * 5) % 11 - 3 + 0.25f * (i % WIDTH);
        }
        return d;
    }

    private static float[] places(boolean twins) {
        float[] l = new float[1 + N * K];
        for (int i = 0; i < N * K; i++) {
            int j = twins ? Math.min(1, i % K) : i % K;
            l[1 + i] = 1 + (i / K * (j + 1) + 2 * j * j) % 5;
        }
        return l;
    }

    @Test
    void sharesAreNumpys() {
        var share = LowRankShare.of(dense(), 2, places(false), 1, N, WIDTH, K);
        assertEquals(0.7588341961394411, share.places(), 1e-12);
        assertEquals(0.9037147748727359, share.best(), 1e-12);
        assertEquals(0.4910848874685312, LowRankShare.of(dense(), 2, places(true), 1, N, WIDTH, K).places(), 1e-12,
                "two tokens at one place count once");
    }

    /// D = L S lies wholly in the span, of which no more is possible; D of rank K and strange places do not.
    @Test
    void aProductOfPlacesIsHeldByThem() {
        var random = new Random(1);
        float[] l = new float[N * K];
        float[] s = new float[K * WIDTH];
        for (int i = 0; i < l.length; i++) {
            l[i] = random.nextFloat();
        }
        for (int i = 0; i < s.length; i++) {
            s[i] = (float) random.nextGaussian();
        }
        float[] d = new float[N * WIDTH];
        for (int i = 0; i < d.length; i++) {
            for (int k = 0; k < K; k++) {
                d[i] += l[i / WIDTH * K + k] * s[k * WIDTH + i % WIDTH];
            }
        }
        var share = LowRankShare.of(d, 0, l, 0, N, WIDTH, K);
        assertEquals(1, share.places(), 1e-10);
        assertEquals(1, share.best(), 1e-10);
        var strange = LowRankShare.of(d, 0, places(false), 1, N, WIDTH, K);
        assertTrue(strange.places() < 0.999 && strange.best() >= strange.places(), strange::toString);
        assertThrows(IllegalArgumentException.class, () -> LowRankShare.of(new float[N * WIDTH], 0, l, 0, N, WIDTH, K));
    }
}
