package dev.triptych.device.vector;

import static dev.triptych.device.vector.Lanes.LENGTH;
import static dev.triptych.device.vector.Lanes.SPECIES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/// Products with a short side, for which packing would cost more than it saves.
final class ThinProduct {
    private ThinProduct() {
    }

    /// B row-major: four rows of C at a time, vectors along its columns.
    static Runnable rows(Product p, WorkerPool pool) {
        int vectors = (p.m() + LENGTH - 1) / LENGTH;
        int tiles = (p.n() + 3) / 4 * vectors;
        return pool.split(p.b() * tiles, work(p), (from, to, worker) -> {
            for (int t = from; t < to; t++) {
                int batch = t / tiles;
                int within = t - batch * tiles;
                int i = within / vectors * 4;
                int j = within % vectors * LENGTH;
                if (i + 4 <= p.n()) {
                    fourRows(p, batch, i, j);
                } else {
                    for (int r = i; r < p.n(); r++) {
                        oneRow(p, batch, r, j);
                    }
                }
            }
        });
    }

    /// B transposed: vectors along k. Four dot products in one method are more than C2 inlines: their vectors were
    /// boxed.
    static Runnable dots(Product p, WorkerPool pool) {
        return pool.split(p.b() * p.n(), work(p), (from, to, worker) -> {
            for (int row = from; row < to; row++) {
                int batch = row / p.n();
                int a = p.left().start(batch) + (row - batch * p.n()) * p.left().rowStride();
                int b = p.right().start(batch);
                int y = p.y0() + row * p.m();
                for (int j = 0; j < p.m(); j++) {
                    dot(p, a, b + j * p.k(), y + j, p.start0() + j);
                }
            }
        });
    }

    private static long work(Product p) {
        return (long) p.b() * p.n() * p.m() * (p.k() + 8) / 8;
    }

    private static void fourRows(Product p, int batch, int i, int j) {
        float[] a = p.left().array();
        float[] b = p.right().array();
        int rowStride = p.left().rowStride();
        int step = p.left().columnStride();
        int a0 = p.left().start(batch) + i * rowStride;
        int b0 = p.right().start(batch) + j;
        int m = p.m();
        VectorMask<Float> mask = SPECIES.indexInRange(j, m);
        // four rows share each vector of B that is read, and their sums need not wait for each other
        FloatVector start = FloatVector.fromArray(SPECIES, p.start(), p.start0() + j, mask);
        FloatVector y0 = start;
        FloatVector y1 = start;
        FloatVector y2 = start;
        FloatVector y3 = start;
        for (int l = 0; l < p.k(); l++) {
            FloatVector v = FloatVector.fromArray(SPECIES, b, b0 + l * m, mask);
            int at = a0 + l * step;
            y0 = v.fma(FloatVector.broadcast(SPECIES, a[at]), y0);
            y1 = v.fma(FloatVector.broadcast(SPECIES, a[at + rowStride]), y1);
            y2 = v.fma(FloatVector.broadcast(SPECIES, a[at + 2 * rowStride]), y2);
            y3 = v.fma(FloatVector.broadcast(SPECIES, a[at + 3 * rowStride]), y3);
        }
        int y = p.y0() + (batch * p.n() + i) * m + j;
        y0.intoArray(p.y(), y, mask);
        y1.intoArray(p.y(), y + m, mask);
        y2.intoArray(p.y(), y + 2 * m, mask);
        y3.intoArray(p.y(), y + 3 * m, mask);
    }

    private static void oneRow(Product p, int batch, int i, int j) {
        float[] a = p.left().array();
        float[] b = p.right().array();
        int step = p.left().columnStride();
        int a0 = p.left().start(batch) + i * p.left().rowStride();
        int b0 = p.right().start(batch) + j;
        int m = p.m();
        VectorMask<Float> mask = SPECIES.indexInRange(j, m);
        FloatVector sum = FloatVector.fromArray(SPECIES, p.start(), p.start0() + j, mask);
        for (int l = 0; l < p.k(); l++) {
            FloatVector v = FloatVector.fromArray(SPECIES, b, b0 + l * m, mask);
            sum = v.fma(FloatVector.broadcast(SPECIES, a[a0 + l * step]), sum);
        }
        sum.intoArray(p.y(), p.y0() + (batch * p.n() + i) * m + j, mask);
    }

    private static void dot(Product p, int a0, int b0, int y0, int start0) {
        float[] a = p.left().array();
        float[] b = p.right().array();
        int k = p.k();
        FloatVector sum = FloatVector.zero(SPECIES);
        int l = 0;
        for (; l <= k - LENGTH; l += LENGTH) {
            sum = FloatVector.fromArray(SPECIES, a, a0 + l).fma(FloatVector.fromArray(SPECIES, b, b0 + l), sum);
        }
        if (l < k) {
            VectorMask<Float> mask = SPECIES.indexInRange(l, k);
            sum = FloatVector.fromArray(SPECIES, a, a0 + l, mask)
                    .fma(FloatVector.fromArray(SPECIES, b, b0 + l, mask), sum);
        }
        p.y()[y0] = p.start()[start0] + Lanes.sum(sum);
    }
}
