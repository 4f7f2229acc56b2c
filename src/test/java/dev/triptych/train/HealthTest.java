package dev.triptych.train;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class HealthTest {
    @Test
    void collapsedLogitsUseOnePrototype() {
        assertEquals(1, Health.usePerplexity(new float[]{1, 3, 2, 1, 3, 2, 1, 3, 2}, 3, 3), 1e-12);
        assertEquals(3, Health.usePerplexity(new float[]{9, 3, 2, 1, 3, 2, 1, 3, 4}, 3, 3), 1e-6);
    }

    @Test
    void usedTokensAreCountedPerImage() {
        assertEquals(1.5, Health.usedTokens(new float[]{0.9f, 0.1f, 0.8f, 0.2f, 0.9f, 0.1f, 0.2f, 0.8f}, 2, 2, 2), 0);
    }
}
