package dev.triptych.device.vector;

import java.util.HashMap;
import java.util.Map;
import jdk.incubator.vector.FloatVector;

/// The table from a kernel's name to its faster implementation, family by family. Loaded only where the Vector API is.
final class FastKernels {
    private FastKernels() {
    }

    /// All entries.
    static Map<String, FastKernel> table() {
        var table = new HashMap<String, FastKernel>();
        LinearKernels.addTo(table);
        AttentionKernels.addTo(table);
        ElementwiseKernels.addTo(table);
        NormKernels.addTo(table);
        SoftmaxKernels.addTo(table);
        SinkhornKernels.addTo(table);
        OptimizerKernels.addTo(table);
        DropoutKernels.addTo(table);
        CodeKernels.addTo(table);
        return Map.copyOf(table);
    }

    /// Bits of the vectors in use.
    static int vectorBits() {
        return FloatVector.SPECIES_PREFERRED.vectorBitSize();
    }
}
