package dev.triptych.device.vector;

import dev.triptych.device.Window;
import dev.triptych.device.vector.Pattern.Fusion;
import dev.triptych.program.call.ElementwiseCalls.WeightedAdd;
import dev.triptych.program.call.NormCalls.LayerNorm;
import dev.triptych.program.call.NormCalls.LayerNormGainPartial;
import dev.triptych.program.call.NormCalls.LayerNormGradient;
import dev.triptych.program.call.NormCalls.RowMoments;
import dev.triptych.program.call.ReduceCalls.ColumnPartialSums;
import dev.triptych.program.call.ReduceCalls.CombineColumns;
import java.util.Arrays;

/// Layer normalisation forward and backward, a row at a time.
final class NormFusions {
    private NormFusions() {
    }

    /// Moments and what is normalised by them.
    static Fusion layerNorm(Window w) {
        if (!(w.call(0) instanceof RowMoments first && w.call(1) instanceof LayerNorm second
                && w.same(first.x(), second.x()) && w.same(first.moments(), second.moments()))) {
            return null;
        }
        return (arenas, pool) -> {
            LayerNorm.Bound c = second.bind(arenas);
            int d = c.d();
            return pool.split(c.n(), 4L * c.n() * d, (from, to, worker) -> {
                for (int r = from; r < to; r++) {
                    int row = r * d;
                    int m = c.moments0() + 2 * r;
                    NormRow.moments(c.x(), c.x0() + row, c.moments(), m, d, first.eps());
                    NormRow.normalize(c.x(), c.x0() + row, c.moments()[m], c.moments()[m + 1], c.gain(), c.gain0(),
                            c.shift(), c.shift0(), c.y(), c.y0() + row, d);
                }
            });
        };
    }

    /// All three gradients of a layer norm.
    static Fusion gradientAlone(Window w) {
        return w.call(0) instanceof LayerNormGradient dx ? gradients(w, dx, null, 1) : null;
    }

    /// All three gradients, that of x added to the gradient that bypasses the layer.
    static Fusion gradientWithResidual(Window w) {
        return w.call(0) instanceof LayerNormGradient dx && w.call(1) instanceof WeightedAdd sum
                && w.adds(sum, dx.dx()) ? gradients(w, dx, sum, 2) : null;
    }

    /// @param sum what adds to dx; null: nothing
    /// @param at which launch the partial sums for the gain are
    private static Fusion gradients(Window w, LayerNormGradient dx, WeightedAdd sum, int at) {
        if (!(w.call(at) instanceof LayerNormGainPartial gain && w.call(at + 1) instanceof CombineColumns dgain
                && w.call(at + 2) instanceof ColumnPartialSums shift
                && w.call(at + 3) instanceof CombineColumns dshift
                && w.same(dx.x(), gain.x()) && w.same(dx.moments(), gain.moments()) && w.same(dx.dy(), gain.dy())
                && w.same(dx.dy(), shift.x()) && w.same(gain.part(), dgain.part())
                && w.same(shift.part(), dshift.part()) && gain.n() == shift.n() && gain.d() == shift.d()
                && gain.chunks() == shift.chunks())) {
            return null;
        }
        return (arenas, pool) -> {
            LayerNormGradient.Bound c = dx.bind(arenas);
            Rows rows;
            if (sum == null) {
                rows = (row, mean, rstd, means) -> NormRow.gradient(c.x(), c.x0() + row, mean, rstd, c.gain(),
                        c.gain0(), c.dy(), c.dy0() + row, means, c.dx(), c.dx0() + row, c.d());
            } else {
                WeightedAdd.Bound s = sum.bind(arenas);
                float[] more = w.same(dx.dx(), sum.b()) ? s.a() : s.b();
                int more0 = w.same(dx.dx(), sum.b()) ? s.a0() : s.b0();
                rows = (row, mean, rstd, means) -> NormRow.gradient(c.x(), c.x0() + row, mean, rstd, c.gain(),
                        c.gain0(), c.dy(), c.dy0() + row, means, more, more0 + row, s.y(), s.y0() + row, c.d());
            }
            return gradients(c, rows, dgain.bind(arenas), dshift.bind(arenas), pool);
        };
    }

    /// Writes the gradient of one row.
    @FunctionalInterface
    private interface Rows {
        /// @param row where the row begins, counted from the first
        /// @param means of the row's gradient and of its product with the normalised row
        void gradient(int row, float mean, float rstd, float[] means);
    }

    private static Runnable gradients(LayerNormGradient.Bound c, Rows rows, CombineColumns.Bound dgain,
            CombineColumns.Bound dshift, WorkerPool pool) {
        int d = c.d();
        pool.reserve(2);
        Runnable all = NormKernels.chunks(pool, c.n(), 3 * d, dgain.chunks(), (chunk, from, to, worker) -> {
            int gain = clear(dgain, chunk);
            int shift = clear(dshift, chunk);
            float[] means = pool.scratch(worker);
            for (int r = from; r < to; r++) {
                float mean = c.moments()[c.moments0() + 2 * r];
                float rstd = c.moments()[c.moments0() + 2 * r + 1];
                int row = r * d;
                NormRow.gradientSums(c.x(), c.x0() + row, mean, rstd, c.gain(), c.gain0(), c.dy(), c.dy0() + row,
                        means, d);
                rows.gradient(row, mean, rstd, means);
                NormRow.addGain(c.x(), c.x0() + row, mean, rstd, c.dy(), c.dy0() + row, dgain.part(), gain, d);
                NormRow.add(c.dy(), c.dy0() + row, dshift.part(), shift, d);
            }
        });
        return pool.together(all, NormKernels.combine(dgain, pool), NormKernels.combine(dshift, pool));
    }

    /// Sets the partial sums of a chunk to zero; returns where they are.
    private static int clear(CombineColumns.Bound sums, int chunk) {
        int at = sums.part0() + chunk * sums.d();
        Arrays.fill(sums.part(), at, at + sums.d(), 0f);
        return at;
    }
}
