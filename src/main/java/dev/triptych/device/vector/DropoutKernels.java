package dev.triptych.device.vector;

import static dev.triptych.device.vector.Lanes.LENGTH;
import static dev.triptych.device.vector.Lanes.SPECIES;

import dev.triptych.program.Call;
import dev.triptych.program.call.DropoutCalls.HashedDropout;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// Kernels of `kernel.Dropout`: the same hash, bit for bit, of a vector of indices at a time.
final class DropoutKernels {
    private static final VectorSpecies<Integer> INTEGERS = IntVector.SPECIES_PREFERRED;
    private static final IntVector INDICES = IntVector.zero(INTEGERS).addIndex(1);

    private DropoutKernels() {
    }

    static Runnable bind(Call.Bound call, WorkerPool pool) {
        return call instanceof HashedDropout.Bound c ? pool.split(c.n(), 4L * c.n(), (from, to, worker) -> {
            int seed = mix(c.key()[c.key0()] + c.launch() * 0x3504f333);
            drop(c.x(), c.x0(), c.y(), c.y0(), from, to, seed, c.rate(), c.scale());
        }) : null;
    }

    private static void drop(float[] x, int x0, float[] y, int y0, int from, int to, int seed, int rate, float scale) {
        int i = from;
        for (; i <= to - LENGTH; i += LENGTH) {
            VectorMask<Float> stays = bits(seed, i).compare(VectorOperators.GE, rate).cast(SPECIES);
            FloatVector.zero(SPECIES).blend(FloatVector.fromArray(SPECIES, x, x0 + i).mul(scale), stays)
                    .intoArray(y, y0 + i);
        }
        if (i < to) {
            VectorMask<Float> tail = SPECIES.indexInRange(i, to);
            VectorMask<Float> stays = bits(seed, i).compare(VectorOperators.GE, rate).cast(SPECIES);
            FloatVector.zero(SPECIES).blend(FloatVector.fromArray(SPECIES, x, x0 + i, tail).mul(scale), stays)
                    .intoArray(y, y0 + i, tail);
        }
    }

    /// 24 uniform bits of each of the indices from i on. (Java keeps the low half of an `int` product: what the kernel
    /// cuts out of its `long` one.)
    private static IntVector bits(int seed, int i) {
        IntVector h = INDICES.add(i).mul(0x27d4eb2d).lanewise(VectorOperators.XOR, seed);
        h = h.lanewise(VectorOperators.XOR, h.lanewise(VectorOperators.LSHR, 16)).mul(0x7feb352d);
        h = h.lanewise(VectorOperators.XOR, h.lanewise(VectorOperators.LSHR, 15)).mul(0x2c1b3c6d);
        h = h.lanewise(VectorOperators.XOR, h.lanewise(VectorOperators.LSHR, 16));
        return h.lanewise(VectorOperators.LSHR, 8);
    }

    private static int mix(int x) {
        int h = (x ^ x >>> 16) * 0x7feb352d;
        h = (h ^ h >>> 15) * 0x2c1b3c6d;
        return h ^ h >>> 16;
    }
}
