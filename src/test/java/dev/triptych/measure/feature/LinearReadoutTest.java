package dev.triptych.measure.feature;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LinearReadoutTest {
    @Test
    void itsLogitsAreThoseOfTheProbe() {
        var random = new SplittableRandom(7);
        int n = 120;
        int width = 5;
        float[] rows = new float[n * width];
        int[] labels = new int[n];
        for (int i = 0; i < n; i++) {
            labels[i] = i % 3;
            for (int j = 0; j < width; j++) {
                rows[i * width + j] = (float) (10 + random.nextGaussian() + (j == labels[i] ? 1.5 : 0));
            }
        }
        var train = new Features(rows, n, width, labels);
        var probe = LinearProbe.standard();
        LinearReadout readout = probe.readout(train);
        assertEquals(3, readout.classes());
        float[] logits = readout.logits(rows, n);
        int[] predicted = ArgMax.ofRows(logits, 0, n, 3);
        assertEquals(probe.fit(train, train).accuracy(), train.accuracy(predicted), 1e-9);
        // the product of L and S is read as S is read and spread by L, where rows of L sum to 1
        float[] mixed = new float[width];
        double[] expected = new double[3];
        double[] share = {0.2, 0.5, 0.3};
        for (int k = 0; k < 3; k++) {
            for (int j = 0; j < width; j++) {
                mixed[j] += (float) (share[k] * rows[k * width + j]);
            }
            for (int c = 0; c < 3; c++) {
                expected[c] += share[k] * logits[k * 3 + c];
            }
        }
        float[] found = readout.logits(mixed, 1);
        assertArrayEquals(expected, IntStream.range(0, 3).mapToDouble(c -> found[c]).toArray(), 1e-4);
    }
}
