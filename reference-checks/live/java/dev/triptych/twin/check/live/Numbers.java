package dev.triptych.twin.check.live;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;

/// float64 in libtorch: the twin of `dev.triptych.check.live.Numbers`.
final class Numbers {
    /// Name of the precision.
    static final String NAME = "float64";

    /// The same in libtorch.
    static final DataType TYPE = DataType.FLOAT64;

    /// Largest difference of a value, relative to the largest of its tensor, or to 1 where all are smaller.
    static final double VALUE_TOLERANCE = 1e-11;

    /// The same of gradients, relative to the largest of all that are compared together.
    static final double GRADIENT_TOLERANCE = 1e-11;

    /// Either of a larger piece, whose normalisations may enlarge rounding.
    static final double PIECE_TOLERANCE = 1e-9;

    /// A decision that hangs on less than this is not compared.
    static final double MARGIN = 1e-9;

    private Numbers() {
    }

    /// The numbers of an array.
    static double[] of(NDArray array) {
        return array.toType(TYPE, false).toDoubleArray();
    }
}
