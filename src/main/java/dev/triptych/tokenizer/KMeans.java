package dev.triptych.tokenizer;

import dev.triptych.random.CounterRandom;
import dev.triptych.random.Stream;
import java.util.Arrays;

/// Finds K vectors that lie close to many given ones: k-means++ (Arthur and Vassilvitskii 2007) chooses the first ones,
/// mini-batches (Sculley 2010) bring them near, passes of Lloyd's algorithm settle them. A pure function of vectors,
/// settings and seed.
///
/// @param codes K
/// @param batch vectors of a mini-batch
/// @param passes over the vectors in mini-batches
/// @param settling passes of Lloyd's algorithm at the end
public record KMeans(int codes, int batch, int passes, int settling) {
    /// Vectors for each code that k-means++ chooses from.
    private static final int CANDIDATES = 32;

    /// The codebook of `rows` vectors x (rows, d).
    ///
    /// @throws IllegalArgumentException where there are fewer vectors than codes
    public Codebook fit(float[] x, int rows, int width, long seed) {
        return fit(x, rows, width, seed, () -> {
        });
    }

    /// The same.
    ///
    /// @param passed told after each of [#rounds] passes over the vectors
    public Codebook fit(float[] x, int rows, int width, long seed, Runnable passed) {
        if (rows < codes) {
            throw new IllegalArgumentException("k-means with " + codes + " codes is given " + rows
                    + " vectors; expected at least as many");
        }
        var work = new Work(x, rows, width, seed);
        work.start();
        for (int pass = 0; pass < passes; pass++) {
            work.miniBatches(pass);
            passed.run();
        }
        float[] vectors = work.vectors;
        for (int pass = 0; pass < settling; pass++) {
            vectors = lloyd(new Codebook(vectors, codes, width), x, rows);
            passed.run();
        }
        return new Codebook(vectors, codes, width);
    }

    /// Passes over all vectors.
    public int rounds() {
        return passes + settling;
    }

    /// One pass of Lloyd's algorithm: every code moves to the mean of the vectors nearest to it; one without any stays.
    public static float[] lloyd(Codebook book, float[] x, int rows) {
        int width = book.width();
        int[] ids = new int[rows];
        book.nearest(x, rows, ids, 0);
        double[] sums = new double[book.codes() * width];
        int[] counts = new int[book.codes()];
        for (int r = 0; r < rows; r++) {
            counts[ids[r]]++;
            for (int j = 0; j < width; j++) {
                sums[ids[r] * width + j] += x[r * width + j];
            }
        }
        float[] vectors = book.vectors();
        for (int i = 0; i < vectors.length; i++) {
            int count = counts[i / width];
            vectors[i] = count == 0 ? vectors[i] : (float) (sums[i] / count);
        }
        return vectors;
    }

    /// The vectors while they move.
    private final class Work {
        private final float[] x;
        private final int rows;
        private final int width;
        private final long seed;
        private final float[] vectors;
        private final long[] counts = new long[codes];

        Work(float[] x, int rows, int width, long seed) {
            this.x = x;
            this.rows = rows;
            this.width = width;
            this.seed = seed;
            this.vectors = new float[codes * width];
        }

        /// k-means++: the first vector at random, each further one with a probability proportional to its squared
        /// distance from the nearest that was chosen before.
        void start() {
            var random = CounterRandom.of(seed, Stream.CODEBOOK, 0, 0);
            int n = (int) Math.min(rows, (long) CANDIDATES * codes);
            int[] candidates = Arrays.copyOf(random.permutation(rows), n);
            double[] nearest = new double[n];
            Arrays.fill(nearest, Double.POSITIVE_INFINITY);
            int chosen = random.below(n);
            for (int k = 0; k < codes; k++) {
                System.arraycopy(x, candidates[chosen] * width, vectors, k * width, width);
                double total = 0;
                for (int i = 0; i < n; i++) {
                    nearest[i] = Math.min(nearest[i], squared(candidates[i], k));
                    total += nearest[i];
                }
                chosen = total > 0 ? draw(nearest, random.uniformDouble() * total) : random.below(n);
            }
        }

        private static int draw(double[] weights, double at) {
            double sum = 0;
            int last = 0;
            for (int i = 0; i < weights.length; i++) {
                sum += weights[i];
                last = weights[i] > 0 ? i : last;
                if (sum > at) {
                    return i;
                }
            }
            return last;
        }

        private double squared(int row, int code) {
            double sum = 0;
            for (int j = 0; j < width; j++) {
                double difference = (double) x[row * width + j] - vectors[code * width + j];
                sum += difference * difference;
            }
            return sum;
        }

        /// All vectors once, in a new order: those of a batch get their codes together, then each pulls its code by
        /// the share 1 / (number of vectors that this code has had). A code without any in a whole pass moves to a
        /// vector drawn at random.
        void miniBatches(int pass) {
            var random = CounterRandom.of(seed, Stream.CODEBOOK, 1L + pass, 0);
            int[] order = random.permutation(rows);
            float[] part = new float[Math.min(batch, rows) * width];
            int[] ids = new int[Math.min(batch, rows)];
            boolean[] used = new boolean[codes];
            for (int from = 0; from < rows; from += batch) {
                int n = Math.min(batch, rows - from);
                for (int i = 0; i < n; i++) {
                    System.arraycopy(x, order[from + i] * width, part, i * width, width);
                }
                new Codebook(vectors, codes, width).nearest(part, n, ids, 0);
                for (int i = 0; i < n; i++) {
                    pull(ids[i], part, i * width);
                    used[ids[i]] = true;
                }
            }
            for (int k = 0; k < codes; k++) {
                if (!used[k]) {
                    counts[k] = 0;
                    System.arraycopy(x, random.below(rows) * width, vectors, k * width, width);
                }
            }
        }

        private void pull(int code, float[] from, int at) {
            counts[code]++;
            for (int j = 0; j < width; j++) {
                int i = code * width + j;
                vectors[i] += (from[at + j] - vectors[i]) / counts[code];
            }
        }
    }
}
