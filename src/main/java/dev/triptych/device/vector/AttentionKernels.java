package dev.triptych.device.vector;

import dev.triptych.device.Window;
import dev.triptych.device.vector.Pattern.Fusion;
import dev.triptych.program.Call;
import dev.triptych.program.call.AttentionCalls.AttentionContext;
import dev.triptych.program.call.AttentionCalls.AttentionDroppedScoreGradient;
import dev.triptych.program.call.AttentionCalls.AttentionGradient;
import dev.triptych.program.call.AttentionCalls.AttentionProbabilities;
import dev.triptych.program.call.AttentionCalls.AttentionScoreGradient;
import java.util.function.Function;

/// Kernels of `kernel.Attention`: for every sequence and head, products of small matrices that are read strided out of
/// the fused projections. Forward and backward each do both of their kernels for one head while its square of
/// probabilities is in the cache.
final class AttentionKernels {
    private AttentionKernels() {
    }

    static Runnable bind(Call.Bound call, WorkerPool pool) {
        return switch (call) {
            case AttentionProbabilities.Bound c -> new Following(heads(c), c.sequence(), c.sequence0(),
                    heads -> heads.job(pool, 0, (first, n, head, square, scratch) -> probabilities(c, heads, first, n,
                            head, square, scratch)));
            case AttentionContext.Bound c -> new Following(heads(c), c.sequence(), c.sequence0(),
                    heads -> heads.job(pool, 0, (first, n, head, square, scratch) -> context(c, heads, first, n, head,
                            square, scratch)));
            case AttentionScoreGradient.Bound c -> ScoreGradient.of(c).job(pool);
            case AttentionDroppedScoreGradient.Bound c -> ScoreGradient.of(c).job(pool);
            case AttentionGradient.Bound c -> {
                Heads heads = Heads.of(c.sequence(), c.sequence0(), c.start(), c.start0(), c.square(), c.square0(),
                        c.rows(), c.heads(), c.width());
                yield heads.job(pool, 0, (first, n, head, square, scratch) -> gradient(c, heads, first, n, head, square,
                        c.ds(), c.ds0() + square, scratch));
            }
            default -> null;
        };
    }

    private static Heads heads(AttentionProbabilities.Bound c) {
        return Heads.of(c.sequence(), c.sequence0(), c.start(), c.start0(), c.square(), c.square0(), c.rows(),
                c.heads(), c.width());
    }

    private static Heads heads(AttentionContext.Bound c) {
        return Heads.of(c.sequence(), c.sequence0(), c.start(), c.start0(), c.square(), c.square0(), c.rows(),
                c.heads(), c.width());
    }

    /// Probabilities and what is read by them.
    static Fusion forward(Window w) {
        if (!(w.call(0) instanceof AttentionProbabilities first && w.call(1) instanceof AttentionContext second
                && w.same(first.qkv(), second.qkv()) && w.same(first.p(), second.p())
                && w.same(first.start(), second.start()))) {
            return null;
        }
        return (arenas, pool) -> {
            AttentionProbabilities.Bound p = first.bind(arenas);
            AttentionContext.Bound c = second.bind(arenas);
            return new Following(heads(p), p.sequence(), p.sequence0(),
                    heads -> heads.job(pool, 0, (from, n, head, square, scratch) -> {
                        probabilities(p, heads, from, n, head, square, scratch);
                        context(c, heads, from, n, head, square, scratch);
                    }));
        };
    }

    /// Gradients of the scores and of what they are made of.
    static Fusion backward(Window w) {
        return w.call(0) instanceof AttentionScoreGradient scores && w.call(1) instanceof AttentionGradient gradient
                && w.same(scores.ds(), gradient.ds()) && w.same(scores.start(), gradient.start())
                && w.same(scores.p(), gradient.p()) && w.same(scores.qkv(), gradient.qkv())
                && w.same(scores.dcontext(), gradient.dcontext())
                        ? (arenas, pool) -> backward(ScoreGradient.of(scores.bind(arenas)), gradient.bind(arenas),
                                w.inner(scores.ds()), pool)
                        : null;
    }

    /// The same where probabilities were dropped.
    static Fusion droppedBackward(Window w) {
        return w.call(0) instanceof AttentionDroppedScoreGradient scores
                && w.call(1) instanceof AttentionGradient gradient
                && w.same(scores.ds(), gradient.ds()) && w.same(scores.start(), gradient.start())
                && w.same(scores.w(), gradient.p()) && w.same(scores.qkv(), gradient.qkv())
                && w.same(scores.dcontext(), gradient.dcontext())
                        ? (arenas, pool) -> backward(ScoreGradient.of(scores.bind(arenas)), gradient.bind(arenas),
                                w.inner(scores.ds()), pool)
                        : null;
    }

    private static Runnable backward(ScoreGradient scores, AttentionGradient.Bound c, boolean inner, WorkerPool pool) {
        Heads heads = scores.heads;
        if (!inner) {
            return heads.job(pool, 0, (first, n, head, square, scratch) -> {
                scores.run(first, n, head, square, scores.ds, scores.ds0 + square, scratch);
                gradient(c, heads, first, n, head, square, scores.ds, scores.ds0 + square, scratch);
            });
        }
        // nobody else reads the gradients of the scores: they stay in scratch
        return heads.job(pool, (long) heads.longest * heads.longest, (first, n, head, square, scratch) -> {
            scores.run(first, n, head, square, scratch, heads.product.end(), scratch);
            gradient(c, heads, first, n, head, square, scratch, heads.product.end(), scratch);
        });
    }

    /// A job whose sequences may change from run to run, as those of a packing do that is an input: it is made anew
    /// where their number or the longest of them has changed. Gradients are taken of constant lengths alone.
    private static final class Following implements Runnable {
        private final int[] sequence;
        private final int sequence0;
        private final Function<Heads, Runnable> make;
        private Heads heads;
        private Runnable job;

        Following(Heads heads, int[] sequence, int sequence0, Function<Heads, Runnable> make) {
            this.heads = heads;
            this.sequence = sequence;
            this.sequence0 = sequence0;
            this.make = make;
            this.job = make.apply(heads);
        }

        @Override
        public void run() {
            // numbers first: a run whose sequences are as before allocates nothing
            int sequences = Heads.sequences(sequence, sequence0, heads.rows);
            int longest = Heads.longest(heads.start, heads.start0, sequences);
            if (sequences != heads.sequences || longest != heads.longest) {
                heads = Heads.of(sequence, sequence0, heads.start, heads.start0, heads.square, heads.square0,
                        heads.rows, heads.heads, heads.width);
                job = make.apply(heads);
            }
            job.run();
        }
    }

    /// What is done for one sequence and head: its first row, its length, the head's offset within a row, the offset of
    /// its probabilities.
    @FunctionalInterface
    private interface Body {
        void run(int first, int n, int head, int square, float[] scratch);
    }

    /// All sequences and heads: where they lie, and room for a head's products, which have sums over the head's size or
    /// the sequence, and as many columns.
    private record Heads(int[] start, int start0, int[] square, int square0, int sequences, int rows, int heads,
            int width, int longest, PanelProduct product) {
        private static final int PARTS = 64;

        static Heads of(int[] sequence, int sequence0, int[] start, int start0, int[] square, int square0, int rows,
                int heads, int width) {
            // scratch is reserved for the longest
            int sequences = sequences(sequence, sequence0, rows);
            int longest = longest(start, start0, sequences);
            int side = Math.max(width / heads, longest);
            return new Heads(start, start0, square, square0, sequences, rows, heads, width, longest,
                    PanelProduct.of(side, side));
        }

        /// How many sequences there are.
        static int sequences(int[] sequence, int sequence0, int rows) {
            return rows == 0 ? 0 : sequence[sequence0 + rows - 1] + 1;
        }

        /// The length of the longest.
        static int longest(int[] start, int start0, int sequences) {
            int longest = 0;
            for (int s = 0; s < sequences; s++) {
                longest = Math.max(longest, start[start0 + s + 1] - start[start0 + s]);
            }
            return longest;
        }

        int size() {
            return width / heads;
        }

        /// A job over all sequences and heads, in parts.
        ///
        /// @param more scratch that is needed behind the product's
        Runnable job(WorkerPool pool, long more, Body body) {
            int units = sequences * heads;
            int parts = (long) rows * width < 4096 ? Math.min(1, units) : Math.min(PARTS, units);
            int size = size();
            pool.reserve(product.end() + more);
            return pool.job(parts, (part, worker) -> {
                int to = (int) ((long) units * (part + 1) / parts);
                for (int unit = (int) ((long) units * part / parts); unit < to; unit++) {
                    int s = unit / heads;
                    int h = unit - s * heads;
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
    private static void probabilities(AttentionProbabilities.Bound c, Heads heads, int first, int n, int head,
            int square, float[] scratch) {
        PanelProduct product = heads.product;
        int stride = 3 * c.width();
        int q = c.qkv0() + first * stride + head;
        int size = heads.size();
        int padded = PanelProduct.padded(n);
        product.right(scratch, c.qkv(), q + c.width(), 1, stride, size, n);
        for (int i = 0; i < n; i += PanelProduct.ROWS) {
            int count = Math.min(PanelProduct.ROWS, n - i);
            product.strip(scratch, c.qkv(), q + i * stride, stride, 1, count, size, n);
            SoftmaxRow.softmax(scratch, product.strip(), padded, count, c.scale(), c.p(), c.p0() + square + i * n, n,
                    product.work());
        }
    }

    /// context = p v.
    private static void context(AttentionContext.Bound c, Heads heads, int first, int n, int head, int square,
            float[] scratch) {
        int width = c.width();
        int size = heads.size();
        heads.product.right(scratch, c.qkv(), c.qkv0() + first * 3 * width + 2 * width + head, 3 * width, 1, n, size);
        heads.product.multiply(scratch, c.p(), c.p0() + square, n, 1, n, n, size, c.context(),
                c.context0() + first * width + head, width);
    }

    /// ds = scale p (dp - p . dp) with dp = dcontext v^T; where w = dropout(p) was used: ds = scale (g - p sum g) with
    /// g = w dp.
    ///
    /// @param w null where nothing was dropped
    private record ScoreGradient(float[] qkv, int qkv0, float[] p, int p0, float[] w, int w0, float[] dcontext,
            int dcontext0, float[] ds, int ds0, float scale, Heads heads) {
        static ScoreGradient of(AttentionScoreGradient.Bound c) {
            return new ScoreGradient(c.qkv(), c.qkv0(), c.p(), c.p0(), null, 0, c.dcontext(), c.dcontext0(), c.ds(),
                    c.ds0(), c.scale(), Heads.of(c.sequence(), c.sequence0(), c.start(), c.start0(), c.square(),
                            c.square0(), c.rows(), c.heads(), c.width()));
        }

        static ScoreGradient of(AttentionDroppedScoreGradient.Bound c) {
            return new ScoreGradient(c.qkv(), c.qkv0(), c.p(), c.p0(), c.w(), c.w0(), c.dcontext(), c.dcontext0(),
                    c.ds(), c.ds0(), c.scale(), Heads.of(c.sequence(), c.sequence0(), c.start(), c.start0(),
                            c.square(), c.square0(), c.rows(), c.heads(), c.width()));
        }

        Runnable job(WorkerPool pool) {
            return heads.job(pool, 0, (first, n, head, square, scratch) -> run(first, n, head, square, ds, ds0 + square,
                    scratch));
        }

        void run(int first, int n, int head, int square, float[] out, int out0, float[] scratch) {
            PanelProduct product = heads.product;
            int width = heads.width;
            int size = heads.size();
            int padded = PanelProduct.padded(n);
            product.right(scratch, qkv, qkv0 + first * 3 * width + 2 * width + head, 1, 3 * width, size, n);
            for (int i = 0; i < n; i += PanelProduct.ROWS) {
                int count = Math.min(PanelProduct.ROWS, n - i);
                product.strip(scratch, dcontext, dcontext0 + (first + i) * width + head, width, 1, count, size, n);
                if (w == null) {
                    SoftmaxRow.gradient(p, p0 + square + i * n, scratch, product.strip(), padded, count, scale, out,
                            out0 + i * n, n, product.work());
                    continue;
                }
                for (int r = 0; r < count; r++) {
                    int row = square + (i + r) * n;
                    SoftmaxRow.droppedGradient(p, p0 + row, w, w0 + row, scratch, product.strip() + r * padded, scale,
                            out, out0 + (i + r) * n, n);
                }
            }
        }
    }

    /// dq = ds k, dk = ds^T q, dv = p^T dcontext.
    ///
    /// @param s where ds is
    private static void gradient(AttentionGradient.Bound c, Heads heads, int first, int n, int head, int square,
            float[] s, int s0, float[] scratch) {
        PanelProduct product = heads.product;
        int width = c.width();
        int size = heads.size();
        int stride = 3 * width;
        int q = c.qkv0() + first * stride + head;
        int dq = c.dqkv0() + first * stride + head;
        product.right(scratch, c.qkv(), q + width, stride, 1, n, size);
        product.multiply(scratch, s, s0, n, 1, n, n, size, c.dqkv(), dq, stride);
        product.right(scratch, c.qkv(), q, stride, 1, n, size);
        product.multiply(scratch, s, s0, 1, n, n, n, size, c.dqkv(), dq + width, stride);
        product.right(scratch, c.dcontext(), c.dcontext0() + first * width + head, width, 1, n, size);
        product.multiply(scratch, c.p(), c.p0() + square, 1, n, n, n, size, c.dqkv(), dq + 2 * width, stride);
    }
}
