package dev.triptych.tokenizer;

import java.util.stream.IntStream;

/// K vectors of d numbers; a vector's code is the nearest of them by squared Euclidean distance, the lowest of equals.
///
/// Every distance is summed in the order of the d numbers, in this precision: the same codes on every machine and for
/// any number of threads.
public final class Codebook {
    private static final int CHUNK = 256;

    private final int codes;
    private final int width;
    private final float[] vectors;
    private final float[] columns;

    /// @param vectors (K, d); copied
    /// @param codes K
    /// @param width d
    /// @throws IllegalArgumentException where the numbers are not K d, or one of them is not finite
    public Codebook(float[] vectors, int codes, int width) {
        if (codes < 1 || width < 1 || (long) codes * width != vectors.length) {
            throw new IllegalArgumentException("a codebook of " + codes + " codes of " + width + " numbers is given "
                    + vectors.length + " numbers; expected " + (long) codes * width);
        }
        this.codes = codes;
        this.width = width;
        this.vectors = vectors.clone();
        this.columns = new float[vectors.length];
        for (int k = 0; k < codes; k++) {
            for (int j = 0; j < width; j++) {
                float v = vectors[k * width + j];
                if (!(v - v == 0)) {
                    throw new IllegalArgumentException("number " + j + " of code " + k + " is " + v
                            + "; expected a finite number");
                }
                columns[j * codes + k] = v;
            }
        }
    }

    /// K.
    public int codes() {
        return codes;
    }

    /// d.
    public int width() {
        return width;
    }

    /// A copy of the vectors (K, d).
    public float[] vectors() {
        return vectors.clone();
    }

    /// Writes the vector of a code to `out[at ..]`.
    void copy(int code, float[] out, int at) {
        System.arraycopy(vectors, code * width, out, at, width);
    }

    /// Squared distances (K) of the vector x[at ..] to all codes.
    public void distances(float[] x, int at, float[] out) {
        java.util.Arrays.fill(out, 0, codes, 0);
        for (int j = 0; j < width; j++) {
            float v = x[at + j];
            int column = j * codes;
            for (int k = 0; k < codes; k++) {
                float difference = v - columns[column + k];
                out[k] += difference * difference;
            }
        }
    }

    /// The codes of `rows` vectors (rows, d), written to `ids[at ..]`; on all cores.
    public void nearest(float[] x, int rows, int[] ids, int at) {
        IntStream.range(0, (rows + CHUNK - 1) / CHUNK).parallel().forEach(chunk -> {
            float[] distance = new float[codes];
            for (int r = chunk * CHUNK; r < Math.min(rows, (chunk + 1) * CHUNK); r++) {
                distances(x, r * width, distance);
                ids[at + r] = lowest(distance);
            }
        });
    }

    private static int lowest(float[] distance) {
        int best = 0;
        for (int k = 1; k < distance.length; k++) {
            best = distance[k] < distance[best] ? k : best;
        }
        return best;
    }
}
