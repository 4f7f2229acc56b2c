package dev.triptych.measure.feature;

import java.util.stream.IntStream;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// Unit-norm keys packed for exhaustive cosine search: panels of `2 lanes` keys, column-major inside a panel, padded
/// with zero keys. A similarity is one lane's chain of fused multiply-adds over the columns in order.
public final class CosinePanels {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();
    private static final int PANEL = 2 * LANES;
    /// Queries computed together by the inner loop: 4 x 2 accumulators.
    private static final int TILE = 4;

    private final float[][] panels;
    private final int count;
    private final int width;

    private CosinePanels(float[][] panels, int count, int width) {
        this.panels = panels;
        this.count = count;
        this.width = width;
    }

    /// Packs keys, each divided by its norm.
    public static CosinePanels pack(Features keys) {
        int width = keys.width();
        int panelCount = (keys.count() + PANEL - 1) / PANEL;
        var panels = new float[panelCount][];
        IntStream.range(0, panelCount).parallel().forEach(p -> {
            var panel = new float[Math.multiplyExact(width, PANEL)];
            int keysHere = Math.min(PANEL, keys.count() - p * PANEL);
            for (int i = 0; i < keysHere; i++) {
                int row = p * PANEL + i;
                double inverse = inverseNorm(keys, row, "training");
                for (int j = 0; j < width; j++) {
                    panel[j * PANEL + i] = (float) (keys.rows()[row * width + j] * inverse);
                }
            }
            panels[p] = panel;
        });
        return new CosinePanels(panels, keys.count(), width);
    }

    /// Takes the similarities of query q (0 first) with `keys` keys from number `key` on: `similarities[at ..]`.
    private interface Visitor {
        void visit(int q, int key, int keys, float[] similarities, int at);
    }

    /// The k nearest keys of queries first..last-1, numbered from 0 in the answer.
    public Neighbours nearest(Features queries, int first, int last, int k) {
        var nearest = new Neighbours(last - first, k);
        compare(queries, first, last, (q, key, keys, similarities, at) -> {
            for (int i = 0; i < keys; i++) {
                nearest.offer(q, key + i, similarities[at + i]);
            }
        });
        return nearest;
    }

    /// The similarities of queries first..last-1 with all keys, (last - first x keys).
    public float[] similarities(Features queries, int first, int last) {
        var all = new float[Math.multiplyExact(last - first, count)];
        compare(queries, first, last,
                (q, key, keys, similarities, at) -> System.arraycopy(similarities, at, all, q * count + key, keys));
        return all;
    }

    private void compare(Features queries, int first, int last, Visitor visitor) {
        int rows = (last - first + TILE - 1) / TILE * TILE;
        var unit = new float[rows * width];
        for (int q = first; q < last; q++) {
            double inverse = inverseNorm(queries, q, "evaluated");
            for (int j = 0; j < width; j++) {
                unit[(q - first) * width + j] = (float) (queries.rows()[q * width + j] * inverse);
            }
        }
        var similarities = new float[TILE * PANEL];
        for (int p = 0; p < panels.length; p++) {
            int keysHere = Math.min(PANEL, count - p * PANEL);
            for (int q = 0; q < rows; q += TILE) {
                tile(unit, q * width, panels[p], width, similarities);
                for (int t = 0; t < TILE && q + t < last - first; t++) {
                    visitor.visit(q + t, p * PANEL, keysHere, similarities, t * PANEL);
                }
            }
        }
    }

    private static void tile(float[] x, int x0, float[] panel, int width, float[] out) {
        int x1 = x0 + width;
        int x2 = x1 + width;
        int x3 = x2 + width;
        var a0 = FloatVector.zero(SPECIES);
        var b0 = a0;
        var a1 = a0;
        var b1 = a0;
        var a2 = a0;
        var b2 = a0;
        var a3 = a0;
        var b3 = a0;
        for (int j = 0; j < width; j++) {
            var ka = FloatVector.fromArray(SPECIES, panel, j * PANEL);
            var kb = FloatVector.fromArray(SPECIES, panel, j * PANEL + LANES);
            var q0 = FloatVector.broadcast(SPECIES, x[x0 + j]);
            a0 = ka.fma(q0, a0);
            b0 = kb.fma(q0, b0);
            var q1 = FloatVector.broadcast(SPECIES, x[x1 + j]);
            a1 = ka.fma(q1, a1);
            b1 = kb.fma(q1, b1);
            var q2 = FloatVector.broadcast(SPECIES, x[x2 + j]);
            a2 = ka.fma(q2, a2);
            b2 = kb.fma(q2, b2);
            var q3 = FloatVector.broadcast(SPECIES, x[x3 + j]);
            a3 = ka.fma(q3, a3);
            b3 = kb.fma(q3, b3);
        }
        a0.intoArray(out, 0);
        b0.intoArray(out, LANES);
        a1.intoArray(out, PANEL);
        b1.intoArray(out, PANEL + LANES);
        a2.intoArray(out, 2 * PANEL);
        b2.intoArray(out, 2 * PANEL + LANES);
        a3.intoArray(out, 3 * PANEL);
        b3.intoArray(out, 3 * PANEL + LANES);
    }

    private static double inverseNorm(Features features, int row, String which) {
        int width = features.width();
        double square = 0;
        for (int j = 0; j < width; j++) {
            double v = features.rows()[row * width + j];
            square += v * v;
        }
        if (!Double.isFinite(square)) {
            throw new IllegalArgumentException("row " + row + " of the " + which
                    + " features holds a value that is not finite: the encoder diverged or was not loaded");
        }
        return square == 0 ? 0 : 1 / Math.sqrt(square);
    }
}
