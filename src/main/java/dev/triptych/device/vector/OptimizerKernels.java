package dev.triptych.device.vector;

import static dev.triptych.device.vector.Lanes.LENGTH;
import static dev.triptych.device.vector.Lanes.SPECIES;

import dev.triptych.kernel.Scalar;
import java.util.Map;
import jdk.incubator.vector.FloatVector;

/// Kernels of `kernel.Optimizer`, vectors along the blocks of the parameter arena.
final class OptimizerKernels {
    private OptimizerKernels() {
    }

    static void addTo(Map<String, FastKernel> table) {
        table.put("blockSquares", OptimizerKernels::blockSquares);
        table.put("adamw", OptimizerKernels::adamw);
    }

    private static Runnable blockSquares(Arguments arguments, WorkerPool pool) {
        float[] g = arguments.floats();
        int g0 = arguments.integer();
        int[] block = arguments.integers();
        int block0 = arguments.integer();
        float[] squares = arguments.floats();
        int squares0 = arguments.integer();
        int blocks = arguments.integer();
        return pool.split(blocks, 512L * blocks, (from, to, worker) -> {
            for (int i = from; i < to; i++) {
                int first = g0 + block[block0 + 3 * i];
                squares[squares0 + i] = SoftmaxRow.dot(g, first, g, first, block[block0 + 3 * i + 1]);
            }
        });
    }

    /// The arrays of AdamW, as the kernel names them.
    private record State(float[] g, int g0, int[] block, int block0, int[] group, int group0, float[] factor,
            int factor0, float[] rate, int rate0, float[] m, int m0, float[] v, int v0, float[] p, int p0) {
        static State read(Arguments a) {
            return new State(a.floats(), a.integer(), a.integers(), a.integer(), a.integers(), a.integer(), a.floats(),
                    a.integer(), a.floats(), a.integer(), a.floats(), a.integer(), a.floats(), a.integer(), a.floats(),
                    a.integer());
        }
    }

    private static Runnable adamw(Arguments arguments, WorkerPool pool) {
        State s = State.read(arguments);
        int blocks = arguments.integer();
        float fresh1 = arguments.number();
        float fresh2 = arguments.number();
        float eps = arguments.number();
        return pool.split(blocks, 2048L * blocks, (from, to, worker) -> {
            for (int i = from; i < to; i++) {
                float clip = s.factor[s.factor0 + s.group[s.group0 + i]];
                if (clip != 0f) {
                    update(s, i, clip, fresh1, fresh2, eps);
                }
            }
        });
    }

    private static void update(State s, int i, float clip, float fresh1, float fresh2, float eps) {
        int first = s.block[s.block0 + 3 * i];
        int last = first + s.block[s.block0 + 3 * i + 1];
        int r = s.rate0 + 4 * s.block[s.block0 + 3 * i + 2];
        float rate = s.rate[r];
        float decay = s.rate[r + 1];
        float c1 = s.rate[r + 2];
        float c2 = s.rate[r + 3];
        int j = first;
        for (; j <= last - LENGTH; j += LENGTH) {
            FloatVector g = FloatVector.fromArray(SPECIES, s.g, s.g0 + j).mul(clip);
            FloatVector mean = FloatVector.fromArray(SPECIES, s.m, s.m0 + j).mul(1f - fresh1).add(g.mul(fresh1));
            FloatVector square = FloatVector.fromArray(SPECIES, s.v, s.v0 + j).mul(1f - fresh2)
                    .add(g.mul(fresh2).mul(g));
            mean.intoArray(s.m, s.m0 + j);
            square.intoArray(s.v, s.v0 + j);
            FloatVector step = mean.div(c1).div(square.div(c2).sqrt().add(eps));
            FloatVector p = FloatVector.fromArray(SPECIES, s.p, s.p0 + j);
            p.sub(p.mul(decay)).sub(step.mul(rate)).intoArray(s.p, s.p0 + j);
        }
        for (; j < last; j++) {
            float g = s.g[s.g0 + j] * clip;
            float mean = (1f - fresh1) * s.m[s.m0 + j] + fresh1 * g;
            float square = (1f - fresh2) * s.v[s.v0 + j] + fresh2 * g * g;
            s.m[s.m0 + j] = mean;
            s.v[s.v0 + j] = square;
            float step = mean / c1 / (Scalar.sqrt(square / c2) + eps);
            s.p[s.p0 + j] = s.p[s.p0 + j] - decay * s.p[s.p0 + j] - rate * step;
        }
    }
}
