package dev.triptych.bench;

import java.util.ArrayList;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// What the machine could do at most, measured: fused multiply-adds in registers, and reads of an array far larger than
/// the caches, by all threads at once. Needs the module `jdk.incubator.vector`.
public final class MachinePeak {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();
    private static final int ACCUMULATORS = 12;
    private static final int FLOATS = 1 << 25;
    private static final int TURNS = 1 << 20;
    private static final int REPEATS = 12;

    /// The best of several measurements.
    ///
    /// @param threads that ran at once
    /// @param vectorBits of the preferred vectors
    /// @param gflopPerSecond of fused multiply-adds, each counted as two
    /// @param gigabytesPerSecond read from memory
    public record Result(int threads, int vectorBits, double gflopPerSecond, double gigabytesPerSecond) {
    }

    private MachinePeak() {
    }

    /// Bits of the preferred vectors.
    public static int vectorBits() {
        return SPECIES.vectorBitSize();
    }

    /// Measures for about a second.
    public static Result measure(int threads) {
        double flops = best(threads, TURNS * 2.0 * LANES * ACCUMULATORS, t -> multiplyAdd(TURNS));
        int share = FLOATS / threads / (4 * LANES) * (4 * LANES);
        float[] array = new float[share * threads];
        double bytes = best(threads, 4.0 * share, t -> read(array, t * share, share));
        return new Result(threads, vectorBits(), flops * 1e-9, bytes * 1e-9);
    }

    private interface Part {
        float run(int thread);
    }

    /// Largest sum over the threads of work per second.
    private static double best(int threads, double work, Part part) {
        double best = 0;
        for (int i = 0; i < REPEATS; i++) {
            long begun = System.nanoTime();
            var others = new ArrayList<Thread>();
            for (int t = 1; t < threads; t++) {
                int number = t;
                others.add(Thread.ofPlatform().start(() -> part.run(number)));
            }
            part.run(0);
            for (Thread other : others) {
                join(other);
            }
            best = Math.max(best, threads * work / ((System.nanoTime() - begun) * 1e-9));
        }
        return best;
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the machine's peak was measured", e);
        }
    }

    /// Twelve independent chains, so that the latency of one is hidden by the others.
    private static float multiplyAdd(int turns) {
        FloatVector x = FloatVector.broadcast(SPECIES, 0.999f);
        FloatVector y = FloatVector.broadcast(SPECIES, 0.001f);
        FloatVector a = x;
        FloatVector b = x;
        FloatVector c = x;
        FloatVector d = x;
        FloatVector e = x;
        FloatVector f = x;
        FloatVector g = x;
        FloatVector h = x;
        FloatVector i = x;
        FloatVector j = x;
        FloatVector k = x;
        FloatVector l = x;
        for (int turn = 0; turn < turns; turn++) {
            a = a.fma(x, y);
            b = b.fma(x, y);
            c = c.fma(x, y);
            d = d.fma(x, y);
            e = e.fma(x, y);
            f = f.fma(x, y);
            g = g.fma(x, y);
            h = h.fma(x, y);
            i = i.fma(x, y);
            j = j.fma(x, y);
            k = k.fma(x, y);
            l = l.fma(x, y);
        }
        return a.add(b).add(c).add(d).add(e).add(f).add(g).add(h).add(i).add(j).add(k).add(l).lane(0);
    }

    private static float read(float[] array, int from, int count) {
        FloatVector a = FloatVector.zero(SPECIES);
        FloatVector b = a;
        FloatVector c = a;
        FloatVector d = a;
        for (int i = from; i < from + count; i += 4 * LANES) {
            a = a.add(FloatVector.fromArray(SPECIES, array, i));
            b = b.add(FloatVector.fromArray(SPECIES, array, i + LANES));
            c = c.add(FloatVector.fromArray(SPECIES, array, i + 2 * LANES));
            d = d.add(FloatVector.fromArray(SPECIES, array, i + 3 * LANES));
        }
        return a.add(b).add(c).add(d).lane(0);
    }
}
