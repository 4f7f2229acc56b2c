package dev.triptych.method;

import dev.triptych.program.Tensor;
import dev.triptych.program.Twinned;

/// Values of an evaluation that has a feature for each patch.
@Twinned
public interface PatchFeatures {
    /// D (batch, N, d).
    Tensor dense();

    /// Z = L S (batch, N, d); null where there is no such product.
    default Tensor lowRank() {
        return null;
    }
}
