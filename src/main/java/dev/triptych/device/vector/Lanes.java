package dev.triptych.device.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/// Sums over the lanes of a vector in an order that is always the same; `reduceLanes` does not promise one.
final class Lanes {
    static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    static final int LENGTH = SPECIES.length();
    private static final VectorShuffle<Float> BY_8 = rotation(8);
    private static final VectorShuffle<Float> BY_4 = rotation(4);
    private static final VectorShuffle<Float> BY_2 = rotation(2);
    private static final VectorShuffle<Float> BY_1 = rotation(1);

    private Lanes() {
    }

    private static VectorShuffle<Float> rotation(int by) {
        return VectorShuffle.fromOp(SPECIES, i -> (i + by) % LENGTH);
    }

    /// Sum of all lanes: halves are added to each other until one lane is left.
    static float sum(FloatVector v) {
        return sums(v).lane(0);
    }

    /// The same in every lane.
    static FloatVector sums(FloatVector v) {
        FloatVector s = v;
        if (LENGTH >= 16) {
            s = s.add(s.rearrange(BY_8));
        }
        if (LENGTH >= 8) {
            s = s.add(s.rearrange(BY_4));
        }
        if (LENGTH >= 4) {
            s = s.add(s.rearrange(BY_2));
        }
        return s.add(s.rearrange(BY_1));
    }
}
