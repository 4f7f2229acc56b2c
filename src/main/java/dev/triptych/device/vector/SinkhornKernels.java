package dev.triptych.device.vector;

import static dev.triptych.device.vector.Lanes.LENGTH;
import static dev.triptych.device.vector.Lanes.SPECIES;

import dev.triptych.kernel.Scalar;
import java.util.Map;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/// The kernels of `kernel.Sinkhorn` that go down columns: a vector holds neighbouring columns, so that rows are read as
/// they lie. A part is a group of columns; every column is summed from the first row to the last, as the kernel does.
final class SinkhornKernels {
    private SinkhornKernels() {
    }

    static void addTo(Map<String, FastKernel> table) {
        table.put("sinkhornStart", SinkhornKernels::sinkhornStart);
        table.put("normalizeColumns", SinkhornKernels::normalizeColumns);
        table.put("normalizeColumnsGradient", SinkhornKernels::normalizeColumnsGradient);
    }

    private static Runnable sinkhornStart(Arguments arguments, WorkerPool pool) {
        float[] x = arguments.floats();
        int x0 = arguments.integer();
        float[] m = arguments.floats();
        int m0 = arguments.integer();
        int n = arguments.integer();
        int c = arguments.integer();
        float scale = arguments.number();
        return columns(pool, n, c, (j, worker) -> {
            VectorMask<Float> mask = SPECIES.indexInRange(j, c);
            FloatVector top = FloatVector.broadcast(SPECIES, Float.NEGATIVE_INFINITY);
            for (int r = 0; r < n; r++) {
                top = top.max(FloatVector.fromArray(SPECIES, x, x0 + r * c + j, mask).mul(scale));
            }
            for (int r = 0; r < n; r++) {
                FloatVector v = FloatVector.fromArray(SPECIES, x, x0 + r * c + j, mask).mul(scale);
                VectorMath.exp(v.add(50f).sub(top)).intoArray(m, m0 + r * c + j, mask);
            }
        });
    }

    private static Runnable normalizeColumns(Arguments arguments, WorkerPool pool) {
        float[] m = arguments.floats();
        int m0 = arguments.integer();
        float[] y = arguments.floats();
        int y0 = arguments.integer();
        int n = arguments.integer();
        int c = arguments.integer();
        float eps = arguments.number();
        float power = arguments.number();
        return columns(pool, n, c, (j, worker) -> {
            VectorMask<Float> mask = SPECIES.indexInRange(j, c);
            FloatVector sum = FloatVector.broadcast(SPECIES, eps);
            for (int r = 0; r < n; r++) {
                sum = sum.add(FloatVector.fromArray(SPECIES, m, m0 + r * c + j, mask));
            }
            FloatVector divisor = power(sum, power, pool.scratch(worker));
            for (int r = 0; r < n; r++) {
                FloatVector.fromArray(SPECIES, m, m0 + r * c + j, mask).div(divisor).intoArray(y, y0 + r * c + j,
                        mask);
            }
        });
    }

    private static Runnable normalizeColumnsGradient(Arguments arguments, WorkerPool pool) {
        float[] m = arguments.floats();
        int m0 = arguments.integer();
        float[] dy = arguments.floats();
        int dy0 = arguments.integer();
        float[] dm = arguments.floats();
        int dm0 = arguments.integer();
        int n = arguments.integer();
        int c = arguments.integer();
        float eps = arguments.number();
        float power = arguments.number();
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
                FloatVector.fromArray(SPECIES, dy, dy0 + r * c + j, mask).div(divisor).sub(shift).intoArray(dm,
                        dm0 + r * c + j, mask);
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
        sum.intoArray(scratch, 0);
        for (int i = 0; i < LENGTH; i++) {
            scratch[i] = Scalar.exp(power * Scalar.log(scratch[i]));
        }
        return FloatVector.fromArray(SPECIES, scratch, 0);
    }
}
