package dev.triptych.check.live;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;

/// float32 in libtorch. The float64 twin of this file is written by hand: `dev.triptych.twin.check.live.Numbers`.
final class Numbers {
    /// Name of the precision.
    static final String NAME = "float32";

    /// The same in libtorch.
    static final DataType TYPE = DataType.FLOAT32;

    /// Largest difference of a value, relative to the largest of its tensor, or to 1 where all are smaller.
    static final double VALUE_TOLERANCE = 5e-5;

    /// The same of gradients, relative to the largest of all that are compared together.
    static final double GRADIENT_TOLERANCE = 1e-4;

    /// Either of a larger piece, whose normalisations may enlarge rounding.
    static final double PIECE_TOLERANCE = 2e-3;

    /// A decision that hangs on less than this is not compared.
    static final double MARGIN = 1e-4;

    private Numbers() {
    }

    /// The numbers of an array.
    static double[] of(NDArray array) {
        float[] values = array.toType(TYPE, false).toFloatArray();
        double[] wide = new double[values.length];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = values[i];
        }
        return wide;
    }
}
