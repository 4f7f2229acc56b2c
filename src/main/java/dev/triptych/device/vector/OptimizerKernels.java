package dev.triptych.device.vector;

import static dev.triptych.device.vector.Lanes.LENGTH;
import static dev.triptych.device.vector.Lanes.SPECIES;

import dev.triptych.kernel.Scalar;
import dev.triptych.program.Call;
import dev.triptych.program.call.OptimizerCalls.Adamw;
import dev.triptych.program.call.OptimizerCalls.BlockSquares;
import jdk.incubator.vector.FloatVector;

/// Kernels of `kernel.Optimizer`, vectors along the blocks of the parameter arena.
final class OptimizerKernels {
    private OptimizerKernels() {
    }

    static Runnable bind(Call.Bound call, WorkerPool pool) {
        return switch (call) {
            case BlockSquares.Bound c -> pool.split(c.blocks(), 512L * c.blocks(), (from, to, worker) -> {
                for (int i = from; i < to; i++) {
                    int first = c.g0() + c.block()[c.block0() + 3 * i];
                    c.squares()[c.squares0() + i] = SoftmaxRow.dot(c.g(), first, c.g(), first,
                            c.block()[c.block0() + 3 * i + 1]);
                }
            });
            case Adamw.Bound c -> pool.split(c.blocks(), 2048L * c.blocks(), (from, to, worker) -> {
                for (int i = from; i < to; i++) {
                    float clip = c.factor()[c.factor0() + c.group()[c.group0() + i]];
                    if (clip != 0f) {
                        update(c, i, clip);
                    }
                }
            });
            default -> null;
        };
    }

    private static void update(Adamw.Bound c, int i, float clip) {
        int first = c.block()[c.block0() + 3 * i];
        int last = first + c.block()[c.block0() + 3 * i + 1];
        int r = c.rate0() + 4 * c.block()[c.block0() + 3 * i + 2];
        float rate = c.rate()[r];
        float decay = c.rate()[r + 1];
        float c1 = c.rate()[r + 2];
        float c2 = c.rate()[r + 3];
        float fresh1 = c.fresh1();
        float fresh2 = c.fresh2();
        float eps = c.eps();
        int j = first;
        for (; j <= last - LENGTH; j += LENGTH) {
            FloatVector g = FloatVector.fromArray(SPECIES, c.g(), c.g0() + j).mul(clip);
            FloatVector mean = FloatVector.fromArray(SPECIES, c.m(), c.m0() + j).mul(1f - fresh1).add(g.mul(fresh1));
            FloatVector square = FloatVector.fromArray(SPECIES, c.v(), c.v0() + j).mul(1f - fresh2)
                    .add(g.mul(fresh2).mul(g));
            mean.intoArray(c.m(), c.m0() + j);
            square.intoArray(c.v(), c.v0() + j);
            FloatVector step = mean.div(c1).div(square.div(c2).sqrt().add(eps));
            FloatVector p = FloatVector.fromArray(SPECIES, c.p(), c.p0() + j);
            p.sub(p.mul(decay)).sub(step.mul(rate)).intoArray(c.p(), c.p0() + j);
        }
        for (; j < last; j++) {
            float g = c.g()[c.g0() + j] * clip;
            float mean = (1f - fresh1) * c.m()[c.m0() + j] + fresh1 * g;
            float square = (1f - fresh2) * c.v()[c.v0() + j] + fresh2 * g * g;
            c.m()[c.m0() + j] = mean;
            c.v()[c.v0() + j] = square;
            float step = mean / c1 / (Scalar.sqrt(square / c2) + eps);
            c.p()[c.p0() + j] = c.p()[c.p0() + j] - decay * c.p()[c.p0() + j] - rate * step;
        }
    }
}
