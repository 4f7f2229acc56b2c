package dev.triptych.device.vector;

import static dev.triptych.device.vector.Lanes.LENGTH;
import static dev.triptych.device.vector.Lanes.SPECIES;

import dev.triptych.kernel.Scalar;
import dev.triptych.program.Call;
import dev.triptych.program.call.NormCalls.DivideRows;
import dev.triptych.program.call.NormCalls.DivideRowsGradient;
import dev.triptych.program.call.NormCalls.LayerNorm;
import dev.triptych.program.call.NormCalls.LayerNormGainPartial;
import dev.triptych.program.call.NormCalls.LayerNormGradient;
import dev.triptych.program.call.NormCalls.RowLengths;
import dev.triptych.program.call.NormCalls.RowMoments;
import dev.triptych.program.call.ReduceCalls.ColumnPartialSums;
import dev.triptych.program.call.ReduceCalls.CombineColumns;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/// Kernels of `kernel.Norm`, and the sums by chunks of rows of `kernel.Reduce`, vectors along rows.
final class NormKernels {
    private NormKernels() {
    }

    static Runnable bind(Call.Bound call, WorkerPool pool) {
        return switch (call) {
            case RowMoments.Bound c -> rowMoments(c, pool);
            case LayerNorm.Bound c -> layerNorm(c, pool);
            case LayerNormGradient.Bound c -> layerNormGradient(c, pool);
            case LayerNormGainPartial.Bound c -> layerNormGainPartial(c, pool);
            case ColumnPartialSums.Bound c -> columnPartialSums(c, pool);
            case CombineColumns.Bound c -> combine(c, pool);
            case RowLengths.Bound c -> rowLengths(c, pool);
            case DivideRows.Bound c -> divideRows(c, pool);
            case DivideRowsGradient.Bound c -> divideRowsGradient(c, pool);
            default -> null;
        };
    }

    private static Runnable rowMoments(RowMoments.Bound c, WorkerPool pool) {
        return pool.split(c.n(), 2L * c.n() * c.d(), (from, to, worker) -> {
            for (int r = from; r < to; r++) {
                NormRow.moments(c.x(), c.x0() + r * c.d(), c.moments(), c.moments0() + 2 * r, c.d(), c.eps());
            }
        });
    }

    private static Runnable layerNorm(LayerNorm.Bound c, WorkerPool pool) {
        return pool.split(c.n(), 2L * c.n() * c.d(), (from, to, worker) -> {
            for (int r = from; r < to; r++) {
                int row = r * c.d();
                int m = c.moments0() + 2 * r;
                NormRow.normalize(c.x(), c.x0() + row, c.moments()[m], c.moments()[m + 1], c.gain(), c.gain0(),
                        c.shift(), c.shift0(), c.y(), c.y0() + row, c.d());
            }
        });
    }

    private static Runnable layerNormGradient(LayerNormGradient.Bound c, WorkerPool pool) {
        pool.reserve(2);
        return pool.split(c.n(), 4L * c.n() * c.d(), (from, to, worker) -> {
            float[] sums = pool.scratch(worker);
            for (int r = from; r < to; r++) {
                float mean = c.moments()[c.moments0() + 2 * r];
                float rstd = c.moments()[c.moments0() + 2 * r + 1];
                int row = r * c.d();
                NormRow.gradientSums(c.x(), c.x0() + row, mean, rstd, c.gain(), c.gain0(), c.dy(), c.dy0() + row,
                        sums, c.d());
                NormRow.gradient(c.x(), c.x0() + row, mean, rstd, c.gain(), c.gain0(), c.dy(), c.dy0() + row, sums,
                        c.dx(), c.dx0() + row, c.d());
            }
        });
    }

    private static Runnable layerNormGainPartial(LayerNormGainPartial.Bound c, WorkerPool pool) {
        int d = c.d();
        return chunks(pool, c.n(), d, c.chunks(), (chunk, from, to, worker) -> {
            int at = c.part0() + chunk * d;
            Arrays.fill(c.part(), at, at + d, 0f);
            for (int r = from; r < to; r++) {
                int m = c.moments0() + 2 * r;
                NormRow.addGain(c.x(), c.x0() + r * d, c.moments()[m], c.moments()[m + 1], c.dy(), c.dy0() + r * d,
                        c.part(), at, d);
            }
        });
    }

    private static Runnable columnPartialSums(ColumnPartialSums.Bound c, WorkerPool pool) {
        int d = c.d();
        return chunks(pool, c.n(), d, c.chunks(), (chunk, from, to, worker) -> {
            int at = c.part0() + chunk * d;
            Arrays.fill(c.part(), at, at + d, 0f);
            for (int r = from; r < to; r++) {
                NormRow.add(c.x(), c.x0() + r * d, c.part(), at, d);
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

    /// y = sum over chunks of part.
    static Runnable combine(CombineColumns.Bound c, WorkerPool pool) {
        return pool.job(c.d() > 0 ? 1 : 0, (only, worker) -> {
            Arrays.fill(c.y(), c.y0(), c.y0() + c.d(), 0f);
            for (int chunk = 0; chunk < c.chunks(); chunk++) {
                NormRow.add(c.part(), c.part0() + chunk * c.d(), c.y(), c.y0(), c.d());
            }
        });
    }

    private static Runnable rowLengths(RowLengths.Bound c, WorkerPool pool) {
        return pool.split(c.n(), (long) c.n() * c.d(), (from, to, worker) -> {
            for (int r = from; r < to; r++) {
                int row = c.x0() + r * c.d();
                float norm = Scalar.sqrt(SoftmaxRow.dot(c.x(), row, c.x(), row, c.d()));
                c.length()[c.length0() + r] = norm < c.eps() ? c.eps() : norm;
            }
        });
    }

    private static Runnable divideRows(DivideRows.Bound c, WorkerPool pool) {
        return pool.split(c.n(), (long) c.n() * c.d(), (from, to, worker) -> {
            for (int r = from; r < to; r++) {
                int row = r * c.d();
                divide(c.x(), c.x0() + row, c.length()[c.length0() + r], c.u(), c.u0() + row, c.d());
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

    private static Runnable divideRowsGradient(DivideRowsGradient.Bound c, WorkerPool pool) {
        return pool.split(c.n(), 3L * c.n() * c.d(), (from, to, worker) -> {
            for (int r = from; r < to; r++) {
                int row = r * c.d();
                float norm = c.length()[c.length0() + r];
                float along = norm > c.eps() ? SoftmaxRow.dot(c.u(), c.u0() + row, c.du(), c.du0() + row, c.d()) : 0f;
                divideGradient(c.u(), c.u0() + row, norm, along, c.du(), c.du0() + row, c.dx(), c.dx0() + row, c.d());
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
