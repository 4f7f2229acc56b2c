package dev.triptych.data.view;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.data.file.RgbImage;
import dev.triptych.random.CounterRandom;
import dev.triptych.random.Stream;
import dev.triptych.recipe.DataSection.Corruption;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/// Corruptions beside formulas of their own, and beside SciPy and Pillow. The numbers are those of ImageNet-C's code.
class PictureCorruptionTest {
    private interface Pattern {
        int at(int c, int y, int x);
    }

    private static RgbImage image(int side, Pattern pattern) {
        var planes = new byte[3 * side * side];
        for (int i = 0; i < planes.length; i++) {
            planes[i] = (byte) pattern.at(i / (side * side), i / side % side, i % side);
        }
        return new RgbImage(side, side, planes);
    }

    private static int[] worse(Corruption kind, int strength, RgbImage image) {
        byte[] planes = new PictureCorruption(kind, strength)
                .of(image, CounterRandom.of(3, Stream.CHECK, 0, strength)).planes();
        var levels = new int[planes.length];
        Arrays.setAll(levels, i -> planes[i] & 0xFF);
        return levels;
    }

    /// Of a normal variable, 68.27 % lies within one deviation; with a deviation a tenth off, 63 or 72 %.
    @Test
    void noiseHasTheDeviationOfItsStrength() {
        double[][] deviations = {{0.04, 0.06, 0.08, 0.09, 0.10}, {0.04, 0.08, 0.12, 0.15, 0.18},
                {0.08, 0.12, 0.18, 0.26, 0.38}};
        int[] sides = {32, 64, 96};
        for (int t = 0; t < 3; t++) {
            for (int strength = 1; strength <= 5; strength++) {
                double within = 0;
                double mean = 0;
                int[] levels = worse(Corruption.NOISE, strength, image(sides[t], (_, _, _) -> 128));
                double bound = 255 * deviations[t][strength - 1];
                for (int level : levels) {
                    // a level stands for what is rounded to it: the part of its unit that lies inside the bound
                    within += Math.clamp(bound - Math.abs(level - 128) + 0.5, 0.0, 1.0) / levels.length;
                    mean += (double) level / levels.length;
                }
                assertEquals(0.6827, within, 0.025, sides[t] + " px, strength " + strength);
                assertEquals(128, mean, 5 * bound / Math.sqrt(levels.length));
            }
        }
    }

    @Test
    void noiseDiffersByColourAndDraw() {
        var grey = image(16, (_, _, _) -> 128);
        int[] noise = worse(Corruption.NOISE, 5, grey);
        for (int c = 0; c < 2; c++) {
            double product = 0;
            for (int i = 0; i < 256; i++) {
                product += (noise[256 * c + i] - 128.0) * (noise[256 * (c + 1) + i] - 128) / (25.5 * 25.5) / 256;
            }
            assertEquals(0, product, 0.25, "correlation of neighbouring colours");
        }
        var drawn = new PictureCorruption(Corruption.NOISE, 5);
        byte[] one = drawn.of(grey, CounterRandom.of(3, Stream.CHECK, 0, 1)).planes();
        assertTrue(!Arrays.equals(one, drawn.of(grey, CounterRandom.of(3, Stream.CHECK, 0, 2)).planes()));
        assertArrayEquals(one, drawn.of(grey, CounterRandom.of(3, Stream.CHECK, 0, 1)).planes());
    }

    /// `scipy.ndimage.gaussian_filter(x, c, mode="nearest", truncate=4)`, which scikit-image's `gaussian` calls.
    @Test
    void blurIsScipys() {
        var pattern = image(12, (c, y, x) -> (37 * x + 61 * y + x * y * 7 + 90 * c) % 256);
        int[][] firstRow = {{4, 40, 77, 114, 151, 179, 206, 17, 45, 82, 119, 145},
                {22, 53, 90, 127, 154, 161, 147, 70, 66, 102, 129, 130},
                {36, 63, 96, 126, 147, 151, 131, 92, 82, 105, 125, 128}};
        int[][] lastColumn = {{79, 201, 103, 220, 123, 240, 132, 33, 142, 53, 161, 67},
                {95, 150, 138, 168, 154, 183, 130, 86, 106, 101, 122, 100},
                {97, 132, 146, 156, 161, 161, 133, 105, 105, 110, 115, 107}};
        int[] strengths = {1, 3, 5}; // c = 0.4, 0.7, 1
        for (int s = 0; s < 3; s++) {
            int[] blurred = worse(Corruption.BLUR, strengths[s], pattern);
            for (int i = 0; i < 12; i++) {
                assertEquals(firstRow[s][i], blurred[i], 1, "red, first row, " + i);
                assertEquals(lastColumn[s][i], blurred[2 * 144 + 12 * i + 11], 1, "blue, last column, " + i);
            }
        }
    }

    /// The response to one bright pixel is exp(-r^2 / 2 c^2), over its sum.
    @Test
    void blurHasTheDeviationOfItsStrength() {
        double[][] deviations = {{0.4, 0.6, 0.7, 0.8, 1}, {0.5, 0.75, 1, 1.25, 1.5}, {1, 2, 3, 4, 6}};
        int[] sides = {31, 63, 95};
        for (int t = 0; t < 3; t++) {
            int side = sides[t];
            int middle = side / 2;
            var dot = image(side, (_, y, x) -> y >= middle - 1 && y <= middle + 1 && x == middle ? 255 : 0);
            for (int strength = 1; strength <= 5; strength++) {
                double c = deviations[t][strength - 1];
                double sum = 0;
                for (int k = -40; k <= 40; k++) {
                    sum += Math.exp(-0.5 * k * k / (c * c));
                }
                int[] blurred = worse(Corruption.BLUR, strength, dot);
                for (int dx = 0; dx < 8; dx++) {
                    double expected = 0;
                    for (int dy = -1; dy <= 1; dy++) {
                        expected += 255 * Math.exp(-0.5 * (dx * dx + dy * dy) / (c * c)) / (sum * sum);
                    }
                    assertEquals(expected, blurred[side * middle + middle + dx], 0.6, c + " px, at " + dx);
                }
            }
        }
    }

    @Test
    void contrastShrinksTowardsTheMeanOfEachColour() {
        double[][] factors = {{0.75, 0.5, 0.4, 0.3, 0.15}, {0.4, 0.3, 0.2, 0.1, 0.05}, {0.4, 0.3, 0.2, 0.1, 0.05}};
        int[] sides = {32, 64, 80};
        int[] low = {20, 60, 100};
        int[] high = {60, 160, 250};
        for (int t = 0; t < 3; t++) {
            int pixels = sides[t] * sides[t];
            var checks = image(sides[t], (c, y, x) -> (x + y) % 4 == 0 ? high[c] : low[c]);
            for (int strength = 1; strength <= 5; strength++) {
                int[] weak = worse(Corruption.CONTRAST, strength, checks);
                for (int c = 0; c < 3; c++) {
                    double mean = 0.75 * low[c] + 0.25 * high[c];
                    double factor = factors[t][strength - 1];
                    assertEquals(mean + factor * (high[c] - mean), weak[c * pixels], 0.51);
                    assertEquals(mean + factor * (low[c] - mean), weak[c * pixels + 1], 0.51);
                }
            }
        }
    }

    /// Pillow's files of these qualities, read by Pillow.
    @Test
    void jpegIsPillows() {
        var pattern = image(16, (c, y, x) -> (12 * x + (c + 1) * 3 * y
                + ((x - 8) * (x - 8) + (y - 8) * (y - 8) < 20 ? 40 : 0)) % 256);
        int[][] red = {{0, 28, 39, 42, 64, 101, 129, 145, 162, 168, 176, 176, 168, 164, 181, 202},
                {15, 24, 38, 55, 75, 101, 129, 147, 161, 165, 167, 166, 161, 165, 176, 185},
                {11, 18, 32, 49, 75, 103, 132, 151, 165, 172, 176, 171, 163, 163, 176, 189},
                {25, 30, 37, 51, 70, 95, 122, 141, 154, 160, 165, 163, 160, 166, 182, 196},
                {23, 31, 42, 52, 68, 93, 125, 147, 154, 161, 166, 163, 157, 162, 181, 198}};
        int[][] blue = {{78, 107, 124, 137, 157, 197, 220, 221, 210, 192, 154, 155, 196, 190, 115, 59},
                {83, 97, 103, 122, 156, 182, 196, 221, 236, 207, 181, 140, 164, 185, 109, 82},
                {63, 83, 123, 140, 135, 159, 207, 230, 208, 187, 182, 133, 145, 166, 97, 89},
                {70, 79, 100, 122, 148, 173, 194, 203, 177, 198, 202, 128, 140, 152, 79, 116},
                {84, 96, 114, 139, 166, 194, 217, 229, 207, 222, 212, 177, 156, 160, 146, 116}};
        for (int strength = 1; strength <= 5; strength++) {
            int[] read = worse(Corruption.JPEG, strength, pattern);
            for (int x = 0; x < 16; x++) {
                assertEquals(red[strength - 1][x], read[5 * 16 + x], 3, "strength " + strength + ", red, " + x);
                assertEquals(blue[strength - 1][x], read[2 * 256 + 10 * 16 + x], 3, "strength " + strength + ", blue");
            }
        }
    }

    /// Qualities 65, 58, 50, 40, 25 and 25, 18, 15, 10, 7: the mean of a block stays as a multiple of the first number
    /// of the table of brightness, 16 by libjpeg's scale; an eighth of it is a level of a grey square.
    @Test
    void largerPicturesHaveOtherQualities() {
        int[][] qualities = {{65, 58, 50, 40, 25}, {25, 18, 15, 10, 7}};
        int[] sides = {64, 72};
        for (int t = 0; t < 2; t++) {
            for (int strength = 1; strength <= 5; strength++) {
                int quality = qualities[t][strength - 1];
                int scale = quality < 50 ? 5000 / quality : 200 - 2 * quality;
                double step = (16 * scale + 50) / 100 / 8.0;
                for (int level = 100; level < 160; level += 7) {
                    int grey = level;
                    int[] read = worse(Corruption.JPEG, strength, image(sides[t], (_, _, _) -> grey));
                    double kept = step * Math.round(Math.abs(level - 128) / step);
                    assertEquals(128 + Math.copySign(kept, level - 128), read[0], 1,
                            sides[t] + " px, strength " + strength + ", level " + level);
                }
            }
        }
    }

    @Test
    void noneChangesNothing() {
        var image = image(8, (c, y, x) -> 31 * c + 7 * y + 3 * x);
        assertArrayEquals(image.planes(), new PictureCorruption(Corruption.NONE, 5).of(image, null)
                .planes());
    }
}
