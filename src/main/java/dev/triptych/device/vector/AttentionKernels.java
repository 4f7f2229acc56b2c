package dev.triptych.device.vector;

import java.util.List;
import java.util.Map;

/// Kernels of `kernel.Attention`: for every sequence and head, products of small matrices that are read strided out of
/// the fused projections. Parts are pairs of sequence and head; scratch grows with the longest sequence. Forward and
/// backward each do both of their kernels for one head while its square of probabilities is in the cache.
final class AttentionKernels {
    private static final int PARTS = 64;

    private AttentionKernels() {
    }

    static void addTo(Map<String, FastKernel> table) {
        table.put("attentionProbabilities",
                (arguments, pool) -> Probabilities.read(arguments).job(pool));
        table.put("attentionContext", (arguments, pool) -> Context.read(arguments).job(pool));
        table.put("attentionScoreGradient", (arguments, pool) -> ScoreGradient.read(arguments).job(pool));
        table.put("attentionDroppedScoreGradient",
                (arguments, pool) -> ScoreGradient.readDropped(arguments).job(pool));
        table.put("attentionGradient", (arguments, pool) -> Gradient.read(arguments).job(pool));
    }

    /// Probabilities and what is read by them.
    static boolean reads(Window w) {
        return w.same(w.tensor(0, 0), w.tensor(1, 0)) && w.same(w.tensor(0, 4), w.tensor(1, 1))
                && w.same(w.tensor(0, 2), w.tensor(1, 3));
    }

    static Runnable forward(Window w, List<Arguments> arguments, WorkerPool pool) {
        var probabilities = Probabilities.read(arguments.getFirst());
        var context = Context.read(arguments.get(1));
        var product = probabilities.sizes.product();
        return probabilities.packing.job(pool, probabilities.sizes, product.end(),
                (first, n, head, square, scratch) -> {
                    probabilities.run(product, first, n, head, square, scratch);
                    context.run(product, first, n, head, square, scratch);
                });
    }

    /// Gradients of scores and of what they are made of.
    static boolean gradients(Window w) {
        return w.same(w.tensor(0, 6), w.tensor(1, 2)) && w.same(w.tensor(0, 3), w.tensor(1, 4))
                && w.same(w.tensor(0, 1), w.tensor(1, 1)) && w.same(w.tensor(0, 0), w.tensor(1, 0))
                && w.same(w.tensor(0, 2), w.tensor(1, 3));
    }

    static Runnable backward(Window w, List<Arguments> arguments, WorkerPool pool) {
        return backward(ScoreGradient.read(arguments.getFirst()), Gradient.read(arguments.get(1)),
                w.inner(w.tensor(0, 6)), pool);
    }

    /// The same where probabilities were dropped.
    static boolean droppedGradients(Window w) {
        return w.same(w.tensor(0, 7), w.tensor(1, 2)) && w.same(w.tensor(0, 4), w.tensor(1, 4))
                && w.same(w.tensor(0, 2), w.tensor(1, 1)) && w.same(w.tensor(0, 0), w.tensor(1, 0))
                && w.same(w.tensor(0, 3), w.tensor(1, 3));
    }

    static Runnable droppedBackward(Window w, List<Arguments> arguments, WorkerPool pool) {
        return backward(ScoreGradient.readDropped(arguments.getFirst()), Gradient.read(arguments.get(1)),
                w.inner(w.tensor(0, 7)), pool);
    }

    private static Runnable backward(ScoreGradient scores, Gradient gradient, boolean inner, WorkerPool pool) {
        var product = scores.sizes.product();
        if (!inner) {
            return scores.packing.job(pool, scores.sizes, product.end(), (first, n, head, square, scratch) -> {
                scores.run(product, first, n, head, square, scores.ds, scores.ds0 + square, scratch);
                gradient.run(product, first, n, head, square, scores.ds, scores.ds0 + square, scratch);
            });
        }
        int longest = scores.sizes.longest;
        // nobody else reads the gradients of the scores: they stay in scratch
        long end = product.end() + (long) longest * longest;
        return scores.packing.job(pool, scores.sizes, end, (first, n, head, square, scratch) -> {
            scores.run(product, first, n, head, square, scratch, product.end(), scratch);
            gradient.run(product, first, n, head, square, scratch, product.end(), scratch);
        });
    }

    /// Sizes that all four kernels are given.
    private record Sizes(int rows, int heads, int width, int longest) {
        static Sizes read(Arguments arguments, Packing packing) {
            int rows = arguments.integer();
            return new Sizes(rows, arguments.integer(), arguments.integer(), packing.longest(rows));
        }

        int size() {
            return width / heads;
        }

        /// Room for a head's products: with sums over the head's size or the sequence, and as many columns.
        PanelProduct product() {
            int side = Math.max(size(), longest);
            return PanelProduct.of(side, side);
        }
    }

    /// What is done for one sequence and head: its first row, its length, the head's offset within a row, the offset of
    /// its probabilities.
    @FunctionalInterface
    private interface Body {
        void run(int first, int n, int head, int square, float[] scratch);
    }

    /// Lengths of packed sequences: constants of the program.
    private record Packing(int[] sequence, int sequence0, int[] start, int start0, int[] square, int square0) {
        static Packing read(Arguments arguments) {
            return new Packing(arguments.integers(), arguments.integer(), arguments.integers(), arguments.integer(),
                    arguments.integers(), arguments.integer());
        }

        private int sequences(int rows) {
            return rows == 0 ? 0 : sequence[sequence0 + rows - 1] + 1;
        }

        int longest(int rows) {
            int longest = 0;
            for (int s = 0; s < sequences(rows); s++) {
                longest = Math.max(longest, start[start0 + s + 1] - start[start0 + s]);
            }
            return longest;
        }

        /// All sequences and heads, in parts.
        Runnable job(WorkerPool pool, Sizes sizes, long scratch, Body body) {
            int units = sequences(sizes.rows) * sizes.heads;
            int parts = (long) sizes.rows * sizes.width < 4096 ? Math.min(1, units) : Math.min(PARTS, units);
            int size = sizes.size();
            pool.reserve(scratch);
            return pool.job(parts, (part, worker) -> {
                int to = (int) ((long) units * (part + 1) / parts);
                for (int unit = (int) ((long) units * part / parts); unit < to; unit++) {
                    int s = unit / sizes.heads;
                    int h = unit - s * sizes.heads;
                    int first = start[start0 + s];
                    int n = start[start0 + s + 1] - first;
                    if (n > 0) {
                        body.run(first, n, h * size, square[square0 + s] + h * n * n, pool.scratch(worker));
                    }
                }
            });
        }
    }

    /// p = softmax(q k^T scale).
    private record Probabilities(float[] qkv, int qkv0, Packing packing, float[] p, int p0, Sizes sizes, float scale) {
        static Probabilities read(Arguments a) {
            float[] qkv = a.floats();
            int qkv0 = a.integer();
            var packing = Packing.read(a);
            return new Probabilities(qkv, qkv0, packing, a.floats(), a.integer(), Sizes.read(a, packing), a.number());
        }

        Runnable job(WorkerPool pool) {
            var product = sizes.product();
            return packing.job(pool, sizes, product.end(),
                    (first, n, head, square, scratch) -> run(product, first, n, head, square, scratch));
        }

        void run(PanelProduct product, int first, int n, int head, int square, float[] scratch) {
            int stride = 3 * sizes.width;
            int q = qkv0 + first * stride + head;
            int size = sizes.size();
            int padded = PanelProduct.padded(n);
            product.right(scratch, qkv, q + sizes.width, 1, stride, size, n);
            for (int i = 0; i < n; i += PanelProduct.ROWS) {
                int count = Math.min(PanelProduct.ROWS, n - i);
                product.strip(scratch, qkv, q + i * stride, stride, 1, count, size, n);
                for (int r = 0; r < count; r++) {
                    SoftmaxRow.softmax(scratch, product.strip() + r * padded, scale, p, p0 + square + (i + r) * n, n);
                }
            }
        }
    }

    /// context = p v.
    private record Context(float[] qkv, int qkv0, float[] p, int p0, Packing packing, float[] context, int context0,
            Sizes sizes) {
        static Context read(Arguments a) {
            float[] qkv = a.floats();
            int qkv0 = a.integer();
            float[] p = a.floats();
            int p0 = a.integer();
            var packing = Packing.read(a);
            return new Context(qkv, qkv0, p, p0, packing, a.floats(), a.integer(), Sizes.read(a, packing));
        }

        Runnable job(WorkerPool pool) {
            var product = sizes.product();
            return packing.job(pool, sizes, product.end(),
                    (first, n, head, square, scratch) -> run(product, first, n, head, square, scratch));
        }

        void run(PanelProduct product, int first, int n, int head, int square, float[] scratch) {
            int width = sizes.width;
            int size = sizes.size();
            product.right(scratch, qkv, qkv0 + first * 3 * width + 2 * width + head, 3 * width, 1, n, size);
            product.multiply(scratch, p, p0 + square, n, 1, n, n, size, context, context0 + first * width + head,
                    width);
        }
    }

    /// ds = scale p (dp - p . dp) with dp = dcontext v^T; where w = dropout(p) was used: ds = scale (g - p sum g) with
    /// g = w dp.
    private record ScoreGradient(float[] qkv, int qkv0, float[] p, int p0, boolean dropped, float[] w, int w0,
            float[] dcontext, int dcontext0, Packing packing, float[] ds, int ds0, Sizes sizes, float scale) {
        static ScoreGradient read(Arguments a) {
            float[] qkv = a.floats();
            int qkv0 = a.integer();
            float[] p = a.floats();
            int p0 = a.integer();
            return read(qkv, qkv0, p, p0, false, p, p0, a);
        }

        static ScoreGradient readDropped(Arguments a) {
            float[] qkv = a.floats();
            int qkv0 = a.integer();
            float[] p = a.floats();
            int p0 = a.integer();
            return read(qkv, qkv0, p, p0, true, a.floats(), a.integer(), a);
        }

        private static ScoreGradient read(float[] qkv, int qkv0, float[] p, int p0, boolean dropped, float[] w,
                int w0, Arguments a) {
            float[] dcontext = a.floats();
            int dcontext0 = a.integer();
            var packing = Packing.read(a);
            return new ScoreGradient(qkv, qkv0, p, p0, dropped, w, w0, dcontext, dcontext0, packing, a.floats(),
                    a.integer(), Sizes.read(a, packing), a.number());
        }

        Runnable job(WorkerPool pool) {
            var product = sizes.product();
            return packing.job(pool, sizes, product.end(), (first, n, head, square, scratch) -> run(product, first, n,
                    head, square, ds, ds0 + square, scratch));
        }

        void run(PanelProduct product, int first, int n, int head, int square, float[] out, int out0,
                float[] scratch) {
            int width = sizes.width;
            int size = sizes.size();
            int padded = PanelProduct.padded(n);
            product.right(scratch, qkv, qkv0 + first * 3 * width + 2 * width + head, 1, 3 * width, size, n);
            for (int i = 0; i < n; i += PanelProduct.ROWS) {
                int count = Math.min(PanelProduct.ROWS, n - i);
                product.strip(scratch, dcontext, dcontext0 + (first + i) * width + head, width, 1, count, size, n);
                for (int r = 0; r < count; r++) {
                    int row = square + (i + r) * n;
                    int dp = product.strip() + r * padded;
                    if (dropped) {
                        SoftmaxRow.droppedGradient(p, p0 + row, w, w0 + row, scratch, dp, scale, out,
                                out0 + (i + r) * n, n);
                    } else {
                        SoftmaxRow.gradient(p, p0 + row, scratch, dp, scale, out, out0 + (i + r) * n, n);
                    }
                }
            }
        }
    }

    /// dq = ds k, dk = ds^T q, dv = p^T dcontext.
    private record Gradient(float[] qkv, int qkv0, float[] p, int p0, float[] ds, int ds0, float[] dcontext,
            int dcontext0, Packing packing, float[] dqkv, int dqkv0, Sizes sizes) {
        static Gradient read(Arguments a) {
            float[] qkv = a.floats();
            int qkv0 = a.integer();
            float[] p = a.floats();
            int p0 = a.integer();
            float[] ds = a.floats();
            int ds0 = a.integer();
            float[] dcontext = a.floats();
            int dcontext0 = a.integer();
            var packing = Packing.read(a);
            return new Gradient(qkv, qkv0, p, p0, ds, ds0, dcontext, dcontext0, packing, a.floats(), a.integer(),
                    Sizes.read(a, packing));
        }

        Runnable job(WorkerPool pool) {
            var product = sizes.product();
            return packing.job(pool, sizes, product.end(), (first, n, head, square, scratch) -> run(product, first, n,
                    head, square, ds, ds0 + square, scratch));
        }

        void run(PanelProduct product, int first, int n, int head, int square, float[] s, int s0, float[] scratch) {
            int width = sizes.width;
            int size = sizes.size();
            int stride = 3 * width;
            int q = qkv0 + first * stride + head;
            int dq = dqkv0 + first * stride + head;
            product.right(scratch, qkv, q + width, stride, 1, n, size);
            product.multiply(scratch, s, s0, n, 1, n, n, size, dqkv, dq, stride);
            product.right(scratch, qkv, q, stride, 1, n, size);
            product.multiply(scratch, s, s0, 1, n, n, n, size, dqkv, dq + width, stride);
            product.right(scratch, dcontext, dcontext0 + first * width + head, width, 1, n, size);
            product.multiply(scratch, p, p0 + square, 1, n, n, n, size, dqkv, dq + 2 * width, stride);
        }
    }
}
