package dev.triptych.device.vector;

import static dev.triptych.device.vector.Lanes.LENGTH;
import static dev.triptych.device.vector.Lanes.SPECIES;

import dev.triptych.kernel.Scalar;
import dev.triptych.program.Call;
import dev.triptych.program.call.SinkhornCalls.NormalizeColumns;
import dev.triptych.program.call.SinkhornCalls.NormalizeColumnsGradient;
import dev.triptych.program.call.SinkhornCalls.SinkhornStart;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/// The kernels of `kernel.Sinkhorn` that go down columns: a vector holds neighbouring columns, so that rows are read as
/// they lie. A part is a group of columns; every column is summed from the first row to the last, as the kernel does.
final class SinkhornKernels {
    private SinkhornKernels() {
    }

    static Runnable bind(Call.Bound call, WorkerPool pool) {
        return switch (call) {
            case SinkhornStart.Bound(var x, var x0, var m, var m0, var n, var c, var scale) ->
                columns(pool, n, c, (j, worker) -> {
                    VectorMask<Float> mask = SPECIES.indexInRange(j, c);
                    // the columns' largest numbers, then the exponentials below e^50
                    FloatVector top = FloatVector.broadcast(SPECIES, Float.NEGATIVE_INFINITY);
                    for (int r = 0; r < n; r++) {
                        top = top.max(FloatVector.fromArray(SPECIES, x, x0 + r * c + j, mask).mul(scale));
                    }
                    for (int r = 0; r < n; r++) {
                        FloatVector v = FloatVector.fromArray(SPECIES, x, x0 + r * c + j, mask).mul(scale);
                        VectorMath.exp(v.add(50f).sub(top)).intoArray(m, m0 + r * c + j, mask);
                    }
                });
            case NormalizeColumns.Bound(var m, var m0, var y, var y0, var n, var c, var eps, var power) ->
                columns(pool, n, c, (j, worker) -> {
                    VectorMask<Float> mask = SPECIES.indexInRange(j, c);
                    // the columns' sums, then each number's share
                    FloatVector sum = FloatVector.broadcast(SPECIES, eps);
                    for (int r = 0; r < n; r++) {
                        sum = sum.add(FloatVector.fromArray(SPECIES, m, m0 + r * c + j, mask));
                    }
                    FloatVector divisor = power(sum, power, pool.scratch(worker));
                    for (int r = 0; r < n; r++) {
                        FloatVector.fromArray(SPECIES, m, m0 + r * c + j, mask).div(divisor)
                                .intoArray(y, y0 + r * c + j, mask);
                    }
                });
            case NormalizeColumnsGradient.Bound g -> normalizeColumnsGradient(g, pool);
            default -> null;
        };
    }

    private static Runnable normalizeColumnsGradient(NormalizeColumnsGradient.Bound g, WorkerPool pool) {
        float[] m = g.m();
        int m0 = g.m0();
        float[] dy = g.dy();
        int dy0 = g.dy0();
        float[] dm = g.dm();
        int dm0 = g.dm0();
        int n = g.n();
        int c = g.c();
        float eps = g.eps();
        float power = g.power();
        return columns(pool, n, c, (j, worker) -> {
            VectorMask<Float> mask = SPECIES.indexInRange(j, c);
            FloatVector sum = FloatVector.broadcast(SPECIES, eps);
            FloatVector dot = FloatVector.zero(SPECIES);
            for (int r = 0; r < n; r++) {
                FloatVector v = FloatVector.fromArray(SPECIES, m, m0 + r * c + j, mask);
                sum = sum.add(v);
                dot = dot.add(FloatVector.fromArray(SPECIES, dy, dy0 + r * c + j, mask).mul(v));
            }
            FloatVector divisor = power(sum, power, pool.scratch(worker));
            FloatVector shift = dot.mul(power).div(divisor).div(sum);
            for (int r = 0; r < n; r++) {
                FloatVector.fromArray(SPECIES, dy, dy0 + r * c + j, mask).div(divisor).sub(shift)
                        .intoArray(dm, dm0 + r * c + j, mask);
            }
        });
    }

    /// What is done for the columns from j on.
    @FunctionalInterface
    private interface Body {
        void run(int j, int worker);
    }

    private static Runnable columns(WorkerPool pool, int n, int c, Body body) {
        pool.reserve(LENGTH);
        int groups = (c + LENGTH - 1) / LENGTH;
        return pool.split(groups, 4L * n * c, (from, to, worker) -> {
            for (int group = from; group < to; group++) {
                body.run(group * LENGTH, worker);
            }
        });
    }

    private static FloatVector power(FloatVector sum, float power, float[] scratch) {
        if (power >= 1f) {
            return sum;
        }
        // the logarithm lane by lane: once for a column, not for each of its rows
        sum.intoArray(scratch, 0);
        for (int i = 0; i < LENGTH; i++) {
            scratch[i] = Scalar.exp(power * Scalar.log(scratch[i]));
        }
        return FloatVector.fromArray(SPECIES, scratch, 0);
    }
}
