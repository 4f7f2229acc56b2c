package dev.triptych.device.vector;

import static dev.triptych.device.vector.Lanes.LENGTH;
import static dev.triptych.device.vector.Lanes.SPECIES;

import dev.triptych.kernel.Scalar;
import dev.triptych.program.Call;
import dev.triptych.program.call.SoftmaxCalls.CrossEntropy;
import dev.triptych.program.call.SoftmaxCalls.CrossEntropyGradient;
import dev.triptych.program.call.SoftmaxCalls.SoftCrossEntropy;
import dev.triptych.program.call.SoftmaxCalls.SoftCrossEntropyGradient;
import dev.triptych.program.call.SoftmaxCalls.SoftmaxGradient;
import dev.triptych.program.call.SoftmaxCalls.SoftmaxRows;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/// Kernels of `kernel.Softmax`, vectors along rows.
final class SoftmaxKernels {
    private SoftmaxKernels() {
    }

    static Runnable bind(Call.Bound call, WorkerPool pool) {
        return switch (call) {
            case SoftmaxRows.Bound c -> softmaxRows(c, pool);
            case SoftmaxGradient.Bound c -> softmaxGradient(c, pool);
            case SoftCrossEntropy.Bound c -> softCrossEntropy(c, pool);
            case SoftCrossEntropyGradient.Bound c -> softCrossEntropyGradient(c, pool);
            case CrossEntropy.Bound c -> crossEntropy(c, pool);
            case CrossEntropyGradient.Bound c -> crossEntropyGradient(c, pool);
            default -> null;
        };
    }

    private static Runnable softmaxRows(SoftmaxRows.Bound c, WorkerPool pool) {
        int padded = SoftmaxRow.padded(c.d());
        pool.reserve(padded + LENGTH);
        return pool.split(c.n(), 8L * c.n() * c.d(), (from, to, worker) -> {
            float[] scratch = pool.scratch(worker);
            for (int r = from; r < to; r++) {
                System.arraycopy(c.x(), c.x0() + r * c.d(), scratch, 0, c.d());
                SoftmaxRow.softmax(scratch, 0, padded, 1, c.scale(), c.y(), c.y0() + r * c.d(), c.d(), padded);
            }
        });
    }

    private static Runnable softmaxGradient(SoftmaxGradient.Bound c, WorkerPool pool) {
        return pool.split(c.n(), 2L * c.n() * c.d(), (from, to, worker) -> {
            for (int r = from; r < to; r++) {
                int row = r * c.d();
                SoftmaxRow.gradient(c.y(), c.y0() + row, c.dy(), c.dy0() + row, c.scale(), c.dx(), c.dx0() + row,
                        c.d());
            }
        });
    }

    private static Runnable softCrossEntropy(SoftCrossEntropy.Bound c, WorkerPool pool) {
        return pool.split(c.n(), 8L * c.n() * c.d(), (from, to, worker) -> {
            for (int r = from; r < to; r++) {
                int row = c.x0() + r * c.d();
                int target = c.q0() + c.target()[c.target0() + r] * c.d();
                float logSum = SoftmaxRow.logSumExp(c.x(), row, c.scale(), c.d());
                c.loss()[c.loss0() + r] = expectation(c.x(), row, c.q(), target, c.d(), c.scale(), logSum);
            }
        });
    }

    /// Sum of q (logSum - scale x).
    private static float expectation(float[] x, int x0, float[] q, int q0, int d, float scale, float logSum) {
        FloatVector sums = FloatVector.zero(SPECIES);
        FloatVector start = FloatVector.broadcast(SPECIES, logSum);
        int c = 0;
        for (; c <= d - LENGTH; c += LENGTH) {
            FloatVector v = start.sub(FloatVector.fromArray(SPECIES, x, x0 + c).mul(scale));
            sums = v.fma(FloatVector.fromArray(SPECIES, q, q0 + c), sums);
        }
        float sum = Lanes.sum(sums);
        for (; c < d; c++) {
            sum += q[q0 + c] * (logSum - scale * x[x0 + c]);
        }
        return sum;
    }

    private static Runnable softCrossEntropyGradient(SoftCrossEntropyGradient.Bound c, WorkerPool pool) {
        // two jobs, which C2 compiles apart: one would exceed what it inlines, and vectors would be boxed
        pool.reserveShared(2L * c.n());
        Runnable sums = pool.split(c.n(), 8L * c.n() * c.d(), (from, to, worker) -> {
            float[] row = pool.shared();
            for (int r = from; r < to; r++) {
                row[2 * r] = SoftmaxRow.logSumExp(c.x(), c.x0() + r * c.d(), c.scale(), c.d());
                row[2 * r + 1] = sum(c.q(), c.q0() + c.target()[c.target0() + r] * c.d(), c.d());
            }
        });
        Runnable differences = pool.split(c.n(), 8L * c.n() * c.d(), (from, to, worker) -> {
            float[] row = pool.shared();
            for (int r = from; r < to; r++) {
                int target = c.q0() + c.target()[c.target0() + r] * c.d();
                difference(c.x(), c.x0() + r * c.d(), c.q(), target, c.scale(), row[2 * r], row[2 * r + 1],
                        c.scale() * c.dloss()[c.dloss0() + r], c.dx(), c.dx0() + r * c.d(), c.d());
            }
        });
        return pool.together(sums, differences);
    }

    /// dx = g (mass exp(scale x - logSum) - q).
    private static void difference(float[] x, int x0, float[] q, int q0, float scale, float logSum, float mass,
            float g, float[] dx, int dx0, int d) {
        FloatVector shift = FloatVector.broadcast(SPECIES, -logSum);
        FloatVector by = FloatVector.broadcast(SPECIES, scale);
        int c = 0;
        for (; c <= d - LENGTH; c += LENGTH) {
            FloatVector p = VectorMath.exp(FloatVector.fromArray(SPECIES, x, x0 + c).fma(by, shift));
            p.mul(mass).sub(FloatVector.fromArray(SPECIES, q, q0 + c)).mul(g).intoArray(dx, dx0 + c);
        }
        for (; c < d; c++) {
            dx[dx0 + c] = g * (Scalar.exp(scale * x[x0 + c] - logSum) * mass - q[q0 + c]);
        }
    }

    private static float sum(float[] q, int q0, int d) {
        FloatVector sums = FloatVector.zero(SPECIES);
        int c = 0;
        for (; c <= d - LENGTH; c += LENGTH) {
            sums = sums.add(FloatVector.fromArray(SPECIES, q, q0 + c));
        }
        float sum = Lanes.sum(sums);
        for (; c < d; c++) {
            sum += q[q0 + c];
        }
        return sum;
    }

    private static Runnable crossEntropy(CrossEntropy.Bound c, WorkerPool pool) {
        return pool.split(c.n(), 8L * c.n() * c.d(), (from, to, worker) -> {
            for (int r = from; r < to; r++) {
                int target = c.label()[c.label0() + r];
                if (target == c.ignore()) {
                    c.loss()[c.loss0() + r] = 0f;
                    continue;
                }
                int row = c.x0() + r * c.d();
                float logSum = SoftmaxRow.logSumExp(c.x(), row, 1f, c.d());
                float hit = target >= 0 && target < c.d() ? (1f - c.smoothing()) * (logSum - c.x()[row + target]) : 0f;
                // sum_c (logSum - x_c) / d
                c.loss()[c.loss0() + r] = hit + (c.smoothing() == 0f
                        ? 0f
                        : c.smoothing() * (logSum - sum(c.x(), row, c.d()) / c.d()));
            }
        });
    }

    private static Runnable crossEntropyGradient(CrossEntropyGradient.Bound c, WorkerPool pool) {
        return pool.split(c.n(), 8L * c.n() * c.d(), (from, to, worker) -> {
            for (int r = from; r < to; r++) {
                int target = c.label()[c.label0() + r];
                int row = c.dx0() + r * c.d();
                if (target == c.ignore()) {
                    Arrays.fill(c.dx(), row, row + c.d(), 0f);
                    continue;
                }
                float g = c.dloss()[c.dloss0() + r];
                float logSum = SoftmaxRow.logSumExp(c.x(), c.x0() + r * c.d(), 1f, c.d());
                difference(c.x(), c.x0() + r * c.d(), c.smoothing() / c.d(), logSum, g, c.dx(), row, c.d());
                if (target >= 0 && target < c.d()) {
                    c.dx()[row + target] -= g * (1f - c.smoothing());
                }
            }
        });
    }

    /// dx = g (exp(x - logSum) - q).
    private static void difference(float[] x, int x0, float q, float logSum, float g, float[] dx, int dx0, int d) {
        FloatVector shift = FloatVector.broadcast(SPECIES, logSum);
        int c = 0;
        for (; c <= d - LENGTH; c += LENGTH) {
            FloatVector p = VectorMath.exp(FloatVector.fromArray(SPECIES, x, x0 + c).sub(shift));
            p.sub(q).mul(g).intoArray(dx, dx0 + c);
        }
        for (; c < d; c++) {
            dx[dx0 + c] = g * (Scalar.exp(x[x0 + c] - logSum) - q);
        }
    }
}
