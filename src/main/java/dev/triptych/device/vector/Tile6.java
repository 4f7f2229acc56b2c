package dev.triptych.device.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// 6 rows by two vectors: 12 of 16 registers hold sums, for machines with vectors of 256 bits or fewer. See [Tile14].
final class Tile6 implements Tile {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();

    @Override
    public int rows() {
        return 6;
    }

    @Override
    public int columns() {
        return 2 * LANES;
    }

    @Override
    public void multiply(float[] a, int a0, float[] b, int b0, int k, float[] s, int s0, int sStride, float[] c, int c0,
            int cStride) {
        FloatVector p0 = FloatVector.fromArray(SPECIES, s, s0);
        FloatVector q0 = FloatVector.fromArray(SPECIES, s, s0 + LANES);
        FloatVector p1 = FloatVector.fromArray(SPECIES, s, s0 + sStride);
        FloatVector q1 = FloatVector.fromArray(SPECIES, s, s0 + sStride + LANES);
        FloatVector p2 = FloatVector.fromArray(SPECIES, s, s0 + 2 * sStride);
        FloatVector q2 = FloatVector.fromArray(SPECIES, s, s0 + 2 * sStride + LANES);
        FloatVector p3 = FloatVector.fromArray(SPECIES, s, s0 + 3 * sStride);
        FloatVector q3 = FloatVector.fromArray(SPECIES, s, s0 + 3 * sStride + LANES);
        FloatVector p4 = FloatVector.fromArray(SPECIES, s, s0 + 4 * sStride);
        FloatVector q4 = FloatVector.fromArray(SPECIES, s, s0 + 4 * sStride + LANES);
        FloatVector p5 = FloatVector.fromArray(SPECIES, s, s0 + 5 * sStride);
        FloatVector q5 = FloatVector.fromArray(SPECIES, s, s0 + 5 * sStride + LANES);
        for (int l = 0; l < k; l++) {
            FloatVector p = FloatVector.fromArray(SPECIES, b, b0 + l * 2 * LANES);
            FloatVector q = FloatVector.fromArray(SPECIES, b, b0 + l * 2 * LANES + LANES);
            int i = a0 + l * 6;
            FloatVector w0 = FloatVector.broadcast(SPECIES, a[i]);
            p0 = w0.fma(p, p0);
            q0 = w0.fma(q, q0);
            FloatVector w1 = FloatVector.broadcast(SPECIES, a[i + 1]);
            p1 = w1.fma(p, p1);
            q1 = w1.fma(q, q1);
            FloatVector w2 = FloatVector.broadcast(SPECIES, a[i + 2]);
            p2 = w2.fma(p, p2);
            q2 = w2.fma(q, q2);
            FloatVector w3 = FloatVector.broadcast(SPECIES, a[i + 3]);
            p3 = w3.fma(p, p3);
            q3 = w3.fma(q, q3);
            FloatVector w4 = FloatVector.broadcast(SPECIES, a[i + 4]);
            p4 = w4.fma(p, p4);
            q4 = w4.fma(q, q4);
            FloatVector w5 = FloatVector.broadcast(SPECIES, a[i + 5]);
            p5 = w5.fma(p, p5);
            q5 = w5.fma(q, q5);
        }
        p0.intoArray(c, c0);
        q0.intoArray(c, c0 + LANES);
        p1.intoArray(c, c0 + cStride);
        q1.intoArray(c, c0 + cStride + LANES);
        p2.intoArray(c, c0 + 2 * cStride);
        q2.intoArray(c, c0 + 2 * cStride + LANES);
        p3.intoArray(c, c0 + 3 * cStride);
        q3.intoArray(c, c0 + 3 * cStride + LANES);
        p4.intoArray(c, c0 + 4 * cStride);
        q4.intoArray(c, c0 + 4 * cStride + LANES);
        p5.intoArray(c, c0 + 5 * cStride);
        q5.intoArray(c, c0 + 5 * cStride + LANES);
    }
}
