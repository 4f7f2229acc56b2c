package dev.triptych.measure.picture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class PsnrTest {
    @Test
    void knownValues() {
        assertEquals(20, Psnr.ofMse(0.01), 1e-12);
        assertEquals(0, Psnr.ofMse(1), 1e-12);
        assertEquals(100, Psnr.ofMse(0), 1e-12);
        assertThrows(IllegalArgumentException.class, () -> Psnr.ofMse(Double.NaN));
    }

    @Test
    void isTheMeanOfThePerImageValuesAndClampsTheReconstruction() {
        float[] target = {0, 1, 0.5f, 0.5f};
        float[] reconstruction = {-3, 4, 0.6f, 0.4f};
        assertEquals(100, Psnr.perImage(target, reconstruction, 2, 2)[0], 1e-12);
        assertEquals(20, Psnr.perImage(target, reconstruction, 2, 2)[1], 1e-5);
        assertEquals(60, Psnr.mean(target, reconstruction, 2, 2), 1e-5);
        assertThrows(IllegalArgumentException.class, () -> Psnr.mean(target, reconstruction, 2, 3));
    }
}
