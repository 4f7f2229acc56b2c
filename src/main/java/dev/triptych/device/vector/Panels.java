package dev.triptych.device.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// Copies parts of operands into panels: `width` lanes for each k, one k after another, zeros where lanes are missing.
/// Rows of A and columns of B are packed alike.
final class Panels {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();

    /// Floats that a panel may write beyond its end.
    static final int SPILL = LANES;

    private Panels() {
    }

    /// target[l * width + lane] = source[at + lane * laneStride + l * stride] for l below k.
    static void pack(float[] source, int at, int laneStride, int stride, int lanes, int width, int k, float[] target,
            int target0) {
        if (laneStride == 1) {
            copy(source, at, stride, lanes, width, k, target, target0);
        } else {
            transpose(source, at, laneStride, stride, lanes, width, k, target, target0);
        }
        if (lanes < width) {
            for (int l = 0; l < k; l++) {
                for (int lane = lanes; lane < width; lane++) {
                    target[target0 + l * width + lane] = 0f;
                }
            }
        }
    }

    /// Lanes side by side in the source. Whole vectors are copied; what they write beyond the panel's width is
    /// overwritten by the next k.
    private static void copy(float[] source, int at, int stride, int lanes, int width, int k, float[] target,
            int target0) {
        int padded = (lanes + LANES - 1) / LANES * LANES;
        int vectors = lanes < width ? 0 : k;
        while (vectors > 0 && at + (vectors - 1) * stride + padded > source.length) {
            vectors--;
        }
        for (int l = 0; l < vectors; l++) {
            for (int lane = 0; lane < lanes; lane += LANES) {
                FloatVector.fromArray(SPECIES, source, at + l * stride + lane).intoArray(target,
                        target0 + l * width + lane);
            }
        }
        for (int l = vectors; l < k; l++) {
            System.arraycopy(source, at + l * stride, target, target0 + l * width, lanes);
        }
    }

    private static void transpose(float[] source, int at, int laneStride, int stride, int lanes, int width, int k,
            float[] target, int target0) {
        for (int lane = 0; lane < lanes; lane++) {
            int from = at + lane * laneStride;
            int to = target0 + lane;
            for (int l = 0; l < k; l++) {
                target[to + l * width] = source[from + l * stride];
            }
        }
    }
}
