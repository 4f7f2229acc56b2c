package dev.triptych.device.vector;

import dev.triptych.program.Tensor;
import java.util.Arrays;
import java.util.List;

/// Layer normalisation forward and backward, a row at a time.
final class NormFusions {
    private NormFusions() {
    }

    /// Moments and what is normalised by them.
    static boolean sameRows(Window w) {
        return w.same(w.tensor(0, 0), w.tensor(1, 0)) && w.same(w.tensor(0, 1), w.tensor(1, 1));
    }

    static Runnable layerNorm(Window w, List<Arguments> arguments, WorkerPool pool) {
        Arguments first = arguments.getFirst();
        float[] x = first.floats();
        int x0 = first.integer();
        float[] moments = first.floats();
        int moments0 = first.integer();
        int n = first.integer();
        int d = first.integer();
        float eps = first.number();
        Arguments second = arguments.get(1);
        second.skip(2);
        float[] gain = second.floats();
        int gain0 = second.integer();
        float[] shift = second.floats();
        int shift0 = second.integer();
        float[] y = second.floats();
        int y0 = second.integer();
        return pool.split(n, 4L * n * d, (from, to, worker) -> {
            for (int r = from; r < to; r++) {
                int m = moments0 + 2 * r;
                NormRow.moments(x, x0 + r * d, moments, m, d, eps);
                NormRow.normalize(x, x0 + r * d, moments[m], moments[m + 1], gain, gain0, shift, shift0, y, y0 + r * d,
                        d);
            }
        });
    }

    /// All three gradients of a layer norm.
    static boolean gradient(Window w) {
        return gradients(w, 1);
    }

    /// All three gradients, that of x added to the gradient that bypasses the layer.
    static boolean gradientAddsToResidual(Window w) {
        Tensor dx = w.tensor(0, 4);
        boolean first = w.same(dx, w.tensor(1, 0));
        boolean second = w.same(dx, w.tensor(1, 1));
        return first != second && w.inner(dx) && w.number(1, 4) == 1f && w.number(1, 5) == 1f && gradients(w, 2);
    }

    private static boolean gradients(Window w, int at) {
        Tensor dy = w.tensor(0, 3);
        return w.same(w.tensor(0, 0), w.tensor(at, 0)) && w.same(w.tensor(0, 1), w.tensor(at, 1))
                && w.same(dy, w.tensor(at, 2)) && w.same(dy, w.tensor(at + 2, 0))
                && w.same(w.tensor(at, 3), w.tensor(at + 1, 0)) && w.same(w.tensor(at + 2, 1), w.tensor(at + 3, 0))
                && w.integer(at, 4) == w.integer(at + 2, 2) && w.integer(at, 5) == w.integer(at + 2, 3)
                && w.integer(at, 6) == w.integer(at + 2, 4);
    }

    static Runnable gradientAlone(Window w, List<Arguments> arguments, WorkerPool pool) {
        return bind(arguments, 1, null, 0, null, 0, pool);
    }

    static Runnable gradientWithResidual(Window w, List<Arguments> arguments, WorkerPool pool) {
        Arguments sum = arguments.get(1);
        boolean second = w.same(w.tensor(0, 4), w.tensor(1, 1));
        float[] a = sum.floats();
        int a0 = sum.integer();
        float[] b = sum.floats();
        int b0 = sum.integer();
        float[] y = sum.floats();
        int y0 = sum.integer();
        return second ? bind(arguments, 2, a, a0, y, y0, pool) : bind(arguments, 2, b, b0, y, y0, pool);
    }

    /// @param at which launch the partial sums for the gain are
    /// @param more what is added to dx; null: nothing
    /// @param sum where the sum goes; null: where the kernel's own result goes
    private static Runnable bind(List<Arguments> arguments, int at, float[] more, int more0, float[] sum, int sum0,
            WorkerPool pool) {
        Arguments first = arguments.getFirst();
        float[] x = first.floats();
        int x0 = first.integer();
        float[] moments = first.floats();
        int moments0 = first.integer();
        float[] gain = first.floats();
        int gain0 = first.integer();
        float[] dy = first.floats();
        int dy0 = first.integer();
        float[] own = first.floats();
        int own0 = first.integer();
        int n = first.integer();
        int d = first.integer();
        float[] dx = sum == null ? own : sum;
        int dx0 = sum == null ? own0 : sum0;
        Sums dgain = Sums.read(arguments, at, 3);
        Sums dshift = Sums.read(arguments, at + 2, 1);
        pool.reserve(2);
        Runnable rows = NormKernels.chunks(pool, n, 3 * d, dgain.chunks, (chunk, from, to, worker) -> {
            int g = dgain.clear(chunk, d);
            int s = dshift.clear(chunk, d);
            float[] sums = pool.scratch(worker);
            for (int r = from; r < to; r++) {
                float mean = moments[moments0 + 2 * r];
                float rstd = moments[moments0 + 2 * r + 1];
                int row = r * d;
                NormRow.gradientSums(x, x0 + row, mean, rstd, gain, gain0, dy, dy0 + row, sums, d);
                if (more == null) {
                    NormRow.gradient(x, x0 + row, mean, rstd, gain, gain0, dy, dy0 + row, sums, dx, dx0 + row, d);
                } else {
                    NormRow.gradient(x, x0 + row, mean, rstd, gain, gain0, dy, dy0 + row, sums, more, more0 + row, dx,
                            dx0 + row, d);
                }
                NormRow.addGain(x, x0 + row, mean, rstd, dy, dy0 + row, dgain.part, g, d);
                NormRow.add(dy, dy0 + row, dshift.part, s, d);
            }
        });
        return pool.together(rows, dgain.combine(d, pool), dshift.combine(d, pool));
    }

    /// Partial sums of a gradient, and where they are combined.
    private record Sums(float[] part, int part0, int chunks, float[] y, int y0) {
        /// The partial sums are an argument of launch `at`; the next launch combines them.
        static Sums read(List<Arguments> arguments, int at, int argument) {
            Arguments partial = arguments.get(at);
            partial.skip(argument);
            float[] part = partial.floats();
            int part0 = partial.integer();
            partial.integer();
            partial.integer();
            int chunks = partial.integer();
            Arguments combine = arguments.get(at + 1);
            combine.skip(1);
            return new Sums(part, part0, chunks, combine.floats(), combine.integer());
        }

        int clear(int chunk, int d) {
            int at = part0 + chunk * d;
            Arrays.fill(part, at, at + d, 0f);
            return at;
        }

        Runnable combine(int d, WorkerPool pool) {
            return NormKernels.combine(part, part0, y, y0, chunks, d, pool);
        }
    }
}
