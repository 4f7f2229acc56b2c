package dev.triptych.device.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// 14 rows by two vectors of 512 bits: 28 of the 32 registers hold sums. Every sum is a local variable and k is the
/// only loop, since C2 keeps nothing else in registers; a helper method would exceed what C2 inlines, and the vectors
/// would be boxed.
final class Tile14 implements Tile {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_512;
    private static final int LANES = SPECIES.length();

    @Override
    public int rows() {
        return 14;
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
        FloatVector p6 = FloatVector.fromArray(SPECIES, s, s0 + 6 * sStride);
        FloatVector q6 = FloatVector.fromArray(SPECIES, s, s0 + 6 * sStride + LANES);
        FloatVector p7 = FloatVector.fromArray(SPECIES, s, s0 + 7 * sStride);
        FloatVector q7 = FloatVector.fromArray(SPECIES, s, s0 + 7 * sStride + LANES);
        FloatVector p8 = FloatVector.fromArray(SPECIES, s, s0 + 8 * sStride);
        FloatVector q8 = FloatVector.fromArray(SPECIES, s, s0 + 8 * sStride + LANES);
        FloatVector p9 = FloatVector.fromArray(SPECIES, s, s0 + 9 * sStride);
        FloatVector q9 = FloatVector.fromArray(SPECIES, s, s0 + 9 * sStride + LANES);
        FloatVector p10 = FloatVector.fromArray(SPECIES, s, s0 + 10 * sStride);
        FloatVector q10 = FloatVector.fromArray(SPECIES, s, s0 + 10 * sStride + LANES);
        FloatVector p11 = FloatVector.fromArray(SPECIES, s, s0 + 11 * sStride);
        FloatVector q11 = FloatVector.fromArray(SPECIES, s, s0 + 11 * sStride + LANES);
        FloatVector p12 = FloatVector.fromArray(SPECIES, s, s0 + 12 * sStride);
        FloatVector q12 = FloatVector.fromArray(SPECIES, s, s0 + 12 * sStride + LANES);
        FloatVector p13 = FloatVector.fromArray(SPECIES, s, s0 + 13 * sStride);
        FloatVector q13 = FloatVector.fromArray(SPECIES, s, s0 + 13 * sStride + LANES);
        for (int l = 0; l < k; l++) {
            FloatVector p = FloatVector.fromArray(SPECIES, b, b0 + l * 2 * LANES);
            FloatVector q = FloatVector.fromArray(SPECIES, b, b0 + l * 2 * LANES + LANES);
            int i = a0 + l * 14;
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
            FloatVector w6 = FloatVector.broadcast(SPECIES, a[i + 6]);
            p6 = w6.fma(p, p6);
            q6 = w6.fma(q, q6);
            FloatVector w7 = FloatVector.broadcast(SPECIES, a[i + 7]);
            p7 = w7.fma(p, p7);
            q7 = w7.fma(q, q7);
            FloatVector w8 = FloatVector.broadcast(SPECIES, a[i + 8]);
            p8 = w8.fma(p, p8);
            q8 = w8.fma(q, q8);
            FloatVector w9 = FloatVector.broadcast(SPECIES, a[i + 9]);
            p9 = w9.fma(p, p9);
            q9 = w9.fma(q, q9);
            FloatVector w10 = FloatVector.broadcast(SPECIES, a[i + 10]);
            p10 = w10.fma(p, p10);
            q10 = w10.fma(q, q10);
            FloatVector w11 = FloatVector.broadcast(SPECIES, a[i + 11]);
            p11 = w11.fma(p, p11);
            q11 = w11.fma(q, q11);
            FloatVector w12 = FloatVector.broadcast(SPECIES, a[i + 12]);
            p12 = w12.fma(p, p12);
            q12 = w12.fma(q, q12);
            FloatVector w13 = FloatVector.broadcast(SPECIES, a[i + 13]);
            p13 = w13.fma(p, p13);
            q13 = w13.fma(q, q13);
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
        p6.intoArray(c, c0 + 6 * cStride);
        q6.intoArray(c, c0 + 6 * cStride + LANES);
        p7.intoArray(c, c0 + 7 * cStride);
        q7.intoArray(c, c0 + 7 * cStride + LANES);
        p8.intoArray(c, c0 + 8 * cStride);
        q8.intoArray(c, c0 + 8 * cStride + LANES);
        p9.intoArray(c, c0 + 9 * cStride);
        q9.intoArray(c, c0 + 9 * cStride + LANES);
        p10.intoArray(c, c0 + 10 * cStride);
        q10.intoArray(c, c0 + 10 * cStride + LANES);
        p11.intoArray(c, c0 + 11 * cStride);
        q11.intoArray(c, c0 + 11 * cStride + LANES);
        p12.intoArray(c, c0 + 12 * cStride);
        q12.intoArray(c, c0 + 12 * cStride + LANES);
        p13.intoArray(c, c0 + 13 * cStride);
        q13.intoArray(c, c0 + 13 * cStride + LANES);
    }
}
