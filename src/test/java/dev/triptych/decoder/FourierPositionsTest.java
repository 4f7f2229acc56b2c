package dev.triptych.decoder;

import static org.junit.jupiter.api.Assertions.assertEquals;

import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/// Sine and cosine interleaved, x before y (STELLAR specification section 3).
class FourierPositionsTest {
    @Property(tries = 60, edgeCases = EdgeCasesMode.NONE)
    void channelsAreSineAndCosineInTurnOfXBeforeY(
            @ForAll @IntRange(min = 0, max = 1000) int seed,
            @ForAll @IntRange(min = 1, max = 9) int rows,
            @ForAll @IntRange(min = 1, max = 9) int columns,
            @ForAll @IntRange(min = 1, max = 8) int half) {
        double[] g = FourierPositions.draw(seed, 2 * half);
        float[] table = FourierPositions.table(g, rows, columns, 2 * half);
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                double x = (2 * j + 1.0) / columns - 1;
                double y = (2 * i + 1.0) / rows - 1;
                for (int m = 0; m < half; m++) {
                    double phi = 2 * Math.PI * (x * g[m] + y * g[half + m]);
                    int at = (i * columns + j) * 2 * half + 2 * m;
                    assertEquals(Math.sin(phi), table[at], 1e-6);
                    assertEquals(Math.cos(phi), table[at + 1], 1e-6);
                }
            }
        }
    }

    @Property(tries = 30, edgeCases = EdgeCasesMode.NONE)
    void theFirstRowOfGBelongsToTheColumnOfACell(
            @ForAll @IntRange(min = 1, max = 9) int rows,
            @ForAll @IntRange(min = 2, max = 9) int columns) {
        float[] table = FourierPositions.table(new double[]{0.1, 0}, rows, columns, 2);
        for (int cell = 0; cell < rows * columns; cell++) {
            assertEquals(table[2 * (cell % columns)], table[2 * cell], "the same in every row");
        }
        // x runs from left to right, so does a sine of less than a quarter turn
        for (int j = 1; j < columns; j++) {
            assertEquals(1, Math.signum(table[2 * j] - table[2 * j - 2]));
        }
    }
}
