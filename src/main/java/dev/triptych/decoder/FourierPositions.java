package dev.triptych.decoder;

import dev.triptych.random.CounterRandom;
import dev.triptych.random.Stream;

/// Random Fourier features of grid positions (STELLAR specification section 3): with cell centres (x, y) mapped to
/// [-1, 1] and phi = 2 pi [x, y] G, channel 2m is sin phi_m and channel 2m + 1 is cos phi_m. x comes first.
public final class FourierPositions {
    private FourierPositions() {
    }

    /// G ~ N(0, 1) of shape (2, channels / 2), row-major; drawn once, never trained.
    public static double[] draw(long seed, int channels) {
        var random = CounterRandom.of(seed, Stream.INIT, Integer.toUnsignedLong("decoder.fourier".hashCode()), 0);
        double[] g = new double[2 * (channels / 2)];
        for (int i = 0; i < g.length; i++) {
            g[i] = random.gaussian();
        }
        return g;
    }

    /// The table (rows * columns, channels) of a grid; with fewer channels than G gives, the first ones are kept.
    public static float[] table(double[] g, int rows, int columns, int channels) {
        int half = g.length / 2;
        float[] table = new float[rows * columns * channels];
        for (int cell = 0; cell < rows * columns; cell++) {
            double y = 2 * ((cell / columns + 0.5) / rows) - 1;
            double x = 2 * ((cell % columns + 0.5) / columns) - 1;
            for (int c = 0; c < channels; c++) {
                double phi = 2 * Math.PI * (x * g[c / 2] + y * g[half + c / 2]);
                table[cell * channels + c] = (float) (c % 2 == 0 ? Math.sin(phi) : Math.cos(phi));
            }
        }
        return table;
    }
}
