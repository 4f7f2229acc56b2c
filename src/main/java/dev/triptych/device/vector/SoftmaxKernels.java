package dev.triptych.device.vector;

import static dev.triptych.device.vector.Lanes.LENGTH;
import static dev.triptych.device.vector.Lanes.SPECIES;

import dev.triptych.kernel.Scalar;
import java.util.Arrays;
import java.util.Map;
import jdk.incubator.vector.FloatVector;

/// Kernels of `kernel.Softmax`, vectors along rows.
final class SoftmaxKernels {
    private SoftmaxKernels() {
    }

    static void addTo(Map<String, FastKernel> table) {
        table.put("softmaxRows", SoftmaxKernels::softmaxRows);
        table.put("softmaxGradient", SoftmaxKernels::softmaxGradient);
        table.put("softCrossEntropy", SoftmaxKernels::softCrossEntropy);
        table.put("softCrossEntropyGradient", SoftmaxKernels::softCrossEntropyGradient);
        table.put("crossEntropy", SoftmaxKernels::crossEntropy);
        table.put("crossEntropyGradient", SoftmaxKernels::crossEntropyGradient);
    }

    private static Runnable softmaxRows(Arguments arguments, WorkerPool pool) {
        float[] x = arguments.floats();
        int x0 = arguments.integer();
        float[] y = arguments.floats();
        int y0 = arguments.integer();
        int n = arguments.integer();
        int d = arguments.integer();
        float scale = arguments.number();
        pool.reserve(SoftmaxRow.padded(d));
        return pool.split(n, 8L * n * d, (from, to, worker) -> {
            float[] scratch = pool.scratch(worker);
            for (int r = from; r < to; r++) {
                System.arraycopy(x, x0 + r * d, scratch, 0, d);
                SoftmaxRow.softmax(scratch, 0, scale, y, y0 + r * d, d);
            }
        });
    }

    private static Runnable softmaxGradient(Arguments arguments, WorkerPool pool) {
        float[] y = arguments.floats();
        int y0 = arguments.integer();
        float[] dy = arguments.floats();
        int dy0 = arguments.integer();
        float[] dx = arguments.floats();
        int dx0 = arguments.integer();
        int n = arguments.integer();
        int d = arguments.integer();
        float scale = arguments.number();
        return pool.split(n, 2L * n * d, (from, to, worker) -> {
            for (int r = from; r < to; r++) {
                SoftmaxRow.gradient(y, y0 + r * d, dy, dy0 + r * d, scale, dx, dx0 + r * d, d);
            }
        });
    }

    private static Runnable softCrossEntropy(Arguments arguments, WorkerPool pool) {
        float[] x = arguments.floats();
        int x0 = arguments.integer();
        float[] q = arguments.floats();
        int q0 = arguments.integer();
        int[] target = arguments.integers();
        int target0 = arguments.integer();
        float[] loss = arguments.floats();
        int loss0 = arguments.integer();
        int n = arguments.integer();
        int d = arguments.integer();
        float scale = arguments.number();
        return pool.split(n, 8L * n * d, (from, to, worker) -> {
            for (int r = from; r < to; r++) {
                float logSum = SoftmaxRow.logSumExp(x, x0 + r * d, scale, d);
                loss[loss0 + r] = expectation(x, x0 + r * d, q, q0 + target[target0 + r] * d, d, scale, logSum);
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

    private static Runnable softCrossEntropyGradient(Arguments arguments, WorkerPool pool) {
        float[] x = arguments.floats();
        int x0 = arguments.integer();
        float[] q = arguments.floats();
        int q0 = arguments.integer();
        int[] target = arguments.integers();
        int target0 = arguments.integer();
        float[] dloss = arguments.floats();
        int dloss0 = arguments.integer();
        float[] dx = arguments.floats();
        int dx0 = arguments.integer();
        int n = arguments.integer();
        int d = arguments.integer();
        float scale = arguments.number();
        // two jobs, which C2 compiles apart: one would exceed what it inlines, and vectors would be boxed
        pool.reserveShared(2L * n);
        Runnable sums = pool.split(n, 8L * n * d, (from, to, worker) -> {
            float[] row = pool.shared();
            for (int r = from; r < to; r++) {
                row[2 * r] = SoftmaxRow.logSumExp(x, x0 + r * d, scale, d);
                row[2 * r + 1] = sum(q, q0 + target[target0 + r] * d, d);
            }
        });
        Runnable differences = pool.split(n, 8L * n * d, (from, to, worker) -> {
            float[] row = pool.shared();
            for (int r = from; r < to; r++) {
                difference(x, x0 + r * d, q, q0 + target[target0 + r] * d, scale, row[2 * r], row[2 * r + 1],
                        scale * dloss[dloss0 + r], dx, dx0 + r * d, d);
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

    private static Runnable crossEntropy(Arguments arguments, WorkerPool pool) {
        float[] x = arguments.floats();
        int x0 = arguments.integer();
        int[] label = arguments.integers();
        int label0 = arguments.integer();
        float[] loss = arguments.floats();
        int loss0 = arguments.integer();
        int n = arguments.integer();
        int d = arguments.integer();
        float smoothing = arguments.number();
        int ignore = arguments.integer();
        return pool.split(n, 8L * n * d, (from, to, worker) -> {
            for (int r = from; r < to; r++) {
                int target = label[label0 + r];
                if (target == ignore) {
                    loss[loss0 + r] = 0f;
                    continue;
                }
                int row = x0 + r * d;
                float logSum = SoftmaxRow.logSumExp(x, row, 1f, d);
                float hit = target >= 0 && target < d ? (1f - smoothing) * (logSum - x[row + target]) : 0f;
                // sum_c (logSum - x_c) / d
                loss[loss0 + r] = hit + (smoothing == 0f ? 0f : smoothing * (logSum - sum(x, row, d) / d));
            }
        });
    }

    private static Runnable crossEntropyGradient(Arguments arguments, WorkerPool pool) {
        float[] x = arguments.floats();
        int x0 = arguments.integer();
        int[] label = arguments.integers();
        int label0 = arguments.integer();
        float[] dloss = arguments.floats();
        int dloss0 = arguments.integer();
        float[] dx = arguments.floats();
        int dx0 = arguments.integer();
        int n = arguments.integer();
        int d = arguments.integer();
        float smoothing = arguments.number();
        int ignore = arguments.integer();
        return pool.split(n, 8L * n * d, (from, to, worker) -> {
            for (int r = from; r < to; r++) {
                int target = label[label0 + r];
                int row = dx0 + r * d;
                if (target == ignore) {
                    Arrays.fill(dx, row, row + d, 0f);
                    continue;
                }
                float g = dloss[dloss0 + r];
                float logSum = SoftmaxRow.logSumExp(x, x0 + r * d, 1f, d);
                difference(x, x0 + r * d, smoothing / d, logSum, g, dx, row, d);
                if (target >= 0 && target < d) {
                    dx[row + target] -= g * (1f - smoothing);
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
