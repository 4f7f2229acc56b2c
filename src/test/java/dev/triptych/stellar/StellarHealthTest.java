package dev.triptych.stellar;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.triptych.measure.feature.Spectrum;
import dev.triptych.method.Health;
import org.junit.jupiter.api.Test;

class StellarHealthTest {
    @Test
    void collapsedLogitsUseOnePrototype() {
        assertEquals(1, StellarHealth.usePerplexity(new float[]{1, 3, 2, 1, 3, 2, 1, 3, 2}, 3, 3), 1e-12);
        assertEquals(3, StellarHealth.usePerplexity(new float[]{9, 3, 2, 1, 3, 2, 1, 3, 4}, 3, 3), 1e-6);
    }

    @Test
    void usedTokensAreCountedPerImage() {
        assertEquals(1.5,
                StellarHealth.usedTokens(new float[]{0.9f, 0.1f, 0.8f, 0.2f, 0.9f, 0.1f, 0.2f, 0.8f}, 2, 2, 2), 0);
    }

    @Test
    void theRankIsThatOfEachImage() {
        float[] z = {1, 0, 2, 0, 0, 1, 0, 3}; // two images of rank 1, along different axes
        assertEquals(1, StellarHealth.effectiveRank(z, 2, 2, 2), 1e-9);
        assertEquals(1.5, StellarHealth.effectiveRank(new float[]{1, 0, 0, 1, 0, 1, 0, 3}, 2, 2, 2), 1e-9);
    }

    @Test
    void aFigureThatCannotBeComputedIsNotANumber() {
        assertEquals(Double.NaN, Health.orNaN(() -> Spectrum.meanCosine(new float[]{1, 2}, 0, 1, 2)));
        assertEquals(2.5, Health.orNaN(() -> 2.5));
    }
}
