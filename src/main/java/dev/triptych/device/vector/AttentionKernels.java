package dev.triptych.device.vector;

import java.util.Map;

/// Kernels of `kernel.Attention`: for every sequence and head, products of small matrices that are read strided out of
/// the fused projections. Parts are pairs of sequence and head; scratch grows with the longest sequence.
final class AttentionKernels {
    private static final int PARTS = 64;

    private AttentionKernels() {
    }

    static void addTo(Map<String, FastKernel> table) {
        table.put("attentionProbabilities", AttentionKernels::probabilities);
        table.put("attentionContext", AttentionKernels::context);
        table.put("attentionScoreGradient", AttentionKernels::scoreGradient);
        table.put("attentionGradient", AttentionKernels::gradient);
    }

    /// What is done for one sequence and head: its first row, its length, the head's offset within a row, the offset of
    /// its probabilities.
    @FunctionalInterface
    private interface Body {
        void run(int first, int n, int head, int square, float[] scratch);
    }

    /// Lengths of packed sequences.
    private record Packing(int[] sequence, int sequence0, int[] start, int start0, int[] square, int square0) {
        static Packing read(Arguments arguments) {
            return new Packing(arguments.integers(), arguments.integer(), arguments.integers(), arguments.integer(),
                    arguments.integers(), arguments.integer());
        }

        /// All sequences and heads, in parts; their number is read when it runs.
        Runnable job(WorkerPool pool, int rows, int heads, int width, Body body) {
            int size = width / heads;
            int parts = rows == 0 ? 0 : (long) rows * width < 4096 ? 1 : PARTS;
            return pool.job(parts, (part, worker) -> {
                int units = (sequence[sequence0 + rows - 1] + 1) * heads;
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

    private static Runnable probabilities(Arguments arguments, WorkerPool pool) {
        float[] qkv = arguments.floats();
        int qkv0 = arguments.integer();
        Packing packing = Packing.read(arguments);
        float[] p = arguments.floats();
        int p0 = arguments.integer();
        int rows = arguments.integer();
        int heads = arguments.integer();
        int width = arguments.integer();
        float scale = arguments.number();
        int size = width / heads;
        pool.reserve(SmallProduct.memory(size, rows));
        return packing.job(pool, rows, heads, width, (first, n, head, square, scratch) -> {
            int columns = SmallProduct.padded(n);
            int block = SmallProduct.block(size, n);
            int q = qkv0 + first * 3 * width + head;
            SmallProduct.right(qkv, q + width, 1, 3 * width, size, n, scratch);
            for (int i = 0; i < n; i += SmallProduct.ROWS) {
                int count = Math.min(SmallProduct.ROWS, n - i);
                SmallProduct.rows(qkv, q + i * 3 * width, 3 * width, 1, count, size, scratch, columns, scratch, block,
                        columns);
                for (int r = 0; r < count; r++) {
                    SoftmaxRow.softmax(scratch, block + r * columns, scale, p, p0 + square + (i + r) * n, n);
                }
            }
        });
    }

    private static Runnable context(Arguments arguments, WorkerPool pool) {
        float[] qkv = arguments.floats();
        int qkv0 = arguments.integer();
        float[] p = arguments.floats();
        int p0 = arguments.integer();
        Packing packing = Packing.read(arguments);
        float[] context = arguments.floats();
        int context0 = arguments.integer();
        int rows = arguments.integer();
        int heads = arguments.integer();
        int width = arguments.integer();
        int size = width / heads;
        pool.reserve(SmallProduct.memory(rows, size));
        return packing.job(pool, rows, heads, width, (first, n, head, square, scratch) -> {
            int v = qkv0 + first * 3 * width + 2 * width + head;
            SmallProduct.right(qkv, v, 3 * width, 1, n, size, scratch);
            SmallProduct.multiply(p, p0 + square, n, 1, n, n, size, scratch, context, context0 + first * width + head,
                    width);
        });
    }

    private static Runnable scoreGradient(Arguments arguments, WorkerPool pool) {
        float[] qkv = arguments.floats();
        int qkv0 = arguments.integer();
        float[] p = arguments.floats();
        int p0 = arguments.integer();
        float[] dcontext = arguments.floats();
        int dcontext0 = arguments.integer();
        Packing packing = Packing.read(arguments);
        float[] ds = arguments.floats();
        int ds0 = arguments.integer();
        int rows = arguments.integer();
        int heads = arguments.integer();
        int width = arguments.integer();
        float scale = arguments.number();
        int size = width / heads;
        pool.reserve(SmallProduct.memory(size, rows));
        return packing.job(pool, rows, heads, width, (first, n, head, square, scratch) -> {
            int columns = SmallProduct.padded(n);
            int block = SmallProduct.block(size, n);
            int v = qkv0 + first * 3 * width + 2 * width + head;
            SmallProduct.right(qkv, v, 1, 3 * width, size, n, scratch);
            for (int i = 0; i < n; i += SmallProduct.ROWS) {
                int count = Math.min(SmallProduct.ROWS, n - i);
                SmallProduct.rows(dcontext, dcontext0 + (first + i) * width + head, width, 1, count, size, scratch,
                        columns, scratch, block, columns);
                for (int r = 0; r < count; r++) {
                    int row = square + (i + r) * n;
                    SoftmaxRow.gradient(p, p0 + row, scratch, block + r * columns, scale, ds, ds0 + row, n);
                }
            }
        });
    }

    private static Runnable gradient(Arguments arguments, WorkerPool pool) {
        float[] qkv = arguments.floats();
        int qkv0 = arguments.integer();
        float[] p = arguments.floats();
        int p0 = arguments.integer();
        float[] ds = arguments.floats();
        int ds0 = arguments.integer();
        float[] dcontext = arguments.floats();
        int dcontext0 = arguments.integer();
        Packing packing = Packing.read(arguments);
        float[] dqkv = arguments.floats();
        int dqkv0 = arguments.integer();
        int rows = arguments.integer();
        int heads = arguments.integer();
        int width = arguments.integer();
        int size = width / heads;
        int stride = 3 * width;
        pool.reserve(SmallProduct.memory(rows, size));
        return packing.job(pool, rows, heads, width, (first, n, head, square, scratch) -> {
            int q = qkv0 + first * stride + head;
            int dq = dqkv0 + first * stride + head;
            SmallProduct.right(qkv, q + width, stride, 1, n, size, scratch);
            SmallProduct.multiply(ds, ds0 + square, n, 1, n, n, size, scratch, dqkv, dq, stride);
            SmallProduct.right(qkv, q, stride, 1, n, size, scratch);
            SmallProduct.multiply(ds, ds0 + square, 1, n, n, n, size, scratch, dqkv, dq + width, stride);
            SmallProduct.right(dcontext, dcontext0 + first * width + head, width, 1, n, size, scratch);
            SmallProduct.multiply(p, p0 + square, 1, n, n, n, size, scratch, dqkv, dq + 2 * width, stride);
        });
    }
}
