package dev.triptych.device.vector;

import static dev.triptych.device.vector.Lanes.LENGTH;
import static dev.triptych.device.vector.Lanes.SPECIES;

import dev.triptych.kernel.Scalar;
import java.util.Arrays;
import java.util.Map;
import jdk.incubator.vector.FloatVector;

/// Kernels of `kernel.Norm`, and the sums by chunks of rows of `kernel.Reduce`, vectors along rows.
final class NormKernels {
    private NormKernels() {
    }

    static void addTo(Map<String, FastKernel> table) {
        table.put("rowMoments", NormKernels::rowMoments);
        table.put("layerNorm", NormKernels::layerNorm);
        table.put("layerNormGradient", NormKernels::layerNormGradient);
        table.put("layerNormGainPartial", NormKernels::layerNormGainPartial);
        table.put("columnPartialSums", NormKernels::columnPartialSums);
        table.put("combineColumns", NormKernels::combineColumns);
        table.put("rowLengths", NormKernels::rowLengths);
        table.put("divideRows", NormKernels::divideRows);
        table.put("divideRowsGradient", NormKernels::divideRowsGradient);
    }

    private static Runnable rowMoments(Arguments arguments, WorkerPool pool) {
        float[] x = arguments.floats();
        int x0 = arguments.integer();
        float[] moments = arguments.floats();
        int moments0 = arguments.integer();
        int n = arguments.integer();
        int d = arguments.integer();
        float eps = arguments.number();
        return pool.split(n, 2L * n * d, (from, to, worker) -> {
            for (int r = from; r < to; r++) {
                NormRow.moments(x, x0 + r * d, moments, moments0 + 2 * r, d, eps);
            }
        });
    }

    private static Runnable layerNorm(Arguments arguments, WorkerPool pool) {
        float[] x = arguments.floats();
        int x0 = arguments.integer();
        float[] moments = arguments.floats();
        int moments0 = arguments.integer();
        float[] gain = arguments.floats();
        int gain0 = arguments.integer();
        float[] shift = arguments.floats();
        int shift0 = arguments.integer();
        float[] y = arguments.floats();
        int y0 = arguments.integer();
        int n = arguments.integer();
        int d = arguments.integer();
        return pool.split(n, 2L * n * d, (from, to, worker) -> {
            for (int r = from; r < to; r++) {
                NormRow.normalize(x, x0 + r * d, moments[moments0 + 2 * r], moments[moments0 + 2 * r + 1], gain, gain0,
                        shift, shift0, y, y0 + r * d, d);
            }
        });
    }

    private static Runnable layerNormGradient(Arguments arguments, WorkerPool pool) {
        float[] x = arguments.floats();
        int x0 = arguments.integer();
        float[] moments = arguments.floats();
        int moments0 = arguments.integer();
        float[] gain = arguments.floats();
        int gain0 = arguments.integer();
        float[] dy = arguments.floats();
        int dy0 = arguments.integer();
        float[] dx = arguments.floats();
        int dx0 = arguments.integer();
        int n = arguments.integer();
        int d = arguments.integer();
        pool.reserve(2);
        return pool.split(n, 4L * n * d, (from, to, worker) -> {
            float[] sums = pool.scratch(worker);
            for (int r = from; r < to; r++) {
                float mean = moments[moments0 + 2 * r];
                float rstd = moments[moments0 + 2 * r + 1];
                int row = r * d;
                NormRow.gradientSums(x, x0 + row, mean, rstd, gain, gain0, dy, dy0 + row, sums, d);
                NormRow.gradient(x, x0 + row, mean, rstd, gain, gain0, dy, dy0 + row, sums, dx, dx0 + row, d);
            }
        });
    }

    private static Runnable layerNormGainPartial(Arguments arguments, WorkerPool pool) {
        float[] x = arguments.floats();
        int x0 = arguments.integer();
        float[] moments = arguments.floats();
        int moments0 = arguments.integer();
        float[] dy = arguments.floats();
        int dy0 = arguments.integer();
        float[] part = arguments.floats();
        int part0 = arguments.integer();
        int n = arguments.integer();
        int d = arguments.integer();
        int chunks = arguments.integer();
        return chunks(pool, n, d, chunks, (chunk, from, to, worker) -> {
            int at = part0 + chunk * d;
            Arrays.fill(part, at, at + d, 0f);
            for (int r = from; r < to; r++) {
                NormRow.addGain(x, x0 + r * d, moments[moments0 + 2 * r], moments[moments0 + 2 * r + 1], dy,
                        dy0 + r * d, part, at, d);
            }
        });
    }

    private static Runnable columnPartialSums(Arguments arguments, WorkerPool pool) {
        float[] x = arguments.floats();
        int x0 = arguments.integer();
        float[] part = arguments.floats();
        int part0 = arguments.integer();
        int n = arguments.integer();
        int d = arguments.integer();
        int chunks = arguments.integer();
        return chunks(pool, n, d, chunks, (chunk, from, to, worker) -> {
            int at = part0 + chunk * d;
            Arrays.fill(part, at, at + d, 0f);
            for (int r = from; r < to; r++) {
                NormRow.add(x, x0 + r * d, part, at, d);
            }
        });
    }

    /// What is done for a chunk of rows.
    @FunctionalInterface
    interface Chunk {
        /// Covers rows from..to.
        void run(int chunk, int from, int to, int worker);
    }

    /// A job over chunks of rows, cut as the kernels cut them.
    static Runnable chunks(WorkerPool pool, int n, int d, int chunks, Chunk body) {
        int size = (n + chunks - 1) / chunks;
        return pool.split(chunks, 2L * n * d, (first, last, worker) -> {
            for (int c = first; c < last; c++) {
                int from = Math.min(c * size, n);
                body.run(c, from, Math.min(from + size, n), worker);
            }
        });
    }

    private static Runnable combineColumns(Arguments arguments, WorkerPool pool) {
        float[] part = arguments.floats();
        int part0 = arguments.integer();
        float[] y = arguments.floats();
        int y0 = arguments.integer();
        int chunks = arguments.integer();
        int d = arguments.integer();
        return combine(part, part0, y, y0, chunks, d, pool);
    }

    /// y = sum over chunks of part.
    static Runnable combine(float[] part, int part0, float[] y, int y0, int chunks, int d, WorkerPool pool) {
        return pool.job(d > 0 ? 1 : 0, (only, worker) -> {
            Arrays.fill(y, y0, y0 + d, 0f);
            for (int c = 0; c < chunks; c++) {
                NormRow.add(part, part0 + c * d, y, y0, d);
            }
        });
    }

    private static Runnable rowLengths(Arguments arguments, WorkerPool pool) {
        float[] x = arguments.floats();
        int x0 = arguments.integer();
        float[] length = arguments.floats();
        int length0 = arguments.integer();
        int n = arguments.integer();
        int d = arguments.integer();
        float eps = arguments.number();
        return pool.split(n, (long) n * d, (from, to, worker) -> {
            for (int r = from; r < to; r++) {
                float norm = Scalar.sqrt(SoftmaxRow.dot(x, x0 + r * d, x, x0 + r * d, d));
                length[length0 + r] = norm < eps ? eps : norm;
            }
        });
    }

    private static Runnable divideRows(Arguments arguments, WorkerPool pool) {
        float[] x = arguments.floats();
        int x0 = arguments.integer();
        float[] length = arguments.floats();
        int length0 = arguments.integer();
        float[] u = arguments.floats();
        int u0 = arguments.integer();
        int n = arguments.integer();
        int d = arguments.integer();
        return pool.split(n, (long) n * d, (from, to, worker) -> {
            for (int r = from; r < to; r++) {
                divide(x, x0 + r * d, length[length0 + r], u, u0 + r * d, d);
            }
        });
    }

    private static void divide(float[] x, int x0, float by, float[] u, int u0, int d) {
        int j = 0;
        for (; j <= d - LENGTH; j += LENGTH) {
            FloatVector.fromArray(SPECIES, x, x0 + j).div(by).intoArray(u, u0 + j);
        }
        for (; j < d; j++) {
            u[u0 + j] = x[x0 + j] / by;
        }
    }

    private static Runnable divideRowsGradient(Arguments arguments, WorkerPool pool) {
        float[] u = arguments.floats();
        int u0 = arguments.integer();
        float[] length = arguments.floats();
        int length0 = arguments.integer();
        float[] du = arguments.floats();
        int du0 = arguments.integer();
        float[] dx = arguments.floats();
        int dx0 = arguments.integer();
        int n = arguments.integer();
        int d = arguments.integer();
        float eps = arguments.number();
        return pool.split(n, 3L * n * d, (from, to, worker) -> {
            for (int r = from; r < to; r++) {
                float norm = length[length0 + r];
                float along = norm > eps ? SoftmaxRow.dot(u, u0 + r * d, du, du0 + r * d, d) : 0f;
                divideGradient(u, u0 + r * d, norm, along, du, du0 + r * d, dx, dx0 + r * d, d);
            }
        });
    }

    private static void divideGradient(float[] u, int u0, float norm, float along, float[] du, int du0, float[] dx,
            int dx0, int d) {
        int j = 0;
        for (; j <= d - LENGTH; j += LENGTH) {
            FloatVector part = FloatVector.fromArray(SPECIES, u, u0 + j).mul(along);
            FloatVector.fromArray(SPECIES, du, du0 + j).sub(part).div(norm).intoArray(dx, dx0 + j);
        }
        for (; j < d; j++) {
            dx[dx0 + j] = (du[du0 + j] - u[u0 + j] * along) / norm;
        }
    }
}
