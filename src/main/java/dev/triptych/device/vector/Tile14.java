package dev.triptych.device.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// 14 rows by two vectors of 512 bits: 28 of the 32 registers hold sums. Every sum is a local variable and k is the only
/// loop, since C2 keeps nothing else in registers.
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
        FloatVector p0 = FloatVector.zero(SPECIES);
        FloatVector q0 = FloatVector.zero(SPECIES);
        FloatVector p1 = FloatVector.zero(SPECIES);
        FloatVector q1 = FloatVector.zero(SPECIES);
        FloatVector p2 = FloatVector.zero(SPECIES);
        FloatVector q2 = FloatVector.zero(SPECIES);
        FloatVector p3 = FloatVector.zero(SPECIES);
        FloatVector q3 = FloatVector.zero(SPECIES);
        FloatVector p4 = FloatVector.zero(SPECIES);
        FloatVector q4 = FloatVector.zero(SPECIES);
        FloatVector p5 = FloatVector.zero(SPECIES);
        FloatVector q5 = FloatVector.zero(SPECIES);
        FloatVector p6 = FloatVector.zero(SPECIES);
        FloatVector q6 = FloatVector.zero(SPECIES);
        FloatVector p7 = FloatVector.zero(SPECIES);
        FloatVector q7 = FloatVector.zero(SPECIES);
        FloatVector p8 = FloatVector.zero(SPECIES);
        FloatVector q8 = FloatVector.zero(SPECIES);
        FloatVector p9 = FloatVector.zero(SPECIES);
        FloatVector q9 = FloatVector.zero(SPECIES);
        FloatVector p10 = FloatVector.zero(SPECIES);
        FloatVector q10 = FloatVector.zero(SPECIES);
        FloatVector p11 = FloatVector.zero(SPECIES);
        FloatVector q11 = FloatVector.zero(SPECIES);
        FloatVector p12 = FloatVector.zero(SPECIES);
        FloatVector q12 = FloatVector.zero(SPECIES);
        FloatVector p13 = FloatVector.zero(SPECIES);
        FloatVector q13 = FloatVector.zero(SPECIES);
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
        store(p0, q0, s, s0, c, c0);
        store(p1, q1, s, s0 + sStride, c, c0 + cStride);
        store(p2, q2, s, s0 + 2 * sStride, c, c0 + 2 * cStride);
        store(p3, q3, s, s0 + 3 * sStride, c, c0 + 3 * cStride);
        store(p4, q4, s, s0 + 4 * sStride, c, c0 + 4 * cStride);
        store(p5, q5, s, s0 + 5 * sStride, c, c0 + 5 * cStride);
        store(p6, q6, s, s0 + 6 * sStride, c, c0 + 6 * cStride);
        store(p7, q7, s, s0 + 7 * sStride, c, c0 + 7 * cStride);
        store(p8, q8, s, s0 + 8 * sStride, c, c0 + 8 * cStride);
        store(p9, q9, s, s0 + 9 * sStride, c, c0 + 9 * cStride);
        store(p10, q10, s, s0 + 10 * sStride, c, c0 + 10 * cStride);
        store(p11, q11, s, s0 + 11 * sStride, c, c0 + 11 * cStride);
        store(p12, q12, s, s0 + 12 * sStride, c, c0 + 12 * cStride);
        store(p13, q13, s, s0 + 13 * sStride, c, c0 + 13 * cStride);
    }

    private static void store(FloatVector p, FloatVector q, float[] s, int s0, float[] c, int c0) {
        FloatVector.fromArray(SPECIES, s, s0).add(p).intoArray(c, c0);
        FloatVector.fromArray(SPECIES, s, s0 + LANES).add(q).intoArray(c, c0 + LANES);
    }
}
